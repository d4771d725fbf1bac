use crate::at;
use chrono::TimeDelta;
use domain::entitlement::license::{
    Activation, BadLicenseKey, KEY_BYTES, KeyChange, LicenseFacts, LicenseKey, LicenseRefusal, LicenseState,
    activate, deactivate, key_change, validate,
};
use domain::entitlement::{Access, AccessFacts, access};
use domain::subscription::state::SubscriptionStatus::{self, *};
use proptest::prelude::*;

fn facts(status: SubscriptionStatus, past_due_since: Option<&str>) -> AccessFacts {
    AccessFacts { status, past_due_since: past_due_since.map(at), grace: TimeDelta::days(14) }
}

#[test]
fn access_follows_the_subscription() {
    for (status, open) in [
        (Incomplete, false),
        (Trialing, true),
        (Active, true),
        (Paused, false),
        (Error, true),
        (Cancelled, false),
        (Expired, false),
    ] {
        assert_eq!(access(&facts(status, None), at("2026-03-01")).is_open(), open, "{status}");
    }
}

#[test]
fn a_missing_payment_takes_access_when_the_grace_is_over_whatever_the_status_says() {
    for status in [PastDue, OnHold] {
        let missing = facts(status, Some("2026-03-01"));
        assert_eq!(access(&missing, at("2026-03-14 23:59")), Access::Grace(at("2026-03-15")), "{status}");
        assert_eq!(access(&missing, at("2026-03-15")), Access::Withheld, "{status}");
    }
    let strict = AccessFacts { grace: TimeDelta::zero(), ..facts(PastDue, Some("2026-03-01")) };
    assert_eq!(access(&strict, at("2026-03-01")), Access::Withheld);
    assert_eq!(access(&facts(OnHold, None), at("2026-03-01")), Access::Withheld, "a trial without a method");
    assert_eq!(
        access(&facts(Cancelled, Some("2026-03-01")), at("2026-03-02")),
        Access::Withheld,
        "no grace after the end"
    );
}

#[test]
fn a_key_is_read_as_people_write_it() {
    let key = LicenseKey::from_random([0xA5; KEY_BYTES]);
    let text = key.to_string();
    assert_eq!(text.len(), 29);
    assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [5; 5]);
    let sloppy = text.to_lowercase().replace('-', " ").replace('1', "l").replace('0', "o");
    assert_eq!(sloppy.parse(), Ok(key.clone()));
    assert_eq!(text.replace('-', "").parse(), Ok(key.clone()));
    assert_eq!(format!("{key:?}"), "LicenseKey(..)", "logs never show one");
    let masked = key.masked();
    assert_eq!(masked, format!("{}-•••••-•••••-•••••-{}", &text[..5], &text[24..]));
}

#[test]
fn keys_of_another_program_would_read_the_same() {
    assert_eq!(LicenseKey::from_random([0; KEY_BYTES]).to_string(), "00000-00000-00000-00000-00000");
    let counting: [u8; KEY_BYTES] = std::array::from_fn(|i| i as u8);
    assert_eq!(LicenseKey::from_random(counting).to_string(), "000G4-0R40M-30E20-9185G-R38ED");
}

#[test]
fn what_is_not_a_key_is_named() {
    let bad = |text: &str| text.parse::<LicenseKey>().unwrap_err();
    assert_eq!(bad(""), BadLicenseKey::Length);
    assert_eq!(bad("00000-00000-00000-00000-0000"), BadLicenseKey::Length);
    assert_eq!(bad("00000-00000-00000-00000-000000"), BadLicenseKey::Length);
    assert_eq!(bad("00000-00000-00000-00000-0000U"), BadLicenseKey::Character('U'));
    assert_eq!(bad("00000-00000-00000-00000-00001"), BadLicenseKey::Check);
}

const KEY: LicenseFacts =
    LicenseFacts { state: LicenseState::Issued, entitled: true, limit: Some(2), active: &["laptop"] };

#[test]
fn a_key_is_used_on_as_many_devices_as_allowed() {
    assert_eq!(activate(&KEY, "desk"), Ok(Activation::Changed));
    let full = LicenseFacts { active: &["laptop", "desk"], ..KEY };
    assert_eq!(activate(&full, "phone"), Err(LicenseRefusal::Limit(2)));
    assert_eq!(activate(&full, "desk"), Ok(Activation::Unchanged), "asking twice takes no second place");
    assert_eq!(activate(&LicenseFacts { limit: None, ..full }, "phone"), Ok(Activation::Changed));
    assert_eq!(activate(&KEY, ""), Err(LicenseRefusal::Label));
}

#[test]
fn a_key_works_where_it_is_active() {
    assert_eq!(validate(&KEY, None), Ok(()));
    assert_eq!(validate(&KEY, Some("laptop")), Ok(()));
    assert_eq!(validate(&KEY, Some("desk")), Err(LicenseRefusal::NotActive));
}

#[test]
fn a_key_rests_while_there_is_no_access_and_is_dead_when_revoked() {
    let resting = LicenseFacts { entitled: false, ..KEY };
    let revoked = LicenseFacts { state: LicenseState::Revoked, ..KEY };
    for (key, refusal) in [(resting, LicenseRefusal::NotEntitled), (revoked, LicenseRefusal::Revoked)] {
        assert_eq!(validate(&key, Some("laptop")), Err(refusal));
        assert_eq!(activate(&key, "laptop"), Err(refusal));
        assert_eq!(deactivate(&key, "laptop"), Activation::Changed, "devices can always be given up");
        assert_eq!(deactivate(&key, "desk"), Activation::Unchanged);
    }
}

#[test]
fn a_subscription_gets_one_key_and_loses_it_with_its_end_only() {
    assert_eq!(key_change(true, false, false, false), KeyChange::Issue);
    assert_eq!(key_change(true, false, true, false), KeyChange::Keep);
    assert_eq!(key_change(false, false, true, false), KeyChange::Keep, "it works again after the hold");
    assert_eq!(key_change(false, true, true, false), KeyChange::Revoke);
    assert_eq!(key_change(true, false, false, true), KeyChange::Keep, "the business has taken it away");
    assert_eq!(key_change(false, false, false, false), KeyChange::Keep, "nothing before the first payment");
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(bytes: [u8; KEY_BYTES]) {
        let key = LicenseKey::from_random(bytes);
        prop_assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn different_bytes_are_different_keys(one: [u8; KEY_BYTES], other: [u8; KEY_BYTES]) {
        prop_assert_eq!(one == other, LicenseKey::from_random(one) == LicenseKey::from_random(other));
    }

    #[test]
    fn one_wrong_character_is_noticed(bytes: [u8; KEY_BYTES], place in 0..25_usize, off_by in 1..32_usize) {
        let letters: Vec<char> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
        let mut text: Vec<char> = LicenseKey::from_random(bytes).to_string().replace('-', "").chars().collect();
        let right = letters.iter().position(|letter| *letter == text[place]).unwrap();
        text[place] = letters[(right + off_by) % letters.len()];
        prop_assert_eq!(text.iter().collect::<String>().parse::<LicenseKey>(), Err(BadLicenseKey::Check));
    }

    #[test]
    fn two_characters_that_changed_places_are_noticed(bytes: [u8; KEY_BYTES], i in 0..25_usize, j in 0..25_usize) {
        let mut text: Vec<char> = LicenseKey::from_random(bytes).to_string().replace('-', "").chars().collect();
        let differ = text[i] != text[j];
        text.swap(i, j);
        let read = text.iter().collect::<String>().parse::<LicenseKey>().err();
        prop_assert_eq!(read, differ.then_some(BadLicenseKey::Check));
    }
}
