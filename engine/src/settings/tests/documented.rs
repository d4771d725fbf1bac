//! `config/default.toml` is the documentation and the default at once.

use super::Folder;
use crate::settings::sources::{DEFAULTS, EXAMPLE_TENANT};
use crate::settings::{Settings, Sources};
use domain::dunning::Pinned;
use domain::reminder::{ReminderPolicy, usual_win_back};

/// The file with the settings that have no default switched on, too.
fn everything_set() -> String {
    DEFAULTS.replace("#: ", "").replace("hosts = []", "hosts = [\"billing.acme.example\"]")
}

#[test]
fn every_key_of_the_types_is_in_the_file() {
    // Keys without a default are the only optional ones: any other missing key fails to load. With the examples
    // switched on, nothing may be unset.
    let text = everything_set().replace("password_file = \"/etc", "#: \"/etc");
    let settings =
        Settings::from_sources(&Sources::default().with_tenant("all", "all", &tenant_sections(&text)))
            .unwrap_or_else(|error| panic!("{error}"));
    let folder = Folder::new();
    folder.write("default.toml", &text);
    let installation = folder.load().installation;

    let unset = |debug: String| -> Vec<String> {
        debug.lines().filter(|line| line.ends_with(": None,")).map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(unset(format!("{installation:#?}")), ["password_file: None,"], "its file does not exist here");
    let mut tenant = (**settings.tenant("all").unwrap()).clone();
    tenant.dunning.steps.clear();
    assert_eq!(unset(format!("{tenant:#?}")), [""; 0]);
}

/// The part of the file that a business's own file may contain.
fn tenant_sections(text: &str) -> String {
    let sender: Vec<&str> =
        text.lines().filter(|l| l.starts_with("from_") || l.starts_with("reply_to")).collect();
    let businesses = &text[text.find("[tenant]").unwrap()..];
    format!("{businesses}\n[mail]\n{}\n", sender.join("\n"))
}

#[test]
fn copying_the_file_changes_nothing() {
    let (copied, bare) = (Folder::with_acme(""), Folder::with_acme(""));
    copied.write("default.toml", DEFAULTS);
    let (copied, bare) = (copied.load(), bare.load());
    assert_eq!(copied.installation, bare.installation);
    assert_eq!(copied.tenant("acme"), bare.tenant("acme"));
}

#[test]
fn the_default_dunning_is_the_domain_s() {
    let settings = Folder::with_acme("").load();
    assert_eq!(settings.tenant("acme").unwrap().dunning.pinned(), Pinned::default());
}

#[test]
fn the_default_reminders_are_the_domain_s() {
    let settings = Folder::with_acme("").load();
    let acme = settings.tenant("acme").unwrap();
    assert_eq!(acme.reminders, ReminderPolicy::default());
    assert_eq!(acme.win_back.rules, usual_win_back());
}

#[test]
fn the_example_of_a_business_works_as_it_stands() {
    let folder = Folder::new();
    folder.write("tenants/acme.toml", EXAMPLE_TENANT);
    let settings = folder.load();
    let acme = settings.tenant("acme").unwrap();
    assert_eq!((acme.sender_name(), acme.legal_name()), ("Acme Billing", "Acme GmbH"));
    assert_eq!(acme.tax.rate.to_string(), "19");
}

#[test]
fn every_setting_in_the_file_is_explained_in_words() {
    let mut described = false;
    for line in DEFAULTS.lines() {
        let setting = line.trim_start_matches("#: ");
        let is_setting = setting.contains(" = ") && !setting.starts_with(['#', ' ', '{']);
        // A comment describes what follows it, up to the next blank line or section.
        described = match line {
            "" => false,
            _ if line.starts_with('[') => line.contains('#') || described,
            _ if line.starts_with("# ") => true,
            _ => described,
        };
        assert!(
            !is_setting || described || SELF_EVIDENT.iter().any(|name| setting.starts_with(name)),
            "{line}"
        );
    }
}

/// Settings whose name says everything.
const SELF_EVIDENT: [&str; 2] = ["host = ", "port = "];
