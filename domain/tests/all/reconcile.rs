//! What a provider's list says beside what we have written down.

use crate::at;
use crate::attempt::{created, declined, eur, paid, submitted};
use domain::payment::key::{idempotency_key, period_ref};
use domain::payment::protocol::{AttemptFacts, Settlement};
use domain::payment::reconcile::{Comparison, compare, is_made_by, may_have_moved};
use domain::payment::state::AttemptState::{self, *};
use domain::payment::state::Purpose;
use domain::provider::{Listed, Movement, Outcome};

/// In one word.
fn word(attempt: &AttemptFacts, listed: &Outcome) -> String {
    match compare(attempt, listed, eur(100)) {
        Comparison::Agrees => "agrees".to_owned(),
        Comparison::Differs => "differs".to_owned(),
        Comparison::News(Settlement::Change(change)) if change.review => {
            format!("{} and a person", change.to)
        }
        Comparison::News(Settlement::Change(change)) => change.to.to_string(),
        Comparison::News(Settlement::Review) => "a person".to_owned(),
        Comparison::News(Settlement::Unchanged) => panic!("no news"),
    }
}

#[test]
fn each_kind_of_item() {
    let known =
        |state: AttemptState| AttemptFacts { state, provider_ref: Some("ch_1".to_owned()), ..submitted() };
    let cancelled = Outcome::Cancelled { provider_ref: Some("ch_1".to_owned()) };
    let pending = Outcome::Pending { provider_ref: "ch_1".to_owned() };
    for (attempt, listed, expected) in [
        (known(Succeeded), paid(100), "agrees"),
        (known(Succeeded), pending.clone(), "agrees"),
        (known(Succeeded), paid(101), "differs"),
        (known(Succeeded), declined(), "differs"),
        (known(Succeeded), cancelled.clone(), "differs"),
        (AttemptFacts { provider_ref: Some("ch_0".to_owned()), ..known(Succeeded) }, paid(100), "a person"),
        (known(Reversed), paid(100), "agrees"),
        (created(), paid(100), "succeeded"),
        (known(Unknown), paid(100), "succeeded"),
        (known(Unknown), paid(99), "succeeded and a person"),
        (known(Unknown), declined(), "failed"),
        (known(Pending), cancelled, "cancelled"),
        (known(Failed), paid(100), "succeeded"),
        (known(Failed), declined(), "agrees"),
        (known(Error), pending, "agrees"),
    ] {
        assert_eq!(word(&attempt, &listed), expected, "{} and {listed:?}", attempt.state);
    }
}

fn listed(key: Option<&str>, reference: Option<&str>) -> Listed {
    Listed {
        movement: Movement::Charge,
        provider_ref: "ch_1".to_owned(),
        key: key.map(str::to_owned),
        reference: reference.map(str::to_owned),
        created_at: at("2026-03-01 12:00"),
        outcome: paid(100),
    }
}

#[test]
fn what_a_business_has_made_is_known_by_its_key_though_the_row_is_lost() {
    let reference = period_ref("here", "sub_1", 3);
    let key = |tenant, purpose, seq| idempotency_key("here", tenant, purpose, &reference, seq);
    let made = |key: &str| is_made_by("here", "biz_1", &listed(Some(key), Some(&reference)));
    assert!(made(&key("biz_1", Purpose::Charge, 1)) && made(&key("biz_1", Purpose::Charge, 40)));
    assert!(!made(&key("biz_2", Purpose::Charge, 1)), "another business with the same account");
    assert!(!made(&key("biz_1", Purpose::Refund, 1)) && !made("order-77"));
    assert!(!is_made_by("here", "biz_1", &listed(None, Some(&reference))));
    assert!(!is_made_by("here", "biz_1", &listed(Some(&key("biz_1", Purpose::Charge, 1)), None)));
    let elsewhere =
        is_made_by("there", "biz_1", &listed(Some(&key("biz_1", Purpose::Charge, 1)), Some(&reference)));
    assert!(!elsewhere, "another installation");
}

#[test]
fn only_what_may_have_moved_must_not_be_made_again() {
    let page =
        Outcome::RequiresAction { provider_ref: "ch_1".to_owned(), url: String::new(), expires_at: None };
    let on_its_way = Outcome::Pending { provider_ref: "ch_1".to_owned() };
    assert!([paid(100), page, on_its_way].iter().all(may_have_moved));
    assert!(![declined(), Outcome::Cancelled { provider_ref: None }].iter().any(may_have_moved));
}
