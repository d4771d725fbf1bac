//! Signing in by a mailed link.

use chrono::TimeDelta;
use e2e::{Browser, World};
use std::collections::BTreeSet;

const ADA: &str = "ada@example.com";

/// Asks for a link and answers with its mail.
async fn ask(world: &World, browser: &mut Browser) -> e2e::Letter {
    let sent = browser.ask_for_link(ADA).await;
    assert_eq!((sent.status, sent.url.path()), (200, "/login/sent"));
    world.settle().await;
    world.mail(ADA, "Sign in to Acme billing")
}

/// Whether a browser sees the overview or is sent to sign in.
async fn is_in(browser: &Browser) -> bool {
    let page = browser.look("GET", "/").await;
    match (page.status, page.header("location")) {
        (200, _) => true,
        (303, to) if to.starts_with("/login") => false,
        other => panic!("neither in nor out: {other:?}"),
    }
}

#[test]
fn one_press_in_the_browser_that_asked() {
    World::each(async |world| {
        world.customer(ADA);
        let mut browser = world.browser();
        assert!(!is_in(&browser).await);
        let mail = ask(world, &mut browser).await;
        assert!(mail.text.contains(&mail.link()), "the text part has the link, too");

        let confirm = browser.open(&mail.link()).await;
        assert!(confirm.text().contains(ADA) && !confirm.html().contains("name=\"code\""));
        assert!(!is_in(&browser).await, "looking changes nothing");

        let home = browser.submit("/auth/", &[]).await;
        assert_eq!((home.status, home.url.path()), (200, "/"));
        assert!(is_in(&browser).await);

        let mut late = world.browser();
        let dead = late.open(&mail.link()).await;
        assert_eq!(dead.status, 410);
        assert!(dead.html().contains(&format!("value=\"{ADA}\"")), "the address is filled in");
        world.check().await;
    });
}

#[test]
fn another_browser_needs_the_code() {
    World::each(async |world| {
        world.customer(ADA);
        let mail = ask(world, &mut world.browser()).await;
        let mut phone = world.browser();
        let page = phone.open(&mail.link()).await;
        assert!(page.html().contains("name=\"code\""));

        assert_eq!(phone.submit("/auth/", &[("code", "")]).await.status, 422);
        let wrong = if mail.code() == "000000" { "000001" } else { "000000" };
        assert_eq!(phone.submit("/auth/", &[("code", wrong)]).await.status, 422);
        assert!(!is_in(&phone).await);

        let typed = format!("{} {}", &mail.code()[..3], &mail.code()[3..]);
        assert_eq!(phone.submit("/auth/", &[("code", &typed)]).await.url.path(), "/");
        assert!(is_in(&phone).await);
        world.check().await;
    });
}

#[test]
fn five_wrong_codes_burn_the_link() {
    World::each(async |world| {
        world.customer(ADA);
        let mut own = world.browser();
        let mail = ask(world, &mut own).await;
        let mut guesser = world.browser();
        guesser.open(&mail.link()).await;
        let wrong = if mail.code() == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            assert_eq!(guesser.submit("/auth/", &[("code", wrong)]).await.status, 422);
        }
        assert_eq!(guesser.submit("/auth/", &[("code", wrong)]).await.status, 410);
        assert_eq!(own.open(&mail.link()).await.status, 410, "not even its owner can use it");
        world.check().await;
    });
}

#[test]
fn an_unknown_address_gets_the_same_answer_and_no_mail() {
    World::each(async |world| {
        world.customer(ADA);
        let (mut known, mut unknown) = (world.browser(), world.browser());
        let right = known.ask_for_link(ADA).await;
        let wrong = unknown.ask_for_link("eve@example.com").await;
        let blank = |page: &e2e::Page, email: &str| page.text().replace(email, "-");
        assert_eq!(blank(&right, ADA), blank(&wrong, "eve@example.com"));
        assert_eq!((right.status, right.url.path()), (wrong.status, wrong.url.path()));
        let names = |page: &e2e::Page| page.headers.keys().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(names(&right), names(&wrong));

        world.settle().await;
        assert_eq!(world.mails().len(), 1);
        assert_eq!(unknown.ask_for_link("not an address").await.status, 422);
        world.check().await;
    });
}

#[test]
fn a_newer_link_or_half_an_hour_ends_an_older_one() {
    World::each(async |world| {
        world.customer(ADA);
        let mut browser = world.browser();
        let first = ask(world, &mut browser).await;
        let second = ask(world, &mut browser).await;
        assert_ne!(first.link(), second.link());
        assert_eq!(browser.open(&first.link()).await.status, 410);
        world.wait(TimeDelta::minutes(30) - TimeDelta::seconds(1));
        assert_eq!(browser.open(&second.link()).await.status, 200);
        world.wait(TimeDelta::seconds(1));
        assert_eq!(browser.open(&second.link()).await.status, 410);
        world.check().await;
    });
}

#[test]
fn b15_of_many_presses_at_once_one_signs_in() {
    World::each(async |world| {
        world.customer(ADA);
        let mut browser = world.browser();
        let mail = ask(world, &mut browser).await;
        browser.open(&mail.link()).await;
        let answers = browser.submit_at_once(32, "/auth/", &[]).await;
        let signed_in = answers.iter().filter(|page| page.status == 303).count();
        assert_eq!(signed_in, 1);
        assert!(answers.iter().all(|page| [303, 403, 410].contains(&page.status)));
        world.check().await;
    });
}

#[test]
fn a_session_ends_by_sign_out_or_by_time() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let mut browser = world.signed_in(&ada).await;
        browser.open("/").await;
        let out = browser.submit("/logout", &[]).await;
        assert_eq!((out.status, out.url.path()), (200, "/login"));
        assert!(!is_in(&browser).await);

        let idle = world.signed_in(&ada).await;
        world.wait(TimeDelta::minutes(59));
        assert!(is_in(&idle).await);
        world.wait(TimeDelta::minutes(60));
        assert!(!is_in(&idle).await, "an hour without a request");

        let busy = world.signed_in(&ada).await;
        for _ in 0..15 {
            world.wait(TimeDelta::minutes(47));
            assert!(is_in(&busy).await);
        }
        world.wait(TimeDelta::minutes(47));
        assert!(!is_in(&busy).await, "twelve hours, whatever happens");
        world.check().await;
    });
}

#[test]
fn asking_again_and_again_is_limited() {
    World::each(async |world| {
        world.customer(ADA);
        let mut browser = world.browser();
        for _ in 0..3 {
            assert_eq!(browser.ask_for_link(ADA).await.url.path(), "/login/sent");
        }
        let limited = browser.ask_for_link(ADA).await;
        assert_eq!(limited.status, 429);
        assert!(limited.header("retry-after").parse::<u32>().unwrap() > 0);
        world.settle().await;
        assert_eq!(world.mails_to(ADA).len(), 1, "links that a newer one has replaced are not even mailed");
        world.wait(TimeDelta::minutes(15));
        assert_eq!(browser.ask_for_link(ADA).await.url.path(), "/login/sent");
        world.settle().await;
        world.check().await;
    });
}

#[test]
fn a_form_from_elsewhere_changes_nothing() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let mut browser = world.signed_in(&ada).await;
        browser.open("/").await;
        let bare = browser.look("POST", "/logout").await;
        assert_eq!(bare.status, 403, "neither origin nor token");
        let mut other = world.browser();
        other.open("/login").await;
        let stale = other.forge("/logout", &[("csrf", "made up")]).await;
        assert_eq!(stale.status, 403);
        assert!(is_in(&browser).await);
        world.check().await;
    });
}
