//! Events: numbered without a gap, one for each invoice that was opened, and exactly one for each charge that succeeded.

use super::{Finding, FindingKind};
use crate::db::Conn;
use crate::db::schema::{event, invoice, payment_attempt, subscription};
use crate::error::Result;
use crate::ids::{AttemptId, InvoiceId, SubscriptionId};
use crate::scope::Scope;
use diesel::dsl::{count_star, exists, max, min, not};
use diesel::prelude::*;
use domain::event::EventKind;
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::{AttemptState, Purpose};

/// Recorded when an invoice is opened.
const OPENED: &str = EventKind::InvoiceOpened.as_str();

/// Recorded when a charge succeeds.
const SUCCEEDED: &str = EventKind::PaymentSucceeded.as_str();

pub(super) fn check(conn: &mut Conn, scope: &Scope) -> Result<Vec<Finding>> {
    let gaps = gaps(conn, scope)?.into_iter().map(|subject| (subject, "an event of it is missing"));
    let unopened = unopened(conn, scope)?;
    let unopened = unopened.into_iter().map(|id| (id.to_string(), "no event says that it was opened"));
    let lost = unnoticed(conn, scope)?;
    let lost = lost.into_iter().map(|id| (id.to_string(), "it succeeded, and no event says so"));
    let twice = told_twice(conn, scope)?.into_iter().map(|id| (id, "it succeeded in several events"));
    let behind = miscounted(conn, scope)?;
    let behind =
        behind.into_iter().map(|id| (id.to_string(), "its own count of events is not that of its events"));
    let all = gaps.chain(unopened).chain(lost).chain(twice).chain(behind);
    Ok(all.map(|(subject, text)| Finding::new(FindingKind::Event, subject, text)).collect())
}

/// Subjects whose events are not 1, 2, 3 and so on.
fn gaps(conn: &mut Conn, scope: &Scope) -> Result<Vec<String>> {
    Ok(event::table
        .filter(event::tenant_id.eq(scope.id()))
        .group_by(event::subject)
        .having(max(event::seq).ne(count_star().nullable()).or(min(event::seq).ne(1)))
        .select(event::subject)
        .load(conn)?)
}

fn unopened(conn: &mut Conn, scope: &Scope) -> Result<Vec<InvoiceId>> {
    let told = event::table
        .filter(event::tenant_id.eq(invoice::tenant_id))
        .filter(event::subject.eq(invoice::id).and(event::kind.eq(OPENED)));
    Ok(invoice::table
        .filter(invoice::tenant_id.eq(scope.id()).and(invoice::status.ne(InvoiceStatus::Draft.as_str())))
        .filter(not(exists(told)))
        .order(invoice::id)
        .select(invoice::id)
        .load(conn)?)
}

fn unnoticed(conn: &mut Conn, scope: &Scope) -> Result<Vec<AttemptId>> {
    let told = event::table
        .filter(event::tenant_id.eq(payment_attempt::tenant_id))
        .filter(event::subject.eq(payment_attempt::id).and(event::kind.eq(SUCCEEDED)));
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(scope.id()))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .filter(payment_attempt::state.eq(AttemptState::Succeeded.as_str()))
        .filter(not(exists(told)))
        .order(payment_attempt::id)
        .select(payment_attempt::id)
        .load(conn)?)
}

fn told_twice(conn: &mut Conn, scope: &Scope) -> Result<Vec<String>> {
    Ok(event::table
        .filter(event::tenant_id.eq(scope.id()).and(event::kind.eq(SUCCEEDED)))
        .group_by(event::subject)
        .having(count_star().gt(1))
        .select(event::subject)
        .load(conn)?)
}

/// Subscriptions that count their events themselves, and do not agree.
fn miscounted(conn: &mut Conn, scope: &Scope) -> Result<Vec<SubscriptionId>> {
    let last = event::table
        .filter(event::tenant_id.eq(subscription::tenant_id).and(event::subject.eq(subscription::id)))
        .filter(event::seq.eq(subscription::event_seq));
    let beyond = event::table
        .filter(event::tenant_id.eq(subscription::tenant_id).and(event::subject.eq(subscription::id)))
        .filter(event::seq.gt(subscription::event_seq));
    Ok(subscription::table
        .filter(subscription::tenant_id.eq(scope.id()))
        .filter(not(exists(last)).or(exists(beyond)))
        .order(subscription::id)
        .select(subscription::id)
        .load(conn)?)
}
