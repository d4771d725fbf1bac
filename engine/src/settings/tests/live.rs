//! Settings that change while the process runs.

use super::{ACME, Folder};
use crate::settings::{LiveSettings, watch};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[test]
fn a_changed_file_holds_after_reload_and_says_what_changed() {
    let folder = Folder::with_acme("");
    let live = LiveSettings::load(folder.sources()).unwrap();
    let before = live.current();
    folder.write("tenants/acme.toml", &format!("{ACME}[portal.sections]\ninvoices = false\n"));
    folder.write("default.toml", "[http]\nbind = \"127.0.0.1:9000\"\n");

    let changed = live.reload().unwrap();
    assert_eq!(changed.keys, ["acme: portal.sections.invoices", "http.bind"]);
    assert_eq!(changed.after_restart, ["http.bind"]);
    assert!(!live.current().tenant("acme").unwrap().portal.sections.invoices);
    assert!(before.tenant("acme").unwrap().portal.sections.invoices, "who holds the old settings keeps them");
    assert!(live.reload().unwrap().keys.is_empty());
}

#[test]
fn a_bad_file_is_refused_and_the_running_settings_stay() {
    let folder = Folder::with_acme("[theme]\nradius = 2\n");
    let live = LiveSettings::load(folder.sources()).unwrap();
    folder.write("tenants/acme.toml", &format!("{ACME}[theme]\nradius = \"round\"\n"));
    let error = live.reload().unwrap_err();
    assert_eq!(error.problems[0].place, folder.place("tenants/acme.toml", 10));
    assert_eq!(error.problems[0].key, "theme.radius");
    assert_eq!(live.current().tenant("acme").unwrap().theme.radius, 2);
}

#[test]
fn the_watcher_follows_changed_new_and_removed_files() {
    let folder = Folder::with_acme("");
    let live = Arc::new(LiveSettings::load(folder.sources()).unwrap());
    let watcher = watch(Arc::clone(&live), Duration::from_millis(5)).unwrap();

    folder.write("tenants/acme.toml", &format!("{ACME}[theme]\nradius = 7\n"));
    wait_until(|| live.current().tenant("acme").unwrap().theme.radius == 7);
    folder.write("tenants/acme.toml", "this is no configuration");
    folder.write("tenants/globex.toml", &ACME.replace("acme", "globex"));
    folder.write("tenants/acme.toml", &format!("{ACME}[theme]\nradius = 8\n"));
    wait_until(|| live.current().tenant("globex").is_some());
    std::fs::remove_file(folder.path("tenants/globex.toml")).unwrap();
    wait_until(|| live.current().tenant("globex").is_none());
    assert_eq!(live.current().tenant("acme").unwrap().theme.radius, 8);
    drop(watcher);
    assert_eq!(Arc::strong_count(&live), 1, "the thread is gone");
}

fn wait_until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(20), "the change was not noticed");
        std::thread::yield_now();
    }
}
