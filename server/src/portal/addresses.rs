//! `/addresses`: the address book.

use crate::failure::Answer;
use crate::view;
use crate::visit::SignedIn;
use actix_web::web::Path;
use engine::db::Conn;
use engine::ids::{AddressId, CustomerId};
use engine::store::customers::{self, BillingAddress, Customer};
use engine::usecase::edit_customer;
use engine::{Result, Scope};
use templates::flash::Flash;
use templates::page::{AddressBook, AddressCard, RemoveAddress};

/// `GET /addresses`
pub(crate) async fn list(me: SignedIn) -> Answer {
    me.page(&me.read(book).await?)
}

/// `POST /addresses/{id}/default`
pub(crate) async fn make_default(me: SignedIn, id: Path<AddressId>) -> Answer {
    me.run(move |engine, tenant, owner| edit_customer::make_address_default(engine, tenant, owner, &id))
        .await?;
    me.to_with("/addresses", &Flash::DefaultAddressSet)
}

/// `GET /addresses/{id}/remove`
pub(crate) async fn remove_dialog(me: SignedIn, id: Path<AddressId>) -> Answer {
    let page = me
        .read(move |conn, scope, owner| {
            let customer = customers::get(conn, scope.id(), owner)?;
            let removal = card(&customers::address(conn, scope.id(), owner, &id)?, &customer);
            let book = book(conn, scope, owner)?;
            Ok(RemoveAddress { blocked: removal.is_default && book.addresses.len() > 1, removal, book })
        })
        .await?;
    me.page(&page)
}

/// `POST /addresses/{id}/remove`. Where it is refused, the dialog says why.
pub(crate) async fn remove(me: SignedIn, id: Path<AddressId>) -> Answer {
    let id = id.into_inner();
    let removed = id.clone();
    let done =
        me.run(move |engine, tenant, owner| edit_customer::remove_address(engine, tenant, owner, &removed));
    match done.await {
        Ok(()) => me.to_with("/addresses", &Flash::AddressRemoved),
        Err(failure) if failure.refusal() == Some("default_address") => {
            me.to(&format!("/addresses/{id}/remove"))
        }
        Err(failure) => Err(failure),
    }
}

fn book(conn: &mut Conn, scope: &Scope, owner: &CustomerId) -> Result<AddressBook> {
    let customer = customers::get(conn, scope.id(), owner)?;
    let addresses = customers::addresses(conn, scope.id(), owner)?;
    Ok(AddressBook { addresses: addresses.iter().map(|row| card(row, &customer)).collect() })
}

fn card(row: &BillingAddress, customer: &Customer) -> AddressCard {
    AddressCard { id: row.id.to_string(), address: view::address(row, customer), is_default: row.is_default }
}
