//! Calls that are recorded, and run again on the same component or another: without the service, and without a secret.

use crate::guest::{Fields, Guest, Image, UNSUPPORTED, charging, declined};
use crate::shop::*;
use crate::upstream::Upstream;
use chrono::DateTime;
use domain::provider::{
    CallError, Delivery, Found, Movement, Outcome, RefundRequest, SetupRequest, SetupState,
};
use hmac::{Hmac, KeyInit, Mac};
use plugin_host::{Account, Difference, Host, HostOptions, Limits, Part, Provider, SecretValue, Tape};
use serde_json::json;
use sha2::Sha256;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Tapes of calls, in the order in which they ended.
#[derive(Clone, Default)]
pub struct Tapes(Arc<Mutex<Vec<Tape>>>);

impl Tapes {
    pub fn of(&self, provider: &Provider) -> Provider {
        let tapes = self.0.clone();
        provider.recorded(Arc::new(move |tape| tapes.lock().unwrap().push(tape)))
    }

    /// As they come back from whoever kept them.
    fn all(&self) -> Vec<Tape> {
        self.0.lock().unwrap().iter().map(|tape| Tape::from_text(&tape.to_text()).unwrap()).collect()
    }

    pub fn only(&self) -> Tape {
        let [tape] = self.all().try_into().unwrap();
        tape
    }
}

async fn provider(guest: Guest<'_>) -> Arc<Provider> {
    host(limits()).install("test", &guest.build()).await.unwrap()
}

/// The tape of a charge by this guest at this account.
async fn charge_taped(guest: Guest<'_>, account: &Account) -> Tape {
    let tapes = Tapes::default();
    let recorded = tapes.of(&*provider(guest).await);
    drop(recorded.charge(account, &context("key-1"), &charge_of("pm_1", 100)).await);
    tapes.only()
}

/// Sends POST to each of these paths, then declines with this code.
fn posts(base_url: &str, paths: &[&str], code: &str) -> Guest<'static> {
    let mut image = Image::at(4096);
    let sends: String = paths
        .iter()
        .map(|path| format!("(call $post {})", image.push(&format!("{base_url}{path}"))))
        .collect();
    let declined = declined(&mut image, code);
    Guest { image, ..charging(&format!("{sends} {declined}")) }
}

#[tokio::test]
async fn everything_the_sandbox_did_comes_to_the_same_without_its_service() {
    let tapes = Tapes::default();
    let mut shop = Shop::open().await;
    let plain = shop.provider.clone();
    shop.provider = Arc::new(tapes.of(&plain));
    let (good, poor, asks) = (shop.card(GOOD).await, shop.card(NO_MONEY).await, shop.card(ALWAYS_ASKS).await);
    let slow = shop.card(STAYS_PENDING).await;
    let Ok(Outcome::Succeeded(settled)) = shop.charge("key-1", &good, 1428).await.result else { panic!() };
    assert!(matches!(shop.charge("key-2", &poor, 500).await.result, Ok(Outcome::Declined(_))));
    assert!(matches!(shop.charge("key-3", &asks, 500).await.result, Ok(Outcome::RequiresAction { .. })));
    let Ok(Outcome::Pending { provider_ref }) = shop.charge("key-4", &slow, 500).await.result else {
        panic!()
    };
    shop.provider.cancel(&shop.account, &context("key-4"), &provider_ref).await.result.unwrap();
    let refund = RefundRequest { amount: euro(400), charge_ref: settled.provider_ref };
    shop.provider.refund(&shop.account, &context("key-5"), &refund).await.result.unwrap();
    let query = query(Movement::Refund, "key-5");
    assert!(matches!(shop.provider.lookup(&shop.account, &query).await.result, Ok(Found::Outcome(_))));
    shop.provider.list_since(&shop.account, query.since, None).await.result.unwrap();
    set_up_and_detach(&shop).await;
    shop.close().await;

    let taped = tapes.all();
    let functions: Vec<_> = taped.iter().map(Tape::function).collect();
    let charges = ["charge"; 4];
    let rest = [
        "cancel",
        "refund",
        "look-up",
        "list-since",
        "begin-setup",
        "complete-setup",
        "complete-setup",
        "detach",
    ];
    assert_eq!(functions, [&charges[..], &rest].concat());
    for tape in taped {
        assert_eq!(plain.replay(&tape).await, None, "{}", tape.to_text());
        assert!(!tape.to_text().contains("sk_test"), "{}", tape.to_text());
    }
}

async fn set_up_and_detach(shop: &Shop) {
    let request = SetupRequest {
        customer_ref: None,
        customer_id: "cus_01".to_owned(),
        email: "mira@okafor.example".to_owned(),
        kind: "card".to_owned(),
        return_url: RETURN_URL.to_owned(),
        locale: "en".to_owned(),
    };
    let started = shop.provider.begin_setup(&shop.account, &context("set-1"), &request).await.result.unwrap();
    let state = async || shop.provider.complete_setup(&shop.account, &started.setup_ref).await.result;
    assert_eq!(state().await, Ok(SetupState::Open));
    shop.type_card(&started.url, GOOD).await;
    let Ok(SetupState::Done(method)) = state().await else { panic!("not done") };
    shop.provider.detach(&shop.account, &context("det-1"), &method.method_ref).await.result.unwrap();
}

#[tokio::test]
async fn what_went_wrong_goes_wrong_in_the_same_way() {
    let tapes = Tapes::default();
    let mut shop = Shop::with(Limits { exchange: Duration::from_millis(300), ..limits() }).await;
    let plain = shop.provider.clone();
    shop.provider = Arc::new(tapes.of(&plain));
    let card = shop.card(GOOD).await;
    for (key, trick) in [
        ("garbage", json!("garbage")),
        ("reset", json!("reset")),
        ("server-error", json!({ "http": 500 })),
        ("limited", json!({ "http": 429 })),
        ("silence", json!("blackhole")),
        ("large", json!({ "huge": 3_000_000 })),
    ] {
        shop.script(json!({ "match": { "key_prefix": key }, "when": "after_effect", "do": trick })).await;
        shop.charge(key, &card, 700).await.result.unwrap_err();
    }
    let nobody = Account { grants: Vec::new(), ..shop.account.clone() };
    let keyless = Account { secrets: [].into(), ..shop.account.clone() };
    for account in [nobody, keyless] {
        let report = shop.provider.charge(&account, &context("no"), &charge_of(&card, 700)).await;
        assert!(matches!(report.result, Err(CallError::NotExecuted(_) | CallError::Misconfigured(_))));
    }
    shop.close().await;
    let report = plain.charge(&shop_account(), &context("down"), &charge_of(&card, 700)).await;
    assert!(report.evidence.proves_unexecuted());
    assert_eq!(tapes.all().len(), 8);
    for tape in tapes.all() {
        assert_eq!(plain.replay(&tape).await, None, "{}", tape.to_text());
    }
}

/// An account at a service that nobody runs.
fn shop_account() -> Account {
    account("http://127.0.0.1:9")
}

#[tokio::test]
async fn a_call_that_was_cut_off_is_cut_off_at_the_same_place() {
    let service = Upstream::start().await;
    let short = Limits { wall: Duration::from_millis(300), ..limits() };
    let account = account(&service.url());
    let tapes = Tapes::default();
    let guest = posts(&service.url(), &["/fine", "/hang"], "never");
    let provider = host(short).install("test", &guest.build()).await.unwrap();
    let report = tapes.of(&provider).charge(&account, &context("key-1"), &charge_of("pm_1", 100)).await;
    let Err(CallError::Unknown(why)) = &report.result else { panic!("{report:?}") };
    assert!(why.contains("too long"), "{why}");
    assert_eq!(provider.replay(&tapes.only()).await, None);
    let other = self::provider(posts(&service.url(), &["/fine", "/other"], "never")).await;
    assert_eq!(other.replay(&tapes.only()).await, Some(Difference::Request(2, Part::Path)));
}

#[tokio::test]
async fn a_component_that_asks_for_something_else_is_found_out() {
    let service = Upstream::start().await;
    let (url, account) = (service.url(), account(&service.url()));
    let tape = charge_taped(posts(&url, &["/one", "/two"], "no"), &account).await;
    let asked = service.heads().len();
    let replay =
        async |paths: &[&str], code: &str| provider(posts(&url, paths, code)).await.replay(&tape).await;

    assert_eq!(replay(&["/one", "/two"], "no").await, None);
    assert_eq!(replay(&["/one", "/other"], "no").await, Some(Difference::Request(2, Part::Path)));
    assert_eq!(replay(&["/one?fast", "/two"], "no").await, Some(Difference::Request(1, Part::Query)));
    assert_eq!(replay(&["/one", "/two", "/three"], "no").await, Some(Difference::OneMoreRequest(3)));
    assert_eq!(replay(&["/one"], "no").await, Some(Difference::FewerRequests(1, 2)));
    let outcome = replay(&["/one", "/two"], "later").await;
    assert_eq!(outcome, Some(Difference::Outcome("Ok.Declined.code".to_owned())));
    assert_eq!(service.heads().len(), asked, "nothing is sent when a tape plays");
}

#[tokio::test]
async fn a_component_that_no_longer_names_its_host_is_found_out() {
    let service = Upstream::start().await;
    let tape = charge_taped(posts(&service.url(), &["/one"], "no"), &account(&service.url())).await;
    let mut guest = posts(&service.url(), &["/one"], "no");
    guest.shown.hosts = &["api.example.com"];
    let found = provider(guest).await.replay(&tape).await;
    assert_eq!(found, Some(Difference::Forbidden(1, "the manifest does not name this host")));
}

#[tokio::test]
async fn a_secret_that_a_service_echoes_is_on_no_tape() {
    const SECRET: &str = "sk_live_51h8xyz";
    let service = Upstream::start().await;
    let secrets = [("secret_key".to_owned(), SecretValue::new(SECRET.to_owned()))].into();
    let account = Account { secrets, ..account(&service.url()) };
    let mut image = Image::at(4096);
    let [name, value] = ["x-secret", "{{secret:secret_key}}"].map(|text| image.text(text));
    let mut header = Fields::default();
    header.pair(name).pair(value);
    let headers = image.put(&header.0);
    let url = image.push(&format!("{}/echo", service.url()));
    let guest = Guest {
        image,
        ..charging(&format!(
            "(call $with (i32.const 1) {url} (i32.const {headers}) (i32.const 1)) (call $told)"
        ))
    };
    let provider = provider(guest).await;
    let tapes = Tapes::default();
    drop(tapes.of(&provider).charge(&account, &context("key-1"), &charge_of("pm_1", 100)).await);
    assert!(service.heads()[0].contains(SECRET), "the service was sent the secret");
    let text = tapes.only().to_text();
    assert!(text.contains("{{secret:secret_key}}") && !text.contains(SECRET), "{text}");
    assert_eq!(provider.replay(&tapes.only()).await, None);
}

#[tokio::test]
async fn random_numbers_and_times_are_those_of_the_call() {
    // The words of the error are 12 random bytes, as letters, and the last digit of the time.
    let mut image = Image::at(4096);
    let words = image.put(b"------------0");
    let mut error = Fields::default();
    error.byte(1).align(8).byte(1).pair([words, 13]).0.resize(48, 0);
    let error = image.put(&error.0);
    let letters: String = (0..12)
        .map(|at| {
            format!(
                "(i32.store8 (i32.const {}) (i32.add (i32.const 65)
                    (i32.and (i32.wrap_i64 (call $random)) (i32.const 15))))",
                words + at
            )
        })
        .collect();
    let digit = format!(
        "(drop (call $now)) (i32.store8 (i32.const {}) (i32.add (i32.const 48)
            (i32.wrap_i64 (i64.rem_u (call $now) (i64.const 10)))))",
        words + 12
    );
    let guest = Guest {
        image,
        imports: r#"(import "wasi:random/random@0.2.6" "get-random-u64" (func $random (result i64)))"#
            .to_owned(),
        ..charging(&format!("{letters} {digit} (i32.const {error})"))
    };
    let ticking = AtomicI64::new(1_800_000_000);
    let now = Arc::new(move || {
        DateTime::from_timestamp(ticking.fetch_add(1, Ordering::Relaxed), 0).unwrap().naive_utc()
    });
    let options = HostOptions { cache_dir: None, limits: limits(), now };
    let provider = Host::new(options).unwrap().install("test", &guest.build()).await.unwrap();
    let tapes = Tapes::default();
    let recorded = tapes.of(&provider);
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        let report = recorded.charge(&shop_account(), &context("key-1"), &charge_of("pm_1", 100)).await;
        outcomes.push(report.result.unwrap_err().to_string());
    }
    assert_ne!(outcomes[0][..20], outcomes[1][..20], "random numbers of two calls differ");
    for tape in tapes.all() {
        assert_eq!(provider.replay(&tape).await, None);
    }
}

#[tokio::test]
async fn a_signature_is_found_good_again_without_its_secret() {
    let tapes = Tapes::default();
    let (name, bytes) = Host::bundled().iter().find(|(name, _)| *name == "stripe").unwrap();
    let provider = host(limits()).install(name, bytes).await.unwrap();
    let secret = |key: &str, value: &str| (key.to_owned(), SecretValue::new(value.to_owned()));
    let account = Account {
        secrets: [secret("secret_key", "sk_test"), secret("webhook_secret", "whsec_1")].into(),
        ..Account::default()
    };
    let body = include_str!("../../../providers/stripe/fixtures/event.payment_intent.succeeded.json");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"whsec_1").unwrap();
    mac.update(format!("1800000000.{body}").as_bytes());
    let mac = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
    let good = format!("t=1800000000,v1={mac}");
    for signature in [good, "t=1800000000,v1=00".to_owned()] {
        let delivery = Delivery {
            headers: vec![("stripe-signature".to_owned(), signature)],
            body: body.as_bytes().to_vec(),
            received_at: DateTime::from_timestamp(1_800_000_001, 0).unwrap().naive_utc(),
        };
        drop(tapes.of(&provider).verify_webhook(&account, &delivery).await);
    }
    for tape in tapes.all() {
        assert_eq!(tape.function(), "verify-webhook");
        assert!(!tape.to_text().contains("whsec_1"));
        assert_eq!(provider.replay(&tape).await, None, "{}", tape.to_text());
    }
    assert_eq!(tapes.all().len(), 2);
}

#[tokio::test]
async fn a_call_that_is_too_large_is_not_recorded() {
    let service = Upstream::start().await;
    let account = account(&service.url());
    for (times, kept) in [(2, 1), (3, 0)] {
        let mut image = Image::at(4096);
        let url = image.push(&format!("{}/fine", service.url()));
        let send = format!(
            "(call $send (i32.const 1) {url} (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 100000)
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 256))"
        );
        let guest = Guest { image, ..charging(&format!("{} {UNSUPPORTED}", send.repeat(times))) };
        let tapes = Tapes::default();
        let recorded = tapes.of(&*provider(guest).await);
        drop(recorded.charge(&account, &context("key-1"), &charge_of("pm_1", 100)).await);
        assert_eq!(tapes.all().len(), kept);
    }
}
