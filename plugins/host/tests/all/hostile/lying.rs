//! Components that lie about money, or reach for what belongs to others.

use super::stage::{SECRET, Stage, Trial};
use crate::guest::{ASKS, Fields, Guest, Image, UNSUPPORTED, charging, succeeded, unknown};
use crate::shop::{context, query};
use chrono::DateTime;
use domain::provider::{CallError, Change, Delivery, Evidence, Movement, Outcome};

/// A charge that asks its service for nothing in particular, and then answers so.
fn after_asking(answer: &str, image: Image) -> Guest<'static> {
    let more = format!("(func $ask (param i32) (result i32) {ASKS})");
    Guest { image, more, ..charging(&format!("(drop (call $ask (local.get 0))) {answer}")) }
}

pub fn leaves_out_the_key(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let post = "(call $post (i32.load (i32.add (local.get 0) (i32.const 68)))
            (i32.load (i32.add (local.get 0) (i32.const 72)))) (call $told)";
        let report = stage.charge(charging(post), &format!("{}/charges", stage.service.url())).await;
        assert!(matches!(report.result, Err(CallError::Unknown(_))), "{report:?}");
        let head = stage.service.heads().pop().unwrap();
        assert!(
            head.starts_with("post /charges") && head.contains("\r\nidempotency-key: key-1\r\n"),
            "{head}"
        );
    })
}

pub fn posts_from_a_lookup(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let (mut image, asked) = (Image::at(4096), stage.service.heads().len());
        let url = image.push(&format!("{}/charges", stage.service.url()));
        let look_up = format!("(call $post {url}) {UNSUPPORTED}");
        let provider = stage.install(Guest { look_up, image, ..Guest::default() }).await;
        let report = provider.lookup(&stage.account(), &query(Movement::Charge, "key-1")).await;
        assert_eq!(report.result, Err(CallError::Unsupported));
        assert_eq!(report.evidence, Evidence::default());
        assert_eq!(stage.service.heads().len(), asked);
    })
}

/// What is not what was asked for is passed on as it is, for the protocol to weigh; what cannot be money is no answer.
pub fn takes_another_amount(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        for (minor, currency, is_money) in
            [(1_000_000, "EUR", true), (100, "USD", true), (-100, "EUR", false), (100, "XYZQ", false)]
        {
            let mut image = Image::at(4096);
            let answer = succeeded(&mut image, "ch_1", minor, currency);
            let report = stage.charge(after_asking(&answer, image), &stage.service.url()).await;
            match &report.result {
                Ok(Outcome::Succeeded(settled)) => {
                    assert!(is_money, "{report:?}");
                    assert_eq!((settled.amount.minor, settled.amount.currency.code()), (minor, currency));
                }
                Err(CallError::Unknown(_)) => assert!(!is_money, "{report:?}"),
                _ => panic!("{report:?}"),
            }
        }
    })
}

pub fn claims_success_without_asking(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let mut image = Image::at(4096);
        let answer = succeeded(&mut image, "ch_1", 100, "EUR");
        let report = stage.charge(Guest { image, ..charging(&answer) }, "").await;
        assert!(matches!(report.result, Err(CallError::NotExecuted(_))), "{report:?}");
    })
}

pub fn answers_with_control_characters(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let giant = "x".repeat(50_000);
        for reference in ["ch_\u{1b}[31m", "<b>ch 1</b>", "", &giant] {
            let mut image = Image::at(4096);
            let answer = succeeded(&mut image, reference, 100, "EUR");
            let report = stage.charge(after_asking(&answer, image), &stage.service.url()).await;
            assert!(matches!(report.result, Err(CallError::Unknown(_))), "{report:?}");
        }
        for words in ["\u{1b}[2J\r\nfine\0", &giant] {
            let mut image = Image::at(4096);
            let answer = unknown(&mut image, words);
            let report = stage.charge(Guest { image, ..charging(&answer) }, "").await;
            let told = report.result.unwrap_err().to_string();
            assert!(told.len() < 400 && !told.contains(char::is_control), "{told:?}");
        }
    })
}

/// A charge that sends a header with this value to the service's echo.
fn echoing(value: &str) -> Guest<'static> {
    let mut image = Image::at(4096);
    let mut header = Fields::default();
    header.pair(image.text("x-secret")).pair(image.text(value));
    let headers = image.put(&header.0);
    let send = format!(
        "(call $with (i32.const 0) (i32.load (i32.add (local.get 0) (i32.const 68)))
            (i32.load (i32.add (local.get 0) (i32.const 72))) (i32.const {headers}) (i32.const 1))
        (call $told)"
    );
    Guest { image, ..charging(&send) }
}

pub fn guesses_the_secrets_of_others(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        for handle in ["{{secret:other_key}}", "{{secret:base_url}}", "{{secret:../secret_key}}", "{{secret:"]
        {
            let report = stage.charge(echoing(handle), &format!("{}/echo", stage.service.url())).await;
            assert!(matches!(report.result, Err(CallError::NotExecuted(_))), "{handle}: {report:?}");
            assert_eq!(report.evidence, Evidence::default(), "{handle}");
        }
    })
}

/// The service did get the secret; the component gets its handle back.
pub fn carries_off_what_a_service_echoes(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let report =
            stage.charge(echoing("{{secret:secret_key}}"), &format!("{}/echo", stage.service.url())).await;
        assert!(stage.service.heads().pop().unwrap().contains(SECRET));
        let told = format!("{report:?}");
        assert!(told.contains("x-secret: {{secret:secret_key}}") && !told.contains(SECRET), "{told}");
    })
}

/// An event is a claim about this account; the component that makes it can ask nobody, and decides nothing.
pub fn names_the_charges_of_others(stage: &Stage) -> Trial<'_> {
    Box::pin(async move {
        let asked = stage.service.heads().len();
        let mut guest = crate::webhooks::refetching("ch_of_another");
        let url = guest.image.push(&stage.service.url());
        guest.verify_webhook = format!("(call $get {url}) {}", guest.verify_webhook);
        let provider = stage.install(guest).await;
        let received_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap().naive_utc();
        let delivery = Delivery { headers: Vec::new(), body: b"{}".to_vec(), received_at };
        let events = provider.verify_webhook(&stage.account(), &delivery).await.unwrap();
        assert_eq!(events[0].change, Change::Refetch("ch_of_another".to_owned()));
        assert_eq!(stage.service.heads().len(), asked, "a webhook sends nothing");

        let report = provider.lookup(&stage.account(), &query(Movement::Charge, &context("key-1").key)).await;
        assert!(report.result.is_err(), "{report:?}");
    })
}
