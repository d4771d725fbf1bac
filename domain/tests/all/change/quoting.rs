//! What is shown is what is charged, or nothing is.

use super::*;
use domain::discount::{Coupon, Lasts, Off, Redemption};
use domain::subscription::change::quote::{ConfirmError, Quote, Settlement, Ticket, confirm, quote};
use domain::subscription::change::target::Wanted;

const QUOTED: &str = "2026-03-12 09:00";
const CONFIRMED: &str = "2026-03-12 09:14";

fn usual() -> ChangeFacts {
    subscribed(&[plan(1000)], "2026-03-01", "2026-04-01")
}

fn taxed(item: Item) -> Item {
    Item { tax_rate: TaxRate(190_000), ..item }
}

fn quoted(facts: &ChangeFacts, to: &[Item]) -> Quote {
    quote(facts, &offers(to), &ChangePolicy::default(), at(QUOTED)).unwrap()
}

fn confirmed(ticket: &Ticket, facts: &ChangeFacts, to: &[Item], now: &str) -> Result<Quote, ConfirmError> {
    confirm(ticket, facts, &offers(to), &ChangePolicy::default(), at(now))
}

#[test]
fn a_quote_shows_lines_tax_and_what_comes_after() {
    let mut facts = subscribed(&[taxed(plan(1000))], "2026-03-01", "2026-04-01");
    facts.balance = 100;
    let shown = quote(&facts, &offers(&[taxed(plan(2000))]), &all_now(), at("2026-03-12")).unwrap();
    assert_eq!((shown.lines.subtotal, shown.lines.tax, shown.lines.total), (645, 123, 768));
    assert_eq!(shown.settlement, Settlement { from_balance: 100, due: 668, credit: 0, refund: 0 });
    assert_eq!((shown.renewal.subtotal, shown.renewal.total), (2000, 2380));
    assert_eq!(shown.expires_at, at("2026-03-12 00:15"));
}

#[test]
fn less_now_is_a_credit_and_nothing_is_due() {
    let shown = quote(&usual(), &offers(&[plan(500)]), &all_now(), at("2026-03-12")).unwrap();
    assert_eq!(shown.lines.total, -322);
    assert_eq!(shown.settlement, Settlement { from_balance: 0, due: 0, credit: 322, refund: 0 });
}

#[test]
fn what_was_carried_forward_is_shown_and_due_with_a_change_that_charges() {
    let owing = |balance| {
        let mut facts = usual();
        facts.balance = balance;
        facts
    };
    let more = quote(&owing(-67), &offers(&[plan(2000)]), &all_now(), at("2026-03-12")).unwrap();
    let due = more.lines.total + 67;
    assert_eq!(more.settlement, Settlement { from_balance: -67, due, credit: 0, refund: 0 });

    let less = quote(&owing(-500), &offers(&[plan(500)]), &all_now(), at("2026-03-12")).unwrap();
    assert_eq!(less.settlement, Settlement { from_balance: -178, due: 178, credit: 322, refund: 0 });
    let covered = quote(&owing(-300), &offers(&[plan(500)]), &all_now(), at("2026-03-12")).unwrap();
    assert_eq!(covered.settlement, Settlement { from_balance: 0, due: 0, credit: 322, refund: 0 });
}

#[test]
fn a_credit_of_what_is_unpaid_comes_off_its_invoice_and_not_off_what_is_due() {
    let mut facts = usual();
    let paid = quoted(&facts, &[plan(2000)]);
    facts.spans.iter_mut().for_each(|span| span.unpaid = true);
    let unpaid = quoted(&facts, &[plan(2000)]);
    assert_eq!(unpaid.change.offsets, paid.change.lines[..1], "the same credit");
    assert_eq!(unpaid.change.lines, paid.change.lines[1..]);
    assert_eq!(unpaid.settlement.due, unpaid.lines.total);
    assert!(unpaid.settlement.due > paid.settlement.due);
    assert_ne!(unpaid.ticket().shown, paid.ticket().shown, "it is shown");
}

#[test]
fn nothing_is_due_for_what_comes_later() {
    let shown = quoted(&usual(), &[plan(500)]);
    assert_eq!((shown.settlement, shown.renewal.total), (Settlement::default(), 500));
}

#[test]
fn the_next_renewal_knows_which_coupons_are_left() {
    let mut facts = usual();
    let coupon = Coupon { off: Off::Percent(500_000), lasts: Lasts::Periods(2) };
    facts.discounts = vec![Redemption { coupon, periods_used: 1 }];
    assert_eq!(quoted(&facts, &[plan(2000)]).renewal.total, 1000, "the second period");
    let yearly = quoted(&facts, &[yearly(plan(20_000))]);
    assert_eq!(yearly.change.lines[1].net_of_discount(), 10_000, "the second period begins now");
    assert_eq!(yearly.renewal.total, 20_000, "the third");
}

#[test]
fn fourteen_minutes_later_the_amount_is_the_one_that_was_shown() {
    let shown = quoted(&usual(), &[plan(2000)]);
    let charged = confirmed(&shown.ticket(), &usual(), &[plan(2000)], CONFIRMED).unwrap();
    assert_eq!(charged, shown);
}

#[test]
fn a_quote_expires() {
    let ticket = quoted(&usual(), &[plan(2000)]).ticket();
    let stale = confirmed(&ticket, &usual(), &[plan(2000)], "2026-03-12 09:15").unwrap_err();
    let ConfirmError::QuoteStale { now } = stale else { panic!("{stale:?}") };
    assert_eq!(now.change.at, at("2026-03-12 09:15"), "and the new one is for now");
}

/// The same world in which one thing has moved between the quote and its confirmation.
fn moved(what: impl Fn(&mut ChangeFacts)) -> ChangeFacts {
    let mut facts = usual();
    what(&mut facts);
    facts
}

#[test]
fn whatever_moves_an_amount_that_was_shown_makes_the_quote_stale() {
    let ticket = quoted(&usual(), &[plan(2000)]).ticket();
    let coupon = Coupon { off: Off::Percent(100_000), lasts: Lasts::Forever };
    let worlds = [
        ("credit note", moved(|facts| facts.spans[0].credited = 900)),
        ("balance", moved(|facts| facts.balance = 1)),
        ("coupon for the next period", moved(|f| f.discounts = vec![Redemption { coupon, periods_used: 0 }])),
        ("tax on what was billed", moved(|facts| facts.spans[0].tax_rate = TaxRate(70_000))),
        ("another line is credited", moved(|facts| facts.spans[0].line = "line 9".into())),
        ("renewed", moved(|facts| facts.period_start = at("2026-03-12 09:10"))),
    ];
    for (what, world) in worlds {
        let confirmed = confirmed(&ticket, &world, &[plan(2000)], CONFIRMED);
        assert!(matches!(confirmed, Err(ConfirmError::QuoteStale { .. })), "{what}: {confirmed:?}");
    }
    let dearer = [Item { unit_amount: 2001, ..plan(2000) }];
    assert!(matches!(confirmed(&ticket, &usual(), &dearer, CONFIRMED), Err(ConfirmError::QuoteStale { .. })));
    let quietly = ChangePolicy { upgrade: ChangeBehaviour::None, ..ChangePolicy::default() };
    let stale = confirm(&ticket, &usual(), &offers(&[plan(2000)]), &quietly, at(CONFIRMED));
    assert!(matches!(stale, Err(ConfirmError::QuoteStale { .. })), "another policy");
}

#[test]
fn what_has_become_impossible_is_refused() {
    let ticket = quoted(&usual(), &[plan(2000)]).ticket();
    let held = moved(|facts| facts.sub.cancel_at = Some(at("2026-04-01")));
    let refused = confirmed(&ticket, &held, &[plan(2000)], CONFIRMED).unwrap_err();
    assert_eq!(refused, ConfirmError::Change(ChangeError::Refused(ChangeRefusal::Cancelling)));
}

#[test]
fn a_quote_is_for_one_change_of_one_subscription() {
    let ticket = quoted(&usual(), &[plan(2000)]).ticket();
    let other = confirmed(&ticket, &usual(), &[plan(3000)], CONFIRMED);
    assert_eq!(other, Err(ConfirmError::OtherChange));
    let foreign = moved(|facts| facts.subscription = "sub_2".into());
    assert_eq!(confirmed(&ticket, &foreign, &[plan(2000)], CONFIRMED), Err(ConfirmError::OtherChange));
}

#[test]
fn no_two_tickets_have_the_same_bytes() {
    let ticket = quoted(&usual(), &[plan(2000)]).ticket();
    let wanted = |price: &str, quantity| Wanted { role: ItemRole::Plan, price: price.into(), quantity };
    let others = [
        Ticket { subscription: "sub_11".into(), ..ticket.clone() },
        Ticket { at: at("2026-03-12 09:01"), ..ticket.clone() },
        Ticket { expires_at: at("2026-03-12 10:00"), ..ticket.clone() },
        Ticket { target: vec![wanted("plan 2000", 2)], ..ticket.clone() },
        Ticket { target: vec![wanted("plan 200", 1)], ..ticket.clone() },
        Ticket { target: vec![], ..ticket.clone() },
        Ticket { due: domain::money::Money::new(1, ticket.due.currency), ..ticket.clone() },
        Ticket { shown: String::new(), ..ticket.clone() },
    ];
    for other in others {
        assert_ne!(other.canonical_bytes(), ticket.canonical_bytes(), "{other:?}");
    }
    assert_eq!(ticket.clone().canonical_bytes(), ticket.canonical_bytes());
}
