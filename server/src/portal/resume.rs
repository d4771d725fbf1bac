//! Revoking a scheduled cancellation.

use crate::failure::Answer;
use crate::visit::SignedIn;
use actix_web::web;
use engine::ids::SubscriptionId;
use engine::query::portal;
use engine::store::events::Actor;
use engine::usecase::uncancel::uncancel;
use templates::flash::Flash;

/// `POST /subscriptions/{id}/resume`
pub(crate) async fn resume(me: SignedIn, id: web::Path<SubscriptionId>) -> Answer {
    let id = id.into_inner();
    let page = format!("/subscriptions/{id}");
    let sub = id.clone();
    let resumed = me
        .run(move |engine, tenant, owner| uncancel(engine, tenant, &Actor::Customer(owner.to_string()), &sub))
        .await;
    match resumed {
        Ok(_) => {}
        // Done already, in another tab: the page shows how it stands.
        Err(failure) if failure.refusal().is_some() => return me.to_with(&page, &Flash::Outdated),
        Err(failure) => return Err(failure),
    }
    let (product, next) = me
        .read(move |conn, scope, owner| {
            let found = portal::subscription(conn, scope, owner, &id)?.subscribed;
            let next = found.next.map(|next| (scope.date_of(next.at), next.to_come.due()));
            Ok((found.product.name, next))
        })
        .await?;
    match next {
        Some((renews_on, amount)) => me.to_with(&page, &Flash::Uncancelled { product, renews_on, amount }),
        None => me.to(&page),
    }
}
