//! The address book.

use crate::strangers::address;
use crate::world::World;
use engine::store;

const BERLIN: [(&str, &str); 6] = [
    ("country", "DE"),
    ("name", "Mina Okafor"),
    ("line1", "Urbanstr. 71"),
    ("postal_code", "10967"),
    ("city", "Berlin"),
    ("tax_id", "de 123 456 789"),
];

#[test]
fn a_wrong_address_keeps_what_was_typed_and_says_what_is_wrong() {
    World::with("", |world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        assert!(browser.get("/addresses").says("No billing address yet."));
        let form = browser.get("/addresses/new");
        assert!(form.says("value=\"mina\"") && form.says("<option value=\"DE\" selected>"), "{}", form.body);

        let wrong = [("country", "DE"), ("name", "Ada \"<b>"), ("line1", "Weg 1"), ("tax_id", "ATU12345678")];
        let page = browser.post("/addresses/new", &wrong);
        assert_eq!(page.status, 422);
        assert!(page.says("<title>Error:") && page.says("There is a problem"), "{}", page.body);
        for text in
            ["Enter a postal code", "Enter a city", "This does not look like a tax ID", "value=\"Weg 1\""]
        {
            assert!(page.says(text), "{text}: {}", page.body);
        }
        assert!(page.says("Ada &quot;&lt;b&gt;") && !page.says("Enter a street"), "{}", page.body);
    });
}

#[test]
fn addresses_are_added_changed_and_removed() {
    World::each(|world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        browser.get("/addresses/new");
        let saved = browser.post("/addresses/new", &BERLIN);
        assert_eq!(saved.location(), "/addresses");
        let list = browser.follow(saved);
        assert!(list.says("Address saved") && list.says("DE123456789"), "{}", list.body);
        let book = || world.read(|conn, scope| store::customers::addresses(conn, scope.id(), &mina));
        let first = book()[0].clone();
        assert!(first.is_default);

        let mut hamburg = BERLIN;
        hamburg[4].1 = "Hamburg";
        let changed = browser.post(&format!("/addresses/{}", first.id), &hamburg);
        assert_eq!(changed.location(), "/addresses");
        assert_eq!(book()[0].city, "Hamburg");

        let second = address(&world.engine, &world.acme, &mina);
        let remove = format!("/addresses/{}/remove", first.id);
        assert!(browser.get(&remove).says("Make another address the default first."));
        assert_eq!(browser.post(&remove, &[]).location(), remove);
        assert_eq!(book().len(), 2);

        browser.post(&format!("/addresses/{second}/default"), &[]);
        assert_eq!(book()[0].id, second);
        let removed = browser.post(&remove, &[]);
        assert!(browser.follow(removed).says("Address removed"));
        assert_eq!(book().len(), 1);
    });
}

#[test]
fn saving_leads_back_to_pages_of_ours_only() {
    World::with("", |world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        for (wanted, target) in [("/billing", "/billing"), ("//evil.example", "/addresses")] {
            let fields: Vec<_> = BERLIN.into_iter().chain([("return", wanted)]).collect();
            assert_eq!(browser.post("/addresses/new", &fields).location(), target);
        }
    });
}
