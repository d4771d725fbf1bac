use super::*;
use std::collections::HashSet;

fn keys(digit: &str) -> Keys {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.key");
    Keys::load_or_create(&path).unwrap();
    fs::write(&path, digit.repeat(64)).unwrap();
    Keys::load(&path).unwrap()
}

#[test]
fn the_first_start_makes_a_key_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/secret.key");
    assert!(matches!(Keys::load(&path), Err(KeyError::Missing(_))), "no key appears unasked");

    let made = Keys::load_or_create(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        Keys::load_or_create(&path).unwrap().fingerprint(),
        made.fingerprint(),
        "the second start keeps it"
    );
    assert_ne!(Keys::load_or_create(&folder.path().join("other")).unwrap().fingerprint(), made.fingerprint());
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.key");
    Keys::load_or_create(&path).unwrap();
    for mode in [0o640, 0o604, 0o660, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = Keys::load_or_create(&path).unwrap_err();
        assert!(matches!(error, KeyError::Exposed(_, found) if found == mode), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(Keys::load(&path).is_ok(), "read-only is fine");
}

#[test]
fn a_file_without_a_key_is_refused_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.key");
    Keys::load_or_create(&path).unwrap();
    for text in ["", "hunter2", &"a".repeat(63), &"a".repeat(66), &"g".repeat(64)] {
        fs::write(&path, text).unwrap();
        let error = Keys::load_or_create(&path).unwrap_err();
        assert!(matches!(error, KeyError::Malformed(_)), "{error}");
        assert!(text.is_empty() || !error.to_string().contains(text));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    fs::write(&path, format!("{}\n", "AB".repeat(32))).unwrap();
    assert!(Keys::load(&path).is_ok(), "capitals and a line end are fine");
}

#[test]
fn every_purpose_and_every_id_gives_another_value() {
    let keys = keys("a");
    let values = [
        keys.mail_token("one"),
        keys.mail_token("two"),
        keys.csrf_token("one"),
        keys.cookie_tag("one", ""),
        keys.cookie_tag("", "one"),
        hash_token("one"),
    ];
    assert_eq!(values.iter().collect::<HashSet<_>>().len(), values.len());
    assert_ne!(keys.mail_token("one"), self::keys("b").mail_token("one"));
}

#[test]
fn a_mailed_token_can_be_derived_again_and_found_by_its_hash() {
    let token = keys("a").mail_token("tok_1");
    assert_eq!(token.len(), 43);
    assert_eq!(token, keys("a").mail_token("tok_1"));
    assert_eq!(hash_token("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn codes_have_six_digits_and_differ() {
    let keys = keys("a");
    let codes: HashSet<String> = (0..500).map(|n| keys.six_digit_code(&format!("tok_{n}"))).collect();
    assert!(
        codes.iter().all(|code| code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())),
        "{codes:?}"
    );
    assert!(codes.len() > 490, "five hundred codes of a million rarely meet");
    assert_eq!(keys.six_digit_code("tok_1"), keys.six_digit_code("tok_1"));
}

#[test]
fn random_tokens_never_repeat() {
    let tokens: HashSet<String> = (0..1000).map(|_| random_token().unwrap()).collect();
    assert_eq!(tokens.len(), 1000);
    assert!(tokens.iter().all(|token| token.len() == 43));
}

#[test]
fn comparison_means_equality() {
    assert!(same("token", "token"));
    assert!(!same("token", "tokem") && !same("token", "toke") && !same("", "x"));
}

#[test]
fn keys_are_not_printed() {
    let printed = format!("{:?}", keys("a"));
    assert_eq!(printed, format!("Keys({})", keys("a").fingerprint()));
}
