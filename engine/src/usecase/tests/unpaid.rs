//! A change while an invoice is unpaid: nobody gets back what they never paid.

use super::shelf::{
    code_of, decline_newest, invoices, lines, mina, paid_change_to, past_due, pay_by_hand, plan, quoted,
    status, step, stock, subscribed,
};
use super::{story, story_with};
use crate::db::Conn;
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::usecase::settle_payment::settle_payment;
use crate::usecase::void::void;
use crate::usecase::write_off::write_off;
use chrono::TimeDelta;
use domain::invoice::state::InvoiceStatus;
use domain::payment::by_hand::Finding;
use domain::payment::state::AttemptState;

#[test]
fn an_upgrade_costs_its_part_whole_and_takes_the_rest_of_the_unpaid_month_off_its_invoice() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, sub) = past_due(shop);
        let shown = quoted(acme, &sub, &plan(acme, "pro-monthly"));
        assert_eq!((shown.quote.settlement.due, shown.set_off), (1_965, 677), "21 of 31 days");
        let upgrade = paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        assert_eq!(lines(acme, &upgrade), [1_965]);
        let unpaid = invoices(acme, &mina).remove(1);
        assert_eq!((unpaid.amount_credited, unpaid.due().unwrap().minor), (677, 323));
        assert_eq!(status(acme, &sub), "past_due");

        pay_by_hand(acme, &mina, &unpaid.id);
        assert_eq!(status(acme, &sub), "active");
        shop.clock.advance(TimeDelta::days(21));
        step(acme, &sub);
        assert_eq!(lines(acme, &acme.newest_invoice(&mina)), [2_900]);
    });
}

#[test]
fn the_unpaid_part_of_a_month_that_was_changed_is_all_that_is_ever_given_up() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, sub) = past_due(shop);
        paid_change_to(acme, &sub, &plan(acme, "pro-monthly"));
        let unpaid = invoices(acme, &mina).remove(1);
        let voided = void(&acme.engine, &acme.id, &unpaid.id, Actor::Operator);
        assert_eq!(code_of(voided), "not_voidable");
        write_off(&acme.engine, &acme.id, &unpaid.id, Actor::Operator).unwrap();
        let given_up = invoices(acme, &mina).remove(1);
        assert_eq!((given_up.status, given_up.due().unwrap().minor), (InvoiceStatus::Uncollectible, 323));
    });
}

#[test]
fn money_that_comes_for_a_withdrawn_invoice_is_the_customer_s_and_a_person_is_asked() {
    story(|shop| {
        let acme = &shop.acme;
        let (mina, _) = past_due(shop);
        let unpaid = invoices(acme, &mina).remove(1);
        void(&acme.engine, &acme.id, &unpaid.id, Actor::Operator).unwrap();
        let charge = || {
            let read = |conn: &mut Conn, scope: &Scope| {
                store::attempts::of_invoice(conn, scope.id(), &unpaid.id).map(|mut all| all.remove(0))
            };
            acme.engine.read(&acme.id, read).unwrap()
        };
        let moved = Finding::Moved { provider_ref: "ch_late".to_owned() };
        settle_payment(&acme.engine, &acme.id, &charge().id, moved).unwrap();
        let settled = charge();
        assert_eq!((settled.state, settled.review_since.is_some()), (AttemptState::Succeeded, true));
        let balance =
            |conn: &mut Conn, scope: &Scope| store::ledger::balance(conn, scope.id(), &mina, unpaid.currency);
        assert_eq!(acme.engine.read(&acme.id, balance).unwrap(), 1_000);
    });
}

#[test]
fn less_than_an_unpaid_month_costs_is_charged_and_the_month_comes_off_its_invoice() {
    story_with("[changes]\ndowngrade = \"now_invoice\"\n", |shop| {
        let acme = &shop.acme;
        stock(acme);
        let mina = mina(acme);
        let sub = subscribed(acme, &mina, "pro-monthly");
        shop.clock.advance(TimeDelta::days(30));
        step(acme, &sub);
        decline_newest(acme, &mina);
        shop.clock.advance(TimeDelta::days(10));
        let less = paid_change_to(acme, &sub, &plan(acme, "lite"));
        assert_eq!(lines(acme, &less), [677]);
        let unpaid = invoices(acme, &mina).remove(1);
        assert_eq!((unpaid.amount_credited, unpaid.due().unwrap().minor), (1_965, 935));
    });
}
