//! Stories of what pages read, on both databases.

use super::account;
use super::billing::{self, Filter, History};
use super::paying::{self, WayBack};
use super::payment::{Payment, PaymentState};
use crate::error::Error;
use crate::ids::{AttemptId, CustomerId, InvoiceId, SubscriptionId};
use crate::store;
use crate::testing::press_pay;
use crate::testing::{Business, TestShop};
use crate::usecase::{advance, collect, dun, use_method};
use chrono::{NaiveDate, TimeDelta};
use domain::provider::DeclineKind;

fn payment(shop: &Business, owner: &CustomerId, id: &InvoiceId) -> Payment {
    shop.engine.read(&shop.id, |conn, scope| billing::payment(conn, scope, owner, id)).unwrap()
}

fn history(shop: &Business, owner: &CustomerId, filter: Filter, page: u32) -> History {
    shop.engine.read(&shop.id, |conn, scope| billing::history(conn, scope, owner, filter, page)).unwrap()
}

fn collect(shop: &Business, invoice: &InvoiceId) -> AttemptId {
    collect::collect(&shop.engine, &shop.id, invoice).unwrap().unwrap()
}

/// A customer with a card whose first month is paid and whose second is refused.
fn past_due(shop: &TestShop) -> (CustomerId, SubscriptionId, InvoiceId) {
    let acme = &shop.acme;
    let mina = acme.customer("mina@example.com");
    acme.card(&mina, "4242");
    let (sub, first) = acme.subscribe(&mina);
    acme.succeed(&collect(acme, &first));
    shop.clock.advance(TimeDelta::days(30));
    advance::advance(&acme.engine, &acme.id, &sub).unwrap();
    let second = acme.newest_invoice(&mina);
    assert_ne!(first, second);
    acme.decline(&collect(acme, &second), DeclineKind::InsufficientFunds);
    (mina, sub, second)
}

#[test]
fn a_payment_is_due_then_under_way_then_refused_then_paid() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        let card = acme.card(&mina, "4242");
        let (_, invoice) = acme.subscribe(&mina);
        let state = || payment(acme, &mina, &invoice).state();
        let waiting = || history(acme, &mina, Filter::Unpaid, 1).total;
        assert_eq!((state(), waiting()), (PaymentState::Due, 1));

        let attempt = collect(acme, &invoice);
        assert_eq!((state(), waiting()), (PaymentState::Processing, 0));

        acme.decline(&attempt, DeclineKind::Hard);
        assert_eq!((state(), waiting()), (PaymentState::Failed, 1));
        assert!(payment(acme, &mina, &invoice).is_payable());

        let second = press_pay(&acme.engine, &acme.id, &mina, &invoice, &card).unwrap().attempt.unwrap();
        acme.succeed(&second);
        let paid = payment(acme, &mina, &invoice);
        assert_eq!((paid.state(), waiting()), (PaymentState::Paid, 0));
        assert_eq!(paid.tries.len(), 2);
        assert_eq!(paid.deciding_try().unwrap().attempt.id, second);
        assert_eq!(history(acme, &mina, Filter::Paid, 1).total, 1);
    });
}

#[test]
fn a_history_has_pages_and_the_last_one_ends_it() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        for _ in 0..21 {
            acme.subscribe(&mina);
            shop.clock.advance(TimeDelta::minutes(1));
        }
        let first = history(acme, &mina, Filter::All, 1);
        assert_eq!((first.payments.len(), first.total, first.attention), (20, 21, 21));
        let newest = acme.newest_invoice(&mina);
        assert_eq!(first.payments[0].invoice.id, newest);
        assert_eq!(first.payments[0].description(), "Pro");
        for beyond in [2, 99] {
            let last = history(acme, &mina, Filter::All, beyond);
            assert_eq!((last.payments.len(), last.page), (1, 2));
        }
        let none = history(acme, &mina, Filter::Paid, 7);
        assert_eq!((none.payments.len(), none.total, none.page), (0, 0, 1));
    });
}

#[test]
fn nobody_reads_what_is_somebody_elses() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        let strangers = [
            (acme, acme.customer("ivo@example.com")),
            (&shop.other, shop.other.customer("mina@example.com")),
        ];
        for (business, stranger) in strangers {
            let card = business.card(&stranger, "1111");
            let (sub, invoice) = business.subscribe(&stranger);
            let missing = acme.engine.read(&acme.id, |conn, scope| {
                let found = [
                    billing::payment(conn, scope, &mina, &invoice).map(drop),
                    paying::paying(conn, scope, &mina, &invoice).map(drop),
                    paying::way_back(conn, scope, &mina, &sub).map(drop),
                    account::method(conn, scope, &mina, &card).map(drop),
                ];
                Ok(found.iter().all(|answer| matches!(answer, Err(Error::NotFound))))
            });
            assert!(missing.unwrap());
            assert_eq!(history(acme, &mina, Filter::All, 1).total, 0);
        }
    });
}

#[test]
fn a_refused_renewal_is_tried_again_by_the_policy() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let (_, _, invoice) = past_due(shop);
        let next = acme.engine.read(&acme.id, |conn, scope| billing::next_try(conn, scope, &invoice));
        assert_eq!(next.unwrap(), Some(shop.clock.now() + TimeDelta::days(1)));
    });
}

#[test]
fn charges_carry_the_day_of_billing_time() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let id = acme.id.clone();
        let ahead = acme.engine.db.write(move |tx| {
            let mut tenant = store::tenants::get(tx, &id)?;
            tenant.clock_offset_us = TimeDelta::days(60).num_microseconds().unwrap();
            store::tenants::set_clock(tx, &tenant)
        });
        ahead.unwrap();
        let mina = acme.customer("mina@example.com");
        acme.card(&mina, "4242");
        let (_, invoice) = acme.subscribe(&mina);
        acme.decline(&collect(acme, &invoice), DeclineKind::Soft);
        let tried = payment(acme, &mina, &invoice).tries.remove(0);
        assert_eq!(tried.on, NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
    });
}

#[test]
fn paying_the_last_open_invoice_ends_a_hold() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let (mina, sub, invoice) = past_due(shop);
        let facts = || {
            let read = acme.engine.read(&acme.id, |conn, scope| paying::paying(conn, scope, &mina, &invoice));
            read.unwrap()
        };
        let way = || {
            let read = acme.engine.read(&acme.id, |conn, scope| paying::way_back(conn, scope, &mina, &sub));
            read.unwrap()
        };
        assert!(facts().held.is_none());
        assert_eq!(way(), WayBack::NotHeld);

        for days in [1, 2, 4] {
            shop.clock.advance(TimeDelta::days(days));
            dun::take_step(&acme.engine, &acme.id, &invoice).unwrap();
            let retry = payment(acme, &mina, &invoice).last_try().unwrap().attempt.id.clone();
            acme.decline(&retry, DeclineKind::InsufficientFunds);
        }
        let held = facts().held.unwrap();
        assert_eq!((held.id, held.product.as_str()), (sub.clone(), "Pro"));
        assert_eq!(held.since, NaiveDate::from_ymd_opt(2026, 12, 9).unwrap());
        assert_eq!(way(), WayBack::Pay(invoice.clone()));

        let card = acme.card(&mina, "5555");
        let open = payment(acme, &mina, &invoice).last_try().unwrap().attempt.clone();
        let attempt = if open.state.is_open() {
            open.id
        } else {
            press_pay(&acme.engine, &acme.id, &mina, &invoice, &card).unwrap().attempt.unwrap()
        };
        acme.succeed(&attempt);
        let paid = payment(acme, &mina, &invoice);
        let after = acme.engine.read(&acme.id, |conn, scope| paying::aftermath(conn, scope, &paid));
        assert_eq!(after.unwrap().reactivated.as_deref(), Some("Pro"));
    });
}

#[test]
fn methods_name_what_is_charged_to_them() {
    TestShop::each(|shop| {
        let acme = &shop.acme;
        let mina = acme.customer("mina@example.com");
        let old = acme.card(&mina, "1111");
        let (sub, _) = acme.subscribe(&mina);
        let new = acme.card(&mina, "2222");
        let listed = || {
            let read = acme.engine.read(&acme.id, |conn, scope| account::methods(conn, scope, &mina));
            let facts =
                |used: account::MethodUse| (used.method.id, used.is_default, used.subscriptions.len());
            read.unwrap().into_iter().map(facts).collect::<Vec<_>>()
        };
        assert_eq!(listed(), [(new.clone(), true, 1), (old.clone(), false, 0)]);

        use_method::set_for_subscription(&acme.engine, &acme.id, &mina, &sub, &old).unwrap();
        assert_eq!(listed(), [(new.clone(), true, 0), (old.clone(), false, 1)]);

        use_method::remove(&acme.engine, &acme.id, &mina, &old).unwrap();
        assert_eq!(listed(), [(new, true, 0)]);
    });
}
