//! Which business a request is for: its `Host` alone decides.

use crate::browser::{Browser, exchange};
use crate::world::{ACME, LIVE, World, ZETA, app};
use std::net::TcpListener;

#[test]
fn each_host_shows_its_own_business() {
    World::with("", |world| {
        for (host, name) in [(ACME, "Acme"), (ZETA, "Zeta"), (LIVE, "Live")] {
            let page = Browser::new(world.port, host).get("/login");
            assert!(page.status == 200 && page.says(&format!("<b>{name}</b>")), "{host}: {}", page.body);
        }
    });
}

#[test]
fn a_host_is_the_same_in_any_case_with_any_port_and_a_trailing_dot() {
    World::with("", |world| {
        let mut browser = world.browser();
        for host in ["LIVE.example", "live.example:8443", "live.example.", "live.EXAMPLE.:1"] {
            browser.host = host.to_owned();
            assert!(browser.get("/login").says("Live"), "{host}");
        }
    });
}

#[test]
fn no_trick_with_the_host_reaches_a_business() {
    World::with("", |world| {
        let tricks = [
            "unknown.example",
            "",
            ".",
            "live.example..",
            "live.example/",
            "live.example@evil.example",
            "evil.example#live.example",
            "live.example evil.example",
            "live.example:port",
            "live.example:99999999",
            "sub.live.example",
            "live",
            "example",
            "xn--live.example",
            "live\u{2024}example",
            "0x7f.1",
            "2130706433",
            "127.1",
            "[::1]",
            "live.example,evil.example",
            "*",
            "%6cive.example",
            "live.example%00",
        ];
        let forwarded =
            "X-Forwarded-Host: live.example\r\nForwarded: host=live.example\r\nX-Host: live.example";
        for host in tricks {
            let request =
                format!("GET /login HTTP/1.1\r\nHost: {host}\r\n{forwarded}\r\nConnection: close\r\n\r\n");
            let page = exchange(world.port, &request);
            // 400: the server refused to read such a request at all.
            assert!([400, 404].contains(&page.status), "{host}: {}", page.status);
            assert!(!page.says("Acme") && !page.says("Live") && !page.says("Zeta"), "{host}");
        }
        let two =
            format!("GET /login HTTP/1.1\r\nHost: {LIVE}\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert!([400, 404].contains(&exchange(world.port, &two).status));
    });
}

#[test]
fn an_unknown_host_gets_a_neutral_page() {
    World::with("", |world| {
        let page = Browser::new(world.port, "unknown.example").get("/");
        assert_eq!(page.status, 404);
        assert!(page.says("No portal here"));
        assert!(page.all("set-cookie").is_empty());
    });
}

#[test]
fn a_session_of_one_business_is_nothing_at_another() {
    World::with("", |world| {
        let anna = world.customer("anna@mail.example");
        let mut browser = world.signed_in(&anna);
        browser.host = format!("{ZETA}:{}", world.port);
        assert!(browser.get("/").location().starts_with("/login"));
    });
}

#[test]
fn health_answers_on_every_host_and_the_way_to_a_business_on_the_installations() {
    World::with("", |world| {
        for host in [ACME, "unknown.example", "office.example"] {
            let health = Browser::new(world.port, host).get("/health");
            assert_eq!((health.status, health.body.as_str()), (200, "{\"status\":\"ok\"}"));
        }
        let mut office = Browser::new(world.port, "office.example");
        let login = format!("http://{ZETA}:{}/login", world.port);
        assert_eq!(office.get("/login/zeta").location(), login);
        assert_eq!(office.get(&format!("/login/{}", world.tenant("zeta"))).location(), login);
        assert_eq!(office.get("/login/nobody").status, 404);
        assert_eq!(
            Browser::new(world.port, ACME).get("/login/zeta").status,
            404,
            "no business leads to another"
        );
    });
}

#[test]
fn without_tls_the_portal_answers_on_this_machine_only() {
    World::with("", |world| {
        let open_to_all = TcpListener::bind("0.0.0.0:0").unwrap();
        let refused = server::start(app(&world.engine), open_to_all, Some(1)).err().unwrap();
        assert!(refused.to_string().contains("https"), "{refused}");
    });
}
