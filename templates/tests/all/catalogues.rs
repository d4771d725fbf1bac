//! Every language says everything the first one says, about the same values.

use crate::renderer;
use domain::invoice::credit_note::CreditReason;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use templates::Lang;

/// The variables of every message of one catalogue file, by message id.
fn messages(lang: &str, file: &str) -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang).join(file);
    let text = fs::read_to_string(&path).unwrap();
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    let mut current = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, _)) =
            line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            assert!(!found.contains_key(id), "{lang}/{file}: {id} stands there twice");
            current = id.to_owned();
            found.insert(current.clone(), BTreeSet::new());
        }
        for part in line.split('$').skip(1) {
            let name =
                part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next().unwrap();
            found.get_mut(&current).unwrap().insert(name.to_owned());
        }
    }
    found
}

fn files() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en");
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_language_has_the_messages_of_english_with_the_same_variables() {
    for lang in renderer().languages() {
        for file in files() {
            says_what_english_says(lang, &file);
        }
    }
}

#[test]
fn documents_speak_more_languages_than_pages() {
    let codes = |languages: Vec<Lang>| languages.into_iter().map(Lang::code).collect::<Vec<_>>();
    assert_eq!(codes(renderer().languages()), ["en", "de"]);
    assert_eq!(codes(renderer().document_languages()), ["en", "ar", "de", "he", "ja", "th"]);
    renderer().document_languages().into_iter().for_each(|lang| says_what_english_says(lang, "document.ftl"));
}

#[test]
fn every_reason_of_a_credit_note_has_words() {
    let english = messages("en", "document.ftl");
    for reason in CreditReason::ALL.iter().filter(|reason| **reason != CreditReason::Other) {
        assert!(english.contains_key(&format!("document-reason-{reason}")), "{reason}");
    }
}

fn says_what_english_says(lang: Lang, file: &str) {
    let (english, other) = (messages("en", file), messages(lang.code(), file));
    assert!(english.len() > 10, "{file} was not understood");
    for (id, variables) in &english {
        assert_eq!(other.get(id), Some(variables), "{lang}/{file}: {id}");
    }
    let unknown: Vec<_> = other.keys().filter(|id| !english.contains_key(*id)).collect();
    assert!(unknown.is_empty(), "{lang}/{file} has messages English does not: {unknown:?}");
}

#[test]
fn no_message_is_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    for folder in
        ["components", "email", "layout", "pages", "invoice", "src", "src/email", "src/page", "src/invoice"]
    {
        for entry in
            fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap).filter(|e| e.path().is_file())
        {
            sources.push_str(&fs::read_to_string(entry.path()).unwrap());
        }
    }
    // Ids that code puts together: a prefix in quotes, then a state.
    let composed = [
        "add-method-",
        "attempt-",
        "billing-filter-",
        "billing-none-",
        "cancel-reason-",
        "cancel-unpaid-",
        "change-error-",
        "document-reason-",
        "change-every-",
        "error-",
        "fault-",
        "kind-",
        "method-",
        "nav-",
        "progress-title-",
        "reason-",
        "settled-",
        "why-",
        "setup-",
        "status-",
        "email-",
        "notice-",
        "price-",
        "invoice-",
    ];
    for file in files() {
        for id in messages("en", &file).keys() {
            let used = sources.contains(&format!("\"{id}\""))
                || composed.iter().any(|prefix| id.starts_with(prefix));
            assert!(used, "{file}: nothing says {id}");
        }
    }
}
