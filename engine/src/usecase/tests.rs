//! What a simulated year found, each in the fewest steps that show it. The books hold at the end of all of them.

use crate::ids::InvoiceId;
use crate::store;
use crate::store::events::Actor;
use crate::testing::{Business, TestShop};
use crate::usecase::advance::{Advanced, advance};
use crate::usecase::credit::{CreditRequest, credit};
use crate::verify;
use chrono::TimeDelta;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::InvoiceStatus;

/// Tells a story on every database, and verifies the books.
fn story(told: impl Fn(&TestShop)) {
    TestShop::each(|shop| {
        told(shop);
        let found = verify::business(&shop.acme.engine, &shop.acme.id).unwrap();
        assert!(found.is_empty(), "{found:?}");
    });
}

fn credit_part(shop: &Business, invoice: &InvoiceId, amount: i64) {
    let request = CreditRequest {
        invoice: invoice.clone(),
        what: Request::Amount(amount),
        reason: CreditReason::Goodwill,
        comment: None,
        settlement: Settlement::Balance,
    };
    credit(&shop.engine, &shop.id, request, Actor::Operator).unwrap();
}

#[test]
fn what_was_credited_of_an_invoice_is_not_taken_back_again_when_its_subscription_never_begins() {
    story(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        let (sub, invoice) = acme.subscribe(&mina);
        credit_part(acme, &invoice, 1_000);
        shop.clock.advance(TimeDelta::hours(24));
        assert_eq!(advance(&acme.engine, &acme.id, &sub).unwrap(), Advanced::Ended);
        let read = acme.engine.db.read(|conn| store::invoices::get(conn, &acme.id, &invoice));
        assert_eq!(read.unwrap().status, InvoiceStatus::Void);
    });
}
