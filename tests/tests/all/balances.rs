//! What a customer has in their balance pays what they owe, the oldest first, whenever it gets there.

use chrono::TimeDelta;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use e2e::{Customer, World, cards};
use engine::ids::InvoiceId;
use engine::store::events::Actor;
use engine::store::invoices::Invoice;
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::one_off::{NewLine, invoice_now};
use engine::usecase::void::void;

const ADA: &str = "ada@example.com";

/// The business gives back of a paid invoice, into the balance.
fn give_back(world: &World, invoice: &InvoiceId, what: Request) {
    let request = CreditRequest {
        invoice: invoice.clone(),
        what,
        reason: CreditReason::Goodwill,
        comment: None,
        settlement: Settlement::Balance,
    };
    credit(&world.engine, &world.acme, request, Actor::Operator).unwrap();
}

/// An invoice over a line of so much, with tax.
fn bill(world: &World, owner: &Customer, net: i64) -> Invoice {
    let description = "Workshop".to_owned();
    let line = NewLine::Written { description, quantity: 1, unit_amount: net, tax_rate: None };
    invoice_now(&world.engine, &world.acme, &owner.id, vec![line], Actor::Operator).unwrap()
}

fn due(invoice: &Invoice) -> i64 {
    invoice.due().unwrap().minor
}

#[test]
fn money_that_gets_there_late_pays_what_is_open_and_nobody_is_dunned_for_it() {
    World::each(async |world| {
        let (ada, id) = world.past_due(ADA).await;
        give_back(world, &world.invoices(&ada)[0].id, Request::Whole);
        world.settle().await;
        let paid = world.newest_invoice(&ada);
        assert_eq!((paid.status.as_str(), paid.credit_applied, paid.amount_paid), ("paid", 5_831, 0));
        assert_eq!((world.status(&id).as_str(), world.balance(&ada)), ("active", 0));
        let charged = world.attempts(&ada).len();
        world.advance("20 days").await;
        assert_eq!((world.status(&id).as_str(), world.attempts(&ada).len()), ("active", charged));
        world.check().await;
    });
}

#[test]
fn what_it_does_not_cover_is_charged_as_before() {
    World::each(async |world| {
        let (ada, id) = world.past_due(ADA).await;
        give_back(world, &world.invoices(&ada)[0].id, Request::Amount(1_000));
        assert_eq!((due(&world.newest_invoice(&ada)), world.status(&id).as_str()), (4_831, "past_due"));
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::GOOD).await;
        world.advance("1 day").await;
        assert_eq!(world.simulator.ledger().await.taken().last().unwrap().amount, 4_831);
        assert_eq!(world.status(&id), "active");
        world.check().await;
    });
}

#[test]
fn the_oldest_is_paid_first_and_what_is_given_up_again_pays_the_next() {
    World::each(async |world| {
        let (ada, _) = world.subscriber(ADA, cards::GOOD).await;
        let [old, new] = [1_000, 4_000].map(|net| bill(world, &ada, net).id);
        let left = || {
            let invoices = world.invoices(&ada);
            [&old, &new].map(|id| due(invoices.iter().find(|invoice| &invoice.id == id).unwrap()))
        };
        give_back(world, &world.invoices(&ada)[0].id, Request::Amount(1_000));
        assert_eq!(left(), [190, 4_760]);
        void(&world.engine, &world.acme, &old, Actor::Operator).unwrap();
        assert_eq!((left()[1], world.balance(&ada)), (3_760, 0));
        give_back(world, &world.invoices(&ada)[0].id, Request::Whole);
        assert_eq!((left()[1], world.balance(&ada)), (0, 1_071));
        world.settle().await;
        world.check().await;
    });
}

#[test]
fn while_a_payment_is_under_way_it_waits_and_pays_when_that_has_failed() {
    World::each(async |world| {
        let (ada, id) = world.subscriber(ADA, cards::GOOD).await;
        let card = world.methods(&ada)[0].id.clone();
        world.card_becomes(&ada, &card, cards::SLOW).await;
        world.advance("1 month").await;
        assert_eq!(world.attempts(&ada).pop().unwrap().state.as_str(), "pending");
        give_back(world, &world.invoices(&ada)[0].id, Request::Whole);
        assert_eq!((due(&world.newest_invoice(&ada)), world.balance(&ada)), (5_831, 5_831), "never twice");

        let ledger = world.simulator.ledger().await;
        let debit = ledger.charges.iter().find(|charge| charge.status == "pending").unwrap();
        world.simulator.fails(&debit.id).await;
        world.wait(TimeDelta::days(1));
        world.settle().await;
        let paid = world.newest_invoice(&ada);
        assert_eq!((paid.status.as_str(), world.status(&id).as_str()), ("paid", "active"));
        assert!(!world.subjects_to(ADA).contains(&"Payment failed: Team".to_owned()));
        world.check().await;
    });
}
