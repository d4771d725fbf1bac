//! Quotes a change: what it costs, and a signed ticket with which it can be confirmed at that price.

use super::lines::{self, Part};
use super::{facts, give_back, metered};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, PriceId, SubscriptionId, TenantId};
use crate::keys;
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::events::Actor;
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::{PeriodBill, bill_of};
use data_encoding::BASE64URL_NOPAD;
use domain::subscription::change::decide::{ChangeError, Effect};
use domain::subscription::change::prorate::ChangeLine;
use domain::subscription::change::quote::{Quote, Ticket};
use domain::subscription::change::target::Wanted;
use domain::subscription::item::ItemRole;

/// What a subscription should become; what is not said stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The price of its plan.
    pub price: Option<PriceId>,
    /// How many of the plan.
    pub quantity: Option<i64>,
    /// All its add-ons: price, and how many.
    pub addons: Option<Vec<(PriceId, i64)>>,
}

/// What is shown, and what carries it to the confirmation.
#[derive(Debug, Clone, PartialEq)]
pub struct Quoted {
    /// What the change comes to.
    pub quote: Quote,
    /// What the subscription then consists of, the plan first.
    pub parts: Vec<Part>,
    /// The change's lines, as they will be billed.
    pub bill: PeriodBill,
    /// Minor units, with tax, that come off invoices which are not paid yet.
    pub set_off: i64,
    /// Minor units of what it gives back that go back to where they came from; the rest goes to the balance.
    pub refund: i64,
    /// Minor units, with tax, for what was used until now by prices that end with it: they go on the next invoice.
    pub used: i64,
    /// Signed; good for [`domain::subscription::change::quote::QUOTE_MINUTES`].
    pub ticket: String,
}

/// Computes what a change costs now. Nothing is written.
///
/// # Errors
/// `Refused` with `changes_off`, or a code of [`domain::subscription::change::target::ChangeRefusal`].
pub fn quote(
    engine: &Engine,
    tenant_id: &TenantId,
    actor: &Actor,
    id: &SubscriptionId,
    wish: &Wish,
) -> Result<Quoted> {
    engine.read(tenant_id, |conn, scope| {
        let sub = permitted(conn, scope, actor, id)?;
        let target = target(conn, scope, &sub, wish)?;
        let facts = facts::load(conn, scope, &sub)?;
        let offers = facts::offers(conn, scope, &sub, &target)?;
        let (policy, now) = (&scope.settings.changes, scope.now.billing);
        let quote = domain::subscription::change::quote::quote(&facts, &offers, policy, now);
        sealed(conn, scope, quote.map_err(refusal)?)
    })
}

/// A subscription that this actor may change. Customers change their own, where the business lets them.
pub(super) fn permitted(
    conn: &mut Conn,
    scope: &Scope,
    actor: &Actor,
    id: &SubscriptionId,
) -> Result<Subscription> {
    let Actor::Customer(owner) = actor else {
        return store::subscriptions::get(conn, scope.id(), id);
    };
    if !scope.settings.portal.plan_changes {
        return Err(Error::refused("changes_off", "customers cannot change their plan here"));
    }
    store::subscriptions::of_customer(conn, scope.id(), &CustomerId::from(owner.as_str()), id)
}

/// The whole set of items that a wish comes to.
fn target(conn: &mut Conn, scope: &Scope, sub: &Subscription, wish: &Wish) -> Result<Vec<Wanted>> {
    let wanted = |role, price: &PriceId, quantity| Wanted { role, price: price.to_string(), quantity };
    let price = wish.price.as_ref().unwrap_or(&sub.price_id);
    let plan = wanted(ItemRole::Plan, price, wish.quantity.unwrap_or(sub.quantity));
    let addons: Vec<Wanted> = match &wish.addons {
        Some(addons) => addons.iter().map(|(price, n)| wanted(ItemRole::Addon, price, *n)).collect(),
        None => store::changes::addons(conn, scope.id(), &sub.id)?
            .iter()
            .map(|addon| wanted(ItemRole::Addon, &addon.price_id, addon.quantity))
            .collect(),
    };
    Ok(std::iter::once(plan).chain(addons).collect())
}

/// A quote with its signed ticket: `base64url(json).base64url(mac)`.
pub(super) fn sealed(conn: &mut Conn, scope: &Scope, quote: Quote) -> Result<Quoted> {
    let ticket = quote.ticket();
    let parts = lines::parts(conn, scope, &ticket.target)?;
    let mut bill = |lines: &[ChangeLine]| {
        let lines = lines.iter().map(|line| lines::bill_line(conn, scope, line));
        bill_of(quote.currency, lines.collect::<Result<_>>()?)
    };
    let set_off = -bill(&quote.change.offsets)?.assembled.total;
    let bill = bill(&quote.change.lines)?;
    let refund = give_back::refunded(conn, scope, &quote.change.lines, quote.settlement.refund)?;
    let used = used(conn, scope, &quote, &ticket)?;
    let json = serde_json::to_vec(&ticket).map_err(Error::bug)?;
    let ticket = format!("{}.{}", BASE64URL_NOPAD.encode(&json), tag(scope, &ticket));
    Ok(Quoted { quote, parts, bill, set_off, refund, used, ticket })
}

/// What was used until now of what a change ends the counting for, if that is at once.
fn used(conn: &mut Conn, scope: &Scope, quote: &Quote, ticket: &Ticket) -> Result<i64> {
    let begins_period = match quote.change.effect {
        Effect::Later(_) | Effect::InTrial { .. } => return Ok(0),
        Effect::NewPeriodOncePaid { .. } => true,
        Effect::AtOnce | Effect::OncePaid => false,
    };
    let sub =
        store::subscriptions::get(conn, scope.id(), &SubscriptionId::from(ticket.subscription.as_str()))?;
    let lines = metered::used(conn, scope, &sub, &ticket.target, begins_period)?;
    Ok(bill_of(quote.currency, lines)?.assembled.total)
}

/// The ticket that a text carries, if we signed it.
pub(super) fn opened(scope: &Scope, text: &str) -> Result<Ticket> {
    let foreign = || Error::refused("bad_ticket", "this is no quote of ours");
    let (body, signature) = text.split_once('.').ok_or_else(foreign)?;
    let json = BASE64URL_NOPAD.decode(body.as_bytes()).map_err(|_| foreign())?;
    let ticket: Ticket = serde_json::from_slice(&json).map_err(|_| foreign())?;
    if keys::same(signature, &tag(scope, &ticket)) { Ok(ticket) } else { Err(foreign()) }
}

fn tag(scope: &Scope, ticket: &Ticket) -> String {
    scope.keys.quote_tag(scope.id().as_str(), &ticket.canonical_bytes())
}

/// A refusal of the domain's, by its code.
pub(super) fn refusal(error: ChangeError) -> Error {
    match error {
        ChangeError::Refused(refusal) => Error::refused(refusal.code(), refusal.to_string()),
        ChangeError::Money(error) => Error::bug(error),
    }
}
