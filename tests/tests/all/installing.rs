//! Providers that an operator brings in: tried before they are used, pinned, and set up by the form they ask for.

use e2e::World;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");
const NAME: &str = "bank-transfer";

fn plugins(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../plugins").join(path)
}

fn text(path: PathBuf) -> String {
    path.display().to_string()
}

/// Component and scenario of a provider.
fn files(component: &str, scenario: &str) -> [String; 2] {
    let scenario = format!("providers/{scenario}/conformance/{scenario}.conformance.toml");
    [text(plugins(&format!("dist/{component}.wasm"))), text(plugins(&scenario))]
}

fn install(world: &World, scenario: &str) -> std::process::Output {
    let [component, scenario] = files(NAME, scenario);
    world.portico_tells(BINARY, &["plugin", "install", &component, "--scenario", &scenario, "--yes"])
}

fn pinned(world: &World) -> bool {
    let list = world.portico_says(BINARY, &["plugin", "list"]);
    list.lines().any(|line| line.starts_with(NAME) && !line.contains("bundled"))
}

#[test]
fn what_passes_is_pinned_and_what_does_not_pass_changes_nothing() {
    World::each(async |world| {
        let refused = install(world, "sandbox");
        let told = String::from_utf8(refused.stdout).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{told}");
        assert!(told.contains("FAIL") && told.contains("what was there stays") && !pinned(world), "{told}");

        let taken = install(world, NAME);
        let told = String::from_utf8(taken.stdout).unwrap();
        assert!(taken.status.success() && told.contains("sha256") && pinned(world), "{told}");
    });
}

#[test]
fn a_component_that_is_laid_down_with_its_scenario_is_taken_in_by_the_worker() {
    World::each(async |world| {
        let folder = world.data_dir().join("providers");
        fs::create_dir_all(&folder).unwrap();
        let [component, scenario] = files(NAME, NAME);
        fs::copy(scenario, folder.join("bank.conformance.toml")).unwrap();
        fs::copy(component, folder.join("bank.wasm")).unwrap();
        let mut worker = world.portico(BINARY, &["worker"], None);
        let began = Instant::now();
        while !pinned(world) {
            assert!(began.elapsed() < Duration::from_secs(120), "it was not taken in");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        worker.kill();
    });
}

#[test]
fn a_file_that_is_not_what_was_installed_is_not_used() {
    World::each(async |world| {
        assert!(install(world, NAME).status.success());
        let holder =
            ["account", "add", NAME, "--name", "Bank", "--set", "account_holder=Acme", "--tenant", "acme"];
        let add = [&holder[..], &["--set", "iban=DE89370400440532013000"]].concat();
        let installed = world.data_dir().join("providers/installed");
        let file = fs::read_dir(&installed).unwrap().next().unwrap().unwrap().path();
        let whole = fs::read(&file).unwrap();
        fs::write(&file, fs::read(plugins("dist/sandbox.wasm")).unwrap()).unwrap();
        assert!(!world.portico_tells(BINARY, &add).status.success());
        fs::write(&file, whole).unwrap();
        world.portico_says(BINARY, &add);
    });
}

#[test]
fn an_account_is_asked_for_what_its_provider_wants() {
    World::each(async |world| {
        let refused = |arguments: &[&str], words: &str| {
            let add = [&["account", "add", NAME, "--name", "Bank", "--tenant", "acme"], arguments].concat();
            let output = world.portico_tells(BINARY, &add);
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && told.contains(words), "{arguments:?}: {told}");
        };
        refused(&[], "--set account_holder=VALUE");
        refused(&["--set", "account_holder=Acme"], "--set iban=VALUE");
        refused(&["--set", "colour=blue"], "colour is no setting of bank-transfer");
        let two_lines = "account_holder=Acme\nLtd";
        refused(&["--set", two_lines, "--set", "iban=DE89370400440532013000"], "cannot be");

        let origin = "http://127.0.0.1:9";
        let secret = world.data_dir().join("provider.key");
        fs::write(&secret, "sk_test\n").unwrap();
        let sandbox = ["account", "add", "sandbox", "--name", "Second", "--tenant", "acme", "--set"];
        let secret = format!("secret_key={}", secret.display());
        let base_url = format!("base_url={origin}");
        let add = [&sandbox[..], &[&base_url, "--secret-file", &secret]].concat();
        let told = String::from_utf8(world.portico_tells(BINARY, &add).stderr).unwrap();
        assert!(told.contains("--grant http://127.0.0.1:9"), "{told}");
        world.portico_says(BINARY, &[&add[..], &["--grant", origin]].concat());
    });
}
