use crate::day;
use domain::invoice::number::{
    CustomerCode, NoCustomerCode, Numbered, Pattern, PatternError, Reset, issue_date,
};
use domain::invoice::series::{Entry, SeriesFault, faults};
use proptest::prelude::*;

#[test]
fn a_number_carries_prefix_date_and_padded_sequence() {
    let pattern = Pattern::parse("{PREFIX}-{YYYY}/{MM}-{SEQ:05}", Reset::Monthly).unwrap();
    assert_eq!(pattern.render(day("2026-03-09"), 42, "ACME"), "ACME-2026/03-00042");
    let short = Pattern::parse("{YY}{SEQ}", Reset::Yearly).unwrap();
    assert_eq!(short.render(day("2026-03-09"), 7, ""), "267");
    assert_eq!(pattern.render(day("2026-03-09"), 1_234_567, "A"), "A-2026/03-1234567", "never cut");
}

#[test]
fn the_scope_follows_the_reset() {
    let scopes = [Reset::Never, Reset::Yearly, Reset::Monthly]
        .map(|reset| Pattern::parse("{YYYY}-{MM}-{SEQ}", reset).unwrap().scope_key(day("2026-03-09")));
    assert_eq!(scopes, ["all", "2026", "2026-03"]);
}

#[test]
fn patterns_that_would_repeat_a_number_are_refused() {
    let refused = |text, reset| Pattern::parse(text, reset).unwrap_err().to_string();
    assert_eq!(refused("INV-{YYYY}", Reset::Never), "a number pattern needs {SEQ} exactly once");
    assert_eq!(refused("{SEQ}-{SEQ}", Reset::Never), "a number pattern needs {SEQ} exactly once");
    assert_eq!(
        refused("INV-{SEQ:05}", Reset::Yearly),
        "a series that resets yearly needs {YYYY} or {YY} in its pattern"
    );
    assert_eq!(
        refused("{YYYY}-{SEQ}", Reset::Monthly),
        "a series that resets monthly needs a year and {MM} in its pattern"
    );
    assert_eq!(
        refused("{MM}-{SEQ}", Reset::Monthly),
        "a series that resets monthly needs a year and {MM} in its pattern"
    );
}

#[test]
fn typing_mistakes_are_named() {
    assert_eq!(Pattern::parse("{SEQ}{DAY}", Reset::Never), Err(PatternError::UnknownToken("DAY".into())));
    assert_eq!(Pattern::parse("{SEQ:99}", Reset::Never), Err(PatternError::UnknownToken("SEQ:99".into())));
    for unclosed in ["{SEQ", "SEQ}", "{SEQ}}", "{SEQ}{"] {
        assert_eq!(Pattern::parse(unclosed, Reset::Never), Err(PatternError::Brace), "{unclosed}");
    }
}

fn code(text: &str) -> CustomerCode {
    text.parse().unwrap()
}

#[test]
fn a_series_per_customer_names_the_customer() {
    let pattern = Pattern::parse("{PREFIX}-{CUST}-{YY}{SEQ:03}", Reset::Yearly).unwrap();
    let acme = code("acme7");
    let document = Numbered { issued: day("2026-03-09"), prefix: "CN", customer: Some(&acme) };
    assert_eq!(pattern.number_of(&document, 4).unwrap(), "CN-ACME7-26004");
    assert_eq!(pattern.scope_of(&document).unwrap(), "2026:ACME7");
    let nameless = Numbered { customer: None, ..document };
    assert_eq!(pattern.number_of(&nameless, 4), Err(NoCustomerCode));
    assert_eq!(pattern.scope_of(&nameless), Err(NoCustomerCode));
    let shared = Pattern::parse("{YYYY}-{SEQ}", Reset::Yearly).unwrap();
    assert_eq!(shared.scope_of(&document).unwrap(), "2026", "other patterns count over all customers");
}

#[test]
fn customer_and_sequence_must_not_run_into_each_other() {
    for text in ["{CUST}{SEQ}", "{SEQ}{CUST}", "{CUST}{YYYY}{SEQ}", "{CUST}X{SEQ}", "{CUST}-{CUST}-{SEQ}"] {
        assert_eq!(Pattern::parse(text, Reset::Never), Err(PatternError::Customer), "{text}");
    }
    for text in ["{CUST}-{SEQ}", "{SEQ}/{YYYY}{CUST}", "{CUST}{YYYY}.{SEQ}"] {
        assert!(Pattern::parse(text, Reset::Never).is_ok(), "{text}");
    }
    for text in ["", "A-1", "A 1", "ABCDEFGHIJKLMNOPQ"] {
        assert!(text.parse::<CustomerCode>().is_err(), "{text}");
    }
}

#[test]
fn dates_never_go_back_within_a_series() {
    let (today, yesterday) = (day("2026-03-09"), day("2026-03-08"));
    assert_eq!(issue_date(today, None), today);
    assert_eq!(issue_date(today, Some(yesterday)), today);
    assert_eq!(issue_date(yesterday, Some(today)), today, "the seller moved west");
}

fn series(list: &[(i64, &str)]) -> Vec<Entry> {
    list.iter().map(|(seq, date)| Entry { seq: *seq, issued: day(date) }).collect()
}

#[test]
fn a_broken_series_is_told_number_by_number() {
    let whole = series(&[(2, "2026-03-09"), (1, "2026-03-09"), (3, "2026-03-11")]);
    assert_eq!(faults(whole.clone(), 4), []);
    assert_eq!(faults(Vec::new(), 1), []);
    assert_eq!(faults(whole, 5), [SeriesFault::Counter { next: 5, last: 3 }]);
    let broken = series(&[(2, "2026-03-09"), (2, "2026-03-10"), (5, "2026-03-08")]);
    assert_eq!(
        faults(broken, 6),
        [
            SeriesFault::Gap { first: 1, last: 1 },
            SeriesFault::Twice(2),
            SeriesFault::Gap { first: 3, last: 4 },
            SeriesFault::Date(5),
        ]
    );
}

proptest! {
    /// Whatever documents one removes from the middle of a series, exactly their numbers are reported.
    #[test]
    fn every_missing_number_is_found(count in 1..60_i64, missing in prop::collection::btree_set(1..60_i64, 0..10)) {
        let all = (1..=count).map(|seq| Entry { seq, issued: day("2026-03-09") });
        let found = faults(all.filter(|entry| !missing.contains(&entry.seq)).collect(), count + 1);
        let reported = found.into_iter().flat_map(|fault| match fault {
            SeriesFault::Gap { first, last } => (first..=last).collect::<Vec<_>>(),
            SeriesFault::Counter { next, last } => (last + 1..next).collect(),
            other => panic!("{other}"),
        });
        let expected: Vec<i64> = missing.into_iter().filter(|seq| *seq <= count).collect();
        prop_assert_eq!(reported.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn no_two_customers_share_a_number(
        text in prop::sample::select(vec!["{CUST}-{SEQ}", "{SEQ:03}/{YY}{CUST}", "{CUST}{YYYY}.{SEQ}"]),
        (first, second) in (("[A-C0-2]{1,3}", 1..300_i64), ("[A-C0-2]{1,3}", 1..300_i64)),
    ) {
        let pattern = Pattern::parse(text, Reset::Never).unwrap();
        let number = |customer: &str, seq| {
            let customer = code(customer);
            let document = Numbered { issued: day("2026-03-09"), prefix: "", customer: Some(&customer) };
            pattern.number_of(&document, seq).unwrap()
        };
        prop_assume!(first != second);
        prop_assert_ne!(number(&first.0, first.1), number(&second.0, second.1));
    }

    /// The unique index on numbers never meets a number twice: other scope or other sequence, other number.
    #[test]
    fn no_two_documents_of_a_series_share_a_number(
        reset in prop::sample::select(Reset::ALL),
        text in prop::sample::select(vec!["{YYYY}{MM}{SEQ}", "{SEQ:03}{YY}{MM}", "{PREFIX}{SEQ}-{YYYY}-{MM}", "{YYYY}{SEQ}{MM}"]),
        (first, second) in ((0..3650_u64, 1..5000_i64), (0..3650_u64, 1..5000_i64)),
    ) {
        let pattern = Pattern::parse(text, reset).unwrap();
        let number = |(days, seq)| {
            let date = day("2024-01-01") + chrono::Days::new(days);
            (pattern.scope_key(date), seq, pattern.render(date, seq, "P"))
        };
        let ((a_scope, a_seq, a), (b_scope, b_seq, b)) = (number(first), number(second));
        prop_assume!((a_scope, a_seq) != (b_scope, b_seq));
        prop_assert_ne!(a, b);
    }
}
