//! Calls of payment providers are recorded, and a component is tried on them before it takes the place of another.

use chrono::TimeDelta;
use e2e::{World, WorldOptions, cards};
use engine::ids::CallId;
use engine::query::provider_calls::recorded_calls;
use engine::settings::Secret;
use engine::store::provider_calls::{self, ProviderCall, Which};
use engine::usecase::keep_call::{NewCall, keep_call};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

fn plugins(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../plugins").join(path)
}

/// The component that talks to the simulator, but for one letter: it names a field of its charges otherwise.
fn another_component(world: &World) -> String {
    let mut component = fs::read(plugins("dist/sandbox.wasm")).unwrap();
    let fields = b"referencedescriptionoff_session";
    let at = component.windows(fields.len()).position(|bytes| bytes == fields).unwrap();
    component[at + "referencedescriptio".len()] = b'm';
    let path = world.data_dir().join("another.wasm");
    fs::write(&path, component).unwrap();
    path.display().to_string()
}

fn calls(world: &World) -> Vec<ProviderCall> {
    let all = Which::default();
    world.engine.db.read(|conn| provider_calls::page(conn, &world.acme, &all, None, 1_000)).unwrap()
}

/// Waits until so many calls are kept, which is done on the side.
async fn kept(world: &World, at_least: usize) -> Vec<ProviderCall> {
    let began = Instant::now();
    loop {
        let calls = calls(world);
        if calls.len() >= at_least {
            return calls;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{} of {at_least} calls are kept", calls.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What `portico plugin ...` says, and its exit code.
fn plugin(world: &World, arguments: &[&str]) -> (String, Option<i32>) {
    let output = world.portico_tells(BINARY, &[&["plugin"], arguments].concat());
    let told = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    (told, output.status.code())
}

#[test]
fn last_months_calls_are_run_again_before_another_component_is_installed() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.past_due("bea@example.com").await;
        let lost = json!({
            "match": { "path": "/v1/charges", "method": "POST" }, "nth": 1, "when": "after_effect", "do": "reset",
        });
        world.simulator.script(lost).await;
        world.jump("1 month");
        world.settle().await;
        for _ in 0..4 {
            world.wait(TimeDelta::minutes(10));
            world.settle().await;
        }
        let attempt = world.attempts(&ada).remove(0).id;
        let before = kept(world, 4).await;
        for function in ["charge", "look-up"] {
            assert!(before.iter().any(|call| call.function == function), "{function}");
        }
        let first = before.iter().find(|call| call.attempt_id.as_ref() == Some(&attempt)).unwrap();

        let (told, code) = plugin(world, &["replay"]);
        assert!(code == Some(0) && told.contains("charge: ") && !told.contains("differ"), "{told}");
        let another = another_component(world);
        let (told, code) = plugin(world, &["replay", &another, "--tenant", "acme"]);
        assert_eq!(code, Some(1), "{told}");
        let line = format!("{}  {attempt}  charge: request 1 has another body", first.id);
        assert!(told.contains(&line) && !told.contains("ada@example.com"), "{told}");
        let (told, _) = plugin(world, &["replay", &another, "--attempt", attempt.as_str()]);
        assert!(told.contains("charge: 0 the same, 1 differ\n"), "{told}");
        upgrade(world, &another);
    });
}

/// It passes, and would ask for something else than before: that is for the operator to want.
fn upgrade(world: &World, component: &str) {
    let scenario = plugins("providers/sandbox/conformance/sandbox.conformance.toml").display().to_string();
    let install = ["install", component, "--scenario", &scenario, "--yes"];
    let (told, code) = plugin(world, &install);
    assert!(code == Some(1) && told.contains("It passes.") && told.contains("Not installed"), "{told}");
    let (told, code) = plugin(world, &[&install[..], &["--despite-differences"]].concat());
    assert!(code == Some(0) && told.contains("Installed"), "{told}");
}

#[test]
fn what_is_kept_is_sealed_holds_no_secret_and_is_forgotten_in_time() {
    World::each(async |world| {
        world.subscriber("ada@example.com", cards::GOOD).await;
        let call = kept(world, 1).await.remove(0);
        let opened = recorded_calls(&world.engine, &world.acme, &Which::default(), None).unwrap();
        let tape = opened[0].tape.as_ref().unwrap().expose();
        assert!(tape.contains("/v1/charges") && tape.contains("{{secret:secret_key}}"), "{tape}");
        for hidden in ["sk_sim_story", "whsec_acme"] {
            assert!(!tape.contains(hidden), "{hidden}");
        }
        assert!(!call.tape.contains("/v1/charges"), "what lies in the database is sealed");

        let is_there = |id: &CallId| calls(world).iter().any(|call| &call.id == id);
        world.wait(TimeDelta::days(29));
        world.settle().await;
        assert!(is_there(&call.id));
        world.wait(TimeDelta::days(2));
        world.settle().await;
        assert!(!is_there(&call.id));
    });
}

#[test]
fn nothing_is_kept_where_nobody_wants_it() {
    let options = WorldOptions {
        environment: &[("PORTICO__PAYMENTS__KEEP_CALLS_DAYS", "0")],
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        let call = NewCall {
            account: world.account_of(&world.acme),
            key: None,
            provider: "sandbox".to_owned(),
            component: "00".repeat(32),
            function: "list-since",
            tape: Secret::new("{}"),
        };
        keep_call(&world.engine, &world.acme, call).unwrap();
        world.subscriber("ada@example.com", cards::GOOD).await;
        assert!(calls(world).is_empty());
        let (told, code) = plugin(world, &["replay"]);
        assert_eq!((told.trim(), code), ("No calls are recorded.", Some(0)));
    });
}
