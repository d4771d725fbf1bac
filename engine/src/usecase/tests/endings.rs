//! What a cancelled subscription leaves behind: unused time and open invoices, by every setting.

use super::shelf::{
    balance, call, cancel_as_shown, cancel_now, change_to, code_of, decline_newest, invoices, lines, mina,
    paid_change_to, past_due, pay_by_hand, pay_newest, plan, price, status, step, stock, subscribed,
};
use super::story_with;
use crate::ids::{CustomerId, InvoiceId, SubscriptionId};
use crate::store;
use crate::store::attempts::Attempt;
use crate::store::credit_notes::CreditNote;
use crate::testing::{Business, TestShop};
use crate::usecase::cancel::Shown;
use crate::usecase::change::Wish;
use crate::usecase::collect::{collect, find_uncollected};
use crate::usecase::{dun, unused};
use chrono::TimeDelta;
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::payment::state::{AttemptState, Purpose};
use domain::provider::{Decline, DeclineKind, Outcome};
use domain::subscription::ending::GivenBack;

pub const CREDIT: &str = "[ending]\nunused_time = \"credit\"\n";
const REFUND: &str = "[ending]\nunused_time = \"refund\"\n";

/// On "Lite" for 10.00, ten of 30 days gone.
pub fn ten_days_in(shop: &TestShop) -> (CustomerId, SubscriptionId) {
    stock(&shop.acme);
    let mina = mina(&shop.acme);
    let sub = subscribed(&shop.acme, &mina, "lite");
    shop.clock.advance(TimeDelta::days(10));
    (mina, sub)
}

fn notes(shop: &Business, of: &InvoiceId) -> Vec<CreditNote> {
    shop.engine.db.read(|conn| store::credit_notes::of_invoice(conn, &shop.id, of)).unwrap()
}

fn attempts(shop: &Business, of: &InvoiceId) -> Vec<Attempt> {
    shop.engine.db.read(|conn| store::attempts::of_invoice(conn, &shop.id, of)).unwrap()
}

/// Minor units that one credit note took off the invoice, put into the balance, and refunded.
pub fn given_back(shop: &Business, of: &InvoiceId) -> (i64, i64, i64) {
    let [note] = &notes(shop, of)[..] else { panic!("one note and no more") };
    (note.to_offset, note.to_balance, note.to_refund)
}

/// What the customer is shown of what comes back.
pub fn shown(shop: &TestShop, sub: &SubscriptionId) -> Shown {
    let at = shop.acme.engine.read(&shop.acme.id, |_, scope| Ok(scope.now.billing)).unwrap();
    Shown { at, given_back: at_that(shop, sub, at) }
}

fn at_that(shop: &TestShop, sub: &SubscriptionId, at: domain::Instant) -> GivenBack {
    let acme = &shop.acme;
    let read = acme.engine.read(&acme.id, |conn, scope| {
        let sub = store::subscriptions::get(conn, scope.id(), sub)?;
        unused::preview(conn, scope, &sub, at)
    });
    read.unwrap()
}

#[test]
fn nothing_comes_back_unless_the_setting_says_so() {
    story_with("", |shop| {
        let (mina, sub) = ten_days_in(shop);
        cancel_now(&shop.acme, &mina, &sub);
        assert!(notes(&shop.acme, &invoices(&shop.acme, &mina)[0].id).is_empty());
        assert_eq!(balance(&shop.acme, &mina), 0);
    });
}

#[test]
fn what_was_paid_for_unused_days_goes_into_the_balance() {
    story_with(CREDIT, |shop| {
        let (mina, sub) = ten_days_in(shop);
        let said = shown(shop, &sub);
        assert_eq!(said.given_back.balance().unwrap().minor, 667);
        // A minute later it would be a little less: what was shown is given.
        shop.clock.advance(TimeDelta::minutes(10));
        cancel_as_shown(&shop.acme, &mina, &sub, Some(said)).unwrap();
        assert_eq!(given_back(&shop.acme, &invoices(&shop.acme, &mina)[0].id), (0, 667, 0));
        assert_eq!((balance(&shop.acme, &mina), invoices(&shop.acme, &mina).len()), (667, 1));
    });
}

#[test]
fn what_was_paid_for_unused_days_is_refunded() {
    story_with(REFUND, |shop| {
        let (mina, sub) = ten_days_in(shop);
        assert_eq!(shown(shop, &sub).given_back.refund().unwrap().minor, 667);
        cancel_now(&shop.acme, &mina, &sub);
        let paid = &invoices(&shop.acme, &mina)[0].id;
        assert_eq!(given_back(&shop.acme, paid), (0, 0, 667));
        let refunds =
            shop.acme.engine.db.read(|conn| store::attempts::refunds_of_invoice(conn, &shop.acme.id, paid));
        let [refund] = &refunds.unwrap()[..] else { panic!("one refund") };
        assert_eq!((refund.purpose, refund.amount), (Purpose::Refund, 667));
    });
}

#[test]
fn who_was_shown_something_else_or_too_long_ago_has_not_agreed() {
    story_with(CREDIT, |shop| {
        let (mina, sub) = ten_days_in(shop);
        let said = shown(shop, &sub);
        let more = Shown { given_back: at_that(shop, &sub, said.at - TimeDelta::days(1)), ..said };
        assert_eq!(code_of(cancel_as_shown(&shop.acme, &mina, &sub, Some(more))), "outdated");
        shop.clock.advance(TimeDelta::minutes(15));
        assert_eq!(code_of(cancel_as_shown(&shop.acme, &mina, &sub, Some(said))), "outdated");
        assert_eq!((status(&shop.acme, &sub), balance(&shop.acme, &mina)), ("active", 0));
    });
}

#[test]
fn what_is_unpaid_comes_off_its_invoice_whatever_the_setting() {
    for setting in [CREDIT, REFUND] {
        story_with(setting, |shop| {
            let (mina, sub) = past_due(shop);
            assert_eq!(shown(shop, &sub).given_back.offset().unwrap().minor, 677, "21 of 31 days");
            cancel_now(&shop.acme, &mina, &sub);
            let unpaid = invoices(&shop.acme, &mina).remove(1);
            assert_eq!(given_back(&shop.acme, &unpaid.id), (677, 0, 0));
            assert_eq!((unpaid.status, unpaid.due().unwrap().minor), (InvoiceStatus::Open, 323));
            pay_by_hand(&shop.acme, &mina, &unpaid.id);
            assert_eq!(notes(&shop.acme, &unpaid.id).len(), 1, "never twice");
            assert_eq!((status(&shop.acme, &sub), balance(&shop.acme, &mina)), ("cancelled", 0));
        });
    }
}

#[test]
fn who_upgrades_and_leaves_gets_back_what_is_left_of_the_dearer_plan() {
    story_with(CREDIT, |shop| {
        let acme = &shop.acme;
        let (mina, sub) = ten_days_in(shop);
        let upgrade = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        assert_eq!(lines(acme, &upgrade), [-667, 1_933]);
        let said = shown(shop, &sub);
        assert_eq!(said.given_back.balance().unwrap().minor, 1_933);
        cancel_as_shown(acme, &mina, &sub, Some(said)).unwrap();
        // More than the upgrade cost, so its invoice cannot give it back alone.
        let last = invoices(acme, &mina).remove(2);
        assert_eq!((last.reason, lines(acme, &last.id)), (BillingReason::Final, vec![-1_933]));
        assert_eq!(balance(acme, &mina), 1_933, "333 of 2,266 were used");
    });
    story_with(CREDIT, |shop| {
        let acme = &shop.acme;
        let (mina, sub) = ten_days_in(shop);
        let upgrade = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        shop.clock.advance(TimeDelta::days(10));
        cancel_now(acme, &mina, &sub);
        assert_eq!(given_back(acme, &upgrade), (0, 967, 0), "10 of the 20 days");
        assert_eq!(invoices(acme, &mina).len(), 2);
    });
}

#[test]
fn what_still_waits_for_its_invoice_is_billed_until_the_end_only() {
    let settings = format!("{CREDIT}[changes]\nupgrade = \"now_next_invoice\"\n");
    story_with(&settings, |shop| {
        let acme = &shop.acme;
        let (mina, sub) = ten_days_in(shop);
        change_to(acme, &sub, &plan(acme, "pro-monthly"));
        shop.clock.advance(TimeDelta::days(10));
        cancel_now(acme, &mina, &sub);
        let last = invoices(acme, &mina).remove(1);
        assert_eq!((last.reason, lines(acme, &last.id)), (BillingReason::Final, vec![-667, 1_933, -967]));
        assert_eq!(last.due().unwrap().minor, 299);
    });
}

#[test]
fn b7_a_payment_on_its_way_decides_first() {
    for (arrives, back) in [(true, (0, 333, 0)), (false, (333, 0, 0))] {
        story_with(CREDIT, |shop| {
            let acme = &shop.acme;
            let (mina, sub) = ten_days_in(shop);
            shop.clock.advance(TimeDelta::days(20));
            step(acme, &sub);
            let renewal = invoices(acme, &mina).remove(1);
            let attempt = collect(&acme.engine, &acme.id, &renewal.id).unwrap().unwrap();
            let under_way = acme.submit(&attempt);
            shop.clock.advance(TimeDelta::seconds(31 * 86_400 * 2 / 3));
            assert_eq!(shown(shop, &sub).given_back.offset(), None, "nobody knows yet");
            cancel_now(acme, &mina, &sub);
            assert!(notes(acme, &renewal.id).is_empty());
            if arrives {
                acme.succeeds(&under_way);
            } else {
                let kind = DeclineKind::InsufficientFunds;
                let decline = Decline { kind, code: "refused".to_owned(), provider_ref: None };
                acme.hears(&under_way, Ok(Outcome::Declined(decline)));
            }
            assert_eq!(given_back(acme, &renewal.id), back);
        });
    }
}

#[test]
fn open_invoices_are_let_go_with_what_they_had_taken_up() {
    story_with("[ending]\nopen_invoices = \"void\"\n", |shop| {
        let acme = &shop.acme;
        let (mina, sub) = ten_days_in(shop);
        let calls = Wish { addons: Some(vec![(price(acme, "calls"), 1)]), ..Wish::default() };
        change_to(acme, &sub, &calls);
        call(acme, &sub, "monday", 50).unwrap();
        shop.clock.advance(TimeDelta::days(20));
        step(acme, &sub);
        decline_newest(acme, &mina);
        call(acme, &sub, "tuesday", 7).unwrap();
        shop.clock.advance(TimeDelta::minutes(1));
        cancel_now(acme, &mina, &sub);
        let left: Vec<(i64, InvoiceStatus)> =
            invoices(acme, &mina).iter().map(|invoice| (invoice.total, invoice.status)).collect();
        let (paid, void, open) = (InvoiceStatus::Paid, InvoiceStatus::Void, InvoiceStatus::Open);
        assert_eq!(left, [(1_000, paid), (1_050, void), (7, open)], "the last calls are owed");
    });
}

#[test]
fn with_void_what_comes_off_first_is_unused_and_the_rest_is_let_go() {
    let settings = "[ending]\nopen_invoices = \"void\"\nunused_time = \"credit\"\n";
    story_with(settings, |shop| {
        let acme = &shop.acme;
        let (mina, sub) = past_due(shop);
        super::credit_part(acme, &invoices(acme, &mina)[1].id, 100);
        assert_eq!(shown(shop, &sub).given_back.offset().unwrap().minor, 677);
        cancel_now(acme, &mina, &sub);
        let unpaid = invoices(acme, &mina).remove(1);
        let off: Vec<i64> = notes(acme, &unpaid.id).iter().map(|note| note.to_offset).collect();
        assert_eq!((off, unpaid.status), (vec![100, 677, 223], InvoiceStatus::Paid));
        assert_eq!(balance(acme, &mina), 0);
    });
}

#[test]
fn open_invoices_stop_being_charged_or_go_on_until_dunning_ends() {
    for (word, charged) in [("stop", false), ("keep_collecting", true)] {
        story_with(&format!("[ending]\nopen_invoices = \"{word}\"\n"), |shop| {
            let acme = &shop.acme;
            let (mina, sub) = past_due(shop);
            let unpaid = invoices(acme, &mina).remove(1).id;
            cancel_now(acme, &mina, &sub);
            dun::take_step(&acme.engine, &acme.id, &unpaid).unwrap();
            let last = attempts(acme, &unpaid).pop().unwrap();
            assert_eq!(last.state == AttemptState::Created, charged);
            if charged {
                acme.succeed(&last.id);
            }
            let paid = invoices(acme, &mina)[1].status == InvoiceStatus::Paid;
            assert_eq!((paid, status(acme, &sub)), (charged, "cancelled"));
        });
    }
}

#[test]
fn what_was_used_last_is_collected_where_all_else_is() {
    for (word, charged) in [("stop", false), ("keep_collecting", true)] {
        story_with(&format!("[ending]\nopen_invoices = \"{word}\"\n"), |shop| {
            let acme = &shop.acme;
            stock(acme);
            let mina = mina(acme);
            let sub = subscribed(acme, &mina, "metered");
            call(acme, &sub, "monday", 50).unwrap();
            shop.clock.advance(TimeDelta::minutes(1));
            cancel_now(acme, &mina, &sub);
            let last = acme.newest_invoice(&mina);
            assert_eq!(find_uncollected(&acme.engine, &acme.id, 9).unwrap().contains(&last), charged);
            pay_newest(acme, &mina);
            let paid = invoices(acme, &mina)[1].status == InvoiceStatus::Paid;
            assert_eq!(paid, charged);
        });
    }
}
