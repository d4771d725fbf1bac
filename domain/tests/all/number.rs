use crate::day;
use domain::invoice::number::{Pattern, PatternError, Reset};
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

proptest! {
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
