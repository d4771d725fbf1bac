//! Documents and their numbers: invoices, credit notes and receipts, drafts, patterns.

use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::tax::TaxRate;
use e2e::{Customer, World, WorldOptions, cards};
use engine::Error;
use engine::ids::InvoiceId;
use engine::store;
use engine::store::documents::{DocumentKind, DocumentState};
use engine::store::events::Actor;
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::draft::{add_line, discard, draft, finalise, preview, remove_line};
use engine::usecase::one_off::NewLine;

const ADA: &str = "ada@example.com";

fn line(description: &str, unit_amount: i64, rate: Option<&str>) -> NewLine {
    let tax_rate = rate.map(|rate| rate.parse::<TaxRate>().unwrap());
    NewLine::Written { description: description.to_owned(), quantity: 1, unit_amount, tax_rate }
}

fn receipts(world: &World, of: &InvoiceId) -> Vec<store::receipts::Receipt> {
    world.engine.db.read(|conn| store::receipts::of_invoice(conn, &world.acme, of)).unwrap()
}

fn numbers(world: &World, of: &Customer) -> Vec<String> {
    world.invoices(of).into_iter().filter_map(|invoice| invoice.number).collect()
}

#[test]
fn a_charge_that_pays_an_invoice_has_a_receipt_in_a_series_of_its_own() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        world.advance("1 month").await;
        let written: Vec<_> =
            world.invoices(&ada).iter().flat_map(|invoice| receipts(world, &invoice.id)).collect();
        let places: Vec<_> = written.iter().map(|receipt| (receipt.seq, receipt.amount)).collect();
        assert_eq!(places, [(1, 5_831), (2, 5_831)]);
        assert!(written.iter().all(|receipt| receipt.number.starts_with("RE-")), "{written:?}");

        let invoice = world.newest_invoice(&ada);
        let documents = world
            .engine
            .db
            .read(|conn| store::documents::of_invoice(conn, &world.acme, &invoice.id))
            .unwrap();
        let printed = documents.iter().find(|document| document.kind == DocumentKind::Receipt).unwrap();
        assert_eq!(
            (printed.state, printed.receipt_id.as_ref()),
            (DocumentState::Ready, Some(&written[1].id))
        );
        world.check().await;
    });
}

#[test]
fn an_invoice_is_drafted_changed_and_finalised_and_only_then_has_a_number() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let (engine, acme) = (&world.engine, &world.acme);
        let id = draft(engine, acme, &ada.id, Some(30)).unwrap();
        add_line(engine, acme, &id, line("Workshop", 100_000, None)).unwrap();
        add_line(engine, acme, &id, line("Lunch", 2_000, None)).unwrap();
        add_line(engine, acme, &id, line("Handbook", 5_000, Some("7"))).unwrap();
        remove_line(engine, acme, &id, 1).unwrap();
        let shown = preview(engine, acme, &id).unwrap().bill.assembled;
        assert_eq!((shown.subtotal, shown.tax, shown.total), (105_000, 19_350, 124_350));
        assert!(world.invoices(&ada).is_empty(), "it is no invoice yet");

        let other = draft(engine, acme, &ada.id, None).unwrap();
        add_line(engine, acme, &other, line("Never mind", 1, None)).unwrap();
        discard(engine, acme, &other).unwrap();
        let gone = finalise(engine, acme, &other, Actor::Operator);
        assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");

        let invoice = finalise(engine, acme, &id, Actor::Operator).unwrap();
        assert_eq!((&invoice.id, invoice.seq, invoice.total), (&id, Some(1), shown.total));
        assert_eq!(invoice.due_at.map(|due| (due - world.now()).num_days()), Some(30));
        assert!(matches!(finalise(engine, acme, &id, Actor::Operator), Err(Error::NotFound)), "once");
        assert!(matches!(add_line(engine, acme, &id, line("More", 1, None)), Err(Error::NotFound)));
        world.settle().await;
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "open", "its customer pays it by hand");
        world.check().await;
    });
}

#[test]
fn an_empty_draft_cannot_be_finalised_and_stays() {
    World::each(async |world| {
        let ada = world.customer(ADA);
        let id = draft(&world.engine, &world.acme, &ada.id, None).unwrap();
        let refused = finalise(&world.engine, &world.acme, &id, Actor::Operator);
        assert!(matches!(refused, Err(Error::Refused { code: "nothing_to_bill", .. })), "{refused:?}");
        add_line(&world.engine, &world.acme, &id, line("Workshop", 100, None)).unwrap();
        assert_eq!(finalise(&world.engine, &world.acme, &id, Actor::Operator).unwrap().seq, Some(1));
        world.settle().await;
        world.check().await;
    });
}

#[test]
fn where_numbers_name_the_customer_each_has_series_of_their_own() {
    let options = WorldOptions {
        settings: "[invoice]\npattern = \"{PREFIX}-{CUST}-{YY}{MM}-{SEQ:03}\"\nreset = \"monthly\"\n",
        ..WorldOptions::default()
    };
    World::each_with(&options, async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let (bob, _) = world.subscriber("bob@example.com", cards::GOOD).await;
        world.advance("2 months").await;
        for customer in [&ada, &bob] {
            let code = customer.id.as_str().to_ascii_uppercase();
            let code = &code[code.len() - 6..];
            let written = numbers(world, customer);
            assert_eq!(written.len(), 3);
            for number in &written {
                let begins = format!("INV-{code}-");
                assert!(number.starts_with(&begins) && number.ends_with("-001"), "{written:?}");
            }
            let invoice = world.newest_invoice(customer);
            assert!(receipts(world, &invoice.id)[0].number.starts_with(&format!("RE-{code}-")));
            let request = CreditRequest {
                invoice: invoice.id,
                what: Request::Amount(100),
                reason: CreditReason::Goodwill,
                comment: None,
                settlement: Settlement::Balance,
            };
            let note = credit(&world.engine, &world.acme, request, Actor::Operator).unwrap();
            assert!(note.number.starts_with(&format!("CN-{code}-")), "{}", note.number);
        }
        world.settle().await;
        world.check().await;
    });
}
