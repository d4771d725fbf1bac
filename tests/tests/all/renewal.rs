//! Periods begin, are invoiced, charged, receipted and documented.

use e2e::{World, cards};
use engine::store;

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
            assert_eq!(
                (invoice.status.as_str(), invoice.subtotal, invoice.total),
                ("paid", 4_900, 5_831)
            );
            assert_eq!((charge.amount, &charge.reference), (5_831, &invoice.natural_ref));
            assert_eq!(world.count_events(&invoice.id, "invoice.paid"), 1);
        }
        assert_eq!(ledger.charges.len(), 2);
        assert_eq!(
            world.subjects_to("ada@example.com"),
            ["Receipt from Acme: €58.31", "Receipt from Acme: €58.31"]
        );
        assert!(
            world
                .events(subscription.as_str())
                .ends_with(&["subscription.renewed".to_owned()])
        );
        world.check().await;
    });
}

#[test]
fn every_paid_invoice_gets_its_document() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let invoice = world.newest_invoice(&ada);
        let bytes = world.engine.db.read(|conn| {
            let documents = store::documents::of_invoice(conn, &world.acme, &invoice.id)?;
            store::documents::bytes(conn, &world.acme, &documents[0].id)
        });
        assert!(bytes.unwrap().expect("it is rendered").starts_with(b"%PDF-"));
        world.check().await;
    });
}
