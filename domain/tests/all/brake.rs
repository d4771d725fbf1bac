use chrono::TimeDelta;
use domain::Instant;
use domain::payment::brake::{Beat, Boot, has_jumped};

/// What a worker writes down so many minutes after noon, on the machine `boot`, up for so many minutes.
fn beat(wall: i64, boot: Option<(&str, i64)>) -> Beat {
    let noon: Instant = "2027-03-01T12:00:00".parse().unwrap();
    let boot = boot.map(|(id, up)| Boot { id: id.to_owned(), up: TimeDelta::minutes(up) });
    Beat { at: noon + TimeDelta::minutes(wall), boot }
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

#[test]
fn a_clock_that_is_set_while_the_machine_runs_is_noticed() {
    let cases = [
        ("it goes as it should", 10, 10, false),
        ("a correction by seconds", 11, 10, false),
        ("a day ahead, as after a wrong date that is put right", DAY, 1, false),
        ("26 hours ahead", 26 * HOUR + 1, 1, false),
        ("a little more", 26 * HOUR + 2, 1, true),
        ("400 days ahead", 400 * DAY, 1, true),
        ("five minutes back", -4, 1, false),
        ("a little more", -5, 1, true),
        ("a day back", -DAY, 1, true),
        ("suspended for a month", 30 * DAY, 30 * DAY, false),
        ("back by less than passed meanwhile", HOUR, 2 * HOUR, true),
    ];
    for (what, wall, up, jumped) in cases {
        let (last, now) = (beat(0, Some(("a", 5))), beat(wall, Some(("a", 5 + up))));
        assert_eq!(has_jumped(&last, &now), jumped, "{what}");
    }
}

#[test]
fn time_spent_switched_off_is_no_jump_but_time_never_goes_back() {
    for boot in [None, Some(("b", 1))] {
        let last = beat(0, Some(("a", 5)));
        assert!(!has_jumped(&last, &beat(90 * DAY, boot)), "off for three months");
        assert!(!has_jumped(&last, &beat(-5, boot)), "two machines differ");
        assert!(has_jumped(&last, &beat(-6, boot)));
    }
}
