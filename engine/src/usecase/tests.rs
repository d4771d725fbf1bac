//! What a simulated year found, each in the fewest steps that show it; and documents that are opened side by side.
//! The books hold at the end of all of them.

mod behaviours;
mod coming_back;
mod endings;
mod meanwhile;
mod refunds;
mod shelf;
mod side_by_side;
mod taken_back;
mod unpaid;
mod usage;
mod worth;

use crate::ids::{CustomerId, InvoiceId};
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::testing::{Business, TestShop};
use crate::usecase::advance::{Advanced, advance};
use crate::usecase::bring_up::bring_up_to_now;
use crate::usecase::collect::collect;
use crate::usecase::credit::{CreditRequest, credit};
use crate::usecase::dispute::open_dispute;
use crate::usecase::one_off::{self, NewLine};
use crate::usecase::unpark::unpark;
use crate::usecase::void::void;
use crate::verify;
use crate::{Error, Result};
use chrono::TimeDelta;
use diesel::prelude::*;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::InvoiceStatus;
use domain::subscription::due::PARK_AFTER_FAILURES;
use domain::subscription::state::SubscriptionStatus;

/// Tells a story on every database, and verifies the books.
fn story(told: impl Fn(&TestShop)) {
    story_with("", told);
}

/// As [`story`], with more settings.
fn story_with(settings: &str, told: impl Fn(&TestShop)) {
    TestShop::each_with(settings, |shop| {
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

#[test]
fn what_was_credited_to_the_balance_stays_owed_when_a_bank_takes_the_payment_back() {
    story(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        acme.card(&mina, "4242");
        let (_, invoice) = acme.subscribe(&mina);
        let charge = collect(&acme.engine, &acme.id, &invoice).unwrap().unwrap();
        acme.succeed(&charge);
        credit_part(acme, &invoice, 1_000);
        open_dispute(&acme.engine, &acme.id, &charge, Actor::Provider).unwrap();
        let withdrawn = void(&acme.engine, &acme.id, &invoice, Actor::Operator);
        assert!(matches!(withdrawn, Err(Error::Refused { code: "not_voidable", .. })), "{withdrawn:?}");
    });
}

/// Opens an invoice, and gives it up when `kept` is false.
fn open(shop: &Business, owner: &CustomerId, kept: bool) -> Result<Invoice> {
    let owner = owner.clone();
    shop.engine.write(&shop.id, move |tx, scope| {
        let description = "Workshop".to_owned();
        let line = NewLine::Written { description, quantity: 1, unit_amount: 1_000, tax_rate: None };
        scope.lock(tx, &owner)?;
        let lines = (scope.settings.identity.currency, &[line][..]);
        let invoice = one_off::open(tx, scope, &owner, lines, None, &Actor::Operator)?;
        if kept { Ok(invoice) } else { Err(Error::Conflict("given up")) }
    })
}

#[test]
fn b13_of_260_invoices_opened_side_by_side_200_stay_without_a_gap_and_in_the_order_of_their_dates() {
    const THREADS: usize = 20;
    story(|shop| {
        let acme = &shop.acme;
        let owners: Vec<CustomerId> =
            (0..THREADS).map(|n| acme.customer(&format!("c{n}@example.com"))).collect();
        let opened: Vec<Invoice> = std::thread::scope(|threads| {
            let work = |owner| {
                move || {
                    let mut kept = Vec::new();
                    for n in 0..13 {
                        let outcome = open(acme, owner, n % 4 != 1);
                        assert_eq!(outcome.is_ok(), n % 4 != 1, "{outcome:?}");
                        kept.extend(outcome);
                        shop.clock.advance(TimeDelta::minutes(20));
                    }
                    kept
                }
            };
            let running: Vec<_> = owners.iter().map(|owner| threads.spawn(work(owner))).collect();
            running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let mut places: Vec<_> =
            opened.iter().map(|invoice| (invoice.seq.unwrap(), invoice.issue_date.unwrap())).collect();
        places.sort_unstable();
        let numbers: Vec<i64> = places.iter().map(|(seq, _)| *seq).collect();
        assert_eq!(numbers, (1..=200).collect::<Vec<i64>>());
        assert!(places.is_sorted_by_key(|(_, issued)| *issued), "a date goes back: {places:?}");
        assert!(places[0].1 < places[199].1, "all of them are of one day");
    });
}

/// Runs a statement that no use case would.
fn falsify(shop: &Business, statement: String) {
    let done = shop.engine.db.write(move |tx| Ok(diesel::sql_query(&statement).execute(tx)?));
    assert_eq!(done.unwrap(), 1);
}

#[test]
fn what_fails_at_its_boundary_ten_times_is_parked_and_goes_on_when_a_person_has_seen_to_it() {
    story(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        acme.card(&mina, "4242");
        let (id, invoice) = acme.subscribe(&mina);
        acme.succeed(&collect(&acme.engine, &acme.id, &invoice).unwrap().unwrap());
        shop.clock.advance(TimeDelta::days(31));
        falsify(acme, format!("UPDATE subscription SET billing_tz = 'Nowhere' WHERE id = '{id}'"));
        let stands =
            || acme.engine.read(&acme.id, |conn, scope| store::subscriptions::get(conn, scope.id(), &id));
        let failed = |times| bring_up_to_now(&acme.engine, &acme.id, &id, times);
        assert!(failed(PARK_AFTER_FAILURES - 1).is_err());
        assert_eq!(stands().unwrap().status, SubscriptionStatus::Active);
        failed(PARK_AFTER_FAILURES).unwrap();
        let parked = stands().unwrap();
        assert_eq!((parked.status, parked.next_due_at), (SubscriptionStatus::Error, None));

        falsify(acme, format!("UPDATE subscription SET billing_tz = 'Europe/Berlin' WHERE id = '{id}'"));
        unpark(&acme.engine, &acme.id, &id).unwrap();
        bring_up_to_now(&acme.engine, &acme.id, &id, 0).unwrap();
        assert_eq!(
            (stands().unwrap().status, stands().unwrap().period_index),
            (SubscriptionStatus::Active, 1)
        );
    });
}

#[test]
fn what_fails_and_cannot_be_parked_goes_on_failing_where_it_is_seen() {
    story(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        let (id, _) = acme.subscribe(&mina);
        falsify(acme, format!("UPDATE subscription SET billing_tz = 'Nowhere' WHERE id = '{id}'"));
        shop.clock.advance(TimeDelta::days(2));
        assert!(bring_up_to_now(&acme.engine, &acme.id, &id, PARK_AFTER_FAILURES).is_err());
        falsify(acme, format!("UPDATE subscription SET billing_tz = 'Europe/Berlin' WHERE id = '{id}'"));
    });
}
