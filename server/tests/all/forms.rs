//! Only forms of ours, in the browser they were shown to, change anything.

use crate::browser::{Browser, form};
use crate::world::World;
use engine::ids::{CustomerId, SubscriptionId};

/// Anna with a subscription, signed in.
fn anna(world: &World) -> (CustomerId, SubscriptionId, Browser) {
    let anna = world.customer("anna@mail.example");
    world.product("Studio", "monthly", 1_900);
    let sub = world.subscribe(&anna, "monthly", 14);
    let browser = world.signed_in(&anna);
    (anna, sub, browser)
}

/// Every form there is.
fn targets(sub: &SubscriptionId) -> Vec<String> {
    let fixed = [
        "/login",
        "/auth/x",
        "/r/x",
        "/logout",
        "/language",
        "/payment-methods/add",
        "/payment-methods/pm_x/default",
        "/payment-methods/pm_x/remove",
        "/billing/inv_x/pay",
        "/addresses/new",
        "/addresses/adr_x",
        "/addresses/adr_x/default",
        "/addresses/adr_x/remove",
        "/profile",
        "/profile/sessions/revoke",
        "/test-clock/advance",
    ];
    let of_sub = ["cancel", "resume", "payment-method", "reactivate"];
    let of_sub = of_sub.map(|verb| format!("/subscriptions/{sub}/{verb}"));
    fixed.map(str::to_owned).into_iter().chain(of_sub).collect()
}

#[test]
fn a_press_from_elsewhere_is_refused_on_every_form() {
    World::with("", |world| {
        let (anna, sub, browser) = anna(world);
        let other = world.signed_in(&anna);
        let own = browser.origin.clone();
        let (mine, theirs) = (browser.csrf().to_owned(), other.csrf().to_owned());
        assert_ne!(mine, theirs);
        let cases: [(&str, Option<String>, &str); 8] = [
            ("no token", own.clone(), ""),
            ("wrong token", own.clone(), "x"),
            ("another session's token", own.clone(), &theirs),
            ("no origin", None, &mine),
            ("null origin", Some("null".to_owned()), &mine),
            ("another host", Some("http://evil.example".to_owned()), &mine),
            ("another scheme", own.clone().map(|own| own.replace("http:", "https:")), &mine),
            ("another port", Some("http://127.0.0.1:1".to_owned()), &mine),
        ];
        for path in targets(&sub) {
            for (what, origin, token) in &cases {
                let mut attacker = browser.clone();
                attacker.origin.clone_from(origin);
                let body =
                    form([("csrf", *token), ("timing", "now"), ("by", "1m"), ("email", "a@b.example")]);
                let page = attacker.post_raw(&path, &body);
                assert_eq!(page.status, 403, "{path} with {what}");
                assert!(page.says("Nothing was changed"), "{path} with {what}");
            }
        }
        assert_eq!(world.subscription(&sub).event_seq, 1);
        assert_eq!(browser.clone().get("/").status, 200);
    });
}

#[test]
fn fetch_metadata_speaks_for_browsers_that_send_no_origin() {
    World::with("", |world| {
        let (_, _, mut browser) = anna(world);
        let body = form([("csrf", browser.csrf())]);
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let mut leave =
            |site: &str| browser.send("POST", "/logout", &[kind, ("sec-fetch-site", site)], Some(&body));
        assert_eq!(leave("cross-site").status, 403);
        assert_eq!(leave("same-site").status, 403);
        assert_eq!(leave("same-origin").location(), "/login");
    });
}

#[test]
fn nothing_but_a_form_is_read() {
    World::with("", |world| {
        let (_, sub, mut browser) = anna(world);
        let own = browser.origin.clone().unwrap();
        let json = format!("{{\"csrf\":\"{}\"}}", browser.csrf());
        for kind in ["application/json", "text/plain"] {
            let headers = [("content-type", kind), ("origin", own.as_str())];
            assert_eq!(browser.send("POST", "/logout", &headers, Some(&json)).status, 403, "{kind}");
        }
        let huge = form([("csrf", browser.csrf()), ("comment", &"x".repeat(17 * 1024))]);
        assert_eq!(browser.post_raw(&format!("/subscriptions/{sub}/cancel"), &huge).status, 413);
        let long = format!("/?{}", "x".repeat(9 * 1024));
        assert_eq!(browser.get(&long).status, 413);
        assert_eq!(browser.get("/").status, 200);
    });
}

#[test]
fn a_form_works_before_signing_in_and_stops_when_somebody_has() {
    World::with("", |world| {
        let (_, _, signed_in) = anna(world);
        let mut browser = world.browser();
        browser.get("/login");
        assert_eq!(browser.post("/login", &[("email", "anna@mail.example")]).location(), "/login/sent");
        browser.cookies.extend(signed_in.cookies.clone());
        assert_eq!(browser.post("/login", &[("email", "anna@mail.example")]).status, 403);
    });
}

#[test]
fn a_nul_is_no_input_on_either_database() {
    World::each(|world| {
        let (anna, sub, mut browser) = anna(world);
        browser.get("/profile");
        let refused = browser.post("/profile", &[("name", "An\0na"), ("phone", "")]);
        assert_eq!(refused.status, 422);
        assert!(refused.says("Nothing was changed"), "{}", refused.body);
        let row = world.read(|conn, scope| engine::store::customers::get(conn, scope.id(), &anna));
        assert_eq!(row.name, "anna");
        for path in
            [format!("/subscriptions/{sub}%00"), "/billing?page=%00".to_owned(), "/login/%00".to_owned()]
        {
            assert!(matches!(browser.get(&path).status, 404 | 422), "{path}");
        }
    });
}

#[test]
fn every_answer_masks_the_token_anew_and_all_of_them_work() {
    World::with("", |world| {
        let (_, _, mut browser) = anna(world);
        let tokens = [1, 2].map(|_| browser.get("/profile").hidden("csrf").unwrap());
        assert_ne!(tokens[0], tokens[1]);
        for token in tokens {
            let saved = browser.post_raw("/profile", &form([("csrf", token.as_str()), ("name", "Anna B.")]));
            assert_eq!(saved.location(), "/profile");
        }
    });
}
