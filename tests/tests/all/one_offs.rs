//! What is billed once, beside any subscription: its customer's to pay until it is due, and chased like the rest afterwards.

use domain::event::EventKind;
use e2e::{Customer, World, WorldOptions, cards};
use engine::store::dunning::DunningCase;
use engine::store::events::Actor;
use engine::store::invoices::Invoice;
use engine::testing::press_pay;
use engine::usecase::one_off::{NewLine, invoice_now};
use engine::usecase::use_method::set_default;
use engine::{Error, store};

const ADA: &str = "ada@example.com";

/// An invoice over 119.00 EUR, due in fourteen days.
fn workshop(world: &World, owner: &Customer) -> Invoice {
    let description = "Workshop".to_owned();
    let line = NewLine::Written { description, quantity: 1, unit_amount: 10_000, tax_rate: None };
    invoice_now(&world.engine, &world.acme, &owner.id, vec![line], Actor::Operator).unwrap()
}

fn case_of(world: &World, invoice: &Invoice) -> Option<DunningCase> {
    let found = world.engine.db.read(|conn| store::dunning::of_invoice(conn, &world.acme, &invoice.id));
    found.unwrap()
}

#[test]
fn an_overdue_invoice_is_announced_and_then_charged_to_the_default_method() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::GOOD).await;
        let invoice = workshop(world, &ada);
        world.advance("13 days").await;
        assert_eq!((world.attempts(&ada).len(), world.subjects_to(ADA).len()), (0, 1), "there is time");
        let sent = world.mail(ADA, &format!("Invoice {}: €119.00", invoice.number.clone().unwrap()));
        assert!(sent.text.contains("Please pay €119.00 by"), "{}", sent.text);

        world.advance("1 day").await;
        let told = world.mail(ADA, "Payment due: Workshop");
        assert!(told.text.contains("we charge it to your default payment method"), "{}", told.text);
        assert_eq!(world.attempts(&ada).len(), 0, "not before it was announced");
        world.advance("1 day").await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        assert_eq!(case_of(world, &invoice).unwrap().outcome.as_deref(), Some("recovered"));
        world.mail(ADA, "Receipt from Acme: €119.00");
        world.check().await;
    });
}

#[test]
fn an_overdue_invoice_that_cannot_be_charged_goes_through_its_pinned_steps_and_is_given_up() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        world.card(&ada, cards::DECLINED).await;
        let invoice = workshop(world, &ada);
        world.advance("14 days").await;
        let pinned = case_of(world, &invoice).unwrap().policy_version;
        world.advance("22 days").await;

        let attempts = world.attempts(&ada);
        assert!(attempts.iter().all(|attempt| attempt.state.as_str() == "failed"), "{attempts:?}");
        assert_eq!(attempts.len(), 5, "days 1, 3, 7, 14 and 21");
        let subjects = world.subjects_to(ADA);
        assert_eq!(
            subjects[1..],
            [
                "Payment due: Workshop",
                "Reminder: €119.00 for Workshop is open",
                "Final notice: €119.00 for Workshop"
            ]
        );
        let case = case_of(world, &invoice).unwrap();
        assert_eq!((case.outcome.as_deref(), case.policy_version), (Some("exhausted"), pinned));
        let events = world.events(invoice.id.as_str());
        assert_eq!(events, [EventKind::InvoiceOpened, EventKind::InvoiceUncollectible]);
        world.check().await;
    });
}

const LEAVES_IT: WorldOptions =
    WorldOptions { settings: "[dunning]\nunpaid_invoice = \"leave\"\n", environment: &[] };

#[test]
fn without_a_method_it_reaches_its_end_by_time_and_stays_open_where_the_business_says_so() {
    World::each_with(&LEAVES_IT, async |world| {
        let ada = world.customer(ADA);
        let invoice = workshop(world, &ada);
        world.advance("36 days").await;
        assert_eq!(case_of(world, &invoice).unwrap().outcome.as_deref(), Some("exhausted"));
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "open");
        assert!(world.mail(ADA, "Payment due: Workshop").text.contains("Please pay it now."));

        let card = world.card(&ada, cards::GOOD).await;
        world.settle().await;
        assert_eq!(world.attempts(&ada).len(), 0, "nobody chases it any more");
        press_pay(&world.engine, &world.acme, &ada.id, &invoice.id, &card).unwrap();
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        let again = press_pay(&world.engine, &world.acme, &ada.id, &invoice.id, &card);
        assert!(matches!(again, Err(Error::Refused { code: "already_paid", .. })), "{again:?}");
        world.check().await;
    });
}

#[test]
fn a_method_chosen_while_it_is_overdue_is_charged_at_once_and_one_refused_before_it_is_due_starts_nothing() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let bad = world.card(&ada, cards::DECLINED).await;
        let invoice = workshop(world, &ada);
        press_pay(&world.engine, &world.acme, &ada.id, &invoice.id, &bad).unwrap();
        world.settle().await;
        assert!(case_of(world, &invoice).is_none(), "it is not due yet");
        world.advance("16 days").await;
        assert!(case_of(world, &invoice).unwrap().outcome.is_none());

        let good = world.card(&ada, cards::GOOD).await;
        set_default(&world.engine, &world.acme, &ada.id, &good).unwrap();
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid");
        world.check().await;
    });
}
