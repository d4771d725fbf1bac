//! Payment methods: the list, adding, the default, removing.

use crate::world::World;
use domain::provider::{NewMethod, SetupState};
use engine::ids::SetupId;
use engine::store;
use engine::store::methods::MethodStatus;
use engine::testing::Business;
use engine::usecase::add_method;

#[test]
fn the_list_says_what_each_method_is_used_for() {
    World::each(|world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        assert!(browser.get("/payment-methods").says("No payment method yet."));
        let old = acme.card(&mina, "1111");
        acme.card(&mina, "2222");
        acme.subscribe(&mina);
        let list = browser.get("/payment-methods");
        assert!(list.says("1111") && list.says("2222") && list.says("Used for Pro"), "{}", list.body);

        let done = browser.post(&format!("/payment-methods/{old}/default"), &[]);
        assert_eq!(done.location(), "/payment-methods");
        let list = browser.follow(done);
        assert!(list.says("is now your default"), "{}", list.body);
        let default = world.read(|conn, scope| store::customers::get(conn, scope.id(), &mina));
        assert_eq!(default.default_payment_method_id, Some(old));
    });
}

#[test]
fn removing_a_method_names_what_goes_on_being_charged_to_it() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        let card = acme.card(&mina, "4242");
        let mut browser = world.signed_in(&mina);
        let path = format!("/payment-methods/{card}/remove");
        let unused = browser.get(&path);
        assert!(
            unused.says("It disappears from your list.") && !unused.says("is charged to it"),
            "{}",
            unused.body
        );
        acme.subscribe(&mina);
        let used = browser.get(&path);
        assert!(used.says("charged to it") && used.says("Pro"), "{}", used.body);

        let done = browser.post(&path, &[]);
        assert!(browser.follow(done).says("removed"));
        let row = world.read(|conn, scope| store::methods::get(conn, scope.id(), &card));
        assert_eq!(row.status, MethodStatus::Hidden);
        assert_eq!(browser.get(&path).status, 404);
        assert_eq!(browser.post(&path, &[]).status, 404);
    });
}

#[test]
fn without_a_provider_nothing_can_be_added() {
    World::with("", |world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        assert!(browser.get("/payment-methods/add").says("No payment method can be added here"));
        assert_eq!(browser.post("/payment-methods/add", &[("kind", "card")]).status, 422);
    });
}

/// A setup that has led to the provider's page.
fn opened(world: &World, acme: &Business, owner: &engine::ids::CustomerId) -> SetupId {
    let setup = add_method::begin(&world.engine, &acme.id, owner, "card", None).unwrap().id;
    add_method::opened(&world.engine, &acme.id, &setup, "set_at_provider").unwrap();
    setup
}

#[test]
fn coming_back_waits_for_the_providers_word() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        let complete =
            |setup: &SetupId, state| add_method::complete(&world.engine, &acme.id, setup, state).unwrap();

        let setup = opened(world, &acme, &mina);
        let path = format!("/payment-methods/return?setup={setup}");
        assert_eq!(browser.get(&path).header("refresh"), Some("1"));
        complete(&setup, SetupState::Verifying);
        let checking = browser.get(&path);
        assert!(checking.says("We are checking your account"), "{}", checking.body);
        assert_eq!(checking.header("refresh"), None);
        let card = NewMethod {
            method_ref: "card_1".to_owned(),
            customer_ref: None,
            kind: "card".to_owned(),
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
            exp_month: Some(12),
            exp_year: Some(2030),
            fingerprint: None,
        };
        complete(&setup, SetupState::Done(card.clone()));
        let done = browser.get(&path);
        assert_eq!(done.location(), "/payment-methods");
        let list = browser.follow(done);
        assert!(list.says("4242 added") && list.says("It is now your default."), "{}", list.body);

        let left = opened(world, &acme, &mina);
        let path = format!("/payment-methods/return?setup={left}");
        browser.get(&path);
        complete(&left, SetupState::Open);
        assert!(browser.get(&path).says("You did not finish"));

        world.wait(chrono::TimeDelta::seconds(1));
        let again = opened(world, &acme, &mina);
        complete(&again, SetupState::Done(card));
        let known = browser.get(&format!("/payment-methods/return?setup={again}"));
        assert!(browser.follow(known).says("already in your list"));
    });
}

#[test]
fn a_refused_card_says_so() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        let setup = opened(world, &acme, &mina);
        let refused = SetupState::Failed("authentication_failed".to_owned());
        add_method::complete(&world.engine, &acme.id, &setup, refused).unwrap();
        let page = world.signed_in(&mina).get(&format!("/payment-methods/return?setup={setup}"));
        assert!(page.says("Your bank did not confirm this card"), "{}", page.body);
    });
}
