//! Which layer wins, and what `explain` says about it.

use super::{ACME, Folder, env, line};
use crate::settings::words::MailTransport;
use crate::settings::{Explained, Settings, Sources};
use domain::subscription::cancel::{CancelTiming, TrialCancellation};

fn explained(settings: &Settings, slug: Option<&str>, key: &str) -> Explained {
    settings.explain(slug).unwrap().iter().find(|e| e.key == key).unwrap().clone()
}

#[test]
fn without_any_file_the_built_in_defaults_hold() {
    let settings = Settings::from_sources(&Sources::default()).unwrap();
    assert_eq!(settings.installation.http.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.installation.security.login_link_minutes, 30);
    assert_eq!(settings.installation.database_url(), "sqlite:data/portico.db");
    assert_eq!(settings.installation.secret_path().to_str(), Some("data/secret.key"));
    assert_eq!(settings.tenants().count(), 0);
}

#[test]
fn each_layer_covers_the_one_below() {
    let folder = Folder::with_acme("[theme]\nradius = 2\nfont = \"serif\"\n");
    folder.write("default.toml", "[theme]\nradius = 1\nfont = \"rounded\"\nscheme = \"dark\"\n");
    let sources = folder.sources().with_environment(env(&[("PORTICO__THEME__RADIUS", "3")]));
    let in_environment = Settings::from_sources(&sources).unwrap();
    let on_command_line =
        Settings::from_sources(&sources.with_argument("theme.radius", "4", "--radius")).unwrap();

    let theme = &in_environment.tenant("acme").unwrap().theme;
    assert_eq!(theme.accent.as_str(), "#0c5c70", "nobody sets it: built in");
    assert_eq!(theme.scheme.as_str(), "dark", "default.toml over built in");
    assert_eq!(theme.font.as_str(), "serif", "the business's file over default.toml");
    assert_eq!(theme.radius, 3, "the environment over every file");
    assert_eq!(on_command_line.tenant("acme").unwrap().theme.radius, 4, "the command line over everything");
}

#[test]
fn what_one_business_sets_does_not_reach_another() {
    let folder = Folder::with_acme(
        "[portal.sections]\ninvoices = false\n[portal]\ntrial_cancellation = \"immediate\"\n",
    );
    folder.write("tenants/globex.toml", &ACME.replace("acme", "globex"));
    let settings = folder.load();
    let (acme, globex) = (settings.tenant("acme").unwrap(), settings.tenant("globex").unwrap());
    assert!(!acme.portal.sections.invoices && globex.portal.sections.invoices);
    assert_eq!(acme.portal.trial_cancellation, TrialCancellation::Immediate);
    assert_eq!(globex.portal.trial_cancellation, TrialCancellation::TrialEnd);
}

#[test]
fn explain_names_file_and_line_variable_flag_or_default() {
    let lines = "[portal.cancel]\nmodes = [\"now\"]\n";
    let folder = Folder::with_acme(lines);
    folder.write("default.toml", "\n[security]\nlogin_link_minutes = 15\n");
    let sources = folder.sources().with_environment(env(&[("PORTICO__TAX__RATE", "19")])).with_argument(
        "http.bind",
        "127.0.0.1:9000",
        "--port",
    );
    let settings = Settings::from_sources(&sources).unwrap();
    let of = |key| explained(&settings, Some("acme"), key);

    let modes = of("portal.cancel.modes");
    assert_eq!(modes.value, "[\"now\"]");
    assert_eq!(modes.source, folder.place("tenants/acme.toml", line(&format!("{ACME}{lines}"), "modes")));
    assert_eq!(of("security.login_link_minutes").source, folder.place("default.toml", 3));
    assert_eq!(of("tax.rate").source, "environment PORTICO__TAX__RATE");
    assert_eq!(of("http.bind").source, "command line --port");
    assert_eq!(of("worker.sweep_seconds").source, "built-in default");
    assert!(settings.explain(Some("globex")).is_none());
    let installation = settings.explain(None).unwrap();
    assert!(
        installation.iter().any(|e| e.key == "http.bind")
            && !installation.iter().any(|e| e.key == "tax.rate")
    );
}

#[test]
fn secrets_are_masked_wherever_they_could_be_printed() {
    let folder = Folder::with_acme("");
    folder.write("smtp-password", "hunter2\n");
    let sources = folder.sources().with_environment(env(&[
        ("PORTICO__DATABASE__URL", "postgres://portico:hunter2@db.example/portico?sslpassword=hunter2"),
        ("PORTICO__MAIL__SMTP__USERNAME", "portico"),
        ("PORTICO__MAIL__SMTP__PASSWORD", "hunter2"),
    ]));
    let settings = Settings::from_sources(&sources).unwrap();
    assert_eq!(settings.installation.mail.smtp.password.as_ref().unwrap().expose(), "hunter2");
    assert!(settings.installation.database_url().contains("hunter2"));
    let printed = format!("{settings:?}");
    assert!(printed.contains("postgres://portico:***@db.example/portico?sslpassword=***"));
    assert!(!printed.contains("hunter2"), "{printed}");
}

#[test]
fn a_password_is_read_from_its_file() {
    let folder = Folder::with_acme("");
    folder.write("smtp-password", "hunter2\n");
    let file = folder.path("smtp-password");
    let settings = |file: &str| {
        let variables =
            env(&[("PORTICO__MAIL__SMTP__USERNAME", "me"), ("PORTICO__MAIL__SMTP__PASSWORD_FILE", file)]);
        Settings::from_sources(&folder.sources().with_environment(variables))
    };
    let loaded = settings(file.to_str().unwrap()).unwrap();
    assert_eq!(loaded.installation.mail.smtp.password.unwrap().expose(), "hunter2");
    let error = settings("/nowhere").unwrap_err().to_string();
    assert!(
        error.starts_with("environment PORTICO__MAIL__SMTP__PASSWORD_FILE: mail.smtp.password_file: "),
        "{error}"
    );
}

#[test]
fn the_environment_carries_numbers_switches_words_and_lists() {
    let folder = Folder::with_acme("");
    let sources = folder.sources().with_environment(env(&[
        ("PORTICO__WORKER__SWEEP_SECONDS", "5"),
        ("PORTICO__PORTAL__CANCEL__ENABLED", "false"),
        ("PORTICO__PORTAL__CANCEL__MODES", "now, period_end"),
        ("PORTICO__TENANT__LOCALES", "[\"en\", \"fr\"]"),
        ("PORTICO__MAIL__TRANSPORT", "folder"),
        ("PORTICO__HTTP__PUBLIC_URL", ""),
        ("PORTICO__DUNNING__STEPS", "[{ after_days = 0, on_failure = \"stay_on_hold\" }]"),
        ("PORTICO_SECRET_FILE", "/run/secrets/portico"),
        ("PORTICO_OTHER", "is none of ours"),
    ]));
    let settings = Settings::from_sources(&sources).unwrap();
    let acme = settings.tenant("acme").unwrap();
    assert_eq!(settings.installation.worker.sweep_seconds, 5);
    assert!(!acme.portal.cancel.enabled);
    assert_eq!(acme.portal.cancel.modes, [CancelTiming::Now, CancelTiming::AtPeriodEnd]);
    assert_eq!(acme.identity.locales.iter().map(|l| l.as_str()).collect::<Vec<_>>(), ["en", "fr"]);
    assert_eq!(settings.installation.mail.transport, MailTransport::Folder);
    assert_eq!(settings.installation.http.public_url, None, "an empty variable counts as not set");
    assert_eq!(acme.dunning.steps.len(), 1);
    assert_eq!(settings.installation.secret_path().to_str(), Some("/run/secrets/portico"));
}

#[test]
fn links_use_the_business_s_own_host_and_the_installation_s_scheme_and_port() {
    let folder = Folder::with_acme("");
    let behind_proxy = folder.load();
    let acme = behind_proxy.tenant("acme").unwrap();
    assert_eq!(behind_proxy.portal_url(acme), "https://billing.acme.example");
    let sources = folder.sources().with_argument("http.public_url", "http://localhost:8080", "--port");
    let at_home = Settings::from_sources(&sources).unwrap();
    assert_eq!(at_home.portal_url(at_home.tenant("acme").unwrap()), "http://billing.acme.example:8080");
    assert_eq!(at_home.tenant_by_host("billing.acme.example").unwrap().slug, "acme");
    assert!(at_home.tenant_by_host("acme.example").is_none());
}

#[test]
fn a_business_may_come_from_a_text_instead_of_a_file() {
    let settings =
        Settings::from_sources(&Sources::default().with_tenant("demo", "the demo's settings", ACME)).unwrap();
    assert_eq!(settings.tenant("demo").unwrap().identity.name.as_str(), "Acme");
    assert_eq!(explained(&settings, Some("demo"), "tenant.name").source, "the demo's settings:3");
}
