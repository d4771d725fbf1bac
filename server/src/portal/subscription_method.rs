//! Which saved payment method one subscription is charged to.

use crate::failure::{Answer, Failure};
use crate::view;
use crate::visit::SignedIn;
use actix_web::http::StatusCode;
use actix_web::web;
use engine::ids::{MethodId, SubscriptionId};
use engine::query::paying::charged_with_method;
use engine::query::{account, portal};
use engine::usecase::use_method::{follow_default, set_for_subscription};
use serde::Deserialize;
use templates::flash::Flash;
use templates::page::{ChooseMethod, MethodChoice, Section};

#[derive(Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    method: String,
}

/// `GET /subscriptions/{id}/payment-method`
pub(crate) async fn form(me: SignedIn, id: web::Path<SubscriptionId>) -> Answer {
    me.needs(Section::PaymentMethods)?;
    let page = me.read(move |conn, scope, owner| {
        let details = portal::subscription(conn, scope, owner, &id)?;
        if details.subscribed.sub.has_ended() {
            return Err(engine::Error::NotFound);
        }
        let methods = account::methods(conn, scope, owner)?;
        Ok(ChooseMethod {
            subscription_id: id.to_string(),
            product: details.subscribed.product.name,
            default: methods.iter().find(|used| used.is_default).map(|used| view::method(&used.method)),
            selected: details.subscribed.sub.payment_method_id.map(|own| own.to_string()),
            methods: methods.iter().map(choice).collect(),
            charged_now: charged_with_method(conn, scope, owner, &id)?,
            can_add: true,
        })
    });
    me.page_to_provider(StatusCode::OK, &page.await?).await
}

/// `POST /subscriptions/{id}/payment-method`
pub(crate) async fn choose(me: SignedIn, id: web::Path<SubscriptionId>, form: web::Form<Choice>) -> Answer {
    me.needs(Section::PaymentMethods)?;
    let id = id.into_inner();
    let chosen = form.into_inner().method;
    if chosen.is_empty() {
        return me.to(&format!("/subscriptions/{id}/payment-method"));
    }
    let sub = id.clone();
    me.run(move |engine, tenant, owner| match chosen.as_str() {
        "default" => follow_default(engine, tenant, owner, &sub),
        method => set_for_subscription(engine, tenant, owner, &sub, &MethodId::from(method)),
    })
    .await?;
    let sub = id.clone();
    let now = me.read(move |conn, scope, owner| {
        let found = portal::subscription(conn, scope, owner, &sub)?.subscribed;
        Ok((found.product.name, found.method))
    });
    let (product, method) = now.await?;
    let method = method.ok_or(Failure::NOT_FOUND)?;
    me.to_with(
        &format!("/subscriptions/{id}"),
        &Flash::SubscriptionMethodSet { product, method: view::method(&method) },
    )
}

fn choice(used: &account::MethodUse) -> MethodChoice {
    MethodChoice {
        id: used.method.id.to_string(),
        method: view::method(&used.method),
        is_default: used.is_default,
        expiry: view::expiry(&used.method),
        failed_on: None,
    }
}
