//! Five providers that lie about money. The conformance kit refuses each by the name of its lie, the ones that the host
//! would stop as well.

use crate::guest::{Guest, Image, charging, declined, succeeded};
use plugin_conformance::{Lie, Scenario, examine};

/// Where the guests ask: the charge's description holds it.
const URL: &str =
    "(i32.load (i32.add (local.get 0) (i32.const 68))) (i32.load (i32.add (local.get 0) (i32.const 72)))";

/// The answer where the service said 200, and otherwise that nobody knows.
const PAID: &str = "(func $paid (param i32) (result i32)
    (if (i32.or (i32.load8_u (i32.const 256)) (i32.ne (i32.load16_u (i32.const 260)) (i32.const 200)))
        (then (return (call $told))))
    (local.get 0))";

/// A charge that the service makes at once; `method` is how it is asked to.
fn scenario(method: &str) -> Scenario {
    let text = r#"
        [charge]
        key = "pk1_abcdefghijklmnopqrstuvwxyz234567"
        reference = "inst:sub_1:4"
        amount = 1428
        currency = "EUR"
        of = "pm_1"
        provider-ref = "ch_1"
        description = "{{base_url}}/charges"

        [[charge.exchanges]]
        request = "METHOD /charges"
        effect = true
        body = '{"id":"ch_1","amount":1428,"currency":"EUR"}'
    "#;
    text.replace("METHOD", method).parse().unwrap()
}

/// A provider whose charge sends what `ask` says, and then says what `answer` does.
fn provider(ask: &str, answer: impl Fn(&mut Image) -> String) -> Vec<u8> {
    let mut image = Image::at(4096);
    let answer = answer(&mut image);
    Guest { image, more: PAID.to_owned(), ..charging(&format!("{ask} {answer}")) }.build()
}

fn paid(image: &mut Image) -> String {
    format!("(call $paid {})", succeeded(image, "ch_1", 1428, "EUR"))
}

async fn is_refused_for(lie: Lie, component: &[u8], method: &str) {
    let findings = examine(component, &scenario(method)).await.unwrap();
    assert!(!findings.passed() && findings.lies().contains(&lie), "{lie}\n{findings}");
    assert!(findings.to_string().lines().last().unwrap().contains(&lie.to_string()), "{findings}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_sent() {
    is_refused_for(Lie::NoKey, &provider(&format!("(call $get {URL})"), paid), "GET").await;
}

/// The host gives each step a key of its own, so a step named after the clock is a new key each time.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_on_every_send() {
    let ask = format!(
        "(i32.store8 (i32.const 3000)
            (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (call $now) (i64.const 10)))))
        (call $send (i32.const 1) {URL} (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
            (i32.const 1) (i32.const 3000) (i32.const 1) (i32.const 256))"
    );
    is_refused_for(Lie::NewKeyOnEverySend, &provider(&ask, paid), "POST").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_amount_is_echoed() {
    is_refused_for(Lie::WrongAmountEchoed, &provider(&format!("(call $post {URL})"), paid), "POST").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn success_without_a_request() {
    let component = provider("", |image| succeeded(image, "ch_1", 1428, "EUR"));
    is_refused_for(Lie::SuccessWithoutRequest, &component, "POST").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decline_for_a_timeout() {
    let component = provider(&format!("(call $post {URL})"), |image| {
        let (refused, paid) = (declined(image, "try_again"), paid(image));
        format!("(if (i32.load8_u (i32.const 256)) (then (return {refused}))) {paid}")
    });
    is_refused_for(Lie::DeclineForSilence, &component, "POST").await;
}
