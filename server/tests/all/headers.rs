//! What every answer carries, whatever became of the request.

use crate::browser::{Browser, Page, exchange};
use crate::world::{LIVE, World};

/// One of each kind of answer: files, pages, redirects, refusals.
const PATHS: [&str; 12] = [
    "/health",
    "/login",
    "/login/sent",
    "/login/acme",
    "/auth/nothing",
    "/",
    "/subscriptions",
    "/billing/inv_x/pay",
    "/payment-methods/add",
    "/nowhere",
    "/assets/nothing.css",
    "/theme/nothing.css",
];

fn policy(page: &Page) -> &str {
    page.header("content-security-policy").expect("policy")
}

fn is_armoured(path: &str, page: &Page) {
    let has = |name: &str, value: &str| assert_eq!(page.header(name), Some(value), "{path}");
    has("x-content-type-options", "nosniff");
    has("referrer-policy", "same-origin");
    has("cross-origin-opener-policy", "same-origin");
    has("cross-origin-resource-policy", "same-origin");
    has("x-robots-tag", "noindex");
    assert!(page.header("permissions-policy").is_some(), "{path}");
    assert!(page.header("x-request-id").is_some_and(|id| id.len() >= 8), "{path}");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
        assert!(policy(page).contains(part), "{path} {part}");
    }
    assert!(!policy(page).contains("unsafe"), "{path}");
}

#[test]
fn every_answer_is_armoured_whoever_asks_for_what() {
    World::with("", |world| {
        let anna = world.customer("anna@mail.example");
        for mut browser in
            [world.browser(), world.signed_in(&anna), Browser::new(world.port, "unknown.example")]
        {
            for path in PATHS {
                for method in ["GET", "HEAD", "POST", "PUT", "TRACE", "OPTIONS"] {
                    is_armoured(path, &browser.send(method, path, &[], None));
                }
            }
        }
    });
}

#[test]
fn pages_are_never_stored_and_files_for_ever() {
    World::with("", |world| {
        let mut browser = world.browser();
        let page = browser.get("/login");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let files =
            page.body.split('"').filter(|text| text.starts_with("/assets/") || text.starts_with("/theme/"));
        let files: Vec<&str> = files.map(|url| url.split('#').next().unwrap()).collect();
        assert!(files.len() >= 4, "{files:?}");
        for url in files {
            let file = browser.get(url);
            assert_eq!(file.status, 200, "{url}");
            assert!(file.header("cache-control").unwrap().contains("immutable"), "{url}");
            assert!(file.all("set-cookie").is_empty(), "{url}");
        }
        assert_eq!(browser.get("/assets/portal.000000000000.css").status, 404);
    });
}

#[test]
fn nothing_on_a_page_needs_what_the_policy_forbids() {
    World::with("", |world| {
        let anna = world.customer("anna@mail.example");
        let mut browser = world.signed_in(&anna);
        for path in ["/", "/subscriptions", "/profile", "/nowhere"] {
            let page = browser.get(path);
            for forbidden in [" style=", "<style", " onclick=", "<script>", "http://cdn", "https://"] {
                assert!(!page.says(forbidden), "{path} has {forbidden}");
            }
        }
    });
}

#[test]
fn behind_tls_cookies_are_of_the_host_alone_and_browsers_stay_with_https() {
    World::behind_tls(|world| {
        let page = Browser::new(world.port, LIVE).get("/login");
        assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000"));
        let cookies = page.all("set-cookie");
        assert!(!cookies.is_empty());
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-portico"), "{cookie}");
            for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
                assert!(cookie.contains(attribute), "{cookie} lacks {attribute}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    });
    World::with("", |world| {
        let page = world.browser().get("/login");
        assert_eq!(page.header("strict-transport-security"), None);
        assert!(page.all("set-cookie").iter().all(|cookie| cookie.starts_with("portico-dev")));
    });
}

#[test]
fn text_is_compressed_for_those_who_can_read_it() {
    World::with("", |world| {
        let host = &world.browser().host;
        let request = format!(
            "GET /login HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
        );
        assert_eq!(exchange(world.port, &request).header("content-encoding"), Some("br"));
    });
}
