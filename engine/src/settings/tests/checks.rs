//! What is refused, where the blame goes and how it is said.

use super::{ACME, Folder, env, line};
use crate::settings::{Problem, Settings, Sources, check};

/// The only problem of a configuration whose business has these lines, after its place was checked.
fn one_problem(lines: &str, at: &str) -> Problem {
    let folder = Folder::with_acme(lines);
    let mut problems = folder.refused();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = problems.remove(0);
    assert_eq!(problem.place, folder.place("tenants/acme.toml", line(&format!("{ACME}{lines}"), at)));
    problem
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let problem = one_problem("[portal.cancel]\nenabled = true\nreson = \"off\"\n", "reson");
    assert_eq!(problem.key, "portal.cancel.reson");
    assert_eq!(problem.message, "there is no such key; expected one of `enabled`, `modes`, `reasons`");

    let problem = one_problem(
        "[dunning]\nsteps = [\n  { after_days = 0, on_failure = \"cancel\",\n colour = 1 },\n]\n",
        "colour",
    );
    assert_eq!(problem.key, "dunning.steps[0].colour");
}

#[test]
fn an_unknown_key_in_default_toml_or_the_environment_is_refused_even_without_a_business() {
    let folder = Folder::new();
    folder.write("default.toml", "[databse]\npool_size = 3\n[portal]\ncolour = 1\n");
    let sources = folder.sources().with_environment(env(&[("PORTICO__HTTP__BINDD", "x")]));
    let error = Settings::from_sources(&sources).unwrap_err().to_string();
    let said: Vec<&str> = error.lines().collect();
    assert_eq!(said.len(), 3, "{error}");
    assert!(
        said[0].starts_with(&format!("{}: databse: there is no such key", folder.place("default.toml", 2)))
    );
    assert!(
        said[1].starts_with(&format!(
            "{}: portal.colour: there is no such key",
            folder.place("default.toml", 4)
        ))
    );
    assert!(said[2].starts_with("environment PORTICO__HTTP__BINDD: http.bindd: there is no such key"));
}

#[test]
fn every_mistake_is_found_in_one_go() {
    let folder = Folder::with_acme("[theme]\naccent = \"blue\"\nradius = 99\n[tax]\nrate = \"lots\"\n");
    let keys: Vec<String> = folder.refused().into_iter().map(|p| p.key).collect();
    assert_eq!(keys, ["theme.accent", "theme.radius", "tax.rate"]);
    assert_eq!(check(Some(folder.0.path())).len(), 3);
}

#[test]
fn a_bad_value_is_answered_with_what_would_be_right() {
    let said = |lines: &str, at: &str| one_problem(lines, at).message;
    assert_eq!(
        said("[theme]\naccent = \"blue\"\n", "accent"),
        "\"blue\" is not a colour; write it as #rrggbb"
    );
    assert_eq!(said("[theme]\nradius = 99\n", "radius"), "99 is out of range; use a number from 0 to 24");
    assert_eq!(
        said("[tax]\nrate = \"101\"\n", "rate"),
        "\"101\" is not a tax rate in per cent, such as 19 or 5.5"
    );
    assert_eq!(
        said("[portal]\nplan_changes = \"maybe\"\n", "plan"),
        "expected a boolean, found string \"maybe\""
    );
    assert_eq!(
        said("[mail]\nfrom_address = \"a@b, c@d\"\n", "from_address"),
        "\"a@b, c@d\" is not a mail address"
    );
}

#[test]
fn identity_is_checked_too() {
    let said = |from: &str, to: &str| {
        let folder = Folder::new();
        folder.write("tenants/acme.toml", &ACME.replace(from, to));
        folder.refused().iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(
        said("\"EUR\"", "\"EURO\"")
            .ends_with("acme.toml:7: tenant.currency: \"EURO\" is not an ISO 4217 currency code")
    );
    assert!(
        said("Europe/Berlin", "Berlin")
            .contains("acme.toml:8: tenant.timezone: \"Berlin\" is not a time zone")
    );
    assert!(
        said("\"DE\"", "\"Germany\"").contains("acme.toml:6: tenant.country: \"Germany\" is not a country")
    );
    assert!(
        said("billing.acme", "https://acme")
            .contains("acme.toml:4: tenant.hosts[0]: \"https://acme.example\" is not a host")
    );
    assert!(said("name = \"Acme\"", "").ends_with("acme.toml: tenant.name: this key is missing"));
    assert!(
        said("[\"billing.acme.example\"]", "[]")
            .ends_with("acme.toml:4: tenant.hosts: name at least one host")
    );
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    let folder = Folder::with_acme("[theme]\naccent = blue\n");
    let problems = folder.refused();
    assert!(
        problems[0].place.ends_with(&format!("acme.toml:{}", line(ACME, "timezone") + 2)),
        "{problems:?}"
    );
    assert!(problems[0].message.starts_with("this is not TOML: "), "{problems:?}");
}

#[test]
fn a_business_s_file_cannot_set_what_belongs_to_the_installation() {
    let problem = one_problem("[http]\nbind = \"0.0.0.0:80\"\n", "bind");
    assert_eq!((problem.key.as_str(), problem.message.contains("default.toml")), ("http.bind", true));
    assert_eq!(one_problem("[mail.smtp]\nhost = \"evil.example\"\n", "evil").key, "mail.smtp.host");
}

#[test]
fn a_host_leads_to_one_place_only() {
    let folder = Folder::with_acme("");
    folder.write(
        "tenants/globex.toml",
        &ACME.replace("Acme", "Globex").replace("billing.acme", "Billing.ACME"),
    );
    let said = folder.refused()[0].to_string();
    assert!(
        said.ends_with("globex.toml:4: tenant.hosts: billing.acme.example is taken already, by acme"),
        "{said}"
    );

    let folder = Folder::with_acme("");
    folder.write("default.toml", "[http]\ninstallation_host = \"billing.acme.example\"\n");
    assert!(folder.refused()[0].message.ends_with("by the installation's own pages"));
}

#[test]
fn a_live_business_must_name_its_seller_and_sender() {
    let folder = Folder::new();
    folder.write("tenants/acme.toml", &ACME.replace("\"test\"", "\"live\""));
    let keys: Vec<String> = folder.refused().into_iter().map(|p| p.key).collect();
    assert_eq!(keys, ["mail.from_address", "seller.legal_name"]);
    folder.write(
        "tenants/acme.toml",
        &format!(
            "{}[seller]\nlegal_name = \"Acme GmbH\"\nline1 = \"Weg 1\"\ncity = \"Ulm\"\n\
             [mail]\nfrom_address = \"billing@acme.example\"\n",
            ACME.replace("\"test\"", "\"live\"")
        ),
    );
    assert_eq!(folder.load().tenant("acme").unwrap().legal_name(), "Acme GmbH");
}

#[test]
fn rules_between_values_hold() {
    let key = |lines: &str, at: &str| one_problem(lines, at).key;
    assert_eq!(key("[invoice]\npattern = \"{PREFIX}-{YYYY}\"\n", "pattern"), "invoice.pattern");
    assert_eq!(key("[invoice]\npattern = \"{PREFIX}-{SEQ}\"\n", "pattern"), "invoice.pattern");
    assert_eq!(
        key("[invoice]\nprefix = \"CN\"\npattern = \"{PREFIX}-{YY}-{SEQ}\"\n", "pattern"),
        "invoice.pattern"
    );
    assert_eq!(key("[portal.cancel]\nmodes = []\n", "modes"), "portal.cancel.modes");
    assert_eq!(key("[portal.cancel]\nmodes = [\"now\", \"now\"]\n", "modes"), "portal.cancel.modes");
    assert_eq!(key("[dunning]\nsteps = [{ after_days = 0 }]\n", "steps"), "dunning.steps");
}

#[test]
fn installation_rules_hold() {
    let key = |pairs: &[(&str, &str)]| {
        let error = Settings::from_sources(&Sources::default().with_environment(env(pairs))).unwrap_err();
        assert_eq!(error.problems.len(), 1, "{error}");
        error.problems[0].key.clone()
    };
    assert_eq!(key(&[("PORTICO__PAYMENTS__LEASE_SECONDS", "60")]), "payments.lease_seconds");
    assert_eq!(key(&[("PORTICO__PAYMENTS__CALL_SECONDS", "20")]), "payments.call_seconds");
    assert_eq!(key(&[("PORTICO__SECURITY__LOGIN_LINK_MINUTES", "61")]), "security.login_link_minutes");
    assert_eq!(key(&[("PORTICO__MAIL__SMTP__USERNAME", "me")]), "mail.smtp.username");
    assert_eq!(key(&[("PORTICO__DATABASE__URL", "mysql://localhost/x")]), "database.url");
    let plain_for_all =
        [("PORTICO__HTTP__BIND", "0.0.0.0:80"), ("PORTICO__HTTP__PUBLIC_URL", "http://acme.example")];
    assert_eq!(key(&plain_for_all), "http.public_url");
    let in_the_clear = [
        ("PORTICO__MAIL__SMTP__HOST", "mail.example"),
        ("PORTICO__MAIL__SMTP__TLS", "none"),
        ("PORTICO__MAIL__SMTP__USERNAME", "me"),
        ("PORTICO__MAIL__SMTP__PASSWORD", "hunter2"),
    ];
    assert_eq!(key(&in_the_clear), "mail.smtp.tls");
}

#[test]
fn the_name_of_a_business_s_file_is_checked() {
    let folder = Folder::new();
    folder.write("tenants/Acme Inc.toml", ACME);
    folder.write("tenants/notes.txt", "not looked at");
    assert!(folder.refused()[0].message.contains("short name"));
}

#[test]
fn a_configuration_folder_that_is_not_there_is_a_mistake() {
    let nowhere = Folder::new().path("nowhere");
    assert_eq!(check(Some(&nowhere))[0].message, "there is no such configuration folder");
}
