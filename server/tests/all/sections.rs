//! Parts of the portal that a business has switched off.

use crate::world::World;

const OFF: &str = "[portal.sections]\ncontact_person = false\ninvoices = false\nbilling_addresses = false\n\
                   payment_methods = false\nsubscriptions = false\n[portal.cancel]\nenabled = false\n";

#[test]
fn what_is_off_is_gone_from_the_menu_and_403_on_its_pages() {
    World::with(OFF, |world| {
        let anna = world.customer("anna@mail.example");
        world.product("Studio", "monthly", 1_900);
        let sub = world.subscribe(&anna, "monthly", 14);
        let mut browser = world.signed_in(&anna);
        let overview = browser.get("/");
        let off = ["/subscriptions", "/payment-methods", "/billing", "/addresses", "/contact"];
        for path in off {
            assert!(!overview.says(&format!("href=\"{path}\"")), "{path}");
            let page = browser.get(path);
            assert_eq!(page.status, 403, "{path}");
            assert!(page.says("Page not found"), "{path}");
        }
        for path in
            [format!("/subscriptions/{sub}"), format!("/subscriptions/{sub}/cancel"), "/billing/inv_x".into()]
        {
            assert_eq!(browser.get(&path).status, 403, "{path}");
            assert_eq!(
                browser.post(&path, &[("timing", "now")]).status,
                if path.ends_with("cancel") { 403 } else { 404 }
            );
        }
        assert_eq!(browser.get("/profile").status, 200);
        assert_eq!(world.browser().get("/billing").status, 303, "who is not signed in learns nothing");
    });
}

#[test]
fn cancelling_alone_can_be_off() {
    World::with("[portal.cancel]\nenabled = false\n", |world| {
        let anna = world.customer("anna@mail.example");
        world.product("Studio", "monthly", 1_900);
        let sub = world.subscribe(&anna, "monthly", 14);
        let mut browser = world.signed_in(&anna);
        let page = browser.get(&format!("/subscriptions/{sub}"));
        assert!(page.status == 200 && !page.says(&format!("/subscriptions/{sub}/cancel")));
        assert_eq!(browser.get(&format!("/subscriptions/{sub}/cancel")).status, 403);
        let pressed = browser.post(&format!("/subscriptions/{sub}/cancel"), &[("timing", "now")]);
        assert_eq!(pressed.status, 403);
        assert_eq!(world.subscription(&sub).event_seq, 1);
    });
}
