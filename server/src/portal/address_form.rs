//! `/addresses/new` and `/addresses/{id}`: writing an address.

use super::address_check::Typed;
use crate::failure::Answer;
use crate::paths::own_path;
use crate::view;
use crate::visit::SignedIn;
use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use engine::ids::AddressId;
use engine::store::customers;
use engine::usecase::edit_customer;
use serde::Deserialize;
use templates::flash::Flash;
use templates::page::{Address, AddressForm};

/// Where to go afterwards.
#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(rename = "return")]
    to: Option<String>,
}

impl Back {
    fn path(&self) -> Option<String> {
        self.to.as_deref().and_then(own_path).map(str::to_owned)
    }
}

/// `GET /addresses/new`: with what is known already.
pub(crate) async fn new(me: SignedIn, back: Query<Back>) -> Answer {
    let customer = &me.customer;
    let values = Address {
        name: customer.name.clone(),
        company: customer.company.clone().unwrap_or_default(),
        lines: Vec::new(),
        postal_code: String::new(),
        city: String::new(),
        region: String::new(),
        country: me.settings.identity.country.to_string(),
        tax_id: customer.vat_id.clone().unwrap_or_default(),
    };
    me.page(&AddressForm { id: None, values, errors: Vec::new(), return_to: back.path() })
}

/// `GET /addresses/{id}`
pub(crate) async fn edit(me: SignedIn, id: Path<AddressId>, back: Query<Back>) -> Answer {
    let id = id.into_inner();
    let wanted = id.clone();
    let row = me.read(move |conn, scope, owner| customers::address(conn, scope.id(), owner, &wanted)).await?;
    me.page(&AddressForm {
        id: Some(id.to_string()),
        values: view::address(&row, &me.customer),
        errors: Vec::new(),
        return_to: back.path(),
    })
}

/// `POST /addresses/new`
pub(crate) async fn add(me: SignedIn, typed: Form<Typed>) -> Answer {
    save(&me, None, typed.into_inner()).await
}

/// `POST /addresses/{id}`
pub(crate) async fn change(me: SignedIn, id: Path<AddressId>, typed: Form<Typed>) -> Answer {
    save(&me, Some(id.into_inner()), typed.into_inner()).await
}

async fn save(me: &SignedIn, id: Option<AddressId>, typed: Typed) -> Answer {
    let back = Back { to: typed.return_to.clone() };
    let return_to = back.path();
    match typed.check() {
        Ok(edit) => {
            me.run(move |engine, tenant, owner| edit_customer::save_address(engine, tenant, owner, id, edit))
                .await?;
            me.to_with(return_to.as_deref().unwrap_or("/addresses"), &Flash::AddressSaved)
        }
        Err(errors) => {
            let page =
                AddressForm { id: id.map(|id| id.to_string()), values: typed.values(), errors, return_to };
            me.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
