use crate::at;
use chrono::TimeDelta;
use domain::Instant;
use domain::money::MoneyError;
use domain::period::Period;
use domain::usage::Aggregation::{self, Last, Max, Sum, UniqueCount};
use domain::usage::rating::{Rating, RatingError, Tier};
use domain::usage::{
    Decimal, Intake, MeterFacts, UsageEvent, UsageRefusal, aggregate, beyond_all, counts_in, take_in,
};
use proptest::prelude::*;

const MARCH: (&str, &str) = ("2026-03-01", "2026-04-01");

fn period((start, end): (&str, &str)) -> Period {
    Period { start: at(start), end: at(end) }
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn used(value: &str, when: &str) -> UsageEvent {
    let occurred_at = at(when);
    let key = format!("{value}@{when}");
    UsageEvent { key, value: value.into(), occurred_at, received_at: occurred_at, counted: false }
}

fn quantity(aggregation: Aggregation, events: &[UsageEvent]) -> String {
    aggregate(aggregation, events, period(MARCH)).unwrap().to_string()
}

fn meter(aggregation: Aggregation) -> MeterFacts {
    MeterFacts { aggregation, started_at: at("2026-01-15"), ended_at: None, settled: false, metered: true }
}

#[test]
fn the_events_of_a_period_become_one_quantity() {
    let events = [used("2.5", "2026-03-03"), used("7", "2026-03-10"), used("0.000001", "2026-03-20")];
    assert_eq!(quantity(Sum, &events), "9.500001");
    assert_eq!(quantity(Max, &events), "7");
    assert_eq!(quantity(Last, &events), "0.000001");
    let users = ["ann", "bob", "ann"].map(|user| used(user, "2026-03-05"));
    assert_eq!(quantity(UniqueCount, &users), "2");
    assert_eq!(quantity(Sum, &[]), "0");
    assert_eq!(quantity(Last, &[]), "0");
}

#[test]
fn a_period_begins_with_its_first_moment_and_ends_before_its_last() {
    assert_eq!(quantity(Sum, &[used("1", "2026-03-01"), used("10", "2026-04-01")]), "1");
}

#[test]
fn a_late_event_counts_in_its_own_period_until_that_is_billed_and_then_in_the_next() {
    let late = used("4", "2026-02-27");
    assert!(counts_in(&late, period(("2026-02-01", "2026-03-01"))));
    assert_eq!(
        quantity(Sum, &[late.clone(), used("1", "2026-03-02")]),
        "5",
        "February has been billed without it"
    );
    let billed = UsageEvent { counted: true, ..late };
    assert_eq!(quantity(Sum, &[billed, used("1", "2026-03-02")]), "1");
}

#[test]
fn a_late_reading_is_not_the_last_one_of_the_next_period() {
    let late = UsageEvent { received_at: at("2026-03-20"), ..used("900", "2026-02-27") };
    assert_eq!(quantity(Last, &[used("12", "2026-03-10"), late.clone()]), "12");
    assert_eq!(quantity(Last, &[late]), "900", "unless there is no other");
}

#[test]
fn the_same_event_sent_again_is_taken_once() {
    let (now, event) = (at("2026-03-10"), used("1", "2026-03-09"));
    let answer = |stored| take_in(&event, stored, &meter(Sum), now);
    assert_eq!(answer(None), Ok(Intake::New));
    let billed = UsageEvent { counted: true, received_at: now, ..event.clone() };
    assert_eq!(answer(Some(&billed)), Ok(Intake::Repeated), "even after it was billed");
    let other = UsageEvent { value: "2".into(), ..event.clone() };
    assert_eq!(answer(Some(&other)), Err(UsageRefusal::KeyReused));
}

#[test]
fn what_cannot_be_billed_is_refused_when_it_comes() {
    let now = at("2026-03-10");
    let refused = |event: UsageEvent, meter| take_in(&event, None, &meter, now).unwrap_err();
    let keyless = UsageEvent { key: String::new(), ..used("1", "2026-03-09") };
    assert_eq!(refused(keyless, meter(Sum)), UsageRefusal::Key);
    assert!(matches!(refused(used("-1", "2026-03-09"), meter(Sum)), UsageRefusal::Quantity(_)));
    assert!(matches!(refused(used("ann", "2026-03-09"), meter(Last)), UsageRefusal::Quantity(_)));
    assert_eq!(refused(used("", "2026-03-09"), meter(UniqueCount)), UsageRefusal::Value);
    assert_eq!(refused(used("1", "2026-03-10 00:06"), meter(Sum)), UsageRefusal::Future);
    assert_eq!(refused(used("1", "2026-01-14 23:59"), meter(Sum)), UsageRefusal::OutsideSubscription);
    let ended = MeterFacts { ended_at: Some(at("2026-03-05")), ..meter(Sum) };
    assert_eq!(refused(used("1", "2026-03-05"), ended), UsageRefusal::OutsideSubscription);
    let settled = MeterFacts { settled: true, ..ended };
    assert_eq!(refused(used("1", "2026-03-04"), settled), UsageRefusal::Settled);
    let changed = MeterFacts { metered: false, ..meter(Sum) };
    assert_eq!(refused(used("1", "2026-03-04"), changed), UsageRefusal::NotMetered);
    assert_eq!(take_in(&used("1", "2026-03-04"), None, &ended, now), Ok(Intake::New), "late, but in time");
}

#[test]
fn whatever_has_been_taken_in_lies_before_the_moment_beyond_all() {
    let now = at("2026-03-10");
    let ahead = used("1", "2026-03-10 00:05");
    assert_eq!(take_in(&ahead, None, &meter(Sum), now), Ok(Intake::New), "the sender's clock runs fast");
    assert!(counts_in(&ahead, Period { start: at("2026-03-01"), end: beyond_all(now) }));
}

#[test]
fn numbers_read_as_they_are_written() {
    for text in ["0", "7", "0.25", "1000000.000001", "999999999999999999.999999"] {
        assert_eq!(number(text).to_string(), text);
    }
    assert_eq!(number("1.50").to_string(), "1.5");
    for text in ["", ".5", "1.", "-1", "+1", "1e3", "1,5", "0.0000001", "1000000000000000000"] {
        assert!(text.parse::<Decimal>().is_err(), "{text}");
    }
}

fn graduated() -> Rating {
    let tier =
        |up_to: Option<u64>, unit| Tier { up_to: up_to.map(Decimal::whole), unit_amount: number(unit) };
    Rating {
        included: number("100"),
        tiers: vec![tier(Some(1000), "2"), tier(Some(5000), "1.5"), tier(None, "0.9")],
    }
}

#[test]
fn each_part_of_a_quantity_costs_the_price_of_its_tier() {
    let amount = |quantity| graduated().rate(number(quantity)).unwrap().amount;
    assert_eq!(amount("0"), 0);
    assert_eq!(amount("100"), 0, "included");
    assert_eq!(amount("101"), 2);
    assert_eq!(amount("1100"), 2000);
    assert_eq!(amount("1101"), 2002, "2001.5, rounded once");
    assert_eq!(amount("6100"), 2000 + 6000 + 900);
    let parts = graduated().rate(number("6100")).unwrap().parts;
    let told: Vec<_> = parts.iter().map(|part| format!("{} x {}", part.quantity, part.unit_amount)).collect();
    assert_eq!(told, ["1000 x 2", "4000 x 1.5", "1000 x 0.9"]);
}

#[test]
fn fractions_of_a_cent_are_rounded_once_over_all_tiers() {
    let tier = |up_to, unit| Tier { up_to, unit_amount: number(unit) };
    let halves =
        Rating { included: Decimal::ZERO, tiers: vec![tier(Some(number("1")), "0.5"), tier(None, "0.5")] };
    assert_eq!(halves.rate(number("2")).unwrap().amount, 1, "not 1 + 1");
    assert_eq!(Rating::per_unit(number("0.02")).rate(number("24")).unwrap().amount, 0, "0.48");
    assert_eq!(Rating::per_unit(number("0.02")).rate(number("25")).unwrap().amount, 1, "0.5");
}

#[test]
fn ratings_that_leave_a_quantity_without_a_price_are_refused() {
    let with = |change: fn(&mut Rating)| {
        let mut rating = graduated();
        change(&mut rating);
        rating.check()
    };
    assert_eq!(with(|_| ()), Ok(()));
    assert_eq!(with(|rating| rating.tiers.clear()), Err(RatingError::Open));
    assert_eq!(with(|rating| rating.tiers.truncate(2)), Err(RatingError::Open));
    assert_eq!(with(|rating| rating.tiers[0].up_to = None), Err(RatingError::Open));
    assert_eq!(with(|rating| rating.tiers.swap(0, 1)), Err(RatingError::Order));
    assert_eq!(with(|rating| rating.tiers[0].up_to = Some(Decimal::ZERO)), Err(RatingError::Order));
}

#[test]
fn a_rating_is_written_as_people_would() {
    let text = r#"{"included":"100","tiers":[{"up_to":"1000","unit_amount":"2"},{"up_to":"5000","unit_amount":"1.5"},{"unit_amount":"0.9"}]}"#;
    assert_eq!(serde_json::from_str::<Rating>(text).unwrap(), graduated());
    assert_eq!(serde_json::to_string(&graduated()).unwrap(), text);
    assert!(
        serde_json::from_str::<Rating>(r#"{"tiers":[],"unit":"1"}"#).is_err(),
        "typing mistakes are named"
    );
}

#[test]
fn absurd_amounts_are_refused_and_not_wrapped() {
    let dear = Rating::per_unit(number("999999999999999999"));
    assert_eq!(dear.rate(number("999999999999999999")), Err(MoneyError::OutOfRange));
}

/// An event of the half year before July: on which day it happened, how many days later it came in.
fn any_event() -> impl Strategy<Value = (i64, i64, u32)> {
    (0..180_i64, 0..60_i64, 0..10_000_u32)
}

fn months() -> Vec<Period> {
    let starts = ["01", "02", "03", "04", "05", "06", "07", "08", "09"].map(|m| at(&format!("2026-{m}-01")));
    starts.windows(2).map(|pair| Period { start: pair[0], end: pair[1] }).collect()
}

proptest! {
    /// Whenever events come in and whenever invoices are finalised, each event is billed exactly once.
    #[test]
    fn every_event_is_billed_exactly_once(
        sent in prop::collection::vec(any_event(), 0..20), finalised_after in prop::collection::vec(0..20_i64, 8),
    ) {
        let start = at("2026-01-01");
        let on = |day| start + TimeDelta::days(day);
        let mut events: Vec<UsageEvent> = sent.iter().enumerate().map(|(i, &(day, delay, value))| UsageEvent {
            key: i.to_string(), value: value.to_string(), occurred_at: on(day), received_at: on(day + delay), counted: false,
        }).collect();
        let mut billed = Decimal::ZERO;
        for (period, lag) in months().into_iter().zip(finalised_after) {
            let finalised_at = period.end + TimeDelta::days(lag);
            let (mut known, unheard): (Vec<_>, Vec<_>) = events.into_iter().partition(|e| e.received_at <= finalised_at);
            billed = billed.plus(aggregate(Sum, &known, period).unwrap());
            for event in known.iter_mut().filter(|event| counts_in(event, period)) {
                prop_assert!(event.occurred_at < period.end);
                event.counted = true;
            }
            known.extend(unheard);
            events = known;
        }
        let all: u64 = sent.iter().map(|(_, _, value)| u64::from(*value)).sum();
        prop_assert_eq!(billed, Decimal::whole(all));
    }

    #[test]
    fn the_order_in_which_events_are_read_does_not_matter(
        sent in prop::collection::vec(any_event(), 0..12), aggregation in prop::sample::select(Aggregation::ALL),
    ) {
        let start: Instant = at("2026-01-01");
        let mut events: Vec<UsageEvent> = sent.iter().enumerate().map(|(i, &(day, delay, value))| {
            let occurred_at = start + TimeDelta::days(day / 10);
            let received_at = occurred_at + TimeDelta::days(delay / 10);
            UsageEvent { key: i.to_string(), value: value.to_string(), occurred_at, received_at, counted: false }
        }).collect();
        let read = aggregate(aggregation, &events, months()[0]);
        events.reverse();
        prop_assert_eq!(read, aggregate(aggregation, &events, months()[0]));
    }

    /// More never costs less, the parts are what was used, and the amount is within half a unit of the exact one.
    #[test]
    fn a_rated_quantity_is_accounted_for(
        used in 0..20_000_000_000_u64, more in 0..5_000_000_000_u64, included in 0..2_000_u64,
        (first, second) in (1..1_000_u64, 1..1_000_u64), prices in prop::array::uniform3(0..5_000_000_u64),
    ) {
        let micro = |n: u64| number(&format!("{}.{:06}", n / 1_000_000, n % 1_000_000));
        let bounds = [Some(Decimal::whole(first)), Some(Decimal::whole(first + second)), None];
        let tiers = bounds.into_iter().zip(prices).map(|(up_to, p)| Tier { up_to, unit_amount: micro(p) }).collect();
        let rating = Rating { included: Decimal::whole(included), tiers };
        prop_assert_eq!(rating.check(), Ok(()));
        let rated = rating.rate(micro(used)).unwrap();
        let parts = rated.parts.iter().fold(rated.included, |sum, part| sum.plus(part.quantity));
        prop_assert_eq!(parts, micro(used));
        let exact: u128 = rated.parts.iter().map(|p| p.quantity.millionths() * p.unit_amount.millionths()).sum();
        let amount = u128::try_from(rated.amount).unwrap() * 1_000_000_000_000;
        prop_assert!(amount.abs_diff(exact) <= 500_000_000_000);
        prop_assert!(rating.rate(micro(used + more)).unwrap().amount >= rated.amount);
    }
}
