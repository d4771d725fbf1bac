//! What several processes do at once, or to more rows than one look takes.

use super::shelf::code_of;
use super::story;
use crate::Result;
use crate::db::{Conn, dialect};
use crate::ids::{CustomerId, SubscriptionId};
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::testing::Business;
use crate::usecase::advance::advance;
use crate::usecase::charge::Submission;
use crate::usecase::collect::collect;
use crate::usecase::coupon::{NewCoupon, create, redeem};
use crate::usecase::dun;
use crate::usecase::one_off::{self, NewLine};
use chrono::TimeDelta;
use domain::discount::{Coupon, Lasts, Off};
use domain::payment::circuit::OPENS_AFTER;
use domain::provider::{CallError, DeclineKind};
use std::sync::mpsc::channel;

fn open(tx: &mut Conn, scope: &Scope, owner: &CustomerId) -> Result<Invoice> {
    let description = "Workshop".to_owned();
    let line = NewLine::Written { description, quantity: 1, unit_amount: 1_000, tax_rate: None };
    scope.lock(tx, owner)?;
    one_off::open(tx, scope, owner, (scope.settings.identity.currency, &[line]), None, &Actor::Operator)
}

/// Two invoices around midnight, the first of which waits for the second. SQLite's only writer never waits for another.
#[test]
fn who_waits_for_a_series_over_midnight_takes_the_later_date_with_the_later_number() {
    story(|shop| {
        let acme = &shop.acme;
        if acme.engine.db.is_sqlite() {
            return;
        }
        let (early, late) = (acme.customer("early@example.com"), acme.customer("late@example.com"));
        let (began, has_begun) = channel();
        let (taken, is_taken) = channel();
        std::thread::scope(|threads| {
            let first = threads.spawn(move || {
                acme.engine.write(&acme.id, move |tx, scope| {
                    began.send(()).unwrap();
                    is_taken.recv().unwrap();
                    open(tx, scope, &early)
                })
            });
            has_begun.recv().unwrap();
            shop.clock.advance(TimeDelta::hours(14));
            let second = acme.engine.write(&acme.id, move |tx, scope| {
                let invoice = open(tx, scope, &late)?;
                taken.send(()).unwrap();
                while !dialect::somebody_waits(tx)? {
                    std::thread::yield_now();
                }
                Ok(invoice)
            });
            let (first, second) = (first.join().unwrap().unwrap(), second.unwrap());
            assert_eq!((second.seq, first.seq), (Some(1), Some(2)));
            assert!(second.issue_date <= first.issue_date, "{second:?} {first:?}");
        });
    });
}

/// A customer whose charge is on its way, and their subscription.
fn charged(shop: &Business, n: usize) -> (CustomerId, SubscriptionId, Submission) {
    let owner = shop.customer(&format!("c{n}@example.com"));
    shop.card(&owner, "4242");
    let (id, invoice) = shop.subscribe(&owner);
    let charge = collect(&shop.engine, &shop.id, &invoice).unwrap().unwrap();
    (owner, id, shop.submit(&charge))
}

/// Its renewal was refused, which opened a case of dunning.
fn past_due(shop: &Business, (owner, id): &(CustomerId, SubscriptionId)) {
    advance(&shop.engine, &shop.id, id).unwrap();
    let charge = collect(&shop.engine, &shop.id, &shop.newest_invoice(owner)).unwrap().unwrap();
    shop.decline(&charge, DeclineKind::InsufficientFunds);
}

fn silence() -> CallError {
    CallError::Unknown("silence".to_owned())
}

#[test]
fn calls_that_fail_side_by_side_are_counted_one_by_one() {
    const CALLS: usize = 12;
    story(|shop| {
        let acme = &shop.acme;
        let sent: Vec<_> = (0..CALLS).map(|n| charged(acme, n)).collect();
        std::thread::scope(|threads| {
            for (_, _, submission) in &sent {
                threads.spawn(|| acme.hears(submission, Err(silence())));
            }
        });
        let circuits = acme.engine.db.read(|conn| store::circuits::all(conn, &acme.id)).unwrap();
        assert_eq!(circuits[0].failed_calls, i32::try_from(CALLS).unwrap());
    });
}

#[test]
fn cases_beyond_the_first_look_are_frozen_too_and_thaw_again() {
    story(|shop| {
        let acme = &shop.acme;
        let renewing: Vec<_> = (0..3)
            .map(|n| {
                let (owner, id, submission) = charged(acme, n);
                acme.succeeds(&submission);
                (owner, id)
            })
            .collect();
        shop.clock.advance(TimeDelta::days(30));
        renewing.iter().for_each(|paid| past_due(acme, paid));
        for n in 0..OPENS_AFTER.unsigned_abs() as usize {
            acme.hears(&charged(acme, 10 + n).2, Err(silence()));
        }
        assert_eq!(turn_all(acme), 3, "one at a time, all of them stop");
        shop.clock.advance(TimeDelta::hours(27));
        assert_eq!(turn_all(acme), 3, "and go on");
    });
}

/// Looks for one case at a time, as long as there is one; says how many there were.
fn turn_all(acme: &Business) -> usize {
    let mut turned = 0;
    while let Some(invoice) = dun::find_turning(&acme.engine, &acme.id, 1).unwrap().pop() {
        dun::take_step(&acme.engine, &acme.id, &invoice).unwrap();
        turned += 1;
        assert!(turned < 10, "the same case again and again");
    }
    turned
}

#[test]
fn b14_of_many_who_redeem_a_coupon_at_once_one_does() {
    const PRESSES: usize = 16;
    story(|shop| {
        let acme = &shop.acme;
        let (_, id, submission) = charged(acme, 1);
        acme.succeeds(&submission);
        let terms = Coupon { off: Off::Percent(200_000), lasts: Lasts::Once };
        let new = NewCoupon { code: "ONCE".to_owned(), terms, redeem_by: None };
        create(&acme.engine, &acme.id, new).unwrap();
        let redeemed: Vec<Result<()>> = std::thread::scope(|threads| {
            let press = || redeem(&acme.engine, &acme.id, &id, "ONCE", &Actor::Operator).map(drop);
            let pressing: Vec<_> = (0..PRESSES).map(|_| threads.spawn(press)).collect();
            pressing.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (taken, refused): (Vec<_>, Vec<_>) = redeemed.into_iter().partition(Result::is_ok);
        assert_eq!((taken.len(), refused.len()), (1, PRESSES - 1));
        assert!(refused.into_iter().all(|refused| code_of(refused) == "coupon_redeemed"));
    });
}
