//! Components of languages that cannot do without WASI are given an empty one.

use crate::guest::{Guest, MANIFEST, UNSUPPORTED, charging};
use crate::shop::{charge_of, context, host, limits};
use domain::provider::{CallError, Outcome, Report};
use plugin_host::Account;

async fn charge(guest: Guest<'_>) -> Report<Outcome> {
    let provider = host(limits()).install("test", &guest.build()).await.unwrap();
    provider.charge(&Account::default(), &context("key-1"), &charge_of("pm_1", 100)).await
}

/// A guest that says "unsupported" if its charge came through these instructions.
fn guest(imports: &str, body: &str) -> Guest<'static> {
    Guest { imports: imports.to_owned(), ..charging(&format!("{body} {UNSUPPORTED}")) }
}

#[tokio::test]
async fn there_are_no_files_no_environment_and_no_arguments() {
    let imports = r#"
        (import "wasi:filesystem/preopens@0.2.6" "get-directories" (func $directories (param i32)))
        (import "wasi:cli/environment@0.2.6" "get-environment" (func $environment (param i32)))
        (import "wasi:cli/environment@0.2.6" "get-arguments" (func $arguments (param i32)))"#;
    let empty = |list: &str| {
        format!("(call ${list} (i32.const 600)) (if (i32.load (i32.const 604)) (then unreachable))")
    };
    let body = ["directories", "environment", "arguments"].map(empty).concat();
    assert_eq!(charge(guest(imports, &body)).await.result, Err(CallError::Unsupported));
}

#[tokio::test]
async fn the_clock_is_the_calls_and_stands_still() {
    let imports = r#"
        (import "wasi:clocks/wall-clock@0.2.6" "now" (func $wall (param i32)))
        (import "wasi:clocks/monotonic-clock@0.2.6" "now" (func $monotonic (result i64)))"#;
    let body = "(call $wall (i32.const 600))
        (if (i64.ne (i64.load (i32.const 600)) (call $now)) (then unreachable))
        (if (i64.ne (call $monotonic) (call $monotonic)) (then unreachable))";
    assert_eq!(charge(guest(imports, body)).await.result, Err(CallError::Unsupported));
}

#[tokio::test]
async fn random_numbers_are_random_and_come_in_pieces() {
    let imports = r#"
        (import "wasi:random/random@0.2.6" "get-random-u64" (func $random (result i64)))
        (import "wasi:random/random@0.2.6" "get-random-bytes" (func $bytes (param i64 i32)))"#;
    let differ = "(if (i64.eq (call $random) (call $random)) (then unreachable))";
    assert_eq!(charge(guest(imports, differ)).await.result, Err(CallError::Unsupported));
    let flood = "(call $bytes (i64.const 1000000000) (i32.const 600))";
    assert!(matches!(charge(guest(imports, flood)).await.result, Err(CallError::NotExecuted(_))));
}

#[tokio::test]
async fn the_manifest_is_made_with_the_same_wasi_of_any_version() {
    let imports = r#"
        (import "wasi:random/random@0.2.6" "get-random-u64" (func $random (result i64)))
        (import "wasi:clocks/monotonic-clock@0.2.6" "subscribe-duration"
            (func $subscribe (param i64) (result i32)))"#;
    let body = "(drop (call $random)) (drop (call $subscribe (i64.const 1)))";
    for wasi in ["0.2.0", "0.2.6", "0.2.12"] {
        let guest = Guest { wasi, ..guest(imports, body) }.described(&format!("{body} {MANIFEST}"));
        assert_eq!(charge(guest).await.result, Err(CallError::Unsupported), "{wasi}");
    }
}
