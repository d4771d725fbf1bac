//! What a provider has accepted: the bank's statement shows it before the provider says so, or it never arrives.

use chrono::TimeDelta;
use domain::event::EventKind;
use domain::payment::by_hand::Finding;
use e2e::{World, cards};
use engine::Error;
use engine::store::events::Actor;
use engine::usecase::settle_payment::settle_payment;

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");

#[test]
fn a_debit_that_the_statement_shows_pays_its_invoice_and_the_provider_s_word_comes_too_late() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::SLOW).await;
        world.advance("1 month").await;
        let debit = world.attempts(&ada).pop().unwrap();
        assert_eq!((debit.state.as_str(), debit.review_since), ("pending", None));
        let given_up = settle_payment(&world.engine, &world.acme, &debit.id, Finding::NotMoved);
        assert!(matches!(given_up, Err(Error::Refused { code: "payment_open", .. })), "{given_up:?}");

        let statement = ["payment", "settle", debit.id.as_str(), "--moved", "NTRF 4711", "--tenant", "acme"];
        world.portico_says(BINARY, &statement);
        let settled = world.attempts(&ada).pop().unwrap();
        assert_eq!((settled.state.as_str(), &settled.provider_ref), ("succeeded", &debit.provider_ref));
        assert_eq!(settled.outcome_source.as_deref(), Some("operator"));
        let invoice = world.newest_invoice(&ada);
        assert_eq!((invoice.status.as_str(), world.status(&id).as_str()), ("paid", "active"));
        for (subject, kind) in
            [(debit.id.as_str(), EventKind::PaymentSucceeded), (invoice.id.as_str(), EventKind::InvoicePaid)]
        {
            let told = world.history(subject).pop().unwrap();
            assert_eq!((told.kind, told.actor), (kind, Actor::Operator));
        }

        let charge = debit.provider_ref.unwrap();
        world.simulator.succeeds(&charge).await;
        world.wait(TimeDelta::days(1));
        world.settle().await;
        assert_eq!(world.attempts(&ada).len(), 2);
        world.check().await;
    });
}

#[test]
fn a_debit_that_never_arrives_is_withdrawn_and_its_invoice_paid_in_another_way() {
    World::each(async |world| {
        let (ada, id) = world.subscriber("ada@example.com", cards::GOOD).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::SLOW).await;
        world.advance("1 month").await;
        let debit = world.attempts(&ada).pop().unwrap();
        assert_eq!(debit.state.as_str(), "pending");

        world.card_becomes(&ada, &card, cards::GOOD).await;
        let withdraw = ["payment", "withdraw", debit.id.as_str(), "--tenant", "acme"];
        world.portico_says(BINARY, &withdraw);
        // The clock of another process has gone on.
        world.wait(TimeDelta::minutes(10));
        world.settle().await;
        let given_up = world.attempts(&ada).into_iter().find(|attempt| attempt.id == debit.id).unwrap();
        assert_eq!(given_up.state.as_str(), "cancelled");
        let again = world.portico_tells(BINARY, &withdraw);
        assert!(!again.status.success(), "it has ended");

        world.wait(TimeDelta::days(1));
        world.advance("5 days").await;
        assert_eq!(
            (world.newest_invoice(&ada).status.as_str(), world.status(&id).as_str()),
            ("paid", "active")
        );
        assert_eq!(world.simulator.ledger().await.taken().len(), 2);
        world.check().await;
    });
}
