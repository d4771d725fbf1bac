//! What a component is given and what not, from its installation to the end of a call. Those that mean harm are in
//! `hostile`.

use crate::guest::{MANIFEST, UNSUPPORTED, component};
use crate::shop::{charge_of, context, host, limits};
use domain::provider::{CallError, Evidence, Outcome, Report};
use plugin_host::{Account, HostError, Limits};
use std::time::Duration;

const FOREVER: &str = "(loop $again (br $again)) unreachable";

/// One charge of a component whose `charge` does this.
async fn charge(body: &str) -> Report<Outcome> {
    let host = host(Limits { cpu: Duration::from_millis(200), ..limits() });
    let provider = host.install("test", &component(MANIFEST, body)).await.unwrap();
    provider.charge(&Account::default(), &context("key-1"), &charge_of("pm_1", 100)).await
}

async fn refusal(describe: &str) -> String {
    let host = host(Limits { cpu: Duration::from_millis(200), ..limits() });
    let error = host.install("test", &component(describe, "unreachable")).await.unwrap_err();
    assert!(host.provider("hostile").is_none());
    error.to_string()
}

#[tokio::test]
async fn a_component_that_says_it_cannot_is_believed() {
    let report = charge(UNSUPPORTED).await;
    assert_eq!(report, Report { result: Err(CallError::Unsupported), evidence: Evidence::default() });
}

#[tokio::test]
async fn an_endless_loop_leaves_the_thread_to_others() {
    let host = host(limits());
    let looping = host.install("loop", &component(MANIFEST, FOREVER)).await.unwrap();
    let (account, context, request) = (Account::default(), context("key-1"), charge_of("pm_1", 100));
    // One thread: the clock only strikes if the loop gives way.
    tokio::select! {
        report = looping.charge(&account, &context, &request) => panic!("ended first: {report:?}"),
        () = tokio::time::sleep(Duration::from_millis(50)) => {}
    }
}

#[tokio::test]
async fn nothing_survives_from_one_call_to_the_next() {
    let once = format!(
        "(if (i32.load (i32.const 128)) (then unreachable)) (i32.store (i32.const 128) (i32.const 1)) {UNSUPPORTED}"
    );
    let provider = host(limits()).install("test", &component(MANIFEST, &once)).await.unwrap();
    for _ in 0..20 {
        let report = provider.charge(&Account::default(), &context("key-1"), &charge_of("pm_1", 100)).await;
        assert_eq!(report.result, Err(CallError::Unsupported));
    }
}

#[tokio::test]
async fn a_manifest_is_given_without_asking_the_host_for_anything() {
    let curious = refusal("(drop (call $now)) (i32.const 1024)").await;
    assert!(curious.contains("describe"), "{curious}");
    assert!(refusal(FOREVER).await.contains("describe"));
    assert!(refusal("unreachable").await.contains("describe"));
}

#[tokio::test]
async fn what_is_no_provider_is_not_installed() {
    let host = host(limits());
    for import in ["wasi:sockets/tcp@0.2.0", "wasi:http/outgoing-handler@0.2.0", "acme:telemetry/send"] {
        let foreign = wat::parse_str(format!(r#"(component (import "{import}" (instance)))"#)).unwrap();
        let error = host.install("foreign", &foreign).await.unwrap_err();
        assert!(error.to_string().contains(&format!("it imports {import}")), "{error}");
    }
    for bytes in
        [&b"not wasm"[..], &wat::parse_str("(module)").unwrap(), &wat::parse_str("(component)").unwrap()]
    {
        assert!(matches!(host.install("odd", bytes).await, Err(HostError::NotAProvider { .. })));
    }
    let large = vec![0; limits().component + 1];
    assert!(matches!(host.install("large", &large).await, Err(HostError::TooLarge { .. })));
}
