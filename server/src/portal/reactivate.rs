//! `/subscriptions/{id}/reactivate`: the way back from hold, which is the page of the invoice that is owed.

use super::pay::{Intent, submit};
use crate::failure::{Answer, Failure};
use crate::visit::SignedIn;
use actix_web::web::{Form, Path};
use engine::ids::SubscriptionId;
use engine::query::paying::{WayBack, way_back};

/// `GET /subscriptions/{id}/reactivate`
pub(crate) async fn form(me: SignedIn, id: Path<SubscriptionId>) -> Answer {
    let way = find(&me, &id).await?;
    lead(&me, &id, &way)
}

/// `POST /subscriptions/{id}/reactivate`
pub(crate) async fn reactivate(me: SignedIn, id: Path<SubscriptionId>, intent: Form<Intent>) -> Answer {
    match find(&me, &id).await? {
        WayBack::Pay(invoice) => submit(&me, invoice, intent.into_inner()).await,
        elsewhere => lead(&me, &id, &elsewhere),
    }
}

async fn find(me: &SignedIn, id: &SubscriptionId) -> Result<WayBack, Failure> {
    let id = id.clone();
    me.read(move |conn, scope, owner| way_back(conn, scope, owner, &id)).await
}

fn lead(me: &SignedIn, id: &SubscriptionId, way: &WayBack) -> Answer {
    match way {
        WayBack::Pay(invoice) => me.to(&format!("/billing/{invoice}/pay")),
        WayBack::AddMethod => me.to(&format!("/payment-methods/add?for={id}")),
        WayBack::NotHeld => me.to(&format!("/subscriptions/{id}")),
    }
}
