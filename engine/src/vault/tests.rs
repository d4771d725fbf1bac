use super::*;

const PLACE: Place<'_> =
    Place { tenant_id: "ten_1", table: "provider_account", column: "credentials", row_id: "pra_1" };

fn keys() -> Keys {
    Keys::load_or_create(&tempfile::tempdir().unwrap().path().join("secret.key")).unwrap()
}

#[test]
fn what_is_sealed_opens_in_its_place() {
    let keys = keys();
    let sealed = seal(&keys, PLACE, &Secret::new("sk_live_hunter2")).unwrap();
    assert!(!sealed.contains("hunter2"));
    assert!(sealed.starts_with(&format!("v1.{}.", keys.fingerprint())));
    assert_eq!(open(&keys, PLACE, &sealed).unwrap().expose(), "sk_live_hunter2");
    assert_ne!(
        seal(&keys, PLACE, &Secret::new("sk_live_hunter2")).unwrap(),
        sealed,
        "equal secrets look different"
    );
}

#[test]
fn a_sealed_secret_copied_elsewhere_does_not_open() {
    let keys = keys();
    let sealed = seal(&keys, PLACE, &Secret::new("sk_live_hunter2")).unwrap();
    let elsewhere = [
        Place { tenant_id: "ten_2", ..PLACE },
        Place { table: "webhook", ..PLACE },
        Place { column: "secret", ..PLACE },
        Place { row_id: "pra_2", ..PLACE },
        Place { column: "credentialspra_1", row_id: "", ..PLACE },
    ];
    for place in elsewhere {
        let error = open(&keys, place, &sealed).unwrap_err();
        assert!(matches!(error, Error::Bug(_)), "{place:?}: {error}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn another_key_is_told_from_damage() {
    let sealed = seal(&keys(), PLACE, &Secret::new("x")).unwrap();
    assert!(matches!(open(&keys(), PLACE, &sealed), Err(Error::Refused { code: "wrong_key", .. })));
}

#[test]
fn damage_is_noticed_wherever_it_is() {
    let keys = keys();
    let sealed = seal(&keys, PLACE, &Secret::new("sk_live_hunter2")).unwrap();
    let body = sealed.rfind('.').unwrap() + 1;
    for at in body..sealed.len() {
        let mut damaged = sealed.clone().into_bytes();
        damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
        assert!(open(&keys, PLACE, std::str::from_utf8(&damaged).unwrap()).is_err(), "character {at}");
    }
    let key_id = keys.fingerprint();
    for text in ["", "v1", &format!("v1.{key_id}"), &format!("v1.{key_id}."), &format!("v2{}", &sealed[2..])]
    {
        assert!(open(&keys, PLACE, text).is_err(), "{text:?}");
    }
}
