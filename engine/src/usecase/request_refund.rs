//! A customer wants money back, as far as the business's settings let customers ask: at once for some days after the
//! payment, or by a request that a person decides.

use super::pay_from_balance::pay_from_balance;
use super::{credit, ending, refund};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, InvoiceId, RefundRequestId, TenantId};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::{Actor, NewEvent};
use crate::store::invoices::Invoice;
use crate::store::refunds::{RefundRequest, RequestState};
use credit::{COMMENT_CHARS, CreditRequest};
use domain::event::{EventKind, Why};
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::payment::refund::{NoOffer, Offer, SelfServiceFacts, offer};
use serde_json::json;

/// What a customer is offered for an invoice that they have paid.
pub fn offered(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &InvoiceId,
) -> Result<std::result::Result<Offer, NoOffer>> {
    let invoice = store::invoices::of_customer(conn, scope.id(), owner, id)?;
    let Some(charged_at) = invoice.paid_at else { return Ok(Err(NoOffer::Nothing)) };
    let facts = SelfServiceFacts {
        charged_at,
        is_latest_charge: is_latest(conn, scope, &invoice)?,
        asked_in_period: !store::attempts::refunds_of_invoice(conn, scope.id(), id)?.is_empty()
            || store::refunds::any_request(conn, scope.id(), id)?,
        charge_open: store::attempts::open_of(conn, scope.id(), id)?.is_some(),
        refundable: refund::refundable(&refund::charges(conn, scope, id)?),
    };
    Ok(offer(&scope.settings.refunds.policy(), &facts, scope.now.billing))
}

/// No later invoice of its subscription was paid.
fn is_latest(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<bool> {
    let later = |other: &Invoice| {
        other.subscription_id == invoice.subscription_id && other.id > invoice.id && other.amount_paid > 0
    };
    let all = store::invoices::list(conn, scope.id(), &invoice.customer_id)?;
    Ok(invoice.subscription_id.is_none() || !all.iter().any(later))
}

/// Gives the money back, or writes the wish down, whichever the customer is offered.
///
/// # Errors
/// `Refused` with `no_refund` or `comment_too_long`, or as [`credit::credit`].
pub fn request_refund(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    id: &InvoiceId,
    comment: String,
) -> Result<Offer> {
    let (owner, id) = (owner.clone(), id.clone());
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        if comment.chars().count() > COMMENT_CHARS {
            return Err(Error::refused("comment_too_long", "the comment is too long"));
        }
        let found = offered(tx, scope, &owner, &id)?;
        let offer = found.map_err(|why| Error::refused("no_refund", why.to_string()))?;
        let actor = Actor::Customer(owner.to_string());
        match offer {
            Offer::Refund { amount, cancels } => {
                give_back(tx, scope, &id, Request::Amount(amount), &actor)?;
                if cancels {
                    end(tx, scope, &id, &actor)?;
                }
            }
            Offer::Request => ask(tx, scope, &owner, &id, comment, &actor)?,
        }
        Ok(offer)
    })
}

/// A person decides about a customer's wish.
///
/// # Errors
/// `Refused` with `no_request`, or as [`credit::credit`].
pub fn decide_request(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &InvoiceId,
    granted: bool,
    actor: Actor,
) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let Some(mut wish) = store::refunds::open_request(tx, scope.id(), &id)? else {
            return Err(Error::refused("no_request", "nobody has asked for this refund"));
        };
        wish.state = if granted { RequestState::Granted } else { RequestState::Declined };
        wish.decided_at = Some(scope.now.billing);
        store::refunds::update_request(tx, scope.id(), &wish)?;
        let kind = if granted { EventKind::RefundGranted } else { EventKind::RefundDeclined };
        record(tx, scope, &wish, kind, &actor)?;
        if !granted {
            return tell_declined(tx, scope, &wish);
        }
        give_back(tx, scope, &id, Request::Whole, &actor)?;
        if scope.settings.refunds.cancels { end(tx, scope, &id, &actor) } else { Ok(()) }
    })
}

fn give_back(tx: &mut Conn, scope: &Scope, id: &InvoiceId, what: Request, actor: &Actor) -> Result<()> {
    let request = CreditRequest {
        invoice: id.clone(),
        what,
        reason: CreditReason::Withdrawal,
        comment: None,
        settlement: Settlement::Refund,
    };
    let note = credit::issue(tx, scope, request, actor)?;
    pay_from_balance(tx, scope, &note.customer_id, note.currency, actor)
}

/// The subscription ends with the refund.
fn end(tx: &mut Conn, scope: &Scope, id: &InvoiceId, actor: &Actor) -> Result<()> {
    let invoice = store::invoices::get(tx, scope.id(), id)?;
    let Some(sub_id) = &invoice.subscription_id else { return Ok(()) };
    let mut sub = store::subscriptions::get(tx, scope.id(), sub_id)?;
    ending::end(tx, scope, &mut sub, actor, Some(&Why::Refunded.into()))
}

fn ask(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &InvoiceId,
    comment: String,
    actor: &Actor,
) -> Result<()> {
    let wish = RefundRequest {
        id: RefundRequestId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: owner.clone(),
        invoice_id: id.clone(),
        comment,
        state: RequestState::Open,
        decided_at: None,
        created_at: scope.now.billing,
    };
    store::refunds::insert_request(tx, &wish)?;
    record(tx, scope, &wish, EventKind::RefundRequested, actor)
}

/// The business said no.
fn tell_declined(tx: &mut Conn, scope: &Scope, wish: &RefundRequest) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &wish.customer_id)?;
    let facts = MailFacts { invoice_id: Some(wish.invoice_id.clone()), ..MailFacts::default() };
    let kind = MailKind::RefundDeclined;
    let dedupe_key = format!("{}:{kind}", wish.id);
    mail::queue(tx, scope, NewMail { to: &customer, kind, dedupe_key, facts })
}

fn record(tx: &mut Conn, scope: &Scope, wish: &RefundRequest, kind: EventKind, actor: &Actor) -> Result<()> {
    let payload = json!({ "invoice": wish.invoice_id, "state": wish.state });
    let event = NewEvent { subject: wish.id.as_str(), kind, actor, reason: None, payload };
    store::events::record(tx, scope.id(), event, scope.now.billing)
}
