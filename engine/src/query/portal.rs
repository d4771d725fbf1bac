//! Subscriptions as their customer sees them: where each stands, what it will cost next, and what is owed.

use super::change::{self, Scheduled};
use super::entitlements::{self, Entitled};
use super::payment::{Payment, payments};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, SubscriptionId};
use crate::scope::Scope;
use crate::settings::words::TrialEndWithoutMethod;
use crate::store;
use crate::store::catalog::{Price, Product};
use crate::store::customers::{BillingAddress, Customer};
use crate::store::methods::PaymentMethod;
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::{ToCome, to_come};
use crate::usecase::schedule;
use chrono::NaiveDate;
use domain::Instant;
use domain::event::EventKind;
use domain::money::Money;
use domain::period::Period;
use domain::subscription::cancel::{ContractRest, rest_of_contract};
use domain::subscription::due::{Due, due, next_due_at};
use domain::subscription::state::SubscriptionStatus;

/// A subscription with what its customer is told about it.
#[derive(Debug, Clone)]
pub struct Subscribed {
    /// The subscription.
    pub sub: Subscription,
    /// What it costs.
    pub price: Price,
    /// What is bought.
    pub product: Product,
    /// What is charged for it: its own method, else the default.
    pub method: Option<PaymentMethod>,
    /// The bill that its next boundary will write, if nothing changes before.
    pub next: Option<NextBill>,
    /// What is owed for it.
    pub owed: Option<Owed>,
    /// Since when it is on hold.
    pub held_since: Option<Instant>,
    /// What changes with its next period.
    pub change: Option<Scheduled>,
    /// What is left of its contract.
    pub contract: Option<ContractRest>,
}

/// A bill that is still to come. Computed by what the renewal computes it with.
#[derive(Debug, Clone)]
pub struct NextBill {
    /// When it will be written and charged, billing time.
    pub at: Instant,
    /// What it will bill.
    pub period: Period,
    /// Lines, total, and what will be charged.
    pub to_come: ToCome,
}

/// What is owed for a subscription after a charge failed, or while one waits for the customer's bank.
#[derive(Debug, Clone)]
pub struct Owed {
    /// The oldest invoice that is owed, with what was tried.
    pub payment: Payment,
    /// What is still to be paid of it.
    pub due: Money,
    /// What is owed for the subscription in all.
    pub total: Money,
    /// When it is charged again by itself, billing time.
    pub next_try: Option<Instant>,
}

/// What one subscription's page shows.
#[derive(Debug, Clone)]
pub struct SubscriptionDetails {
    /// The subscription.
    pub subscribed: Subscribed,
    /// When it began, billing time.
    pub started: Instant,
    /// Its payments, newest first.
    pub payments: Vec<Payment>,
    /// The address that its invoices carry.
    pub address: Option<BillingAddress>,
    /// What it gives.
    pub benefits: Vec<Entitled>,
    /// Whose it is.
    pub customer: Customer,
}

/// A customer's subscriptions, oldest first.
pub fn subscriptions(conn: &mut Conn, scope: &Scope, owner: &CustomerId) -> Result<Vec<Subscribed>> {
    let customer = store::customers::get(conn, scope.id(), owner)?;
    let all = store::subscriptions::list(conn, scope.id(), owner)?;
    all.into_iter().map(|sub| subscribed(conn, scope, &customer, sub)).collect()
}

/// One subscription of a customer.
pub fn subscription(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &SubscriptionId,
) -> Result<SubscriptionDetails> {
    let sub = store::subscriptions::of_customer(conn, scope.id(), owner, id)?;
    let customer = store::customers::get(conn, scope.id(), owner)?;
    let mut invoices = store::invoices::list(conn, scope.id(), owner)?;
    invoices.retain(|invoice| invoice.subscription_id.as_ref() == Some(id) && invoice.number.is_some());
    let addresses = store::customers::addresses(conn, scope.id(), owner)?;
    // The row itself carries wall time.
    let first = store::events::of(conn, scope.id(), id.as_str())?.into_iter().next();
    Ok(SubscriptionDetails {
        payments: payments(conn, scope, owner, invoices)?,
        started: first.map_or(sub.created_at, |event| event.created_at),
        address: addresses.into_iter().find(|address| address.is_default),
        benefits: entitlements::of(conn, scope, &sub)?,
        subscribed: subscribed(conn, scope, &customer, sub)?,
        customer,
    })
}

impl Subscribed {
    /// The price with its interval's worth of units: what the price list says for this quantity.
    pub fn amount(&self) -> Result<Money> {
        let minor = self.price.unit_amount.checked_mul(self.sub.quantity);
        Ok(Money::new(minor.ok_or_else(|| Error::bug("amount out of range"))?, self.price.currency))
    }

    /// Days from today on that are paid for and would be lost by ending now.
    pub fn unused_days(&self, scope: &Scope) -> u32 {
        let paid_until: NaiveDate = scope.date_of(self.sub.current_period_end);
        u32::try_from((paid_until - scope.today()).num_days()).unwrap_or(0)
    }
}

fn subscribed(conn: &mut Conn, scope: &Scope, customer: &Customer, sub: Subscription) -> Result<Subscribed> {
    let (price, product) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let method = schedule::effective_method(conn, scope, &sub, customer)?;
    Ok(Subscribed {
        next: next_bill(conn, scope, &sub)?,
        owed: owed(conn, scope, &sub)?,
        held_since: held_since(conn, scope, &sub)?,
        change: change::scheduled(conn, scope, &sub)?,
        contract: rest_of_contract(&schedule::facts(conn, scope, &sub)?, scope.now.billing),
        method,
        price,
        product,
        sub,
    })
}

/// Asks the rules what the next boundary does, and prices the period it opens, if it opens one.
///
/// # Errors
/// When the database does not answer.
pub fn next_bill(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Option<NextBill>> {
    let facts = schedule::facts(conn, scope, sub)?;
    let Some(at) = next_due_at(&facts) else {
        return Ok(None);
    };
    let charges_anyway = scope.settings.billing.trial_end_without_method == TrialEndWithoutMethod::Invoice;
    let (period_index, can_begin) = match due(&facts, at) {
        Due::Renew { period_index, .. } => (period_index, true),
        Due::TrialEnds { has_method, .. } => (sub.anchor_index, has_method || charges_anyway),
        Due::Pause | Due::Resume | Due::End | Due::Expire | Due::Nothing => return Ok(None),
    };
    let period = facts.schedule.period(period_index);
    let to_come = to_come(conn, scope, sub, period)?;
    // What costs nothing needs no method.
    Ok((can_begin || to_come.due().minor <= 0).then_some(NextBill { at, period, to_come }))
}

/// Open invoices that somebody has to do something about. One that is only being charged is not owed yet.
fn owed(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Option<Owed>> {
    let open = store::invoices::open_of(conn, scope.id(), &sub.id)?;
    let Some(oldest) = open.first() else {
        return Ok(None);
    };
    let mut total = Money::new(0, oldest.currency);
    for invoice in &open {
        total.minor = total
            .minor
            .checked_add(invoice.due()?.minor)
            .ok_or_else(|| Error::bug("what is owed is out of range"))?;
    }
    let due = oldest.due()?;
    let next_try = super::billing::next_try(conn, scope, &oldest.id)?;
    let found = payments(conn, scope, &sub.customer_id, vec![oldest.clone()])?;
    let payment = found.into_iter().next().ok_or(Error::NotFound)?;
    Ok(Some(Owed { payment, due, total, next_try }))
}

fn held_since(conn: &mut Conn, scope: &Scope, sub: &Subscription) -> Result<Option<Instant>> {
    if sub.status != SubscriptionStatus::OnHold {
        return Ok(None);
    }
    let events = store::events::of(conn, scope.id(), sub.id.as_str())?;
    let stopped = events.iter().rev().find(|event| event.kind == EventKind::SubscriptionOnHold);
    Ok(Some(stopped.map_or(sub.current_period_end, |event| event.created_at)))
}
