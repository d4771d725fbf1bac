//! Profile, sessions, language and contact person.

use crate::world::World;
use engine::store;

#[test]
fn a_profile_is_saved_or_says_what_is_wrong() {
    World::each(|world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        browser.get("/profile");
        let wrong = browser.post("/profile", &[("name", " "), ("phone", "call me")]);
        assert_eq!(wrong.status, 422);
        assert!(wrong.says("Enter a name") && wrong.says("Enter a phone number") && wrong.says("call me"));

        let saved = browser.post("/profile", &[("name", "Mina O."), ("phone", "+49 30 123456")]);
        assert_eq!(saved.location(), "/profile");
        assert!(browser.follow(saved).says("Saved"));
        let row = world.read(|conn, scope| store::customers::get(conn, scope.id(), &mina));
        assert_eq!((row.name.as_str(), row.phone.as_deref()), ("Mina O.", Some("+49 30 123456")));
        assert_eq!(row.locale, None);
    });
}

#[test]
fn marks_that_nobody_sees_do_not_get_into_a_name() {
    World::each(|world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        browser.get("/profile");
        browser.post("/profile", &[("name", "\u{202e}Mina\u{200b}\u{7}O.\u{feff}")]);
        let row = world.read(|conn, scope| store::customers::get(conn, scope.id(), &mina));
        assert_eq!(row.name, "Mina O.");
        let empty = browser.post("/profile", &[("name", "\u{200e}\u{2066}")]);
        assert!(empty.status == 422 && empty.says("Enter a name"));
    });
}

#[test]
fn signing_out_elsewhere_ends_the_other_sessions() {
    World::with("", |world| {
        let mina = world.customer("mina@example.com");
        let (mut here, mut there) = (world.signed_in(&mina), world.signed_in(&mina));
        assert!(here.get("/profile").says("/profile/sessions/revoke"));
        let done = here.post("/profile/sessions/revoke", &[]);
        let page = here.follow(done);
        assert!(
            page.says("Signed out everywhere else") && !page.says("/profile/sessions/revoke"),
            "{}",
            page.body
        );
        assert_eq!(there.get("/profile").status, 303);
    });
}

#[test]
fn a_language_is_remembered_by_the_browser_and_for_the_customer() {
    World::with("", |world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        let choices = browser.get("/language?return=/billing");
        assert!(choices.says("Deutsch"), "{}", choices.body);
        let chosen = browser.post("/language", &[("lang", "de"), ("return", "/billing")]);
        assert_eq!(chosen.location(), "/billing");
        let cookie = chosen.header("set-cookie").unwrap();
        assert!(cookie.starts_with("NEXT_LOCALE=de;") && cookie.contains("Max-Age=31536000"), "{cookie}");
        assert!(browser.get("/billing").says("<html lang=\"de\""));
        let row = world.read(|conn, scope| store::customers::get(conn, scope.id(), &mina));
        assert_eq!((row.locale.as_deref(), row.name.as_str()), (Some("de"), "mina"));

        assert_eq!(browser.post("/language", &[("lang", "tlh")]).status, 422);
        let away = browser.post("/language", &[("lang", "en"), ("return", "//evil.example")]);
        assert_eq!(away.location(), "/");
    });
}

#[test]
fn the_language_can_be_chosen_before_signing_in() {
    World::with("", |world| {
        let mut browser = world.browser();
        browser.get("/language?return=/login");
        assert_eq!(browser.post("/language", &[("lang", "de"), ("return", "/login")]).location(), "/login");
        assert!(browser.get("/login").says("<html lang=\"de\""));
    });
}

#[test]
fn the_contact_person_is_named() {
    World::with("", |world| {
        let mina = world.customer("mina@example.com");
        assert!(world.signed_in(&mina).get("/contact").says("Alex Weber"));
    });
}
