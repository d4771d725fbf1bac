//! Taking back a change before it comes.

use crate::failure::Answer;
use crate::visit::SignedIn;
use actix_web::web;
use engine::ids::SubscriptionId;
use engine::query::portal;
use engine::store::events::Actor;
use engine::usecase::change;
use templates::flash::Flash;

/// `POST /subscriptions/{id}/change/undo`
pub(crate) async fn undo(me: SignedIn, id: web::Path<SubscriptionId>) -> Answer {
    super::change::allowed(&me)?;
    let id = id.into_inner();
    let page = format!("/subscriptions/{id}");
    let sub = id.clone();
    let undone = me.run(move |engine, tenant, owner| {
        change::undo(engine, tenant, &Actor::Customer(owner.to_string()), &sub)
    });
    match undone.await {
        Ok(()) => {}
        // Done already, in another tab, or it has come: the page shows how it stands.
        Err(failure) if failure.refusal().is_some() => return me.to_with(&page, &Flash::Outdated),
        Err(failure) => return Err(failure),
    }
    let product = me.read(move |conn, scope, owner| {
        Ok(portal::subscription(conn, scope, owner, &id)?.subscribed.product.name)
    });
    me.to_with(&page, &Flash::ChangeUndone { product: product.await? })
}
