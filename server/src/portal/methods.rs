//! `/payment-methods`: the list, making one the default, removing one.

use crate::failure::Answer;
use crate::sections;
use crate::view;
use crate::visit::SignedIn;
use actix_web::web::Path;
use engine::ids::MethodId;
use engine::query::account::{self, MethodUse};
use engine::usecase::use_method;
use templates::flash::Flash;
use templates::page::{MethodList, Removal, RemovalEffect, RemoveMethod, Section};

/// `GET /payment-methods`
pub(crate) async fn list(me: SignedIn) -> Answer {
    let methods = me.read(account::methods).await?;
    me.page(&method_list(&me, &methods))
}

/// `POST /payment-methods/{id}/default`
pub(crate) async fn make_default(me: SignedIn, id: Path<MethodId>) -> Answer {
    let id = id.into_inner();
    let method = me
        .run(move |engine, tenant, owner| {
            use_method::set_default(engine, tenant, owner, &id)?;
            engine.read(tenant, |conn, scope| account::method(conn, scope, owner, &id))
        })
        .await?;
    let method = view::method(&method);
    me.to_with("/payment-methods", &Flash::DefaultMethodSet { method })
}

/// `GET /payment-methods/{id}/remove`
pub(crate) async fn remove_dialog(me: SignedIn, id: Path<MethodId>) -> Answer {
    let id = id.into_inner();
    let (removed, methods) = me
        .read(move |conn, scope, owner| {
            let method = account::method(conn, scope, owner, &id)?;
            Ok((method, account::methods(conn, scope, owner)?))
        })
        .await?;
    let used_for = match methods.iter().find(|used| used.method.id == removed.id) {
        Some(used) => used.subscriptions.iter().map(|charged| charged.product.clone()).collect(),
        None => Vec::new(),
    };
    let effect = if used_for.is_empty() { RemovalEffect::Unused } else { RemovalEffect::KeepsRenewals };
    me.page(&RemoveMethod {
        list: method_list(&me, &methods),
        removal: Removal { id: removed.id.to_string(), method: view::method(&removed), used_for, effect },
    })
}

/// `POST /payment-methods/{id}/remove`
pub(crate) async fn remove(me: SignedIn, id: Path<MethodId>) -> Answer {
    me.proved_lately()?;
    let id = id.into_inner();
    let method = me
        .run(move |engine, tenant, owner| {
            let method = engine.read(tenant, |conn, scope| account::method(conn, scope, owner, &id))?;
            use_method::remove(engine, tenant, owner, &id)?;
            Ok(method)
        })
        .await?;
    let method = view::method(&method);
    me.to_with("/payment-methods", &Flash::MethodRemoved { method })
}

fn method_list(me: &SignedIn, methods: &[MethodUse]) -> MethodList {
    MethodList {
        methods: methods.iter().map(view::method_row).collect(),
        can_add: sections::is_on(&me.settings, Section::PaymentMethods),
    }
}
