//! From the engine's facts to what pages show. Days are those of the business's zone.

use domain::Instant;
use domain::money::Money;
use domain::period::{Interval, IntervalUnit as DomainUnit};
use domain::subscription::state::SubscriptionStatus;
use engine::query::account::{Expiry as Lasting, MethodUse};
use engine::query::payment::{Payment, PaymentState};
use engine::query::portal::{Owed, Subscribed};
use engine::store::customers::{BillingAddress, Customer};
use engine::store::methods::PaymentMethod;
use engine::usecase::change::Part;
use engine::{Error, Result, Scope};
use templates::page::{
    Address, Expiry, IntervalUnit, Method, MethodHealth, MethodRow, PaymentRow, PaymentStatus, Period, Price,
    ScheduledChange, SubscriptionRow, SubscriptionState,
};

/// A payment method's label.
pub(crate) fn method(row: &PaymentMethod) -> Method {
    Method { kind: row.kind.clone(), brand: row.brand.clone(), last4: row.last4.clone() }
}

/// Month a method expires in.
pub(crate) fn expiry(row: &PaymentMethod) -> Option<Expiry> {
    Some(Expiry { month: row.exp_month?.try_into().ok()?, year: row.exp_year?.try_into().ok()? })
}

/// A method in a list.
pub(crate) fn method_row(used: &MethodUse) -> MethodRow {
    MethodRow {
        id: used.method.id.to_string(),
        method: method(&used.method),
        is_default: used.is_default,
        expiry: expiry(&used.method),
        health: match used.expiry {
            Lasting::Far => MethodHealth::Good,
            Lasting::Soon => MethodHealth::ExpiresSoon,
            Lasting::Past => MethodHealth::Expired,
        },
        used_for: used.subscriptions.iter().map(|charged| charged.product.clone()).collect(),
    }
}

/// A method that has left the list and still pays for something.
pub(crate) fn unlisted_method_row(row: &PaymentMethod) -> MethodRow {
    MethodRow {
        id: row.id.to_string(),
        method: method(row),
        is_default: false,
        expiry: expiry(row),
        health: MethodHealth::Good,
        used_for: Vec::new(),
    }
}

/// The days of a stretch of time.
pub(crate) fn period(scope: &Scope, start: Instant, end: Instant) -> Period {
    Period::before(scope.date_of(start), scope.date_of(end))
}

/// What a subscription costs each interval.
pub(crate) fn price(interval: Interval, amount: Money) -> Price {
    Price {
        amount,
        unit: match interval.unit {
            DomainUnit::Day => IntervalUnit::Day,
            DomainUnit::Week => IntervalUnit::Week,
            DomainUnit::Month => IntervalUnit::Month,
            DomainUnit::Year => IntervalUnit::Year,
        },
        count: interval.count,
    }
}

/// A part of a subscription: `Team`, `3 × Archive`.
pub(crate) fn part(part: &Part) -> String {
    if part.quantity == 1 { part.product.clone() } else { format!("{} × {}", part.quantity, part.product) }
}

/// The change that comes with a subscription's next period.
pub(crate) fn scheduled_change(scope: &Scope, found: &Subscribed) -> Option<ScheduledChange> {
    let change = found.change.as_ref()?;
    Some(ScheduledChange {
        subscription_id: found.sub.id.to_string(),
        on: scope.date_of(change.at),
        parts: change.parts.iter().map(part).collect(),
        price: price(change.interval, change.amount),
        can_undo: scope.settings.portal.plan_changes,
    })
}

/// A payment in a table.
pub(crate) fn payment_row(scope: &Scope, payment: &Payment) -> PaymentRow {
    let invoice = &payment.invoice;
    PaymentRow {
        id: invoice.id.to_string(),
        date: payment.date(scope),
        description: payment.description().to_owned(),
        period: invoice.period_start.zip(invoice.period_end).map(|(start, end)| period(scope, start, end)),
        method: payment.deciding_try().map(|tried| method(&tried.method)),
        status: match payment.state() {
            PaymentState::Paid if payment.refunded == 0 => PaymentStatus::Paid,
            PaymentState::Paid if payment.refunded < invoice.amount_paid => PaymentStatus::PartlyRefunded,
            PaymentState::Paid => PaymentStatus::Refunded,
            PaymentState::Processing => PaymentStatus::Processing,
            PaymentState::Due => PaymentStatus::Due,
            PaymentState::Failed => PaymentStatus::Failed,
            PaymentState::Void => PaymentStatus::Void,
        },
        amount: invoice.total(),
        invoice_number: invoice.number.clone(),
        payable: payment.is_payable(),
    }
}

/// A postal address.
pub(crate) fn address(row: &BillingAddress, customer: &Customer) -> Address {
    Address {
        name: row.name.clone(),
        company: row.company.clone().unwrap_or_default(),
        lines: [Some(row.line1.clone()), row.line2.clone()].into_iter().flatten().collect(),
        postal_code: row.postal_code.clone(),
        city: row.city.clone(),
        region: row.region.clone().unwrap_or_default(),
        country: row.country.clone(),
        tax_id: customer.vat_id.clone().unwrap_or_default(),
    }
}

/// A subscription in a list.
pub(crate) fn subscription_row(scope: &Scope, subscribed: &Subscribed) -> Result<SubscriptionRow> {
    Ok(SubscriptionRow {
        id: subscribed.sub.id.to_string(),
        name: subscribed.product.name.clone(),
        state: state(scope, subscribed)?,
        price: price(subscribed.price.interval(), subscribed.amount()?),
    })
}

/// Where a subscription stands.
pub(crate) fn state(scope: &Scope, subscribed: &Subscribed) -> Result<SubscriptionState> {
    use SubscriptionStatus as S;
    let sub = &subscribed.sub;
    let day = |at: Instant| scope.date_of(at);
    let trial_end = day(sub.trial_end.unwrap_or(sub.current_period_end));
    Ok(match (sub.status, sub.cancel_at) {
        (S::Cancelled | S::Expired, _) => {
            SubscriptionState::Ended { on: day(sub.ended_at.unwrap_or(sub.current_period_end)) }
        }
        (S::Trialing, Some(at)) => SubscriptionState::TrialEnding { until: day(at) },
        (S::Trialing, None) => SubscriptionState::Trial { until: trial_end },
        (S::OnHold, _) => on_hold(scope, subscribed),
        (_, Some(at)) => SubscriptionState::Ending { ends_on: day(at) },
        (S::PastDue, None) => past_due(scope, subscribed)?,
        (S::Paused, None) => SubscriptionState::Paused { continues_on: None },
        (S::Incomplete, None) => SubscriptionState::Incomplete,
        (S::Active | S::Error, None) => SubscriptionState::Active { renews_on: day(sub.current_period_end) },
    })
}

/// A debt counts from the first refusal, waiting for a payment method from the hold.
fn on_hold(scope: &Scope, subscribed: &Subscribed) -> SubscriptionState {
    let sub = &subscribed.sub;
    let overdue = subscribed.owed.as_ref().map(|owed| owed.total);
    let owed_since = sub.past_due_since.filter(|_| overdue.is_some());
    let since = owed_since.or(subscribed.held_since).unwrap_or(sub.current_period_end);
    SubscriptionState::OnHold { overdue, since: scope.date_of(since) }
}

fn past_due(scope: &Scope, subscribed: &Subscribed) -> Result<SubscriptionState> {
    let Owed { total, next_try, .. } =
        subscribed.owed.as_ref().ok_or_else(|| Error::bug("a subscription is past due and owes nothing"))?;
    Ok(SubscriptionState::PastDue {
        overdue: *total,
        since: scope.date_of(subscribed.sub.past_due_since.unwrap_or(subscribed.sub.current_period_start)),
        next_try: next_try.map(|at| scope.date_of(at)),
    })
}
