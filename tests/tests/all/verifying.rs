//! An operator asks whether the books hold, and the exit code says so.

use e2e::{World, cards};
use engine::store;
use engine::store::invoices::Invoice;
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

#[test]
fn an_operator_hears_of_an_invoice_that_was_changed() {
    World::each(async |world| {
        let (ada, _) = world.subscriber("ada@example.com", cards::GOOD).await;
        let right = world.newest_invoice(&ada);
        assert_eq!(verify(world, &[]).await, 0);

        save(world, Invoice { amount_paid: right.amount_paid + 1, ..right.clone() });
        assert_eq!(verify(world, &[]).await, 1);
        assert_eq!(verify(world, &["--tenant", "acme"]).await, 1);
        assert_eq!(verify(world, &["--tenant", "umbra"]).await, 0, "the other business is in order");

        save(world, right);
        assert_eq!(verify(world, &[]).await, 0, "and so is this one, as it was");
    });
}

async fn verify(world: &World, arguments: &[&str]) -> i32 {
    let arguments = [&["verify"], arguments].concat();
    let ended = world.portico(BINARY, &arguments, None).ended(Duration::from_secs(60)).await;
    ended.code().expect("it was not killed")
}

fn save(world: &World, invoice: Invoice) {
    let saved =
        world.engine.write(&world.acme, move |tx, scope| store::invoices::update(tx, scope.id(), &invoice));
    saved.unwrap();
}
