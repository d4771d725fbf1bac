//! What the words of the sources may not say.

use super::{Source, none, sources};
use std::collections::BTreeMap;

/// Longest source file, in lines.
const LONGEST: usize = 400;

#[test]
fn the_domain_touches_nothing_outside() {
    let outside = ["std::fs", "std::net", "std::env", "std::process", "std::thread", "println!", "eprintln!"];
    none(
        "domain does no IO",
        sources(&["domain/src"], &[".rs"]).iter().flat_map(|s| s.hits(&outside)).collect(),
    );
}

#[test]
fn money_never_floats() {
    let folders = sources(&["domain", "engine"], &[".rs", ".sql"]);
    let float = |line: &str| {
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.into_iter().any(|w| ["f32", "f64", "REAL", "DOUBLE", "FLOAT"].contains(&w))
    };
    let found = folders.iter().flat_map(|source| {
        source.code().filter(|(_, line)| float(line)).map(|(n, line)| format!("{}:{n}: {line}", source.path))
    });
    none("floating point", found.collect());
}

#[test]
fn the_wall_clock_is_read_in_one_place() {
    let asks = ["Utc::now", "Local::now", "SystemTime::now"];
    let folders = [
        "domain/src",
        "engine/src",
        "templates/src",
        "plugins/conformance/src",
        "plugins/host/src",
        "plugins/sdk/src",
        "server/src",
        "worker/src",
        "cli/src",
    ];
    let found = sources(&folders, &[".rs"]).into_iter().filter(|source| !source.is(&["engine/src/clock.rs"]));
    none("asks the time", found.flat_map(|source| source.hits(&asks)).collect());
}

#[test]
fn only_tests_and_copies_do_not_wait_for_the_disk() {
    let folders = ["engine/src", "server/src", "worker/src", "cli/src"];
    let may = ["engine/src/db/testing.rs", "engine/src/db/copy.rs"];
    let found = sources(&folders, &[".rs"]).into_iter().filter(|source| !source.is(&may));
    none("does not wait", found.flat_map(|source| source.hits(&["synchronous_full: false"])).collect());
}

#[test]
fn sql_is_spoken_in_the_engine_only() {
    let folders = ["domain", "templates", "plugins", "server", "worker", "cli", "tests/src"];
    none(
        "speaks SQL",
        sources(&folders, &[".rs"]).iter().flat_map(|source| source.hits(&["diesel::"])).collect(),
    );
}

#[test]
fn one_place_says_what_became_of_an_attempt() {
    let settle = "engine/src/usecase/settle.rs";
    let ends = ["Succeeded", "Failed", "Error", "Cancelled", "Reversed"];
    let mut found = Vec::new();
    let mut writes = 0;
    for source in sources(&["engine/src", "server/src", "worker/src", "cli/src"], &[".rs"]) {
        let says = source.hits(&["attempt.state = ", "state = AttemptState::"]);
        if source.is(&[settle]) {
            writes += says.len();
            continue;
        }
        // That a submission has begun is no end.
        found.extend(says.into_iter().filter(|line| {
            !line.contains("= AttemptState::") || ends.iter().any(|end| line.contains(&format!("::{end}")))
        }));
    }
    none("writes a terminal state of an attempt", found);
    assert_eq!(writes, 1, "in {settle}");
}

#[test]
fn no_provider_is_named_outside_its_own_folder() {
    let names = ["stripe", "paypal", "adyen", "mollie", "braintree", "gocardless", "\"sandbox\""];
    let exceptions = [
        // The components that come with the binary.
        "plugins/host/src/host.rs",
        // The demo sells through the simulator.
        "cli/src/demo/",
        // Pictures and words for kinds of payment methods, which people know by these names.
        "templates/src/page/common.rs",
    ];
    let folders = [
        "domain/src",
        "engine/src",
        "templates/src",
        "plugins/conformance/src",
        "plugins/host/src",
        "plugins/sdk/src",
        "server/src",
        "worker/src",
        "cli/src",
        "migrations",
        "config",
    ];
    let found =
        sources(&folders, &[".rs", ".sql", ".toml"]).into_iter().filter(|source| !source.is(&exceptions));
    let lower = found.map(|source| Source { text: source.text.to_lowercase(), ..source });
    none("names a provider", lower.flat_map(|source| source.hits(&names)).collect());
}

#[test]
fn files_stay_readable() {
    let longer: BTreeMap<&str, &str> = BTreeMap::from([
        ("domain/tests/all/attempt.rs", "one table of cases for one state machine"),
        ("engine/src/db/schema/billing.rs", "a list of tables"),
        ("engine/src/store/jobs.rs", "one table whose statements lean on each other"),
    ]);
    let folders = ["domain", "engine", "templates", "plugins", "server", "worker", "cli", "tests"];
    let all = sources(&folders, &[".rs"]);
    let too_long =
        all.iter().filter(|s| s.text.lines().count() > LONGEST && !longer.contains_key(s.path.as_str()));
    none("too long", too_long.map(|s| format!("{}: {} lines", s.path, s.text.lines().count())).collect());
    for (path, reason) in longer {
        assert!(all.iter().any(|s| s.path == path), "{path} ({reason}) is gone: take it off the list");
    }
}

#[test]
fn templates_escape_everything() {
    let known = [
        // Names of font families that we ship ourselves, inside a style sheet.
        "templates/invoice/document.html",
    ];
    let found = sources(&["templates"], &[".html"]);
    let unsafe_lines =
        found.iter().filter(|s| !s.is(&known)).flat_map(|source| source.hits(&["| safe", "|safe"]));
    none("is not escaped", unsafe_lines.collect());
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "todo!(", "unimplemented!("].map(str::to_owned);
    let folders = [
        "domain",
        "engine",
        "templates",
        "plugins",
        "server",
        "worker",
        "cli",
        "tests/src",
        "migrations",
        "config",
    ];
    let endings = [".rs", ".html", ".ftl", ".sql", ".toml", ".css", ".js", ".wit"];
    let mut found = Vec::new();
    for source in sources(&folders, &endings) {
        for (n, line) in source.text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word.as_str())) {
                found.push(format!("{}:{}: {}", source.path, n + 1, line.trim()));
            }
        }
    }
    none("is left for later", found);
}
