//! VAT: rates of products, and VAT ids that VIES is asked about.

use chrono::TimeDelta;
use domain::event::EventKind;
use domain::tax::TaxRate;
use domain::tax::decide::{TaxEvidence, Treatment};
use domain::tax::vies::VatStatus;
use e2e::{Customer, Vies, World, WorldOptions, cards};
use engine::store;
use engine::store::events::Actor;
use engine::store::invoices::Invoice;
use engine::usecase::bill::tax_groups;
use engine::usecase::catalog::set_product_tax;
use engine::usecase::edit_customer::{AddressEdit, save_address};

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");
const ADA: &str = "ada@example.com";
const FRENCH: &str = "FR12345678901";
const KNOWN: &str = r#"{"valid":true,"requestIdentifier":"WAPIAAAAX1","name":"ATELIER ADA","address":"---"}"#;

/// Reverse charge for those whom VIES knows.
const ASKS_VIES: WorldOptions =
    WorldOptions { settings: "[portal]\nplan_changes = false\n", environment: &[] };

/// A business that asks this VIES, and believes nobody else.
fn ask(world: &World, vies: &Vies) {
    let asks = format!("behaviour = \"exclusive\"\nvat_id = \"vies\"\nvies_url = \"{}\"", vies.url());
    world.reconfigure(&[("behaviour = \"exclusive\"", &asks)]);
}

/// Ada moves her company to Lyon.
fn goes_to_france(world: &World, ada: &Customer, vat_id: &str) {
    let address = AddressEdit {
        name: "Ada".to_owned(),
        company: Some("Atelier Ada".to_owned()),
        line1: "3 rue Mercière".to_owned(),
        line2: None,
        postal_code: "69002".to_owned(),
        city: "Lyon".to_owned(),
        region: None,
        country: "FR".to_owned(),
        vat_id: Some(vat_id.to_owned()),
    };
    let own = world.engine.db.read(|conn| store::customers::addresses(conn, &world.acme, &ada.id)).unwrap();
    save_address(&world.engine, &world.acme, &ada.id, Some(own[0].id.clone()), address).unwrap();
}

fn evidence(invoice: &Invoice) -> TaxEvidence {
    serde_json::from_str(invoice.tax_decision.as_deref().unwrap()).unwrap()
}

/// Regression scenario 10: VIES unavailable during renewal: invoice issued per policy, evidence "unavailable",
/// revalidated later, no retroactive change.
#[test]
fn a_vies_that_is_down_holds_up_no_invoice_and_changes_none_afterwards() {
    World::each_with(&ASKS_VIES, async |world| {
        let vies = Vies::open();
        ask(world, &vies);
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        goes_to_france(world, &ada, FRENCH);
        world.advance("1 month").await;
        let asked = vies.asked();
        assert_eq!(asked.len(), 1, "once, and not again and again");
        assert_eq!((&asked[0]["countryCode"], &asked[0]["vatNumber"]), (&"FR".into(), &"12345678901".into()));
        assert_eq!(asked[0]["requesterNumber"], "123456789", "the seller gets a consultation number");
        let renewed = world.newest_invoice(&ada);
        let before = evidence(&renewed);
        assert_eq!(
            (renewed.tax, renewed.status.as_str()),
            (931, "paid"),
            "VIES has not said that it knows her"
        );
        assert_eq!((before.vies, before.decision.treatment), (VatStatus::Unavailable, Treatment::Local));

        vies.says(200, KNOWN);
        world.settle().await;
        assert_eq!(vies.asked().len(), 1, "not before six hours have gone by");
        world.wait(TimeDelta::hours(7));
        world.settle().await;
        assert_eq!(vies.asked().len(), 2);
        world.advance("1 month").await;
        let next = world.newest_invoice(&ada);
        let now = evidence(&next);
        assert_eq!(
            (next.tax, now.vies, now.decision.treatment),
            (0, VatStatus::Valid, Treatment::ReverseCharge)
        );
        let proof = now.facts.vat_check.unwrap().confirmation.unwrap();
        assert_eq!(proof.consultation.as_deref(), Some("WAPIAAAAX1"));
        let unchanged = &world.invoices(&ada)[1];
        assert_eq!((unchanged.tax, evidence(unchanged)), (931, before), "what was written stays as it was");

        vies.says(500, "<html>maintenance</html>");
        world.wait(TimeDelta::days(31));
        world.advance("1 month").await;
        let last = evidence(&world.newest_invoice(&ada));
        assert_eq!((last.vies, last.decision.treatment), (VatStatus::Unavailable, Treatment::ReverseCharge));
        world.check().await;
    });
}

#[test]
fn an_id_that_vies_does_not_know_is_no_reason_for_reverse_charge_and_a_new_one_is_asked_about() {
    World::each_with(&ASKS_VIES, async |world| {
        let vies = Vies::open();
        ask(world, &vies);
        vies.says(200, r#"{"valid":false}"#);
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        goes_to_france(world, &ada, FRENCH);
        world.advance("1 month").await;
        assert_eq!(evidence(&world.newest_invoice(&ada)).vies, VatStatus::Invalid);
        vies.says(200, KNOWN);
        goes_to_france(world, &ada, "FR98765432109");
        world.advance("1 month").await;
        let asked: Vec<_> = vies.asked().iter().map(|question| question["vatNumber"].clone()).collect();
        assert_eq!(asked, ["12345678901", "98765432109"]);
        assert_eq!(evidence(&world.newest_invoice(&ada)).decision.treatment, Treatment::ReverseCharge);
        world.check().await;
    });
}

#[test]
fn nobody_is_asked_where_no_address_is_set() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        goes_to_france(world, &ada, FRENCH);
        world.advance("1 month").await;
        let found = evidence(&world.newest_invoice(&ada));
        assert_eq!((found.vies, found.decision.treatment), (VatStatus::Unchecked, Treatment::ReverseCharge));
        world.check().await;
    });
}

#[test]
fn a_product_with_a_rate_of_its_own_is_taxed_by_it_from_the_next_invoice_on() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        assert_eq!(world.newest_invoice(&ada).tax, 931);
        let reduced: TaxRate = "7".parse().unwrap();
        set_product_tax(&world.engine, &world.acme, "team", Some(reduced)).unwrap();
        world.advance("1 month").await;
        let invoice = world.newest_invoice(&ada);
        let lines =
            world.engine.db.read(|conn| store::invoices::lines(conn, &world.acme, &invoice.id)).unwrap();
        assert_eq!((invoice.tax, tax_groups(&lines)[0].rate), (343, reduced));
        set_product_tax(&world.engine, &world.acme, "team", None).unwrap();
        world.advance("1 month").await;
        let taxes: Vec<_> = world.invoices(&ada).iter().map(|invoice| invoice.tax).collect();
        assert_eq!(taxes, [931, 343, 931]);
        world.check().await;
    });
}

#[test]
fn a_customers_own_tax_holds_from_the_next_invoice_on() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let set = |what: &[&str]| {
            world.portico_says(BINARY, &[&["customer", "set", ADA, "--tenant", "acme"], what].concat())
        };
        for what in [
            ["--tax-rate", "7"].as_slice(),
            &["--tax-exempt", "true"],
            &["--tax-exempt", "false", "--tax-rate", "none"],
        ] {
            set(what);
            world.advance("1 month").await;
        }
        let written: Vec<_> = world
            .invoices(&ada)
            .iter()
            .map(|invoice| (evidence(invoice).decision.treatment, invoice.total))
            .collect();
        let expected = [
            (Treatment::Local, 5_831),
            (Treatment::CustomerRate, 5_243),
            (Treatment::Exempt, 4_900),
            (Treatment::Local, 5_831),
        ];
        assert_eq!(written, expected);
        let told = world.history(ada.id.as_str()).pop().unwrap();
        let who = (told.kind, told.actor, told.reason.as_deref());
        assert_eq!(who, (EventKind::CustomerUpdated, Actor::Operator, Some("terms")));
        world.check().await;
    });
}

#[test]
fn a_customers_own_zone_is_that_of_their_next_subscription() {
    World::each(async |world| {
        let (ada, first) = world.subscriber(ADA, cards::GOOD).await;
        let set = ["customer", "set", ADA, "--timezone", "Asia/Tokyo", "--tenant", "acme"];
        world.portico_says(BINARY, &set);
        let second = world.subscribe(&ada, "team-monthly");
        world.settle().await;
        assert_eq!(world.subscription(&first).billing_tz, "Europe/Berlin", "as it began");
        assert_eq!(world.subscription(&second).billing_tz, "Asia/Tokyo");
        world.check().await;
    });
}
