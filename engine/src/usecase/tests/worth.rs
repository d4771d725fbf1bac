//! Invoices that are worth less than what they bill, since they give back a part of others: what comes back of them.

use super::behaviours::{UP_NEXT_DOWN_NOW, billed_after_it_was_given_back};
use super::coming_back::HOLDS;
use super::endings::{CREDIT, given_back, shown, ten_days_in};
use super::shelf::{
    balance, cancel_as_shown, cancel_now, change_to, decline_newest, invoices, lines, mina, paid_change_to,
    pay_by_hand, plan, quoted, status, step, stock, subscribed,
};
use super::{story, story_with};
use crate::ids::{CustomerId, InvoiceId, SubscriptionId};
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::testing::{Business, TestShop};
use crate::usecase::change::Confirmation;
use crate::usecase::collect::collect;
use crate::usecase::credit::{CreditRequest, credit};
use crate::usecase::dun::take_step;
use crate::usecase::void::void;
use chrono::TimeDelta;
use domain::invoice::credit_note::{CreditReason, Request, Settlement};
use domain::invoice::state::InvoiceStatus;
use domain::provider::{Decline, DeclineKind, Outcome};

/// Down waits for the next invoice.
const DOWN_NEXT: &str = "[changes]\ndowngrade = \"now_next_invoice\"\n";

fn read(shop: &Business, id: &InvoiceId) -> Invoice {
    shop.engine.db.read(|conn| store::invoices::get(conn, &shop.id, id)).unwrap()
}

/// Where an invoice stands, and what is due on it.
fn stands(shop: &Business, id: &InvoiceId) -> (InvoiceStatus, i64) {
    let invoice = read(shop, id);
    (invoice.status, invoice.due().unwrap().minor)
}

/// From "Lite" up to "Pro" after ten of 30 days; and the invoice of that, all of which has been refunded.
fn upgrade_undone(shop: &TestShop) -> (CustomerId, SubscriptionId) {
    let acme = &shop.acme;
    let (mina, sub) = ten_days_in(shop);
    let invoice = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
    assert_eq!(lines(acme, &invoice), [-667, 1_933]);
    let (what, reason, settlement) = (Request::Whole, CreditReason::Goodwill, Settlement::Refund);
    let request = CreditRequest { invoice, what, reason, comment: None, settlement };
    let note = credit(&acme.engine, &acme.id, request, Actor::Operator).unwrap();
    assert_eq!(note.to_refund, 1_266);
    (mina, sub)
}

#[test]
fn what_a_credited_upgrade_gave_back_is_given_back_by_the_next_change() {
    story(|shop| {
        let (_, sub) = upgrade_undone(shop);
        let yearly = paid_change_to(&shop.acme, &sub, &plan(&shop.acme, "pro-yearly"));
        assert_eq!(lines(&shop.acme, &yearly), [-667, 29_000]);
    });
}

#[test]
fn what_a_credited_upgrade_gave_back_comes_back_at_the_end() {
    story_with(CREDIT, |shop| {
        let (mina, sub) = upgrade_undone(shop);
        cancel_now(&shop.acme, &mina, &sub);
        assert_eq!(given_back(&shop.acme, &invoices(&shop.acme, &mina)[0].id), (0, 667, 0));
    });
}

/// From "Pro" down to "Lite" after twenty of 30 days; and the invoice of the second month, which gives back ten days of
/// "Pro" and is worth less than the month.
fn second_month(shop: &TestShop) -> (CustomerId, SubscriptionId, InvoiceId) {
    let acme = &shop.acme;
    stock(acme);
    let mina = mina(acme);
    let sub = subscribed(acme, &mina, "pro-monthly");
    shop.clock.advance(TimeDelta::days(20));
    change_to(acme, &sub, &plan(acme, "lite"));
    shop.clock.advance(TimeDelta::days(10));
    step(acme, &sub);
    let renewal = acme.newest_invoice(&mina);
    assert_eq!(lines(acme, &renewal), [1_000, -967, 333]);
    (mina, sub, renewal)
}

/// As [`second_month`], its charge refused, and ten of 31 days gone.
fn second_month_unpaid(shop: &TestShop) -> (CustomerId, SubscriptionId, InvoiceId) {
    let (mina, sub, renewal) = second_month(shop);
    decline_newest(&shop.acme, &mina);
    shop.clock.advance(TimeDelta::days(10));
    (mina, sub, renewal)
}

#[test]
fn what_a_change_gives_back_of_an_unpaid_invoice_beyond_what_that_is_worth_is_the_customer_s() {
    story_with(DOWN_NEXT, |shop| {
        let acme = &shop.acme;
        let (mina, sub, unpaid) = second_month_unpaid(shop);
        let said = quoted(acme, &sub, &plan(acme, "pro-monthly"));
        assert_eq!((said.quote.settlement.due, said.set_off), (1_965, 677), "21 of 31 days");
        paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        assert_eq!(stands(acme, &unpaid), (InvoiceStatus::Paid, 0));
        assert_eq!((balance(acme, &mina), status(acme, &sub)), (677 - 366, "active"));
    });
}

#[test]
fn what_was_given_back_while_it_waited_is_billed_again_only_after_it_was_taken_back() {
    story_with(&format!("{UP_NEXT_DOWN_NOW}{HOLDS}"), |shop| {
        let acme = &shop.acme;
        let (mina, sub, stale) = billed_after_it_was_given_back(shop);
        decline_newest(acme, &mina);
        shop.clock.advance(TimeDelta::days(7));
        take_step(&acme.engine, &acme.id, &stale).unwrap();
        assert_eq!(status(acme, &sub), "on_hold");
        shop.clock.advance(TimeDelta::days(366));

        let new = pay_by_hand(acme, &mina, &stale);
        assert_eq!(lines(acme, &new), [29_000, -667, 1_933]);
        assert_eq!(
            (stands(acme, &stale), read(acme, &stale).amount_credited),
            ((InvoiceStatus::Paid, 0), 30_266)
        );
        assert_eq!((status(acme, &sub), balance(acme, &mina)), ("active", 0));
    });
}

#[test]
fn unused_time_of_an_unpaid_invoice_beyond_what_that_is_worth_is_the_customer_s() {
    story_with(&format!("{CREDIT}{DOWN_NEXT}"), |shop| {
        let acme = &shop.acme;
        let (mina, sub, unpaid) = second_month_unpaid(shop);
        let said = shown(shop, &sub);
        let minor = |money: Option<domain::money::Money>| money.map(|money| money.minor);
        assert_eq!(
            (minor(said.given_back.offset()), minor(said.given_back.balance())),
            (Some(366), Some(311))
        );
        cancel_as_shown(acme, &mina, &sub, Some(said)).unwrap();
        assert_eq!((stands(acme, &unpaid), balance(acme, &mina)), ((InvoiceStatus::Paid, 0), 311));
    });
}

#[test]
fn unused_time_of_an_invoice_that_gave_back_more_than_it_billed_is_the_customer_s() {
    story_with(&format!("{CREDIT}{DOWN_NEXT}"), |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "pro-monthly");
        shop.clock.advance(TimeDelta::days(3));
        change_to(acme, &sub, &plan(acme, "lite"));
        shop.clock.advance(TimeDelta::days(27));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [1_000, -2_610, 900]);
        shop.clock.advance(TimeDelta::days(10));
        cancel_now(acme, &mina, &sub);
        assert_eq!(balance(acme, &mina), 710 + 677);
    });
}

#[test]
fn what_is_let_go_at_the_end_is_what_unused_time_leaves_of_it() {
    story_with(
        &format!("[ending]\nunused_time = \"credit\"\nopen_invoices = \"void\"\n{DOWN_NEXT}"),
        |shop| {
            let acme = &shop.acme;
            let (mina, sub, unpaid) = second_month_unpaid(shop);
            super::credit_part(acme, &unpaid, 100);
            cancel_now(acme, &mina, &sub);
            assert_eq!((stands(acme, &unpaid), balance(acme, &mina)), ((InvoiceStatus::Paid, 0), 677 - 266));
        },
    );
}

#[test]
fn unused_time_beyond_what_an_invoice_is_worth_comes_back_when_its_payment_is_known() {
    for (arrives, left) in [(true, 667), (false, 667 - 366)] {
        story_with(&format!("{CREDIT}{DOWN_NEXT}"), |shop| {
            let acme = &shop.acme;
            let (mina, sub, renewal) = second_month(shop);
            let under_way = acme.submit(&collect(&acme.engine, &acme.id, &renewal).unwrap().unwrap());
            shop.clock.advance(TimeDelta::seconds(31 * 86_400 / 3));
            cancel_now(acme, &mina, &sub);
            assert_eq!(balance(acme, &mina), 0, "nobody knows yet");
            if arrives {
                acme.succeeds(&under_way);
            } else {
                let kind = DeclineKind::InsufficientFunds;
                let decline = Decline { kind, code: "refused".to_owned(), provider_ref: None };
                acme.hears(&under_way, Ok(Outcome::Declined(decline)));
            }
            assert_eq!((stands(acme, &renewal), balance(acme, &mina)), ((InvoiceStatus::Paid, 0), left));
        });
    }
}

#[test]
fn a_change_that_is_taken_back_within_days_gives_back_more_than_its_invoice_is_worth() {
    for credit in ["balance", "refund"] {
        story_with(&format!("[changes]\ncredit = \"{credit}\"\n"), |shop| {
            let acme = &shop.acme;
            stock(acme);
            let mina = mina(acme);
            let sub = subscribed(acme, &mina, "lite");
            let yearly = paid_change_to(acme, &sub, &plan(acme, "pro-yearly"));
            assert_eq!(lines(acme, &yearly), [-1_000, 29_000]);
            shop.clock.advance(TimeDelta::days(1));
            let said = quoted(acme, &sub, &plan(acme, "lite"));
            assert_eq!(
                (said.quote.settlement.credit, said.refund),
                (27_921, 0),
                "364 of 365 days, less a month"
            );
            assert_eq!(change_to(acme, &sub, &plan(acme, "lite")), Confirmation::Applied);
            assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [1_000]);
            assert_eq!((status(acme, &sub), balance(acme, &mina)), ("active", 27_921));
        });
    }
}

/// From "Lite" to "Pro" and back within a month; and the second month's invoice, which bills both.
fn there_and_back(shop: &TestShop) -> InvoiceId {
    let acme = &shop.acme;
    stock(acme);
    let mina = mina(acme);
    let sub = subscribed(acme, &mina, "lite");
    for code in ["pro-monthly", "lite"] {
        shop.clock.advance(TimeDelta::days(3));
        change_to(acme, &sub, &plan(acme, code));
    }
    shop.clock.advance(TimeDelta::days(24));
    step(acme, &sub);
    let renewal = acme.newest_invoice(&mina);
    assert_eq!(lines(acme, &renewal), [1_000, -900, 2_610, -2_320, 800]);
    renewal
}

#[test]
fn what_an_invoice_bills_and_gives_back_itself_goes_back_with_it() {
    let next = "[changes]\nupgrade = \"now_next_invoice\"\ndowngrade = \"now_next_invoice\"\n";
    story_with(next, |shop| {
        let acme = &shop.acme;
        let invoice = there_and_back(shop);
        super::credit_part(acme, &invoice, 595);
        let (what, reason, settlement) = (Request::Whole, CreditReason::Goodwill, Settlement::Balance);
        let request = CreditRequest { invoice: invoice.clone(), what, reason, comment: None, settlement };
        let note = credit(&acme.engine, &acme.id, request, Actor::Operator).unwrap();
        assert_eq!((note.total, stands(acme, &invoice)), (595, (InvoiceStatus::Paid, 0)));
    });
    story_with(next, |shop| {
        let invoice = there_and_back(shop);
        void(&shop.acme.engine, &shop.acme.id, &invoice, Actor::Operator).unwrap();
        assert_eq!(stands(&shop.acme, &invoice).0, InvoiceStatus::Void);
    });
}
