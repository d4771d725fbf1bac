//! Who may know whom.

use super::{none, root};
use std::collections::BTreeSet;
use std::fs;

/// The crates that a crate is built from, ours and others, without those for its tests.
fn dependencies(folder: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().cloned().collect()
}

#[test]
fn crates_know_only_those_below_them() {
    let ours = [
        "domain",
        "engine",
        "templates",
        "plugin-conformance",
        "plugin-host",
        "plugin-sdk",
        "simulator",
        "server",
        "worker",
        "cli",
        "e2e",
    ];
    let may_know: [(&str, &[&str]); 10] = [
        ("domain", &[]),
        ("templates", &["domain"]),
        ("plugins/conformance", &["domain", "plugin-host"]),
        ("plugins/host", &["domain"]),
        ("plugins/sdk", &[]),
        ("plugins/simulator", &["domain"]),
        ("engine", &["domain"]),
        ("server", &["domain", "engine", "templates", "plugin-host"]),
        ("worker", &["domain", "engine", "templates", "plugin-host"]),
        (
            "cli",
            &[
                "domain",
                "engine",
                "templates",
                "plugin-conformance",
                "plugin-host",
                "server",
                "worker",
                "simulator",
            ],
        ),
    ];
    for (folder, known) in may_know {
        let wrong: Vec<String> = dependencies(folder)
            .into_iter()
            .filter(|name| ours.contains(&name.as_str()) && !known.contains(&name.as_str()))
            .collect();
        none(&format!("{folder} must not know"), wrong);
    }
}

#[test]
fn each_tool_has_its_one_room() {
    let rooms: [(&str, &[&str]); 6] = [
        ("diesel", &["engine"]),
        ("apalis", &["worker"]),
        ("lettre", &["worker"]),
        ("printpdf", &["worker"]),
        ("wasmtime", &["plugins/host"]),
        ("tera", &["templates"]),
    ];
    let folders = [
        "domain",
        "engine",
        "templates",
        "plugins/host",
        "plugins/sdk",
        "plugins/simulator",
        "server",
        "worker",
        "cli",
    ];
    for folder in folders {
        let built_from = dependencies(folder);
        for (tool, room) in rooms {
            let has = built_from.iter().any(|name| name.starts_with(tool));
            assert!(!has || room.contains(&folder), "{folder} must not know {tool}");
        }
    }
    let no_io = ["tokio", "reqwest", "actix-web", "tracing", "tempfile"];
    let wrong = dependencies("domain").into_iter().filter(|name| no_io.contains(&name.as_str())).collect();
    none("domain does no IO", wrong);
    assert!(!dependencies("engine").contains("actix-web"), "engine knows no HTTP");
}
