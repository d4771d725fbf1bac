//! Carries out a quote: at once, when its invoice is paid, or with a period to come.

use super::lines::{self, bill_line, waiting};
use super::quote::{self, Quoted};
use super::{apply, facts, give_back, outcome};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{ChangeId, InvoiceId, SubscriptionId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::changes::{ChangeState, PlanChange};
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use crate::usecase::pay_from_balance::pay_from_balance;
use crate::usecase::{collect, dun, record, schedule};
use domain::Instant;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::payment::state::AttemptTrigger;
use domain::period::Anchor;
use domain::subscription::change::decide::{Change, Effect};
use domain::subscription::change::prorate::ChangeLineKind;
use domain::subscription::change::quote::{ConfirmError, Quote, Ticket, confirm as decide};
use domain::subscription::change::target::Wanted;

/// What became of a confirmation.
#[derive(Debug, Clone, PartialEq)]
pub enum Confirmation {
    /// The change has taken effect.
    Applied,
    /// It takes effect when this invoice is paid; the payment is under way.
    Paying(InvoiceId),
    /// It takes effect with the period that begins then.
    Scheduled(Instant),
    /// `quote_stale`: something that was shown has changed. Nothing was done; this is what holds now.
    Stale(Box<Quoted>),
}

/// Carries out a change exactly as it was quoted. A second press finds the first one's change.
///
/// # Errors
/// `Refused` with `bad_ticket`, `changes_off`, `no_method`, `credit_not_possible`, or a code of
/// [`domain::subscription::change::target::ChangeRefusal`].
pub fn confirm(engine: &Engine, tenant_id: &TenantId, actor: &Actor, ticket: &str) -> Result<Confirmation> {
    let (actor, ticket) = (actor.clone(), ticket.to_owned());
    engine.write(tenant_id, move |tx, scope| {
        let ticket = quote::opened(scope, &ticket)?;
        let id = SubscriptionId::from(ticket.subscription.as_str());
        scope.locked_subscription(tx, &id)?;
        let mut sub = quote::permitted(tx, scope, &actor, &id)?;
        if let Some(found) = pressed_before(tx, scope, &sub, &ticket)? {
            return Ok(found);
        }
        let facts = facts::load(tx, scope, &sub)?;
        let offers = facts::offers(tx, scope, &sub, &ticket.target)?;
        match decide(&ticket, &facts, &offers, &scope.settings.changes, scope.now.billing) {
            Ok(quote) => {
                let (owner, currency) = (sub.customer_id.clone(), quote.currency);
                let done = carry_out(tx, scope, &mut sub, quote, &actor)?;
                pay_from_balance(tx, scope, &owner, currency, &actor)?;
                Ok(done)
            }
            Err(ConfirmError::QuoteStale { now }) => {
                Ok(Confirmation::Stale(Box::new(quote::sealed(tx, scope, *now)?)))
            }
            Err(ConfirmError::Change(error)) => Err(quote::refusal(error)),
            Err(error @ ConfirmError::OtherChange) => Err(Error::refused("bad_ticket", error.to_string())),
        }
    })
}

/// The open change that this very ticket has led to.
fn pressed_before(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    ticket: &Ticket,
) -> Result<Option<Confirmation>> {
    let open = store::changes::open_of(tx, scope.id(), &sub.id)?;
    let target = to_json(&ticket.target)?;
    let Some(same) = open.filter(|row| row.quoted_at == ticket.at && row.target == target) else {
        return Ok(None);
    };
    Ok(match (same.state, same.invoice_id, same.apply_at) {
        (ChangeState::Paying, Some(invoice_id), _) => Some(Confirmation::Paying(invoice_id)),
        (ChangeState::Scheduled, _, Some(at)) => Some(Confirmation::Scheduled(at)),
        _ => None,
    })
}

fn carry_out(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    quote: Quote,
    actor: &Actor,
) -> Result<Confirmation> {
    // One change at a time: this one takes the place of what was scheduled.
    outcome::drop_scheduled(tx, scope, sub, ChangeState::Undone, actor, None)?;
    let mut row = row(scope, sub, &quote.change, actor)?;
    match quote.change.effect {
        Effect::Later(at) => {
            row.state = ChangeState::Scheduled;
            row.closed_at = None;
            store::changes::insert(tx, &row)?;
            record::subscription(tx, scope, sub, apply::SCHEDULED, actor, None)?;
            schedule::save(tx, scope, sub)?;
            Ok(Confirmation::Scheduled(at))
        }
        Effect::InTrial { trial_end } => {
            sub.trial_end = Some(trial_end);
            sub.current_period_end = trial_end;
            sub.anchor_local = Anchor::at(trial_end, sub.anchor()?.zone).local;
            applied(tx, scope, sub, &row, actor)
        }
        Effect::AtOnce => {
            for line in &quote.change.lines {
                let line = bill_line(tx, scope, line)?;
                store::pending_lines::insert(tx, &waiting(scope, sub, line)?)?;
            }
            applied(tx, scope, sub, &row, actor)
        }
        Effect::OncePaid | Effect::NewPeriodOncePaid { .. } => {
            let invoice = invoice(tx, scope, sub, &quote, actor)?;
            row.invoice_id = invoice.as_ref().map(|invoice| invoice.id.clone());
            let Some(invoice) = invoice.filter(|invoice| invoice.status != InvoiceStatus::Paid) else {
                return applied(tx, scope, sub, &row, actor);
            };
            charge(tx, scope, sub, &invoice, actor)?;
            row.state = ChangeState::Paying;
            row.closed_at = None;
            store::changes::insert(tx, &row)?;
            schedule::save(tx, scope, sub)?;
            Ok(Confirmation::Paying(invoice.id))
        }
    }
}

/// The change as it is stored once it has taken effect.
fn row(scope: &Scope, sub: &Subscription, change: &Change, actor: &Actor) -> Result<PlanChange> {
    let wanted = |item: &domain::subscription::item::Item| Wanted {
        role: item.role,
        price: item.price.clone(),
        quantity: item.quantity,
    };
    Ok(PlanChange {
        id: ChangeId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: sub.customer_id.clone(),
        subscription_id: sub.id.clone(),
        target: to_json(&change.items.iter().map(wanted).collect::<Vec<_>>())?,
        behaviour: change.behaviour.into(),
        quoted_at: change.at,
        apply_at: match change.effect {
            Effect::Later(at) => Some(at),
            Effect::NewPeriodOncePaid { period, .. } => Some(period.start),
            Effect::AtOnce | Effect::OncePaid | Effect::InTrial { .. } => None,
        },
        invoice_id: None,
        state: ChangeState::Applied,
        actor: actor.to_string(),
        closed_at: Some(scope.now.billing),
        created_at: scope.now.billing,
        offsets: to_json(&change.offsets)?,
    })
}

fn applied(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    row: &PlanChange,
    actor: &Actor,
) -> Result<Confirmation> {
    store::changes::insert(tx, row)?;
    apply::apply(tx, scope, sub, row, actor)?;
    Ok(Confirmation::Applied)
}

/// Opens the invoice over a change's lines, if there are any. What is due on it is what was shown, or nothing
/// happens at all. What is given back, if that is more, goes on credit notes instead.
fn invoice(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    quote: &Quote,
    actor: &Actor,
) -> Result<Option<Invoice>> {
    let mut lines = quote.change.lines.clone();
    if quote.settlement.credit > 0 {
        give_back::credit(tx, scope, sub, &lines, quote.settlement.refund, actor)?;
        lines.retain(|line| line.kind == ChangeLineKind::Charge);
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let invoice = lines::invoice(tx, scope, sub, &lines, BillingReason::Change, actor)?;
    let due = invoice.due()?.minor + invoice.carried_forward;
    if due == quote.settlement.due {
        Ok(Some(invoice))
    } else {
        Err(Error::bug(format!("{} is over {due}, not over what was shown", invoice.id)))
    }
}

/// Starts the charge. A customer is at the browser, and can confirm it to the bank.
fn charge(tx: &mut Conn, scope: &Scope, sub: &Subscription, invoice: &Invoice, actor: &Actor) -> Result<()> {
    let customer = store::customers::get(tx, scope.id(), &sub.customer_id)?;
    let method = schedule::effective_method(tx, scope, sub, &customer)?;
    let method = method.ok_or_else(|| Error::refused("no_method", "there is no payment method to charge"))?;
    let trigger = match actor {
        Actor::Customer(_) => AttemptTrigger::Customer,
        Actor::Operator | Actor::Worker | Actor::Provider => AttemptTrigger::Cycle,
    };
    let attempt = collect::open(tx, scope, invoice, &method, trigger)?;
    dun::drive(tx, scope, &attempt)
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::bug)
}
