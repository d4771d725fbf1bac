//! Cancelling and thinking better of it.

use crate::browser::{Browser, Page};
use crate::world::World;
use domain::subscription::state::SubscriptionStatus;
use engine::ids::SubscriptionId;

/// Anna with an active subscription of 0.00 a month (paid at once), signed in.
fn active(world: &World) -> (SubscriptionId, Browser) {
    let anna = world.customer("anna@mail.example");
    world.product("Basic", "free", 0);
    let sub = world.subscribe(&anna, "free", 0);
    assert_eq!(world.subscription(&sub).status, SubscriptionStatus::Active);
    (sub, world.signed_in(&anna))
}

/// Anna in a trial, signed in.
fn trial(world: &World) -> (SubscriptionId, Browser) {
    let anna = world.customer("anna@mail.example");
    world.product("Studio", "monthly", 1_900);
    let sub = world.subscribe(&anna, "monthly", 14);
    (sub, world.signed_in(&anna))
}

/// Opens the dialog and presses, with these choices.
fn cancel(browser: &mut Browser, sub: &SubscriptionId, choices: &[(&str, &str)]) -> Page {
    let path = format!("/subscriptions/{sub}/cancel");
    let dialog = browser.get(&path);
    assert_eq!(dialog.status, 200);
    let preview = dialog.hidden("preview_id").unwrap();
    let fields: Vec<_> = choices.iter().copied().chain([("preview_id", preview.as_str())]).collect();
    let answer = browser.post(&path, &fields);
    browser.follow(answer)
}

#[test]
fn at_the_end_of_the_period_and_back_again() {
    World::each(|world| {
        let (sub, mut browser) = active(world);
        let choices = [("timing", "period_end"), ("reason", "unused"), ("comment", "no\r\ntime")];
        let page = cancel(&mut browser, &sub, &choices);
        assert!(page.says("Basic ends on December 21, 2026"), "{}", page.body);
        assert!(page.says("anna@mail.example") && page.says("Keep subscription"));
        let row = world.subscription(&sub);
        assert_eq!(row.cancel_reason.as_deref(), Some("unused"));
        assert_eq!(row.cancel_comment.as_deref(), Some("no\ntime"));
        assert!(browser.get("/").says("Ends Dec 21, 2026"));

        let kept = browser.post(&format!("/subscriptions/{sub}/resume"), &[]);
        let page = browser.follow(kept);
        assert!(page.says("Basic continues") && page.says("December 21, 2026"), "{}", page.body);
        assert_eq!(world.subscription(&sub).cancel_at, None);
        let kinds: Vec<String> = world.mails().into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds, ["cancellation_scheduled", "uncancelled"]);
    });
}

#[test]
fn now_means_now_and_once() {
    World::each(|world| {
        let (sub, mut browser) = active(world);
        let page = cancel(&mut browser, &sub, &[("timing", "now")]);
        assert!(page.says("Basic has ended") && page.says("No further invoices"), "{}", page.body);
        assert_eq!(world.subscription(&sub).status, SubscriptionStatus::Cancelled);
        let again = browser.get(&format!("/subscriptions/{sub}/cancel"));
        let page = browser.follow(again);
        assert!(page.says("already cancelled on November 21, 2026"), "{}", page.body);
        let kept = browser.post(&format!("/subscriptions/{sub}/resume"), &[]);
        assert!(browser.follow(kept).says("Something has changed"));
    });
}

#[test]
fn a_trial_runs_to_its_end_or_ends_at_once_as_the_business_says() {
    World::with("", |world| {
        let (sub, mut browser) = trial(world);
        let page = cancel(&mut browser, &sub, &[("timing", "period_end")]);
        assert!(page.says("Studio ends on December 5, 2026"), "{}", page.body);
        assert_eq!(world.subscription(&sub).status, SubscriptionStatus::Trialing);
    });
    World::with("[portal]\ntrial_cancellation = \"immediate\"\n", |world| {
        let (sub, mut browser) = trial(world);
        let page = cancel(&mut browser, &sub, &[("timing", "now")]);
        assert!(page.says("Studio has ended"), "{}", page.body);
        assert_eq!(world.subscription(&sub).status, SubscriptionStatus::Cancelled);
    });
}

#[test]
fn a_reason_is_asked_for_where_the_business_needs_one() {
    World::with("[portal.cancel]\nreasons = \"required\"\nmodes = [\"period_end\"]\n", |world| {
        let (sub, mut browser) = active(world);
        let page = cancel(&mut browser, &sub, &[("timing", "period_end"), ("comment", "bye & thanks")]);
        assert_eq!(page.status, 422);
        assert!(page.says("<title>Error:") && page.says("Choose a reason") && page.says("bye &amp; thanks"));
        let page = cancel(&mut browser, &sub, &[("timing", "now"), ("reason", "other")]);
        assert_eq!(page.status, 422, "that timing is not offered");
        assert_eq!(world.subscription(&sub).cancel_at, None);
    });
}

#[test]
fn nobody_agrees_to_what_they_were_not_shown() {
    World::with("", |world| {
        let (sub, mut browser) = trial(world);
        let path = format!("/subscriptions/{sub}/cancel");
        browser.get(&path);
        let answer = browser.post(&path, &[("timing", "period_end"), ("preview_id", "of another day")]);
        assert!(browser.follow(answer).says("Nothing was done"));
        assert_eq!(world.subscription(&sub).cancel_at, None);
        for odd in [("timing", "yesterday"), ("reason", "because")] {
            assert_eq!(cancel(&mut browser, &sub, &[odd]).status, 422, "{odd:?}");
        }
    });
}
