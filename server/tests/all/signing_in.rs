//! Signing in by mail: asking, looking, pressing, leaving.

use crate::browser::{Browser, Page};
use crate::world::World;
use chrono::TimeDelta;

const ANNA: &str = "anna@mail.example";

/// Asks for a link in this browser.
fn ask(browser: &mut Browser, email: &str) -> Page {
    browser.get("/login");
    browser.post("/login", &[("email", email)])
}

#[test]
fn a_customer_signs_in_with_one_press_where_they_asked() {
    World::each(|world| {
        world.customer(ANNA);
        let mut browser = world.browser();
        assert_eq!(browser.get("/billing?page=2").location(), "/login?return=%2Fbilling%3Fpage%3D2");
        let page = browser.get("/login?return=%2Fbilling%3Fpage%3D2");
        assert_eq!(page.hidden("return").unwrap(), "/billing?page=2");
        let sent = browser.post("/login", &[("email", " Anna@Mail.Example "), ("return", "/billing?page=2")]);
        let sent = browser.follow(sent);
        assert!(sent.says("Check your email") && sent.says(ANNA));

        let (path, _) = world.sign_in_mail(ANNA);
        let confirm = browser.get(&path);
        assert!(confirm.says("Continue to billing") && !confirm.says("name=\"code\""), "{}", confirm.body);
        assert_eq!(browser.post(&path, &[]).location(), "/billing?page=2");
        assert_eq!(browser.get("/billing").status, 200);
        assert!(browser.get("/login").location() == "/");

        let again = world.browser().get(&path);
        assert_eq!(again.status, 410);
        assert!(again.says("no longer works") && again.says(&format!("value=\"{ANNA}\"")));
    });
}

#[test]
fn whoever_only_looks_signs_nobody_in_and_burns_nothing() {
    World::each(|world| {
        world.customer(ANNA);
        let mut browser = world.browser();
        ask(&mut browser, ANNA);
        let (path, _) = world.sign_in_mail(ANNA);
        let mut scanner = world.browser();
        for method in ["GET", "HEAD", "GET", "OPTIONS", "PUT", "GET"] {
            scanner.send(method, &path, &[("sec-purpose", "prefetch")], None);
        }
        // One that presses every button it finds.
        scanner.get(&path);
        let pressed = scanner.post(&path, &[]);
        assert_eq!(pressed.status, 422);
        assert!(pressed.says("Error:"));
        assert!(scanner.get("/").location().starts_with("/login"));
        // The customer is not in the least disturbed.
        browser.get(&path);
        assert_eq!(browser.post(&path, &[]).location(), "/");
    });
}

#[test]
fn another_device_needs_the_code_from_the_mail() {
    World::each(|world| {
        world.customer(ANNA);
        ask(&mut world.browser(), ANNA);
        let (path, code) = world.sign_in_mail(ANNA);
        let mut phone = world.browser();
        assert!(phone.get(&path).says("name=\"code\""));
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for left in (1..5).rev() {
            let page = phone.post(&path, &[("code", wrong)]);
            assert!(page.status == 422 && page.says(&left.to_string()), "{left} left");
        }
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(phone.post(&path, &[("code", &spaced)]).location(), "/");
    });
}

#[test]
fn a_link_burns_with_the_fifth_wrong_code() {
    World::with("", |world| {
        world.customer(ANNA);
        ask(&mut world.browser(), ANNA);
        let (path, code) = world.sign_in_mail(ANNA);
        let mut thief = world.browser();
        thief.get(&path);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let answers: Vec<u16> = (0..5).map(|_| thief.post(&path, &[("code", wrong)]).status).collect();
        assert_eq!(answers, [422, 422, 422, 422, 410]);
        assert_eq!(thief.post(&path, &[("code", &code)]).status, 410);
    });
}

#[test]
fn known_and_unknown_addresses_get_the_same_answer() {
    World::each(|world| {
        world.customer("known@mail.example");
        let answer = |email: &str| {
            let mut browser = world.browser();
            let asked = ask(&mut browser, email);
            let sent = browser.follow(asked.clone());
            [without_chance(asked, email), without_chance(sent, email)]
        };
        // Addresses of the same length, so that bytes can be compared.
        assert_eq!(answer("known@mail.example"), answer("other@mail.example"));
        assert_eq!(world.mails().len(), 1);
    });
}

/// What an answer says, without what is random in any answer.
fn without_chance(page: Page, email: &str) -> (u16, Vec<(String, String)>, String) {
    let csrf = page.hidden("csrf").unwrap_or_default();
    let random = |value: &str, name: &str| match name {
        "set-cookie" => format!("{}, {} bytes", value.split('=').next().unwrap_or_default(), value.len()),
        "x-request-id" | "date" => String::new(),
        _ => value.to_owned(),
    };
    let headers = page.headers.iter().map(|(name, value)| (name.clone(), random(value, name)));
    let body = page.body.replace(email, "EMAIL").replace(&csrf, "CSRF");
    (page.status, headers.collect(), if csrf.is_empty() { page.body.clone() } else { body })
}

#[test]
fn who_asks_too_often_has_to_wait() {
    World::with("", |world| {
        world.customer(ANNA);
        let statuses: Vec<u16> = (0..4).map(|_| ask(&mut world.browser(), ANNA).status).collect();
        assert_eq!(statuses, [303, 303, 303, 429]);
        let unknown: Vec<u16> =
            (0..4).map(|_| ask(&mut world.browser(), "nobody@mail.example").status).collect();
        assert_eq!(unknown, statuses);
        world.wait(TimeDelta::minutes(16));
        assert_eq!(ask(&mut world.browser(), ANNA).status, 303);
    });
}

#[test]
fn what_is_no_address_is_asked_for_again() {
    World::with("", |world| {
        let mut browser = world.browser();
        let malformed =
            ["anna", "a@b", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<a@b.example>"];
        for typed in malformed {
            let page = ask(&mut browser, typed);
            assert_eq!(page.status, 422, "{typed}");
            assert!(page.says("<title>Error:") && page.says("name@example.com"), "{typed}");
        }
        assert!(ask(&mut browser, " ").says("Enter your email address"));
    });
}

#[test]
fn a_path_to_elsewhere_is_forgotten() {
    World::with("", |world| {
        let anna = world.customer(ANNA);
        for path in ["//evil.example", "/%5Cevil.example", "https://evil.example", "/%09/evil.example"] {
            let mut browser = world.browser();
            let page = browser.get(&format!("/login?return={path}"));
            // The one that is left is the language switcher's: this very page.
            assert!(page.hidden("return").unwrap().starts_with("/login?return="), "{path}");
            browser.post("/login", &[("email", ANNA), ("return", "//evil.example")]);
            assert_eq!(
                world.signed_in(&anna).get(&format!("/login?return={path}")).location(),
                "/",
                "{path}"
            );
            world.wait(TimeDelta::hours(1));
        }
    });
}

#[test]
fn a_session_ends_when_its_customer_leaves() {
    World::each(|world| {
        let anna = world.customer(ANNA);
        let mut browser = world.signed_in(&anna);
        let copy = browser.clone();
        let left = browser.post("/logout", &[]);
        assert!(left.header("clear-site-data").is_some());
        assert!(browser.follow(left).says("You are signed out."));
        assert!(!browser.get("/login").says("You are signed out."), "a notice is shown once");
        // The old cookie opens nothing any more.
        let mut thief = copy;
        assert!(thief.get("/").location().starts_with("/login"));
    });
}

#[test]
fn a_session_ends_after_an_hour_of_nothing_and_after_twelve_of_anything() {
    World::with("", |world| {
        let anna = world.customer(ANNA);
        let mut browser = world.signed_in(&anna);
        world.wait(TimeDelta::minutes(59));
        assert_eq!(browser.get("/").status, 200);
        world.wait(TimeDelta::minutes(60));
        let ended = browser.get("/subscriptions");
        let page = browser.follow(ended);
        assert!(page.says("Your session has ended") && page.says("value=\"/subscriptions\""));

        let mut busy = world.signed_in(&anna);
        for _ in 0..23 {
            world.wait(TimeDelta::minutes(31));
            assert_eq!(busy.get("/").status, 200);
        }
        world.wait(TimeDelta::minutes(10));
        assert!(busy.get("/").location().starts_with("/login"));
    });
}

#[test]
fn signing_in_ends_the_session_before_and_takes_no_token_from_outside() {
    World::with("", |world| {
        let (anna, bert) = (world.customer(ANNA), world.customer("bert@mail.example"));
        let mut browser = world.signed_in(&anna);
        let before = browser.clone();
        let link = engine::usecase::sign_in::invite(&world.engine, &world.acme, &bert).unwrap();
        let path = &link[link.find("/r/").unwrap()..];
        let confirm = browser.get(path);
        assert!(confirm.says("bert@mail.example") && confirm.says(ANNA));
        assert_eq!(browser.post(path, &[]).location(), "/");
        assert_ne!(before.cookies["portico-dev"], browser.cookies["portico-dev"]);
        assert!(browser.get("/").says("bert"));
        let mut old = before;
        assert!(old.get("/").location().starts_with("/login"));
    });
}
