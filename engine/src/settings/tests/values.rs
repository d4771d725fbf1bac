//! Single values: what passes and what does not.

use crate::settings::DatabaseUrl;
use crate::settings::secret::without_passwords;
use crate::settings::values::{Country, EmailAddress, HostName, Line, Locale, Network, WebAddress};

fn accepts<T: TryFrom<String>>(text: &str) -> bool {
    T::try_from(text.to_owned()).is_ok()
}

#[test]
fn host_names_are_what_browsers_send() {
    let read = |text: &str| HostName::try_from(text.to_owned()).map(|host| host.to_string());
    assert_eq!(read("Billing.Example.COM.").as_deref(), Ok("billing.example.com"));
    for good in ["localhost", "127.0.0.1", "[::1]", "xn--bcher-kva.example"] {
        assert!(read(good).is_ok(), "{good}");
    }
    for bad in
        ["", "a b", "a..b", "-a.example", "https://a.example", "a.example:80", "a/b", "bücher.example", "a_b"]
    {
        assert!(read(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_mail_address_is_one_address() {
    assert!(accepts::<EmailAddress>("billing+x@acme.example"));
    let long = format!("{}@acme.example", "x".repeat(250));
    for bad in [
        "",
        "acme",
        "@acme.example",
        "a@b@c.example",
        "a b@c.example",
        "a@c.example\n",
        "<a@c.example>",
        &long,
    ] {
        assert!(!accepts::<EmailAddress>(bad), "{bad:?}");
    }
}

#[test]
fn web_addresses_have_a_scheme_a_host_and_no_surprises() {
    let read = |text: &str| WebAddress::try_from(text.to_owned());
    let local = read("http://127.0.0.1:8080/x").unwrap();
    assert_eq!((local.scheme(), local.port()), ("http", Some(8080)));
    assert_eq!(read("https://acme.example").unwrap().port(), None);
    for bad in [
        "acme.example",
        "javascript:alert(1)",
        "https://",
        "https://u:p@a.example",
        "https://a.example/\\x",
        "https://a b",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

#[test]
fn countries_languages_lines_and_databases() {
    assert!(accepts::<Country>("GB") && !accepts::<Country>("UK") && !accepts::<Country>("de"));
    assert!(accepts::<Locale>("en-GB") && !accepts::<Locale>("tlh") && !accepts::<Locale>("en-"));
    assert!(accepts::<Line>("Grüße") && !accepts::<Line>(" ") && !accepts::<Line>("two\nlines"));
    assert!(accepts::<DatabaseUrl>("sqlite:data/x.db") && accepts::<DatabaseUrl>("postgres://localhost/x"));
    assert!(!accepts::<DatabaseUrl>("sqlite:") && !accepts::<DatabaseUrl>("mysql://localhost/x"));
}

#[test]
fn a_network_contains_its_addresses_and_no_others() {
    let contains = |network: &str, address: &str| {
        Network::try_from(network.to_owned()).unwrap().contains(address.parse().unwrap())
    };
    assert!(contains("10.0.0.0/8", "10.200.3.4") && !contains("10.0.0.0/8", "11.0.0.1"));
    assert!(contains("127.0.0.1", "127.0.0.1") && !contains("127.0.0.1", "127.0.0.2"));
    assert!(contains("0.0.0.0/0", "203.0.113.9") && !contains("0.0.0.0/0", "2001:db8::1"));
    assert!(contains("2001:db8::/32", "2001:db8:1::1") && !contains("2001:db8::/32", "2001:db9::1"));
    assert!(contains("10.0.0.0/8", "::ffff:10.1.1.1"), "a mapped address is the IPv4 address it carries");
    for bad in ["10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/x"] {
        assert!(!accepts::<Network>(bad), "{bad}");
    }
}

#[test]
fn a_password_that_could_be_read_in_two_ways_is_refused_without_being_printed() {
    let read = |url: &str| DatabaseUrl::try_from(url.to_owned());
    for url in [
        "postgres://portico:hunt@r2@localhost/portico",
        "postgres://portico:hunt/er2@localhost/portico",
        "postgres://portico:hunt:er2@localhost/portico",
        "postgres://portico:hunt%zzer2@localhost/portico",
        "postgres://portico:hunter%2@localhost/portico",
    ] {
        let said = read(url).unwrap_err();
        assert!(said.contains("%40") && !said.contains("hunt"), "{said}");
    }
    for url in [
        "postgres://portico:hunt%40er2@localhost/portico",
        "postgres://portico@localhost/portico?sslmode=disable",
        "postgres:///portico?host=/run/postgresql",
        "postgres://localhost:5432/portico",
    ] {
        assert!(read(url).is_ok(), "{url}");
    }
}

#[test]
fn what_the_database_says_of_a_connection_holds_no_password() {
    let url = "postgres://portico:hunter2@db.example/portico?sslpassword=s3cret&connect_timeout=3";
    let said = without_passwords("cannot read hunter2@db.example: s3cret", url);
    assert_eq!(said, "cannot read ***@db.example: ***");
    assert_eq!(without_passwords("no route to host", "postgres://db.example/portico"), "no route to host");
}
