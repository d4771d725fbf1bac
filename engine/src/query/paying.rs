//! What paying an invoice by hand means: with what, and for which subscription.

use super::billing::payment;
use super::payment::Payment;
use super::portal::next_bill;
use crate::db::Conn;
use crate::error::Result;
use crate::ids::{CustomerId, InvoiceId, MethodId, SubscriptionId};
use crate::scope::Scope;
use crate::store;
use crate::store::methods::PaymentMethod;
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::ToCome;
use crate::usecase::change::{Part, parts, target_of};
use crate::usecase::reactivate;
use chrono::NaiveDate;
use domain::event::EventKind;
use domain::money::Money;
use domain::subscription::hold::HoldReason;
use domain::subscription::state::SubscriptionStatus;

/// Why a subscription is on hold that a payment brings back.
const HELD_FOR_PAYMENT: [HoldReason; 2] = [HoldReason::PaymentFailed, HoldReason::Disputed];

/// An invoice to pay.
#[derive(Debug, Clone)]
pub struct Paying {
    /// The invoice and what was tried.
    pub payment: Payment,
    /// The customer's listed methods, oldest first.
    pub methods: Vec<PaymentMethod>,
    /// The customer's default.
    pub default_method: Option<MethodId>,
    /// What is charged for the subscription now: preselected unless it failed.
    pub current_method: Option<MethodId>,
    /// The subscription on hold that paying turns back on.
    pub held: Option<Held>,
}

/// A subscription on hold.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its id.
    pub id: SubscriptionId,
    /// What is bought.
    pub product: String,
    /// The day it was put on hold.
    pub since: NaiveDate,
    /// The bill of the new period that begins when it comes back after the one that was not paid for; the invoice is
    /// taken back then.
    pub restart: Option<ToCome>,
}

impl Paying {
    /// What is charged.
    pub fn amount(&self) -> Result<Money> {
        self.restart().map_or_else(|| self.payment.invoice.due(), |restart| Ok(restart.due()))
    }

    /// The bill of the new period that paying begins, if it does.
    pub fn restart(&self) -> Option<&ToCome> {
        self.held.as_ref().and_then(|held| held.restart.as_ref())
    }
}

/// What an invoice's payment turned back on.
#[derive(Debug, Clone, Default)]
pub struct Aftermath {
    /// Product whose subscription came back from hold by it.
    pub reactivated: Option<String>,
    /// The subscription's next planned payment.
    pub next_payment: Option<NaiveDate>,
    /// The change that it was for.
    pub change: Option<PaidChange>,
}

/// A change of a subscription that takes effect once an invoice is paid.
#[derive(Debug, Clone)]
pub struct PaidChange {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// The plan that it is on now.
    pub product: String,
    /// What it consists of once that is paid, the plan first.
    pub parts: Vec<Part>,
}

/// What a page needs to let a customer pay an invoice.
pub fn paying(conn: &mut Conn, scope: &Scope, owner: &CustomerId, id: &InvoiceId) -> Result<Paying> {
    let payment = payment(conn, scope, owner, id)?;
    let default_method = store::customers::get(conn, scope.id(), owner)?.default_payment_method_id;
    let sub = subscription_of(conn, scope, &payment)?;
    let held = match &sub {
        Some(sub) => held(conn, scope, sub, id)?,
        None => None,
    };
    let own = sub.and_then(|sub| sub.payment_method_id);
    Ok(Paying {
        methods: store::methods::active(conn, scope.id(), owner)?,
        current_method: own.or_else(|| default_method.clone()),
        default_method,
        held,
        payment,
    })
}

/// What came of a payment that went through.
pub fn aftermath(conn: &mut Conn, scope: &Scope, payment: &Payment) -> Result<Aftermath> {
    let Some(sub) = subscription_of(conn, scope, payment)? else {
        return Ok(Aftermath::default());
    };
    let events = store::events::of(conn, scope.id(), sub.id.as_str())?;
    let came_back = events.iter().any(|event| {
        event.kind == EventKind::SubscriptionReactivated && Some(event.created_at) == payment.invoice.paid_at
    });
    let (_, product) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    let change = match store::changes::of_invoice(conn, scope.id(), &payment.invoice.id)? {
        Some(row) => Some(PaidChange {
            subscription: sub.id.clone(),
            product: product.name.clone(),
            parts: parts(conn, scope, &target_of(&row)?)?,
        }),
        None => None,
    };
    let next = next_bill(conn, scope, &sub)?.filter(|next| next.at > scope.now.billing);
    Ok(Aftermath {
        reactivated: came_back.then_some(product.name),
        next_payment: next.map(|next| scope.date_of(next.at)),
        change,
    })
}

/// How a subscription on hold comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayBack {
    /// By paying its oldest open invoice.
    Pay(InvoiceId),
    /// By a payment method: its trial ended without one.
    AddMethod,
    /// It is not on hold.
    NotHeld,
}

/// How a customer's subscription comes back from hold.
pub fn way_back(conn: &mut Conn, scope: &Scope, owner: &CustomerId, id: &SubscriptionId) -> Result<WayBack> {
    let sub = store::subscriptions::of_customer(conn, scope.id(), owner, id)?;
    if sub.status != SubscriptionStatus::OnHold {
        return Ok(WayBack::NotHeld);
    }
    match store::invoices::oldest_unpaid_of(conn, scope.id(), id)? {
        Some(invoice) => Ok(WayBack::Pay(invoice.id)),
        None => Ok(WayBack::AddMethod),
    }
}

/// What is charged at once when a customer chooses a method for their subscription: the new period with which it comes
/// back from hold, if it would.
pub fn charged_with_method(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    id: &SubscriptionId,
) -> Result<Option<Money>> {
    let sub = store::subscriptions::of_customer(conn, scope.id(), owner, id)?;
    reactivate::charged_with_method(conn, scope, &sub)
}

fn subscription_of(conn: &mut Conn, scope: &Scope, payment: &Payment) -> Result<Option<Subscription>> {
    let id = payment.invoice.subscription_id.as_ref();
    id.map(|id| store::subscriptions::get(conn, scope.id(), id)).transpose()
}

/// The subscription, when it is on hold for want of payment and this invoice is all that it waits for.
fn held(conn: &mut Conn, scope: &Scope, sub: &Subscription, id: &InvoiceId) -> Result<Option<Held>> {
    let for_payment =
        HELD_FOR_PAYMENT.iter().any(|reason| sub.hold_reason.as_deref() == Some(reason.as_str()));
    if sub.status != SubscriptionStatus::OnHold || !for_payment {
        return Ok(None);
    }
    let open = reactivate::dues(conn, scope, sub)?;
    let [due] = &open[..] else { return Ok(None) };
    if &due.id != id {
        return Ok(None);
    }
    let events = store::events::of(conn, scope.id(), sub.id.as_str())?;
    let stopped = events.iter().rev().find(|event| event.kind == EventKind::SubscriptionOnHold);
    let (_, product) = store::catalog::price(conn, scope.id(), &sub.price_id)?;
    Ok(Some(Held {
        restart: reactivate::restart_bill(conn, scope, due)?,
        id: sub.id.clone(),
        product: product.name,
        since: scope.date_of(stopped.map_or(sub.current_period_end, |event| event.created_at)),
    }))
}
