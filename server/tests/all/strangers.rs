//! What is somebody else's does not exist, whoever asks and however.

use crate::world::World;
use engine::Engine;
use engine::ids::{AddressId, CustomerId, InvoiceId, MethodId, SetupId, SubscriptionId, TenantId};
use engine::testing::Business;
use engine::testing::press_pay;
use engine::usecase::add_method;
use engine::usecase::edit_customer::{AddressEdit, save_address};

/// Everything that a customer can have and a path can name.
struct Belongings {
    invoice: InvoiceId,
    sub: SubscriptionId,
    card: MethodId,
    setup: SetupId,
    address: AddressId,
    attempt: String,
}

fn furnish(business: &Business, email: &str) -> (CustomerId, Belongings) {
    let (engine, id) = (&business.engine, &business.id);
    let owner = business.customer(email);
    let card = business.card(&owner, "4242");
    let (sub, invoice) = business.subscribe(&owner);
    let attempt = press_pay(engine, id, &owner, &invoice, &card).unwrap().attempt.unwrap().to_string();
    let setup = add_method::begin(engine, id, &owner, "card", None).unwrap().id;
    let address = address(engine, id, &owner);
    (owner, Belongings { invoice, sub, card, setup, address, attempt })
}

pub fn address(engine: &Engine, tenant: &TenantId, owner: &CustomerId) -> AddressId {
    let edit = AddressEdit {
        name: "Mina Okafor".to_owned(),
        company: None,
        line1: "Urbanstr. 71".to_owned(),
        line2: None,
        postal_code: "10967".to_owned(),
        city: "Berlin".to_owned(),
        region: None,
        country: "DE".to_owned(),
        vat_id: None,
    };
    save_address(engine, tenant, owner, None, edit).unwrap()
}

#[test]
fn what_belongs_to_others_is_not_found() {
    World::each(|world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let zeta = Business::stocked(&world.engine, &world.tenant("zeta"));
        let (mina, mine) = furnish(&acme, "mina@example.com");
        let mut browser = world.signed_in(&mina);
        for (_, theirs) in [furnish(&acme, "ivo@example.com"), furnish(&zeta, "mina@example.com")] {
            let Belongings { invoice, sub, card, setup, address, attempt } = &theirs;
            for path in [
                format!("/billing/{invoice}"),
                format!("/billing/{invoice}/pay"),
                format!("/billing/{}/pay?attempt={attempt}", mine.invoice),
                format!("/billing/{invoice}/invoice.pdf"),
                format!("/payment-methods/add?for={invoice}"),
                format!("/payment-methods/add?for={sub}"),
                format!("/payment-methods/return?setup={setup}"),
                format!("/payment-methods/{card}/remove"),
                format!("/subscriptions/{sub}/reactivate"),
                format!("/addresses/{address}"),
                format!("/addresses/{address}/remove"),
            ] {
                assert_eq!(browser.get(&path).status, 404, "GET {path}");
            }
            let paying = [("idempotency_key", "first"), ("amount", "3451"), ("method", mine.card.as_str())];
            for path in [
                format!("/billing/{invoice}/pay"),
                format!("/subscriptions/{sub}/reactivate"),
                format!("/payment-methods/{card}/default"),
                format!("/payment-methods/{card}/remove"),
                format!("/addresses/{address}/default"),
                format!("/addresses/{address}/remove"),
            ] {
                assert_eq!(browser.post(&path, &paying).status, 404, "POST {path}");
            }
            let adding = [("kind", "card"), ("for", sub.as_str())];
            assert_eq!(browser.post("/payment-methods/add", &adding).status, 404);
            let complete = [
                ("country", "DE"),
                ("name", "Eve"),
                ("line1", "Weg 1"),
                ("postal_code", "10115"),
                ("city", "Berlin"),
            ];
            assert_eq!(browser.post(&format!("/addresses/{address}"), &complete).status, 404);
        }
        assert_eq!(browser.get(&format!("/billing/{}", mine.invoice)).status, 200);
    });
}

#[test]
fn a_method_of_somebody_else_pays_nothing() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        let (_, invoice) = acme.subscribe(&mina);
        let theirs = acme.card(&acme.customer("ivo@example.com"), "1111");
        let mut browser = world.signed_in(&mina);
        let paying = [("idempotency_key", "first"), ("amount", "3451"), ("method", theirs.as_str())];
        assert_eq!(browser.post(&format!("/billing/{invoice}/pay"), &paying).status, 404);
    });
}
