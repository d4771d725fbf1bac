//! Nobody sees or changes what belongs to another customer or another business.

use e2e::{World, cards};

#[test]
fn foreign_ids_are_not_found() {
    World::each(async |world| {
        let (ada, sub) = world.subscriber("ada@example.com", cards::GOOD).await;
        let (invoice, method) = (world.newest_invoice(&ada).id, world.methods(&ada)[0].id.clone());
        let eve = world.customer("eve@example.com");
        let mallory = world.stranger("mallory@example.com");
        let pages = [
            format!("/subscriptions/{sub}"),
            format!("/subscriptions/{sub}/cancel"),
            format!("/subscriptions/{sub}/payment-method"),
            format!("/subscriptions/{sub}/reactivate"),
            format!("/billing/{invoice}"),
            format!("/billing/{invoice}/pay"),
            format!("/billing/{invoice}/invoice.pdf"),
            format!("/payment-methods/{method}/remove"),
            format!("/payment-methods/add?for={sub}"),
        ];
        let forms = [
            (format!("/subscriptions/{sub}/cancel"), vec![("timing", "now"), ("preview_id", "x")]),
            (format!("/subscriptions/{sub}/resume"), vec![]),
            (format!("/subscriptions/{sub}/payment-method"), vec![("method", method.as_str())]),
            (
                format!("/billing/{invoice}/pay"),
                vec![("idempotency_key", "first"), ("amount", "5831"), ("method", method.as_str())],
            ),
            (format!("/payment-methods/{method}/default"), vec![]),
            (format!("/payment-methods/{method}/remove"), vec![]),
        ];
        for stranger in [&eve, &mallory] {
            let mut browser = world.signed_in(stranger).await;
            browser.open("/profile").await;
            for page in &pages {
                assert_eq!(browser.look("GET", page).await.status, 404, "{} reads {page}", stranger.email);
            }
            for (address, fields) in &forms {
                assert_eq!(
                    browser.forge(address, fields).await.status,
                    404,
                    "{} posts {address}",
                    stranger.email
                );
            }
        }
        assert_eq!(world.status(&sub), "active");
        assert_eq!(world.methods(&ada).len(), 1);
        world.check().await;
    });
}

#[test]
fn a_link_or_session_of_one_business_is_nothing_to_another() {
    World::each(async |world| {
        let ada = world.customer("ada@example.com");
        world.stranger("ada@example.com");
        let mut browser = world.browser();
        browser.ask_for_link(&ada.email).await;
        world.settle().await;
        let link = world.mail(&ada.email, "Sign in to Acme").link();
        let elsewhere = link.replace("127.0.0.1", "localhost");
        assert_ne!(link, elsewhere);
        let mut other = world.umbra_browser();
        assert_eq!(other.open(&elsewhere).await.status, 410);
        assert_eq!(browser.open(&link).await.status, 200, "and it still works at home");
        world.check().await;
    });
}
