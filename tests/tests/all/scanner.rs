//! Mail scanners open every link, some of them again and again. They must neither sign in nor use anything up.

use e2e::{World, cards};

#[test]
fn a_scanner_that_opens_everything_signs_nobody_in_and_spoils_nothing() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let mut browser = world.browser();
        browser.ask_for_link(&ada.email).await;
        world.settle().await;

        let mails = world.mails_to(&ada.email);
        assert_eq!(mails.len(), 2, "a receipt and a sign-in mail");
        for mail in &mails {
            for link in mail.links().iter().filter(|link| link.starts_with("http")) {
                for method in ["GET", "HEAD", "GET", "OPTIONS", "PROPFIND"] {
                    let mut scanner = world.browser();
                    let seen = scanner.look(method, link).await;
                    assert!(seen.status < 500, "{method} {link}: {}", seen.status);
                    assert_eq!(scanner.open("/").await.url.path(), "/login", "{method} {link} signed in");
                }
            }
        }

        let link = world.mail(&ada.email, "Sign in").link();
        browser.open(&link).await;
        assert_eq!(browser.submit("/auth/", &[]).await.url.path(), "/");
        let mut other = world.browser();
        other.open(&world.mail(&ada.email, "Receipt").link()).await;
        let page = other.submit("/r/", &[]).await;
        assert_eq!(page.status, 200);
        assert!(page.url.path().starts_with("/subscriptions/"), "the receipt leads to what was paid");
        world.check().await;
    });
}
