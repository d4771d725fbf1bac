use crate::at;
use chrono::TimeDelta;
use domain::payment::circuit::{Circuit, OPEN_HOURS, OPENS_AFTER, answered};
use domain::provider::{CallError, Evidence, Exchange, Report};

fn failed(times: i32) -> Circuit {
    (0..times).fold(Circuit::default(), |circuit, _| circuit.after_call(false, at("2026-03-01")))
}

#[test]
fn c10_five_calls_in_a_row_without_an_answer_open_it_and_one_answer_closes_it() {
    let now = at("2026-03-01");
    assert!(!failed(OPENS_AFTER - 1).is_open(now));
    assert!(failed(OPENS_AFTER).is_open(now));
    let interrupted = failed(OPENS_AFTER - 1).after_call(true, now).after_call(false, now);
    assert!(!interrupted.is_open(now), "in a row");
    assert!(!failed(99).after_call(true, now).is_open(now));
}

#[test]
fn an_outage_that_is_asked_about_daily_keeps_it_open_and_without_questions_it_closes() {
    let start = at("2026-03-01");
    let mut circuit = failed(OPENS_AFTER);
    for day in 1..=3 {
        let now = start + TimeDelta::days(day);
        assert!(circuit.is_open(now), "day {day}");
        circuit = circuit.after_call(false, now);
    }
    let last = circuit.last_failed_at.unwrap();
    assert!(!circuit.is_open(last + TimeDelta::hours(OPEN_HOURS)));
}

#[test]
fn a_refusal_is_an_answer_and_silence_is_none() {
    let report = |error: CallError, status: Option<Option<u16>>| {
        let exchange = |status| Exchange { method: "POST".into(), status, sent: 1, ..Exchange::default() };
        let exchanges = status.map(exchange).into_iter().collect();
        Report::<()> { result: Err(error), evidence: Evidence { exchanges, ..Evidence::default() } }
    };
    let words = || "words".to_owned();
    assert!(answered(&report(CallError::NotExecuted(words()), Some(Some(404)))));
    assert!(answered(&report(CallError::IdempotencyConflict(words()), Some(Some(409)))));
    for (error, status) in [
        (CallError::NotExecuted(words()), None),
        (CallError::NotExecuted(words()), Some(None)),
        (CallError::Unknown(words()), Some(Some(503))),
        (CallError::RateLimited(None), Some(Some(429))),
        (CallError::Misconfigured(words()), Some(Some(401))),
    ] {
        assert!(!answered(&report(error.clone(), status)), "{error} {status:?}");
    }
}
