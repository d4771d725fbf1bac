//! Periods begin, are invoiced, charged, receipted and documented.

use domain::event::EventKind;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use e2e::{World, cards};
use engine::ids::SubscriptionId;
use engine::store::events::Actor;
use engine::usecase::credit::{CreditRequest, credit};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

#[test]
fn a_month_passes_and_the_next_one_is_invoiced_and_paid() {
    World::each(async |world| {
        let (ada, subscription) = world.subscriber("ada@example.com", cards::GOOD).await;
        assert_eq!(world.status(&subscription), "active");

        world.advance("1 month").await;

        let invoices = world.invoices(&ada);
        let ledger = world.simulator.ledger().await;
        assert_eq!(invoices.len(), 2);
        for (invoice, charge) in invoices.iter().zip(ledger.taken()) {
            assert_eq!((invoice.status.as_str(), invoice.subtotal, invoice.total), ("paid", 4_900, 5_831));
            assert_eq!((charge.amount, &charge.reference), (5_831, &invoice.natural_ref));
            assert_eq!(world.count_events(&invoice.id, EventKind::InvoicePaid), 1);
        }
        assert_eq!(ledger.charges.len(), 2);
        assert_eq!(
            world.subjects_to("ada@example.com"),
            ["Receipt from Acme: €58.31", "Receipt from Acme: €58.31"]
        );
        assert!(world.events(subscription.as_str()).ends_with(&[EventKind::SubscriptionRenewed]));
        world.check().await;
    });
}

#[test]
fn what_the_balance_pays_is_off_the_next_payment_on_each_page() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let request = CreditRequest {
            invoice: world.newest_invoice(&ada).id,
            what: Request::Amount(1_000),
            reason: CreditReason::Goodwill,
            comment: None,
            settlement: Settlement::Balance,
        };
        credit(&world.engine, &world.acme, request, Actor::Operator).unwrap();
        let mut browser = world.signed_in(&ada).await;
        let next = browser.open("/").await.all("[aria-labelledby=h-next]").join(" ");
        let bill =
            browser.open(&format!("/subscriptions/{id}")).await.all("[aria-labelledby=h-up]").join(" ");
        for shown in [next, bill] {
            assert!(shown.contains("€48.31") && shown.contains("Paid from your credit"), "{shown}");
        }
        world.advance("1 month").await;
        assert_eq!(world.simulator.ledger().await.taken()[1].amount, 4_831);
        world.check().await;
    });
}

#[test]
fn what_the_page_announces_is_what_the_renewal_takes() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let mut browser = world.signed_in(&ada).await;
        let page = browser.open(&format!("/subscriptions/{id}")).await;
        let announced = page.all("[aria-labelledby=h-up]").join(" ");
        assert!(announced.contains("€49.00") && announced.contains("€9.31"), "net and tax: {announced}");
        assert!(announced.contains("€58.31"), "and the total: {announced}");

        world.advance("1 month").await;
        let invoice = world.newest_invoice(&ada);
        assert_eq!((invoice.subtotal, invoice.tax, invoice.total), (4_900, 931, 5_831));
        assert_eq!(world.simulator.ledger().await.taken()[1].amount, 5_831);
        world.check().await;
    });
}

#[test]
fn the_receipt_leads_to_the_invoice_which_is_a_pdf() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let invoice = world.newest_invoice(&ada);
        let number = invoice.number.clone().unwrap();
        let receipt = world.mail(&ada.email, "Receipt from Acme");
        assert!(receipt.text.contains("58.31") && receipt.html.contains(&number));

        let mut browser = world.browser();
        browser.open(&receipt.link()).await;
        let page = browser.submit("/r/", &[]).await;
        assert_eq!(page.url.path(), format!("/subscriptions/{id}"));
        let history = browser.open("/billing").await;
        assert!(history.text().contains("€58.31"), "{}", history.text());

        let pdf = browser.look("GET", &format!("/billing/{}/invoice.pdf", invoice.id)).await;
        assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
        assert_eq!(pdf.header("content-disposition"), format!("attachment; filename=\"{number}.pdf\""));
        assert!(pdf.body.starts_with(b"%PDF-"));
        let again = browser.look("GET", &format!("/billing/{}/invoice.pdf", invoice.id)).await;
        assert_eq!(pdf.body, again.body, "the same bytes every time");
        world.check().await;
    });
}

#[test]
fn after_a_long_holiday_one_period_is_charged_and_a_person_decides_about_the_rest() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.jump("4 months");
        world.settle().await;
        assert_eq!(world.invoices(&ada).len(), 2);
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        assert!(world.subscription(&id).review_since.is_some());
        world.check().await;
    });
}

#[test]
fn reviewed_the_missed_periods_are_billed_one_by_one() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.jump("4 months");
        world.settle().await;
        for invoices in [3, 4] {
            reviewed(world, &id, &[]).await;
            world.settle().await;
            assert_eq!(world.invoices(&ada).len(), invoices);
            assert!(world.subscription(&id).review_since.is_some(), "more were missed");
        }
        reviewed(world, &id, &[]).await;
        world.settle().await;
        assert!(world.subscription(&id).review_since.is_none(), "that was the last");
        let invoices = world.invoices(&ada);
        assert_eq!((invoices.len(), world.simulator.ledger().await.taken().len()), (5, 5));
        assert!(invoices.windows(2).all(|pair| pair[0].period_end == pair[1].period_start));
        world.check().await;
    });
}

#[test]
fn reviewed_and_forgiven_billing_goes_on_with_the_next_period() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.jump("4 months");
        world.settle().await;
        reviewed(world, &id, &["--forgive"]).await;
        world.settle().await;
        assert_eq!(world.invoices(&ada).len(), 2, "nothing was billed for the time between");
        assert!(world.subscription(&id).review_since.is_none());
        assert!(world.events(id.as_str()).ends_with(&[EventKind::SubscriptionReviewed]));
        world.advance("1 month").await;
        let invoices = world.invoices(&ada);
        assert_eq!((invoices.len(), world.simulator.ledger().await.taken().len()), (3, 3));
        assert!(invoices[2].period_start <= Some(world.now()) && Some(world.now()) < invoices[2].period_end);
        world.check().await;
    });
}

/// An operator has looked: `portico subscription reviewed`.
async fn reviewed(world: &World, id: &SubscriptionId, more: &[&str]) {
    let words = [&["subscription", "reviewed", id.as_str(), "--tenant", "acme"], more].concat();
    let ended = world.portico(BINARY, &words, None).ended(Duration::from_secs(60)).await;
    assert!(ended.success(), "{words:?}: {ended}");
}

#[test]
fn a_year_of_months_is_a_row_of_invoices_without_a_gap() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        world.advance("12 months").await;
        let invoices = world.invoices(&ada);
        assert_eq!(invoices.len(), 13);
        for pair in invoices.windows(2) {
            assert_eq!(pair[0].period_end, pair[1].period_start);
        }
        assert_eq!(world.simulator.ledger().await.taken().len(), 13);
        assert_eq!(world.mails_to(&ada.email).len(), 13);
        world.check().await;
    });
}
