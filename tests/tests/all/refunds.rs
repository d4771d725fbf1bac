//! Invoices are credited, and money goes back: once, to the cent, and with a document that says so.

use chrono::TimeDelta;
use domain::event::EventKind;
use domain::invoice::credit_note::{CreditReason, Part, Request, Settlement};
use domain::tax::TaxRate;
use e2e::{Customer, World, cards};
use engine::ids::InvoiceId;
use engine::store;
use engine::store::credit_notes::CreditNote;
use engine::store::documents::{DocumentKind, DocumentState};
use engine::store::events::Actor;
use engine::store::invoices::Invoice;
use engine::testing::press_pay;
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::one_off::{NewLine, invoice_now};
use std::collections::BTreeMap;
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

fn request(invoice: &InvoiceId, what: Request, settlement: Settlement) -> CreditRequest {
    CreditRequest {
        invoice: invoice.clone(),
        what,
        reason: CreditReason::Goodwill,
        comment: None,
        settlement,
    }
}

/// An operator gives money back.
fn refund(world: &World, invoice: &InvoiceId, what: Request) -> engine::Result<CreditNote> {
    let wanted = request(invoice, what, Settlement::Refund);
    credit(&world.engine, &world.acme, wanted, Actor::Operator)
}

#[test]
fn a_refunded_payment_goes_back_to_the_card_with_a_document_and_a_mail() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let invoice = world.newest_invoice(&ada);
        let note = refund(world, &invoice.id, Request::Whole).unwrap();
        assert_eq!((note.net, note.tax, note.total, note.to_refund), (4_900, 931, 5_831, 5_831));
        assert!(note.number.starts_with("CN-"), "a series of its own: {}", note.number);
        world.settle().await;

        let ledger = world.simulator.ledger().await;
        let refunds: Vec<_> = ledger.refunds.iter().map(|back| (&back.charge, back.amount)).collect();
        assert_eq!(refunds, [(&ledger.taken()[0].id, 5_831)]);
        assert_eq!(world.events(world.refunds(&ada)[0].id.as_str()), [EventKind::RefundSucceeded]);
        assert_eq!(world.newest_invoice(&ada).status.as_str(), "paid", "it stays what it was");
        assert_eq!((world.balance(&ada), world.status(&id).as_str()), (0, "active"));

        let history = world.signed_in(&ada).await.open("/billing").await;
        assert!(history.text().contains("Refunded"), "{}", history.text());
        let mail = world.mail(&ada.email, &format!("Credit note {}: €58.31", note.number));
        assert!(mail.text.contains("€58.31 goes back to"), "{}", mail.text);
        let documents = world
            .engine
            .db
            .read(|conn| store::documents::of_invoice(conn, &world.acme, &invoice.id))
            .unwrap();
        let printed = documents.iter().find(|document| document.kind == DocumentKind::CreditNote).unwrap();
        assert_eq!((printed.state, printed.credit_note_id.as_ref()), (DocumentState::Ready, Some(&note.id)));
        world.check().await;
    });
}

#[test]
fn what_is_unpaid_is_set_off_and_nothing_goes_back() {
    World::each(async |world| {
        let ada = world.customer("ada@example.com");
        let invoice = bill(world, &ada, &[("Workshop", 10_000, "19")]);
        let part = refund(world, &invoice.id, Request::Amount(1_900)).unwrap();
        assert_eq!((part.to_offset, part.to_refund), (1_900, 0));
        assert_eq!(world.newest_invoice(&ada).due().unwrap().minor, 10_000);
        let rest = refund(world, &invoice.id, Request::Whole).unwrap();
        world.settle().await;
        assert_eq!((rest.to_offset, world.newest_invoice(&ada).status.as_str()), (10_000, "paid"));
        assert_eq!(
            world.events(invoice.id.as_str()),
            [EventKind::InvoiceOpened, EventKind::InvoiceReduced, EventKind::InvoicePaid]
        );
        assert!(world.refunds(&ada).is_empty() && world.simulator.ledger().await.charges.is_empty());
        world.check().await;
    });
}

#[test]
fn a_credit_that_stays_in_the_balance_pays_the_next_invoice() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let invoice = world.newest_invoice(&ada);
        let wanted = request(&invoice.id, Request::Amount(2_000), Settlement::Balance);
        credit(&world.engine, &world.acme, wanted, Actor::Operator).unwrap();
        assert_eq!(world.balance(&ada), 2_000);
        world.advance("1 month").await;
        let renewal = world.newest_invoice(&ada);
        assert_eq!((renewal.total, renewal.credit_applied, renewal.amount_paid), (5_831, 2_000, 3_831));
        let ledger = world.simulator.ledger().await;
        assert_eq!((ledger.taken()[1].amount, ledger.refunds.len(), world.balance(&ada)), (3_831, 0, 0));
        world.check().await;
    });
}

#[test]
fn three_partial_refunds_of_two_rates_are_the_invoice_to_the_cent() {
    World::each(async |world| {
        let ada = world.customer("ada@example.com");
        let card = world.card(&ada, cards::GOOD).await;
        let invoice = bill(world, &ada, &[("Books", 3_333, "7"), ("Workshop", 9_999, "19")]);
        assert_eq!((invoice.total, invoice.tax), (3_333 + 233 + 9_999 + 1_900, 2_133));
        press_pay(&world.engine, &world.acme, &ada.id, &invoice.id, &card).unwrap();
        world.settle().await;
        for amount in [5_155, 5_155, 5_155] {
            refund(world, &invoice.id, Request::Amount(amount)).unwrap();
            world.settle().await;
        }
        let notes = world.credit_notes(&invoice.id);
        let total = |part: fn(&CreditNote) -> i64| notes.iter().map(part).sum::<i64>();
        assert_eq!((total(|note| note.total), total(|note| note.tax)), (invoice.total, invoice.tax));
        let read = world.engine.db.read(|conn| {
            let lines = store::invoices::lines(conn, &world.acme, &invoice.id)?;
            let credited = store::credit_notes::lines_of_invoice(conn, &world.acme, &invoice.id)?;
            Ok((lines, credited))
        });
        let (lines, credited) = read.unwrap();
        let mut by_rate = BTreeMap::<i64, (i64, i64)>::new();
        for (rate, net, tax) in credited.iter().map(|line| (line.tax_rate, line.net, line.tax)) {
            let sum = by_rate.entry(rate).or_default();
            *sum = (sum.0 + net, sum.1 + tax);
        }
        let billed: BTreeMap<_, _> = lines.iter().map(|line| (line.tax_rate, (line.net, line.tax))).collect();
        assert_eq!(by_rate, billed, "net and tax of each rate");
        let back: i64 = world.simulator.ledger().await.refunds.iter().map(|refund| refund.amount).sum();
        assert_eq!(back, invoice.total);
        assert_eq!(code(refund(world, &invoice.id, Request::Amount(1))), "nothing_left");
        world.check().await;
    });
}

#[test]
fn a_single_line_can_be_given_back() {
    World::each(async |world| {
        let ada = world.customer("ada@example.com");
        let card = world.card(&ada, cards::GOOD).await;
        let invoice = bill(world, &ada, &[("Books", 2_000, "7"), ("Workshop", 10_000, "19")]);
        press_pay(&world.engine, &world.acme, &ada.id, &invoice.id, &card).unwrap();
        world.settle().await;
        let books = || Request::Lines(vec![(0, Part::Rest)]);
        let note = refund(world, &invoice.id, books()).unwrap();
        world.settle().await;
        assert_eq!((note.net, note.tax, note.to_refund), (2_000, 140, 2_140));
        assert_eq!(code(refund(world, &invoice.id, books())), "bad_line");
        assert_eq!(code(refund(world, &invoice.id, Request::Amount(11_901))), "too_much");
        world.check().await;
    });
}

#[test]
fn b9_of_operators_who_refund_the_same_at_once_one_does() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let invoice = world.newest_invoice(&ada).id;
        let presses: Vec<_> = (0..8)
            .map(|_| {
                let (engine, acme) = (world.engine.clone(), world.acme.clone());
                let wanted = request(&invoice, Request::Whole, Settlement::Refund);
                std::thread::spawn(move || credit(&engine, &acme, wanted, Actor::Operator))
            })
            .collect();
        let answers: Vec<_> = presses.into_iter().map(|press| press.join().unwrap()).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        let refused = answers.into_iter().filter(Result::is_err).map(code);
        assert!(refused.into_iter().all(|why| why == "nothing_left"));
        world.settle().await;
        assert_eq!(world.simulator.ledger().await.refunds.len(), 1);
        assert_eq!((world.refunds(&ada).len(), world.credit_notes(&invoice).len()), (1, 1));
        world.check().await;
    });
}

#[test]
fn an_operator_withdraws_gives_up_and_refunds_at_the_command_line() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let paid = world.newest_invoice(&ada);
        let wrong = bill(world, &ada, &[("Workshop", 10_000, "19")]);
        let lost = bill(world, &ada, &[("Workshop", 10_000, "19")]);
        assert!(!portico(world, &["invoice", "void", paid.number.as_deref().unwrap()]).await, "it is paid");
        assert!(portico(world, &["invoice", "void", wrong.number.as_deref().unwrap()]).await);
        assert!(portico(world, &["invoice", "give-up", lost.id.as_str()]).await);
        assert!(portico(world, &["invoice", "refund", paid.id.as_str(), "--reason", "duplicate"]).await);
        let line = ["invoice", "bill", "--customer", "ada@example.com", "--line", "2x1500@7 Books"];
        assert!(portico(world, &line).await);
        // What another process asks for is due by its own clock.
        world.wait(TimeDelta::minutes(5));
        world.settle().await;
        let found: Vec<_> = world.invoices(&ada).iter().map(|i| (i.status.to_string(), i.total)).collect();
        let expected = [("paid", 5_831), ("void", 11_900), ("uncollectible", 11_900), ("open", 3_210)];
        assert_eq!(found, expected.map(|(status, total)| (status.to_owned(), total)));
        assert_eq!(world.simulator.ledger().await.refunds.len(), 1);
        // A late payment is still accepted.
        let card = world.methods(&ada).remove(0).id;
        press_pay(&world.engine, &world.acme, &ada.id, &lost.id, &card).unwrap();
        world.settle().await;
        assert_eq!(world.invoices(&ada)[2].status.as_str(), "paid");
        world.check().await;
    });
}

/// An invoice of `acme` over lines of (description, net cents, per cent of tax).
fn bill(world: &World, customer: &Customer, lines: &[(&str, i64, &str)]) -> Invoice {
    let line = |(description, unit_amount, rate): &(&str, i64, &str)| NewLine::Written {
        description: (*description).to_owned(),
        quantity: 1,
        unit_amount: *unit_amount,
        tax_rate: Some(rate.parse::<TaxRate>().unwrap()),
    };
    let lines = lines.iter().map(line).collect();
    invoice_now(&world.engine, &world.acme, &customer.id, lines, Actor::Operator).unwrap()
}

/// Runs `portico` for `acme`, and says whether it did what it was told.
async fn portico(world: &World, words: &[&str]) -> bool {
    let words = [words, &["--tenant", "acme"]].concat();
    world.portico(BINARY, &words, None).ended(Duration::from_secs(60)).await.success()
}

fn code<T>(answer: engine::Result<T>) -> &'static str {
    match answer {
        Err(engine::Error::Refused { code, .. }) => code,
        Err(other) => panic!("{other}"),
        Ok(_) => "done",
    }
}
