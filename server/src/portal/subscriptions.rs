//! The list of subscriptions, and the page of one.

use super::{licenses, problems};
use crate::bill;
use crate::failure::Answer;
use crate::sections::is_on;
use crate::view;
use crate::visit::SignedIn;
use actix_web::web;
use engine::db::Conn;
use engine::ids::SubscriptionId;
use engine::query::portal::{self, Subscribed, SubscriptionDetails};
use engine::query::{account, change};
use engine::{Result, Scope};
use templates::page::{NextInvoice, Section, SubscriptionList, SubscriptionPage, SubscriptionState};

/// Payments shown on a subscription's page.
const PAYMENTS: usize = 6;

/// `GET /subscriptions`
pub(crate) async fn list(me: SignedIn) -> Answer {
    let page = me.read(|conn, scope, owner| {
        let all = portal::subscriptions(conn, scope, owner)?;
        let (ended, current): (Vec<_>, Vec<_>) = all.iter().partition(|found| found.sub.has_ended());
        let rows = |found: Vec<&Subscribed>| -> Result<Vec<_>> {
            found.into_iter().map(|found| view::subscription_row(scope, found)).collect()
        };
        Ok(SubscriptionList { current: rows(current)?, ended: rows(ended)? })
    });
    me.page(&page.await?)
}

/// `GET /subscriptions/{id}`
pub(crate) async fn show(me: SignedIn, id: web::Path<SubscriptionId>) -> Answer {
    let page = me.read(move |conn, scope, owner| {
        let details = portal::subscription(conn, scope, owner, &id)?;
        let methods = account::methods(conn, scope, owner)?;
        page(conn, scope, &details, &methods)
    });
    me.page(&page.await?)
}

/// What a subscription's page says; also behind its dialogs.
pub(super) fn page(
    conn: &mut Conn,
    scope: &Scope,
    details: &SubscriptionDetails,
    methods: &[account::MethodUse],
) -> Result<SubscriptionPage> {
    let found = &details.subscribed;
    let sub = &found.sub;
    let state = view::state(scope, found)?;
    let has_period = !matches!(state, SubscriptionState::Ended { .. } | SubscriptionState::OnHold { .. });
    let listed =
        |used: &&account::MethodUse| found.method.as_ref().is_some_and(|method| method.id == used.method.id);
    let payments = if is_on(&scope.settings, Section::Billing) { details.payments.as_slice() } else { &[] };
    Ok(SubscriptionPage {
        id: sub.id.to_string(),
        name: found.product.name.clone(),
        can_resume: matches!(state, SubscriptionState::Ending { .. } | SubscriptionState::TrialEnding { .. }),
        state,
        price: view::price(found.price.interval(), found.price.unit()),
        quantity: u32::try_from(sub.quantity).unwrap_or(u32::MAX),
        addons: change::parts_of(conn, scope, sub)?.iter().skip(1).map(view::part).collect(),
        started: scope.date_of(details.started),
        period: has_period.then(|| view::period(scope, sub.current_period_start, sub.current_period_end)),
        minimum_term: found.contract.map(|rest| scope.date_of(rest.end)),
        next_invoice: found.next.as_ref().map(|next| NextInvoice {
            on: scope.date_of(next.at),
            bill: bill::to_come(scope, &next.to_come),
        }),
        problem: problems::of(scope, found),
        change: view::scheduled_change(scope, found),
        can_change: change::can_change(conn, scope, found)?,
        payments: payments.iter().take(PAYMENTS).map(|payment| view::payment_row(scope, payment)).collect(),
        more_payments: payments.len() > PAYMENTS,
        benefits: licenses::rows(&details.benefits, None),
        method: match methods.iter().find(listed) {
            Some(used) => Some(view::method_row(used)),
            None => found.method.as_ref().map(view::unlisted_method_row),
        },
        own_method: sub.payment_method_id.is_some(),
        billing_address: details.address.as_ref().map(|row| view::address(row, &details.customer)),
        billing_email: details.customer.email.clone(),
        can_cancel: can_cancel(scope, found),
    })
}

/// Whether the customer may cancel it now.
pub(super) fn can_cancel(scope: &Scope, found: &Subscribed) -> bool {
    scope.settings.portal.cancel.enabled && !found.sub.has_ended() && found.sub.cancel_at.is_none()
}
