use crate::{at, day};
use chrono::{Datelike, NaiveDate, TimeDelta, TimeZone};
use chrono_tz::Tz;
use domain::Instant;
use domain::period::IntervalUnit::{Day, Month, Week, Year};
use domain::period::{Anchor, Interval, IntervalUnit, Schedule, resolve};
use proptest::prelude::*;

const MONTHLY: Interval = Interval::new(Month, 1);
const YEARLY: Interval = Interval::new(Year, 1);
/// None at all, both hemispheres, a half-hour shift, and a gap at midnight.
const ZONES: [Tz; 5] =
    [Tz::UTC, Tz::Europe__Berlin, Tz::America__New_York, Tz::Australia__Lord_Howe, Tz::America__Santiago];

fn utc(date: &str) -> Anchor {
    Anchor { local: at(date), zone: Tz::UTC }
}

fn starts(anchor: Anchor, interval: Interval, numbers: impl IntoIterator<Item = i64>) -> Vec<NaiveDate> {
    numbers.into_iter().map(|n| anchor.boundary(interval, n).date()).collect()
}

fn days(list: &str) -> Vec<NaiveDate> {
    list.split_whitespace().map(day).collect()
}

#[test]
fn the_31st_is_kept_where_a_month_has_it() {
    assert_eq!(
        starts(utc("2026-01-31"), MONTHLY, (1..=5).chain([12, 13])),
        days("2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2027-01-31 2027-02-28"),
    );
    assert_eq!(
        starts(utc("2027-10-31"), MONTHLY, 1..=5),
        days("2027-11-30 2027-12-31 2028-01-31 2028-02-29 2028-03-31"),
    );
}

#[test]
fn leap_day_comes_back_after_four_years() {
    assert_eq!(starts(utc("2024-02-29"), YEARLY, 1..=4), days("2025-02-28 2026-02-28 2027-02-28 2028-02-29"));
}

#[test]
fn a_first_period_from_a_short_months_last_day_is_not_empty() {
    let period = utc("2026-02-28").period(MONTHLY, 0);
    assert_eq!((period.start, period.end), (at("2026-02-28"), at("2026-03-28")));
}

#[test]
fn a_skipped_hour_is_read_with_the_offset_from_before() {
    assert_eq!(resolve(Tz::America__New_York, at("2026-03-08 02:30")), at("2026-03-08 07:30"));
    // Samoa left out a whole day when it crossed the date line.
    assert_eq!(resolve(Tz::Pacific__Apia, at("2011-12-30 12:00")), at("2011-12-30 22:00"));
}

#[test]
fn a_repeated_hour_is_the_first_of_the_two() {
    assert_eq!(resolve(Tz::America__New_York, at("2026-11-01 01:30")), at("2026-11-01 05:30"));
}

#[test]
fn months_across_daylight_saving_are_an_hour_shorter_and_longer() {
    let seconds = |local, n| {
        let period = Anchor { local: at(local), zone: Tz::Europe__Berlin }.period(MONTHLY, n);
        (period.end - period.start).num_seconds()
    };
    assert_eq!(seconds("2026-03-15", 0), 2_674_800);
    assert_eq!(seconds("2026-10-15", 0), 2_682_000);
}

#[test]
fn customers_are_billed_alike_whether_they_came_in_summer_or_winter() {
    let berlin = |local| Anchor { local: at(local), zone: Tz::Europe__Berlin };
    let (winter, summer) = (berlin("2026-01-15 00:00"), berlin("2026-07-15 00:00"));
    assert_eq!(winter.boundary(MONTHLY, 12), summer.boundary(MONTHLY, 6));
}

#[test]
fn weeks_and_days_are_civil() {
    let noon = Anchor { local: at("2026-03-25 12:00"), zone: Tz::Europe__Berlin };
    assert_eq!(noon.boundary(Interval::new(Week, 2), 1), at("2026-04-08 10:00"), "an hour less in UTC");
    assert_eq!(noon.boundary(Interval::new(Day, 10), -1), at("2026-03-15 11:00"));
}

#[test]
fn a_new_anchor_continues_the_count_of_periods() {
    let schedule = Schedule { anchor: utc("2026-05-20"), interval: MONTHLY, anchor_index: 7 };
    assert_eq!(schedule.period(7).start, at("2026-05-20"));
    assert_eq!(schedule.index_at(at("2026-05-20")), 7);
    assert_eq!(schedule.index_at(at("2026-05-19 23:59")), 6);
    assert_eq!(schedule.index_at(at("2027-05-20")), 19);
}

#[test]
fn absurd_intervals_saturate_instead_of_failing() {
    let anchor = utc("2026-01-31");
    let ages = Interval::new(Year, u32::MAX);
    assert_eq!(anchor.boundary(ages, i64::MAX).year(), 102_026);
    assert!(anchor.boundary(ages, i64::MIN).year() < -97_000);
    assert_eq!(anchor.boundary(Interval::new(Day, 0), 1), at("2026-02-01"), "zero counts as one");
}

#[test]
fn a_day_that_has_no_midnight_begins_an_hour_later() {
    let santiago = Anchor { local: at("2026-08-06"), zone: Tz::America__Santiago };
    assert_eq!(santiago.boundary(MONTHLY, 1), at("2026-09-06 04:00"), "01:00 on the wall");
    assert_eq!(santiago.boundary(MONTHLY, 2), at("2026-10-06 03:00"), "midnight again");
}

/// Sixty months from every day of a leap year, at midnight and at a quarter to three, in five zones.
#[test]
fn months_follow_each_other_without_gap_or_overlap() {
    for (zone, (hour, minute)) in ZONES.into_iter().flat_map(|zone| [(zone, (0, 0)), (zone, (2, 45))]) {
        for date in day("2024-01-01").iter_days().take(366) {
            let anchor = Anchor { local: date.and_hms_opt(hour, minute, 0).unwrap(), zone };
            let schedule = Schedule { anchor, interval: MONTHLY, anchor_index: 0 };
            for n in 0..60 {
                let period = schedule.period(n);
                assert!(period.start < period.end, "{zone} {date} {n}: empty");
                assert_eq!(period.end, schedule.period(n + 1).start, "{zone} {date} {n}: gap or overlap");
                let local = zone.from_utc_datetime(&period.start).date_naive();
                let last =
                    NaiveDate::from_ymd_opt(local.year(), local.month(), 1).unwrap().num_days_in_month();
                assert_eq!(local.day(), date.day().min(u32::from(last)), "{zone} {date} {n}: wrong day");
            }
        }
    }
}

fn any_instant() -> impl Strategy<Value = Instant> {
    (0..1_500_000_000_i64).prop_map(|s| at("2020-01-01") + TimeDelta::seconds(s))
}

fn any_interval() -> impl Strategy<Value = Interval> {
    (prop::sample::select(IntervalUnit::ALL), 1..30_u32).prop_map(|(unit, count)| Interval::new(unit, count))
}

proptest! {
    #[test]
    fn every_instant_lies_in_the_period_of_its_number(
        zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        start in any_instant(), now in any_instant(), interval in any_interval(),
    ) {
        let anchor = Anchor::at(start, zone);
        let period = anchor.period(interval, anchor.number_at(interval, now));
        prop_assert!(period.start <= now && now < period.end, "{now} is not in {period:?}");
    }

    #[test]
    fn an_anchor_starts_its_first_period_at_its_instant(
        zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()), start in any_instant(),
    ) {
        let first = Anchor::at(start, zone).boundary(MONTHLY, 0);
        // Only the second showing of a repeated hour reads as the first.
        let repeated = zone.from_local_datetime(&zone.from_utc_datetime(&start).naive_local()).single().is_none();
        prop_assert!(first == start || (repeated && first < start));
    }
}
