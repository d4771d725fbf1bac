//! What a business switches off is gone from the menu and answers 403.

use e2e::{World, WorldOptions, cards};

#[test]
fn what_is_switched_off_is_gone_and_refused() {
    let options = WorldOptions {
        settings: "[portal.sections]\ncontact_person = false\ninvoices = false\nbilling_addresses = false\n\
                   payment_methods = false\nsubscriptions = false\n[portal.cancel]\nenabled = false\n",
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        let (ada, sub) = world.subscriber("ada@example.com", cards::GOOD).await;
        let invoice = world.newest_invoice(&ada).id;
        let method = world.methods(&ada)[0].id.clone();
        let mut browser = world.signed_in(&ada).await;
        let home = browser.open("/").await;
        assert_eq!(home.status, 200);
        let menu = home.links("nav a");
        for off in ["/subscriptions", "/payment-methods", "/billing", "/addresses", "/contact"] {
            assert!(menu.iter().all(|link| !link.starts_with(off)), "{off} is in the menu {menu:?}");
            assert_eq!(browser.look("GET", off).await.status, 403, "{off}");
        }
        for off in [
            format!("/subscriptions/{sub}"),
            format!("/subscriptions/{sub}/cancel"),
            format!("/billing/{invoice}"),
            format!("/billing/{invoice}/invoice.pdf"),
            "/payment-methods/add".to_owned(),
            "/addresses/new".to_owned(),
        ] {
            assert_eq!(browser.look("GET", &off).await.status, 403, "{off}");
        }
        // However it is written: "b" is %62, "i" is %69.
        for off in ["/%62illing", "/b%69lling/", "/%2562illing", "/subscriptions/../%62illing"] {
            let answer = browser.look("GET", off).await;
            assert!(matches!(answer.status, 403 | 404), "{off}: {}", answer.status);
            assert!(!answer.html().contains("58.31"), "{off}");
        }
        assert_eq!(browser.look("GET", "/%62illing").await.status, 403, "known for what it is");
        for off in [format!("/subscriptions/{sub}/cancel"), format!("/payment-methods/{method}/remove")] {
            assert_eq!(browser.forge(&off, &[]).await.status, 403, "{off}");
        }
        assert_eq!(world.methods(&ada).len(), 1);
        world.check().await;
    });
}

#[test]
fn where_customers_cannot_cancel_the_button_is_not_there() {
    let options = WorldOptions { settings: "[portal.cancel]\nenabled = false\n", ..WorldOptions::default() };
    World::each_with(&options, async |world| {
        let (ada, sub) = world.subscriber("ada@example.com", cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/subscriptions/{sub}")).await;
        assert!(page.links("main a").iter().all(|link| !link.ends_with("/cancel")));
        let forged = [("timing", "now"), ("preview_id", "x")];
        assert_eq!(browser.forge(&format!("/subscriptions/{sub}/cancel"), &forged).await.status, 403);
        assert_eq!(world.status(&sub), "active");
        world.check().await;
    });
}
