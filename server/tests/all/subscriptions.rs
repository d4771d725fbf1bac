//! The overview and the pages of subscriptions.

use crate::world::World;
use domain::period::{Interval, IntervalUnit};
use engine::query::portal;
use engine::usecase::advance::advance;
use engine::usecase::test_clock::{advance_clock, set_clock};

#[test]
fn the_next_invoice_is_what_the_renewal_charges() {
    World::each(|world| {
        let anna = world.customer("anna@mail.example");
        world.product("Studio", "monthly", 1_900);
        world.card(&anna);
        let sub = world.subscribe(&anna, "monthly", 14);
        let mut browser = world.signed_in(&anna);
        let overview = browser.get("/");
        assert!(overview.says("Studio") && overview.says("€22.61"), "{}", overview.body);
        let page = browser.get(&format!("/subscriptions/{sub}"));
        assert!(
            page.says("Next invoice") && page.says("€22.61") && page.says("€3.61") && page.says("€19.00")
        );
        assert!(page.says("December 5, 2026"));

        let trial_end = world.subscription(&sub).trial_end.unwrap();
        set_clock(&world.engine, &world.acme, Some(trial_end)).unwrap();
        advance(&world.engine, &world.acme, &sub).unwrap();
        let id = sub.clone();
        let owner = anna.clone();
        let found = world.read(move |conn, scope| portal::subscription(conn, scope, &owner, &id));
        assert_eq!(found.payments[0].invoice.total, 2_261);
        assert_eq!(found.subscribed.next.unwrap().to_come.due().minor, 2_261);
        let page = browser.get(&format!("/subscriptions/{sub}"));
        assert!(page.says("January 5, 2027"), "the next one is a month later");
    });
}

#[test]
fn what_belongs_to_somebody_else_does_not_exist() {
    World::each(|world| {
        let (anna, bert) = (world.customer("anna@mail.example"), world.customer("bert@mail.example"));
        world.product("Studio", "monthly", 1_900);
        let sub = world.subscribe(&anna, "monthly", 14);
        let mut browser = world.signed_in(&bert);
        let nothing = browser.get("/subscriptions/sub_00000000000000000000000000");
        for path in ["", "/cancel", "/payment-method"] {
            let page = browser.get(&format!("/subscriptions/{sub}{path}"));
            assert_eq!(page.status, 404, "{path}");
            assert!(!page.says("Studio"), "{path}");
        }
        assert_eq!(nothing.status, 404);
        for (path, field) in
            [("cancel", ("timing", "now")), ("resume", ("x", "y")), ("payment-method", ("method", "pm_x"))]
        {
            let page = browser.post(&format!("/subscriptions/{sub}/{path}"), &[field]);
            assert_eq!(page.status, 404, "{path}");
        }
        assert_eq!(world.subscription(&sub).event_seq, 1);
    });
}

#[test]
fn one_subscription_can_be_charged_to_a_method_of_its_own() {
    World::with("", |world| {
        let anna = world.customer("anna@mail.example");
        world.product("Studio", "monthly", 1_900);
        world.card(&anna);
        let sub = world.subscribe(&anna, "monthly", 14);
        let mut browser = world.signed_in(&anna);
        let path = format!("/subscriptions/{sub}/payment-method");
        let page = browser.get(&path);
        let method = page.body.split("value=\"pm_").nth(1).unwrap().split('"').next().unwrap();
        let done = browser.post(&path, &[("method", &format!("pm_{method}"))]);
        let page = browser.follow(done);
        assert!(page.says("Studio is now charged to Visa"), "{}", page.body);
        assert!(world.subscription(&sub).payment_method_id.is_some());
    });
}

#[test]
fn a_test_business_moves_its_clock_and_a_live_one_does_not() {
    World::with("", |world| {
        let anna = world.customer("anna@mail.example");
        let mut browser = world.signed_in(&anna);
        assert!(browser.get("/").says("The clock shows November 21, 2026"));
        let moved = browser.post("/test-clock/advance", &[("by", "1m"), ("return", "/subscriptions")]);
        assert_eq!(moved.location(), "/subscriptions");
        let page = browser.get("/subscriptions");
        assert_eq!(page.header("refresh"), Some("1"), "it looks again while the worker moves the clock");
        assert!(!page.says("has been done"));
        engine::usecase::test_clock::tick(&world.engine, &world.acme).unwrap();
        let page = browser.get("/subscriptions");
        assert_eq!(page.header("refresh"), None);
        assert!(
            page.says("The clock shows December 21, 2026") && page.says("has been done"),
            "{}",
            page.body
        );

        let live = world.tenant("live");
        let refused = advance_clock(&world.engine, &live, Interval::new(IntervalUnit::Day, 1));
        assert!(refused.is_err());
        assert!(
            !crate::browser::Browser::new(world.port, crate::world::LIVE).get("/login").says("Test mode")
        );
    });
}
