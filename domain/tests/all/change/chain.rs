//! What holds for any chain of changes.

use super::*;
use chrono::TimeDelta;
use domain::Instant;
use domain::discount::{Coupon, Lasts, Off, Redemption};
use domain::money::Money;
use domain::subscription::change::behaviour::ChangeBehaviour::{self, *};
use domain::subscription::change::direction::{Direction, classify};
use domain::subscription::change::prorate::{Granularity, Measure, charge, credit, credits};
use domain::subscription::change::quote::{confirm, quote};
use domain::subscription::item::PeriodAmount;
use proptest::prelude::*;

const START: &str = "2026-03-01 08:30";
const END: &str = "2026-04-01 08:30";
const PERIOD_S: i64 = 31 * 86_400;

/// One plan of three, maybe one add-on.
fn any_items() -> impl Strategy<Value = Vec<Item>> {
    let prices = [0, 999, 1000, 3333];
    let any_plan =
        (prop::sample::select(prices.to_vec()), 1..4_i64).prop_map(|(unit, n)| times(n, plan(unit)));
    (any_plan, prop::option::of((1..4_i64).prop_map(|n| times(n, addon(777)))))
        .prop_map(|(plan, addon)| [plan].into_iter().chain(addon).collect())
}

fn any_coupon() -> impl Strategy<Value = Option<Coupon>> {
    let amount = |minor| Off::Amount(Money::new(minor, plan(0).currency));
    let off = prop_oneof![(1..1_000_000_u32).prop_map(Off::Percent), (1..3000_i64).prop_map(amount)];
    prop::option::of(off.prop_map(|off| Coupon { off, lasts: Lasts::Once }))
}

/// Seconds into the period and what to change to then, in order of time; often at the same moment.
fn any_changes() -> impl Strategy<Value = Vec<(i64, Vec<Item>)>> {
    let moment = prop_oneof![0..PERIOD_S, prop::sample::select(vec![0, 86_400, 864_000, PERIOD_S - 1])];
    prop::collection::vec((moment, any_items()), 1..5).prop_map(|mut changes| {
        changes.sort_by_key(|(moment, _)| *moment);
        changes
    })
}

fn started(items: &[Item], coupon: Option<Coupon>) -> ChangeFacts {
    let mut facts = subscribed(items, START, END);
    facts.discounts = coupon.map(|coupon| Redemption { coupon, periods_used: 1 }).into_iter().collect();
    bill_in_full(&mut facts);
    facts
}

fn moment(seconds: i64) -> Instant {
    at(START) + TimeDelta::seconds(seconds)
}

fn full_cost(items: &[Item], facts: &ChangeFacts) -> i64 {
    let coupons: Vec<_> = facts.discounts.iter().map(|redemption| redemption.coupon).collect();
    period_amounts(items, &coupons).unwrap().iter().map(|full| full.net_of_discount()).sum()
}

proptest! {
    #[test]
    fn a_chain_of_changes_costs_no_more_than_the_dearest_and_credits_no_more_than_was_billed(
        first in any_items(), changes in any_changes(), coupon in any_coupon(),
        by_day in any::<bool>(),
    ) {
        let granularity = if by_day { Granularity::Day } else { Granularity::Second };
        let policy = ChangePolicy { granularity, ..all_now() };
        let mut facts = started(&first, coupon);
        let (mut least, mut most) = (full_cost(&first, &facts), full_cost(&first, &facts));
        for (seconds, items) in changes {
            let Ok(change) = decide_change(&facts, &offers(&items), &policy, moment(seconds)) else { continue };
            let cost = full_cost(&items, &facts);
            (least, most) = (least.min(cost), most.max(cost));
            carry_out(&mut facts, &change);
        }
        prop_assert!(facts.spans.iter().all(|span| 0 <= span.credited && span.credited <= span.amount));
        // Every span that was split rounds by one minor unit at most.
        let slack = i64::try_from(facts.spans.len()).unwrap();
        let paid: i64 = facts.spans.iter().map(|span| span.amount - span.credited).sum();
        prop_assert!(least - slack <= paid && paid <= most + slack, "{least} {paid} {most}");
    }

    #[test]
    fn who_leaves_after_changes_gets_back_the_rest_of_what_they_have_and_never_more_than_they_paid(
        first in any_items(), changes in any_changes(), coupon in any_coupon(), left in 0..PERIOD_S,
        later in 0..PERIOD_S,
    ) {
        let (mut facts, mut items) = (started(&first, coupon), first);
        let mut now = moment(0);
        for (seconds, to) in changes {
            let Ok(change) = decide_change(&facts, &offers(&to), &all_now(), moment(seconds)) else { continue };
            (now, items) = (moment(seconds), to);
            carry_out(&mut facts, &change);
        }
        let measure = Measure { unit: Granularity::Second, zone: chrono_tz::Tz::UTC };
        let back = |at| -> i64 {
            let credits = credits(&facts.spans, facts.period_start, at, measure).unwrap();
            credits.iter().map(|line| -line.net_of_discount()).sum()
        };
        let at = now.max(moment(left));
        let rest = (facts.period().end - at).num_seconds() * full_cost(&items, &facts) / PERIOD_S;
        let slack = i64::try_from(facts.spans.len()).unwrap();
        let paid: i64 = facts.spans.iter().map(|span| span.amount - span.credited).sum();
        prop_assert!((back(at) - rest).abs() <= slack, "{} {rest}", back(at));
        prop_assert!(0 <= back(at) && back(at) <= paid);
        prop_assert!(back(at + TimeDelta::seconds(later)) <= back(at), "the longer they stay, the less");
    }

    #[test]
    fn splitting_a_span_makes_one_minor_unit_at_most(
        amount in 0..1_000_000_i64, mut cuts in prop::array::uniform2(0..PERIOD_S), by_day in any::<bool>(),
    ) {
        cuts.sort_unstable();
        let unit = if by_day { Granularity::Day } else { Granularity::Second };
        let measure = Measure { unit, zone: chrono_tz::Tz::Europe__Berlin };
        let item = plan(amount);
        let full = PeriodAmount { amount, discount: 0 };
        let period = subscribed(std::slice::from_ref(&item), START, END).period();
        let net = |line: Option<domain::subscription::change::prorate::ChangeLine>| {
            line.map_or(0, |line| line.net_of_discount())
        };
        let bought = net(charge(&item, full, period, moment(cuts[0]), measure).unwrap());
        let span = BilledSpan {
            line: "line".into(), slot: item.slot(), price: item.price.clone(), quantity: 1, start: moment(cuts[0]),
            end: period.end, amount: bought, credited: 0, unpaid: false, tax_rate: TaxRate::ZERO,
            tax_behaviour: TaxBehaviour::Exclusive,
        };
        let given_back = -net(credit(&span, moment(cuts[1]), measure).unwrap());
        let bought_again = net(charge(&item, full, period, moment(cuts[1]), measure).unwrap());
        prop_assert!(0 <= given_back && given_back <= bought);
        prop_assert!((bought_again - given_back).abs() <= 1);
    }

    #[test]
    fn what_is_charged_is_what_was_quoted(
        from in any_items(), to in any_items(), coupon in any_coupon(), seconds in 0..PERIOD_S - 900,
        later in 0..900_i64, behaviour in prop::sample::select(ChangeBehaviour::ALL), balance in 0..2000_i64,
    ) {
        let policy = ChangePolicy { upgrade: behaviour, downgrade: behaviour, ..all_now() };
        let facts = ChangeFacts { balance, ..started(&from, coupon) };
        let Ok(shown) = quote(&facts, &offers(&to), &policy, moment(seconds)) else { return Ok(()) };
        let charged = confirm(&shown.ticket(), &facts, &offers(&to), &policy, moment(seconds + later)).unwrap();
        prop_assert_eq!(&charged, &shown);
        let applied = decide_change(&facts, &offers(&to), &policy, shown.change.at).unwrap();
        prop_assert_eq!(applied.lines, charged.change.lines);
        let billed_now = !matches!(behaviour, NowNextInvoice | AtPeriodEnd | None);
        let paid = charged.settlement.due + charged.settlement.from_balance - charged.settlement.credit;
        prop_assert_eq!(paid, if billed_now { charged.lines.total } else { 0 });
    }

    #[test]
    fn the_way_back_is_the_other_way(from in any_items(), to in any_items()) {
        let there = classify(&from, &to).unwrap().direction;
        let back = classify(&to, &from).unwrap().direction;
        let opposite = match there {
            Direction::Upgrade => Direction::Downgrade,
            Direction::Downgrade => Direction::Upgrade,
            Direction::Lateral => Direction::Lateral,
        };
        prop_assert_eq!(back, opposite);
    }
}
