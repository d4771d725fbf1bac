//! Subscriptions: each period billed once and in order, and an end that is one.

use super::pages::Extent;
use super::{Finding, FindingKind, pages};
use crate::db::Conn;
use crate::db::schema::{event, invoice, payment_attempt};
use crate::error::Result;
use crate::ids::{AttemptId, EventId};
use crate::scope::Scope;
use crate::store::attempts::Attempt;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use crate::store::tenants::TenantMode;
use diesel::prelude::*;
use domain::event::EventKind;
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::Purpose;
use domain::subscription::state::SubscriptionStatus;

pub(super) fn check(conn: &mut Conn, scope: &Scope, extent: Extent) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    pages::subscriptions(conn, scope, extent, |conn, sub| {
        let invoices = period_invoices(conn, scope, &sub)?;
        findings
            .extend(wrong_periods(&invoices).map(|text| Finding::new(FindingKind::Period, &sub.id, text)));
        findings.extend(wrong_end(&sub).map(|text| Finding::new(FindingKind::Ended, &sub.id, text)));
        if !sub.is_collected() {
            let late = charged_after(conn, scope, &sub)?.into_iter();
            let text = format!("it was sent by itself after {} had ended", sub.id);
            findings.extend(late.map(|id| Finding::new(FindingKind::Ended, id, &text)));
        }
        Ok(())
    })?;
    Ok(findings)
}

/// The invoices of its periods that were not withdrawn.
fn period_invoices(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<Invoice>> {
    let all: Vec<Invoice> = invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::subscription_id.eq(&sub.id)))
        .filter(invoice::status.ne(InvoiceStatus::Void.as_str()).and(invoice::period_index.is_not_null()))
        .order((invoice::period_index, invoice::id))
        .select(Invoice::as_select())
        .load(conn)?;
    Ok(all.into_iter().filter(|invoice| invoice.reason.bills_period()).collect())
}

/// Indices only grow, and time with them.
fn wrong_periods(in_order: &[Invoice]) -> Option<String> {
    in_order.windows(2).find_map(|pair| {
        let index = pair[1].period_index.unwrap_or_default();
        if pair[0].period_index == pair[1].period_index {
            Some(format!("period {index} was billed twice"))
        } else if pair[0].period_start >= pair[1].period_start {
            Some(format!("period {index} does not begin after the one before it"))
        } else {
            None
        }
    })
}

fn wrong_end(sub: &Subscription) -> Option<String> {
    let over = matches!(sub.status, SubscriptionStatus::Cancelled | SubscriptionStatus::Expired);
    match (over, sub.ended_at) {
        (true, None) => Some(format!("it is {}, and nobody knows since when", sub.status)),
        (false, Some(_)) => Some(format!("it has ended, and is {}", sub.status)),
        (true, Some(_)) if sub.next_due_at.is_some() => Some("it has ended, and is still due".to_owned()),
        _ => None,
    }
}

/// Automatic charges sent after the end. Ids sort by the time they were minted, so what was opened after the end
/// was written down is known whatever a test business's clock shows; live, billing time is wall time.
fn charged_after(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<AttemptId>> {
    let ends = [EventKind::SubscriptionCancelled.as_str(), EventKind::SubscriptionExpired.as_str()];
    let end: Option<EventId> = event::table
        .filter(event::tenant_id.eq(scope.id()).and(event::subject.eq(sub.id.as_str())))
        .filter(event::kind.eq_any(ends))
        .order(event::seq)
        .select(event::id)
        .first(conn)
        .optional()?;
    let invoices = invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::subscription_id.eq(&sub.id)))
        .select(invoice::id);
    let charges: Vec<Attempt> = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(scope.id()).and(payment_attempt::invoice_id.eq_any(invoices)))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .filter(payment_attempt::submit_count.gt(0))
        .select(Attempt::as_select())
        .load(conn)?;
    let live = scope.tenant.mode == TenantMode::Live;
    let late = |attempt: &Attempt| {
        let opened_after = end.as_ref().is_some_and(|end| minted(attempt.id.as_str()) > minted(end.as_str()));
        attempt.attempt_trigger.is_automatic()
            && (opened_after || (live && attempt.first_submitted_at > sub.ended_at))
    };
    Ok(charges.into_iter().filter(late).map(|attempt| attempt.id).collect())
}

/// The part of an id that sorts by time.
fn minted(id: &str) -> &str {
    id.rsplit_once('_').map_or(id, |(_, ulid)| ulid)
}
