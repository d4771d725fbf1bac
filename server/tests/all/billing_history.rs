//! The billing history, one payment, and its PDF.

use crate::world::World;
use chrono::TimeDelta;
use domain::provider::DeclineKind;
use engine::store;
use engine::testing::Business;
use engine::usecase::{collect, document};

#[test]
fn the_history_turns_pages_and_filters() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        acme.card(&mina, "4242");
        let (_, paid) = acme.subscribe(&mina);
        acme.succeed(&collect::collect(&world.engine, &world.acme, &paid).unwrap().unwrap());
        for _ in 0..20 {
            world.wait(TimeDelta::minutes(1));
            acme.subscribe(&mina);
        }
        let mut browser = world.signed_in(&mina);
        let rows = |body: &str| body.matches("class=\"c-what\"").count();

        let first = browser.get("/billing");
        assert_eq!(rows(&first.body), 20);
        assert!(first.says("1–20 of 21") && first.says("Older payments"), "{}", first.body);
        assert!(!first.says("Newer payments"));
        let last = browser.get("/billing?page=2");
        assert_eq!(rows(&last.body), 1);
        assert!(last.says("21–21 of 21") && last.says(paid.as_str()) && last.says("Newer payments"));

        let only_paid = browser.get("/billing?status=paid");
        assert_eq!(rows(&only_paid.body), 1);
        let open = browser.get("/billing?status=failed&page=1");
        assert!(rows(&open.body) == 20 && !open.says(paid.as_str()));
        for strange in ["/billing?page=none", "/billing?page=-1", "/billing?status=%01"] {
            assert_eq!(browser.get(strange).status, 200, "{strange}");
        }
    });
}

#[test]
fn an_empty_history_says_so() {
    World::with("", |world| {
        let mina = world.customer("mina@example.com");
        let mut browser = world.signed_in(&mina);
        assert!(browser.get("/billing").says("No payments yet."));
        assert!(browser.get("/billing?status=failed").says("Everything is paid."));
    });
}

#[test]
fn one_payment_lists_lines_tax_and_every_try() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        acme.card(&mina, "4242");
        let (_, invoice) = acme.subscribe(&mina);
        acme.decline(
            &collect::collect(&world.engine, &world.acme, &invoice).unwrap().unwrap(),
            DeclineKind::InsufficientFunds,
        );
        let page = world.signed_in(&mina).get(&format!("/billing/{invoice}"));
        for text in
            ["Pro", "29.00", "5.51", "34.51", "19", "4242", "there was not enough money", "mina@example.com"]
        {
            assert!(page.says(text), "{text}: {}", page.body);
        }
    });
}

#[test]
fn an_invoice_is_prepared_and_then_downloaded() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        let (_, invoice) = acme.subscribe(&mina);
        let path = format!("/billing/{invoice}/invoice.pdf");
        let mut browser = world.signed_in(&mina);
        for _ in 0..2 {
            let waiting = browser.get(&path);
            assert_eq!((waiting.status, waiting.header("refresh")), (200, Some("1")));
        }
        let asked = world.read(|conn, scope| store::documents::pending(conn, scope.id(), 10));
        assert_eq!(asked.len(), 1);

        document::store_rendered(&world.engine, &world.acme, &asked[0], b"%PDF-1.7 an invoice".to_vec())
            .unwrap();
        let pdf = browser.get(&path);
        assert_eq!(pdf.header("content-type"), Some("application/pdf"));
        assert_eq!(pdf.header("content-security-policy"), Some("sandbox; default-src 'none'"));
        let disposition = pdf.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"INV-2026-00001.pdf\""), "{disposition}");
        assert!(pdf.says("%PDF-1.7 an invoice"));
    });
}

#[test]
fn a_payment_offers_its_receipt_beside_its_invoice() {
    World::with("", |world| {
        let acme = Business::stocked(&world.engine, &world.acme);
        let mina = acme.customer("mina@example.com");
        acme.card(&mina, "4242");
        let (_, invoice) = acme.subscribe(&mina);
        acme.succeed(&collect::collect(&world.engine, &world.acme, &invoice).unwrap().unwrap());
        let receipt =
            world.read(|conn, scope| store::receipts::of_invoice(conn, scope.id(), &invoice)).remove(0);
        let path = format!("/billing/{invoice}/receipts/{}.pdf", receipt.id);
        let mut browser = world.signed_in(&mina);
        let page = browser.get(&format!("/billing/{invoice}"));
        assert!(page.says(&path) && page.says(&receipt.number), "{}", page.body);
        let waiting = browser.get(&path);
        assert_eq!((waiting.status, waiting.header("refresh")), (200, Some("1")));

        let documents = world.read(|conn, scope| store::documents::of_invoice(conn, scope.id(), &invoice));
        let document = documents.iter().find(|document| document.receipt_id.as_ref() == Some(&receipt.id));
        let bytes = b"%PDF-1.7 a receipt".to_vec();
        document::store_rendered(&world.engine, &world.acme, &document.unwrap().id, bytes).unwrap();
        let pdf = browser.get(&path);
        assert_eq!(pdf.header("content-type"), Some("application/pdf"));
        assert!(pdf.header("content-disposition").unwrap().contains(&receipt.number));
        assert!(pdf.says("%PDF-1.7 a receipt"));

        let (_, other) = acme.subscribe(&mina);
        assert_eq!(browser.get(&format!("/billing/{other}/receipts/{}.pdf", receipt.id)).status, 404);
        let ben = acme.customer("ben@example.com");
        assert_eq!(world.signed_in(&ben).get(&path).status, 404, "somebody else's");
    });
}
