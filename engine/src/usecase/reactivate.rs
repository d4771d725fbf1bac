//! The way back from hold, once its customer has chosen how to pay: `domain::subscription::hold` decides, this carries
//! it out.

use super::bill::{self, ToCome, period_bill_instead};
use super::pay_from_balance::pay_from_balance;
use super::{advance, change, credit, dun, goes_on, record, schedule};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::subscriptions::Subscription;
use domain::balance::returned_debt;
use domain::dunning::CaseOutcome;
use domain::event::{EventKind, Why};
use domain::invoice::credit_note::CreditReason;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::ledger;
use domain::money::Money;
use domain::period::Period;
use domain::subscription::due::SubscriptionFacts;
use domain::subscription::hold::{
    HoldFacts, HoldReason, Means, OpenInvoice, Reactivation, ReactivationRefusal, decide_reactivation,
};
use domain::subscription::state::SubscriptionStatus;

/// A method was chosen for a subscription on hold. What is owed is charged to it, or a new period begins; without
/// dues it goes on.
pub(crate) fn with_method(tx: &mut Conn, scope: &Scope, sub: &mut Subscription) -> Result<()> {
    let open = dues(tx, scope, sub)?;
    let charged = match decide(tx, scope, sub, &open)? {
        Err(_) => return Ok(()),
        Ok(Reactivation::GoOn) => return goes_on::come_back(tx, scope, sub, &Actor::Worker),
        Ok(Reactivation::Charge(charge) | Reactivation::Arrears { charge, .. }) => picked(&open, &charge),
        Ok(Reactivation::NewPeriod { credit, charge, period_index, schedule, period }) => {
            let next = advance::Next { schedule, period_index, period };
            let new = restart(tx, scope, sub, &picked(&open, &credit), &next)?;
            picked(&open, &charge).into_iter().chain([new]).collect()
        }
    };
    for invoice in charged {
        let as_it_stands = store::invoices::get(tx, scope.id(), &invoice.id)?;
        dun::try_again(tx, scope, &as_it_stands)?;
    }
    Ok(())
}

/// What a subscription on hold has to pay to come back, oldest first: its open invoices, and that of its last period even
/// if it was given up. What a bank took back only where it is on hold for that: else it was served, and is a debt of its
/// own. Never a change that is being paid.
pub(crate) fn dues(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Vec<Invoice>> {
    let last = store::invoices::of_period(conn, scope.id(), &sub.id, sub.period_index)?;
    let mut dues: Vec<Invoice> =
        last.into_iter().filter(|invoice| invoice.status == InvoiceStatus::Uncollectible).collect();
    let for_dispute = sub.hold_reason.as_deref() == Some(HoldReason::Disputed.as_str());
    for open in store::invoices::open_of(conn, scope.id(), &sub.id)? {
        let apart = open.disputed_since.is_some() && !for_dispute;
        if !apart && !change::waits_for(conn, scope, &open)? {
            dues.push(open);
        }
    }
    dues.sort_by_key(|invoice| invoice.created_at);
    Ok(dues)
}

/// Whether what is paid of an invoice that stood so may bring its subscription back. On hold, an older one that was given
/// up is a debt of its own.
pub(crate) fn waits_for(
    conn: &mut Conn,
    scope: &Scope,
    invoice: &Invoice,
    stood: InvoiceStatus,
) -> Result<bool> {
    let Some(id) = invoice.subscription_id.as_ref().filter(|_| stood == InvoiceStatus::Uncollectible) else {
        return Ok(true);
    };
    let sub = store::subscriptions::get(conn, scope.id(), id)?;
    Ok(sub.status != SubscriptionStatus::OnHold || invoice.period_index == Some(sub.period_index))
}

/// The invoice to charge when a customer pays `invoice` by hand: itself, or that of the new period which its
/// subscription comes back with. The latter is opened here, and may be paid already by what the customer had.
///
/// # Errors
/// `Refused` with `payment_open`: another payment of the subscription is being checked.
pub(crate) fn to_pay(tx: &mut Conn, scope: &Scope, invoice: Invoice) -> Result<Invoice> {
    let Some(mut sub) = held(tx, scope, &invoice)? else { return Ok(invoice) };
    let open = dues(tx, scope, &sub)?;
    match decide(tx, scope, &sub, &open)? {
        Ok(Reactivation::NewPeriod { credit, period_index, schedule, period, .. })
            if picked(&open, &credit).iter().any(|stale| stale.id == invoice.id) =>
        {
            let next = advance::Next { schedule, period_index, period };
            restart(tx, scope, &mut sub, &picked(&open, &credit), &next)
        }
        Err(ReactivationRefusal::AttemptOpen) => {
            Err(Error::refused("payment_open", "a payment of this subscription is still being checked"))
        }
        _ => Ok(invoice),
    }
}

/// Whether coming back would take this invoice back and begin a new period.
pub(crate) fn would_restart(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<bool> {
    Ok(restart_bill(conn, scope, invoice)?.is_some())
}

/// What is billed instead of this invoice when its subscription comes back with a new period, if it would.
pub(crate) fn restart_bill(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<ToCome>> {
    let Some(sub) = held(conn, scope, invoice)? else { return Ok(None) };
    let open = dues(conn, scope, &sub)?;
    let Ok(Reactivation::NewPeriod { credit, period, .. }) = decide(conn, scope, &sub, &open)? else {
        return Ok(None);
    };
    let stale = picked(&open, &credit);
    if !stale.iter().any(|stale| stale.id == invoice.id) {
        return Ok(None);
    }
    new_bill(conn, scope, &sub, &stale, period).map(Some)
}

/// What is charged at once for the new period with which a subscription comes back when a method is chosen for it, if it
/// would.
pub(crate) fn charged_with_method(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
) -> Result<Option<Money>> {
    if sub.status != SubscriptionStatus::OnHold {
        return Ok(None);
    }
    let open = dues(conn, scope, sub)?;
    let Ok(Reactivation::NewPeriod { credit, period, .. }) = decide(conn, scope, sub, &open)? else {
        return Ok(None);
    };
    Ok(Some(new_bill(conn, scope, sub, &picked(&open, &credit), period)?.due()))
}

/// The bill of the new period that takes the place of stale invoices.
fn new_bill(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    stale: &[Invoice],
    period: Period,
) -> Result<ToCome> {
    let bill = period_bill_instead(conn, scope, sub, period, stale)?;
    let mut balance = store::ledger::balance(conn, scope.id(), &sub.customer_id, bill.currency)?;
    for invoice in stale {
        // What was paid of it goes to the balance, and what it had added of an earlier debt.
        balance += invoice.total - invoice.amount_credited - invoice.due()?.minor;
    }
    ToCome::with_balance(scope, bill, balance)
}

/// The facts by which a subscription comes back that has, or is getting, something to charge.
pub(super) fn facts(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    open: &[Invoice],
) -> Result<(SubscriptionFacts, HoldFacts)> {
    let facts = SubscriptionFacts { has_method: true, ..schedule::facts(conn, scope, sub)? };
    // No other period begins while one is being paid.
    let lapsed = scope.now.billing >= sub.current_period_end;
    let mut attempt_open = lapsed && change::is_being_paid(conn, scope, &sub.id)?;
    for invoice in open {
        attempt_open |= store::attempts::open_of(conn, scope.id(), &invoice.id)?.is_some();
    }
    let reason = sub.hold_reason.as_deref().and_then(|word| word.parse().ok());
    let hold = HoldFacts {
        reason: reason.unwrap_or(HoldReason::PaymentFailed),
        open_invoices: open.iter().map(open_invoice).collect(),
        attempt_open,
    };
    Ok((facts, hold))
}

/// What decides about an open invoice.
pub(super) fn open_invoice(invoice: &Invoice) -> OpenInvoice {
    OpenInvoice { period_end: invoice.period_end.filter(|_| invoice.reason.bills_period()) }
}

fn decide(
    conn: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    open: &[Invoice],
) -> Result<std::result::Result<Reactivation, ReactivationRefusal>> {
    let (facts, hold) = facts(conn, scope, sub, open)?;
    Ok(decide_reactivation(&facts, &hold, scope.settings.billing.lapsed, scope.now.billing))
}

/// The subscription of an invoice that can be paid, if it is on hold.
fn held(conn: &mut Conn, scope: &Scope, invoice: &Invoice) -> Result<Option<Subscription>> {
    let payable = matches!(invoice.status, InvoiceStatus::Open | InvoiceStatus::Uncollectible);
    let Some(id) = invoice.subscription_id.as_ref().filter(|_| payable) else { return Ok(None) };
    let sub = store::subscriptions::get(conn, scope.id(), id)?;
    Ok((sub.status == SubscriptionStatus::OnHold).then_some(sub))
}

fn picked(open: &[Invoice], places: &[usize]) -> Vec<Invoice> {
    places.iter().filter_map(|place| open.get(*place)).cloned().collect()
}

/// Takes a stale invoice back whole. What it had taken up of usage before its period, of waiting lines and of coupons,
/// and what it had added of an earlier debt, goes on the next one.
fn take_back(tx: &mut Conn, scope: &Scope, stale: &Invoice) -> Result<()> {
    dun::close(tx, scope, &stale.id, CaseOutcome::Cancelled)?;
    let mut invoice = stale.clone();
    let debt = returned_debt(invoice.credit_applied, invoice.due()?.minor);
    if debt != 0 {
        if invoice.status == InvoiceStatus::Uncollectible {
            // It stands in `bad_debt`.
            let restored = ledger::written_off(Money::new(-debt, invoice.currency)).map_err(Error::bug)?;
            bill::post(tx, scope, &invoice, &restored)?;
        }
        let returned = ledger::balance_applied(Money::new(debt, invoice.currency)).map_err(Error::bug)?;
        bill::post(tx, scope, &invoice, &returned)?;
        invoice.credit_applied += debt;
        let before = invoice.status;
        if invoice.due()?.minor == 0 {
            invoice.status = InvoiceStatus::Paid;
            invoice.paid_at = Some(scope.now.billing);
        }
        invoice.updated_at = scope.now.wall;
        store::invoices::update(tx, scope.id(), &invoice)?;
        record::invoice(tx, scope, &invoice, before, &Actor::Worker, None)?;
    }
    // Freed first: what was given back of a line while it waited concerns the line that it will be, not this one.
    bill::free_taken_up(tx, scope, &invoice)?;
    credit::take_back(tx, scope, &invoice.id, CreditReason::Lapsed, &Actor::Worker)
}

/// Takes the stale invoices back and opens the new period. It stays on hold until that is paid.
fn restart(
    tx: &mut Conn,
    scope: &Scope,
    sub: &mut Subscription,
    stale: &[Invoice],
    next: &advance::Next,
) -> Result<Invoice> {
    for invoice in stale {
        take_back(tx, scope, invoice)?;
    }
    let never_began = sub.hold_reason.as_deref() == Some(HoldReason::TrialNoMethod.as_str());
    let reason = if never_began { BillingReason::TrialEnd } else { BillingReason::Cycle };
    // From now on something is owed.
    sub.hold_reason = Some(HoldReason::PaymentFailed.as_str().to_owned());
    let invoice = advance::enter(tx, scope, sub, next, reason, &Actor::Worker)?;
    record::subscription(
        tx,
        scope,
        sub,
        EventKind::SubscriptionRenewed,
        &Actor::Worker,
        Some(&Why::Reactivating.into()),
    )?;
    schedule::save(tx, scope, sub)?;
    if invoice.status == InvoiceStatus::Paid {
        // Its customer has asked for the new period.
        let paid = goes_on::Settled { invoice: &invoice, means: Means::Balance };
        goes_on::subscription_goes_on(tx, scope, paid, &Actor::Worker)?;
    }
    // What was paid of the stale invoices may be more than the new one.
    pay_from_balance(tx, scope, &sub.customer_id, invoice.currency, &Actor::Worker)?;
    *sub = store::subscriptions::get(tx, scope.id(), &sub.id)?;
    Ok(invoice)
}
