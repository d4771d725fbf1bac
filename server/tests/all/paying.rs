//! Paying an invoice by hand, and what the customer is told about it.

use crate::browser::{Browser, Page};
use crate::world::World;
use chrono::TimeDelta;
use domain::provider::{DeclineKind, Outcome};
use domain::subscription::state::SubscriptionStatus;
use engine::ids::{AttemptId, CustomerId, InvoiceId, MethodId, SubscriptionId};
use engine::store;
use engine::testing::Business;

/// Mina owes 34.51 for Pro and has a card.
struct Story<'a> {
    world: &'a World,
    acme: Business,
    mina: CustomerId,
    card: MethodId,
    sub: SubscriptionId,
    invoice: InvoiceId,
    browser: Browser,
}

impl<'a> Story<'a> {
    fn begin(world: &'a World) -> Self {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        let card = acme.card(&mina, "4242");
        let (sub, invoice) = acme.subscribe(&mina);
        let browser = world.signed_in(&mina);
        Self { world, acme, mina, card, sub, invoice, browser }
    }

    fn path(&self) -> String {
        format!("/billing/{}/pay", self.invoice)
    }

    /// Opens the form and sends it.
    fn pay(&mut self) -> Page {
        let form = self.browser.get(&self.path());
        assert_eq!(form.status, 200, "{}", form.body);
        self.send(&form, &self.path(), &self.card.to_string())
    }

    fn send(&mut self, form: &Page, path: &str, method: &str) -> Page {
        let hidden = |name: &str| form.hidden(name).expect(name);
        let (key, amount) = (hidden("idempotency_key"), hidden("amount"));
        self.browser.post(path, &[("idempotency_key", &key), ("amount", &amount), ("method", method)])
    }

    fn attempts(&self) -> Vec<AttemptId> {
        let read =
            self.world.read(|conn, scope| store::attempts::of_invoice(conn, scope.id(), &self.invoice));
        read.into_iter().map(|attempt| attempt.id).collect()
    }

    /// Puts the subscription on hold, as dunning does.
    fn hold(&self) {
        let id = self.sub.clone();
        let held = self.world.engine.write(&self.world.acme, move |tx, scope| {
            let mut sub = store::subscriptions::get(tx, scope.id(), &id)?;
            sub.status = SubscriptionStatus::OnHold;
            sub.hold_reason = Some("payment_failed".to_owned());
            store::subscriptions::update(tx, scope.id(), &sub)
        });
        held.unwrap();
    }
}

#[test]
fn pressing_twice_pays_once() {
    World::each(|world| {
        let mut story = Story::begin(world);
        let form = story.browser.get(&story.path());
        assert!(form.says("34.51") && form.says("4242"), "{}", form.body);
        let card = story.card.to_string();
        let first = story.send(&form, &story.path(), &card);
        let second = story.send(&form, &story.path(), &card);
        assert_eq!(first.location(), second.location());
        assert_eq!(story.attempts().len(), 1);

        let progress = story.browser.get(first.location());
        assert_eq!(progress.header("refresh"), Some("1"));
        assert!(progress.says("This page updates by itself"), "{}", progress.body);

        story.acme.succeed(&story.attempts()[0]);
        let paid = story.browser.get(first.location());
        assert_eq!(paid.header("refresh"), None);
        assert!(paid.says("34.51 paid"), "{}", paid.body);
        assert_eq!(story.browser.get(&story.path()).location(), first.location());
    });
}

#[test]
fn a_page_that_takes_too_long_stops_asking() {
    World::with("", |world| {
        let mut story = Story::begin(world);
        let progress = story.pay().location().to_owned();
        world.wait(TimeDelta::minutes(3));
        let page = story.browser.get(&progress);
        assert_eq!(page.header("refresh"), None);
        assert!(page.says("It takes longer than usual"), "{}", page.body);
    });
}

#[test]
fn refusals_are_told_in_plain_words_and_fraud_is_never_named() {
    let words = [
        (DeclineKind::Soft, "your bank declined it"),
        (DeclineKind::Hard, "your bank declined it"),
        (DeclineKind::Fraud, "your bank declined it"),
        (DeclineKind::Limit, "your bank declined it"),
        (DeclineKind::ExpiredMethod, "the card has expired"),
        (DeclineKind::InsufficientFunds, "there was not enough money"),
        (DeclineKind::AuthenticationRequired, "your bank wants you to confirm it"),
    ];
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        for (kind, reason) in words {
            let owner = acme.customer(&format!("{kind}@example.com"));
            let card = acme.card(&owner, "4242").to_string();
            let (_, invoice) = acme.subscribe(&owner);
            let mut browser = world.signed_in(&owner);
            let path = format!("/billing/{invoice}/pay");
            let form = browser.get(&path);
            let (key, amount) = (form.hidden("idempotency_key").unwrap(), form.hidden("amount").unwrap());
            let sent =
                browser.post(&path, &[("idempotency_key", &key), ("amount", &amount), ("method", &card)]);
            let attempts = world.read(|conn, scope| store::attempts::of_invoice(conn, scope.id(), &invoice));
            acme.decline(&attempts[0].id, kind);
            for page in [sent.location().to_owned(), format!("/billing/{invoice}")] {
                let page = browser.get(&page);
                assert!(page.says(reason), "{kind}: {}", page.body);
                let told = page.body.replace("fraud@example.com", "").to_lowercase();
                assert!(!told.contains("fraud"), "{}", page.body);
            }
        }
    });
}

#[test]
fn a_form_from_before_a_failed_try_pays_nothing() {
    World::with("", |world| {
        let mut story = Story::begin(world);
        let form = story.browser.get(&story.path());
        let card = story.card.to_string();
        let first = story.send(&form, &story.path(), &card);
        story.acme.decline(&story.attempts()[0], DeclineKind::Soft);
        assert_eq!(story.send(&form, &story.path(), &card).location(), first.location());
        assert_eq!(story.attempts().len(), 1);

        let again = story.browser.get(&story.path());
        assert!(again.says("Failed on November 21, 2026"), "{}", again.body);
        assert_ne!(story.send(&again, &story.path(), &card).location(), first.location());
        assert_eq!(story.attempts().len(), 2);
    });
}

#[test]
fn nobody_pays_an_amount_they_did_not_see() {
    World::with("", |world| {
        let mut story = Story::begin(world);
        let form = story.browser.get(&story.path());
        let key = form.hidden("idempotency_key").unwrap();
        let (path, card) = (story.path(), story.card.to_string());
        let fields = [("idempotency_key", key.as_str()), ("amount", "1"), ("method", &card)];
        let page = story.browser.post(&path, &fields);
        assert_eq!(page.status, 409);
        assert!(page.says("The amount has changed from €0.01 to €34.51"), "{}", page.body);
        let page = story.browser.post(&path, &[("idempotency_key", &key), ("amount", "3451")]);
        assert_eq!(page.status, 422);
        assert!(page.says("Choose a payment method"), "{}", page.body);
        assert!(story.attempts().is_empty());
    });
}

#[test]
fn the_bank_may_want_the_customer() {
    World::with("", |world| {
        let mut story = Story::begin(world);
        let progress = story.pay().location().to_owned();
        let bank = Outcome::RequiresAction {
            provider_ref: "ch_1".to_owned(),
            url: "https://bank.example/confirm".to_owned(),
            expires_at: None,
        };
        story.acme.answer(&story.attempts()[0], bank);
        let page = story.browser.get(&progress);
        assert!(
            page.says("https://bank.example/confirm") || page.says("https:&#x2F;&#x2F;bank.example"),
            "{}",
            page.body
        );
        assert_eq!(page.header("refresh"), None);

        // Back from the bank, the worker is asked to look at once, and the page waits for it.
        let back = story.browser.get(&story.path());
        assert_eq!(back.location(), progress);
        let page = story.browser.get(&progress);
        assert_eq!(page.header("refresh"), Some("1"));
        let asked = world.read(|conn, scope| store::attempts::to_check(conn, scope.id(), scope.now.wall, 10));
        assert_eq!(asked, story.attempts());
    });
}

#[test]
fn a_subscription_on_hold_comes_back_by_its_invoice() {
    World::with("", |world| {
        let mut story = Story::begin(world);
        let reactivate = format!("/subscriptions/{}/reactivate", story.sub);
        let elsewhere = story.browser.get(&reactivate);
        assert_eq!(elsewhere.location(), format!("/subscriptions/{}", story.sub));

        story.hold();
        let form = story.browser.get(&reactivate);
        assert_eq!(form.location(), story.path());
        let form = story.browser.follow(form);
        assert!(form.says("Reactivate Pro") && form.says(&reactivate), "{}", form.body);
        let card = story.card.to_string();
        let progress = story.send(&form, &reactivate, &card).location().to_owned();
        story.acme.succeed(&story.attempts()[0]);
        let page = story.browser.get(&progress);
        assert!(page.says("Pro is active again"), "{}", page.body);
        assert_eq!(world.subscription(&story.sub).status, SubscriptionStatus::Active);
    });
}

#[test]
fn a_removed_method_pays_nothing_any_more() {
    World::with("", |world| {
        let mut story = Story::begin(world);
        let form = story.browser.get(&story.path());
        engine::usecase::use_method::remove(&world.engine, &world.acme, &story.mina, &story.card).unwrap();
        let card = story.card.to_string();
        assert_eq!(story.send(&form, &story.path(), &card).status, 422);
        assert!(story.attempts().is_empty());
    });
}
