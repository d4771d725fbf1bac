//! What a product gives: granted with its start, kept through grace and hold, gone with its end.

use domain::entitlement::BenefitKind;
use domain::event::EventKind;
use e2e::{Customer, World, cards};
use engine::ids::SubscriptionId;
use engine::query::entitlements::{self, Entitled};
use engine::store;
use engine::store::events::Actor;
use engine::usecase::benefit::{NewBenefit, add};
use engine::usecase::license::{activate, check, deactivate, issue, revoke};

const ADA: &str = "ada@example.com";

/// The product "Team" gives a feature, and a license key for two devices.
fn benefits(world: &World) {
    let key = NewBenefit {
        product: "team".to_owned(),
        code: "desktop".to_owned(),
        name: "Desktop app".to_owned(),
        kind: BenefitKind::LicenseKey,
        devices: Some(2),
    };
    let (code, name) = ("export".to_owned(), "Export".to_owned());
    let feature = NewBenefit { code, name, kind: BenefitKind::Feature, devices: None, ..key.clone() };
    for new in [feature, key] {
        add(&world.engine, &world.acme, new).unwrap();
    }
}

fn given(world: &World, id: &SubscriptionId) -> Vec<Entitled> {
    let read = |conn: &mut engine::db::Conn, scope: &engine::Scope| {
        let sub = store::subscriptions::get(conn, scope.id(), id)?;
        entitlements::of(conn, scope, &sub)
    };
    world.engine.read(&world.acme, read).unwrap()
}

/// The text of a subscription's license key.
fn key(world: &World, id: &SubscriptionId) -> Option<String> {
    given(world, id).into_iter().find_map(|one| one.key).map(|key| key.key_text)
}

/// Why a key does not work; nothing when it does.
fn trouble(world: &World, key: &str) -> Option<String> {
    check(&world.engine, &world.acme, key, None).err().map(code)
}

/// The word of a refusal.
fn code(error: engine::Error) -> String {
    match error {
        engine::Error::Refused { code, .. } => code.to_owned(),
        other => panic!("{other}"),
    }
}

async fn subscriber(world: &World) -> (Customer, SubscriptionId, String) {
    benefits(world);
    let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
    let key = key(world, &id).expect("a key");
    (ada, id, key)
}

#[test]
fn a_key_comes_with_the_first_payment_and_goes_with_the_end() {
    World::each(async |world| {
        benefits(world);
        let ada = world.customer(ADA);
        let unpaid = world.subscribe(&ada, "team-monthly");
        assert!(given(world, &unpaid).iter().all(|one| !one.access.is_open() && one.key.is_none()));

        world.card(&ada, cards::GOOD).await;
        let id = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        let license = key(world, &id).expect("a key");
        assert_eq!(trouble(world, &license.to_lowercase().replace('-', " ")), None);
        world.advance("2 months").await;
        assert_eq!(key(world, &id), Some(license.clone()), "renewals keep it");

        let mut browser = world.signed_in(&ada).await;
        browser.open(&format!("/subscriptions/{id}/cancel")).await;
        browser.submit("/cancel", &[("timing", "now")]).await;
        assert!(given(world, &id).iter().all(|one| !one.access.is_open()));
        assert_eq!(trouble(world, &license).as_deref(), Some("revoked"));
        world.settle().await;
        world.check().await;
    });
}

#[test]
fn a_trial_gives_what_it_is_a_trial_of() {
    World::each(async |world| {
        benefits(world);
        let ada = world.customer(ADA);
        let id = world.try_out(&ada, "team-monthly", 14);
        let license = key(world, &id).expect("a key");
        world.advance("15 days").await;
        assert_eq!(world.status(&id), "on_hold");
        assert_eq!(trouble(world, &license).as_deref(), Some("not_entitled"));
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, &format!("?for={id}"), cards::GOOD).await;
        assert_eq!((world.status(&id).as_str(), trouble(world, &license)), ("active", None), "the same key");
        world.check().await;
    });
}

#[test]
fn a_missing_payment_takes_access_when_the_grace_is_over_and_payment_brings_it_back() {
    World::each(async |world| {
        let (ada, id, license) = subscriber(world).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::DECLINED).await;
        world.advance("1 month").await;
        world.advance("10 days").await;
        assert_eq!((world.status(&id).as_str(), trouble(world, &license)), ("on_hold", None), "in grace");
        world.advance("5 days").await;
        assert_eq!(trouble(world, &license).as_deref(), Some("not_entitled"));
        let mut browser = world.signed_in(&ada).await;
        world.add_card(&mut browser, "", cards::GOOD).await;
        assert_eq!((world.status(&id).as_str(), trouble(world, &license)), ("active", None));
        world.check().await;
    });
}

#[test]
fn a_key_is_used_on_two_devices_and_a_third_waits_for_one_to_give_it_up() {
    World::each(async |world| {
        let (_, id, license) = subscriber(world).await;
        let on = |device: &str| activate(&world.engine, &world.acme, &license, device, Actor::Operator);
        for device in ["laptop", "desk", "laptop"] {
            on(device).unwrap();
        }
        assert_eq!(code(on("phone").unwrap_err()), "device_limit");
        deactivate(&world.engine, &world.acme, &license, "desk", Actor::Operator).unwrap();
        on("phone").unwrap();
        let key = given(world, &id).into_iter().find(|one| one.key.is_some()).unwrap();
        let devices: Vec<&str> = key.devices.iter().map(|device| device.label.as_str()).collect();
        assert_eq!(devices, ["laptop", "phone"]);
        let works = |device| check(&world.engine, &world.acme, &license, Some(device)).is_ok();
        assert!(works("phone") && !works("desk"));
        let umbra = activate(&world.engine, &world.umbra, &license, "laptop", Actor::Operator);
        assert_eq!(code(umbra.unwrap_err()), "unknown_license", "another business knows nothing of it");
        let events = world.events(key.key.unwrap().id.as_str());
        assert_eq!(events.last().copied(), Some(EventKind::EntitlementKeyActivated));
    });
}

#[test]
fn two_devices_at_once_do_not_share_the_last_place() {
    World::each(async |world| {
        let (_, id, license) = subscriber(world).await;
        std::thread::scope(|threads| {
            for device in 0..6 {
                let (license, world) = (&license, &world);
                let label = format!("device {device}");
                threads.spawn(move || {
                    let _ = activate(&world.engine, &world.acme, license, &label, Actor::Operator);
                });
            }
        });
        let key = given(world, &id).into_iter().find(|one| one.key.is_some()).unwrap();
        assert_eq!(key.devices.len(), 2);
    });
}

#[test]
fn a_key_taken_away_stays_away_until_another_is_issued_by_hand() {
    World::each(async |world| {
        let (_, id, license) = subscriber(world).await;
        revoke(&world.engine, &world.acme, &license, Some("published"), Actor::Operator).unwrap();
        world.advance("1 month").await;
        assert_eq!(trouble(world, &license).as_deref(), Some("revoked"));
        assert_eq!(key(world, &id), Some(license.clone()), "no other came by itself");
        let next = issue(&world.engine, &world.acme, &id, "desktop", Actor::Operator).unwrap();
        assert_eq!((trouble(world, &next.key_text), key(world, &id)), (None, Some(next.key_text.clone())));
        let again = issue(&world.engine, &world.acme, &id, "desktop", Actor::Operator);
        assert_eq!(code(again.unwrap_err()), "has_key");
        world.check().await;
    });
}

#[test]
fn a_customer_sees_the_key_masked_shows_it_and_frees_a_device() {
    World::each(async |world| {
        let (ada, id, license) = subscriber(world).await;
        activate(&world.engine, &world.acme, &license, "laptop", Actor::Operator).unwrap();
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/subscriptions/{id}")).await.text();
        assert!(page.contains("Export") && page.contains("Active on 1 of 2 devices"), "{page}");
        assert!(!page.contains(&license) && page.contains(&license[24..]), "{page}");
        let page = browser.submit("/licenses/", &[]).await.text();
        assert!(page.contains(&license), "{page}");
        let page = browser.submit("/remove", &[]).await;
        assert!(page.text().contains("Active on 0 of 2 devices"), "{}", page.text());
        assert!(!page.text().contains(&license), "masked again");

        let eve = world.customer("eve@example.com");
        let mut stranger = world.signed_in(&eve).await;
        stranger.open("/").await;
        let lic = given(world, &id).into_iter().find_map(|one| one.key).unwrap().id;
        let forged = stranger.forge(&format!("/subscriptions/{id}/licenses/{lic}"), &[]).await;
        assert_eq!(forged.status, 404);
        world.check().await;
    });
}
