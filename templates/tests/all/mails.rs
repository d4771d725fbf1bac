//! Every mail in every language.

use crate::fixtures;
use crate::{lang, renderer};

#[test]
fn every_mail_has_a_subject_a_text_and_a_small_html_part() {
    let renderer = renderer();
    for lang in renderer.languages() {
        for (name, mail) in fixtures::mails(&renderer, lang).unwrap() {
            assert!(
                !mail.subject.contains('\n') && mail.subject.len() > 8,
                "{lang}/{name}: {:?}",
                mail.subject
            );
            assert!(mail.text.starts_with(&mail.subject), "{lang}/{name}");
            assert!(
                mail.text.contains("https://billing.fieldnote.example/"),
                "{lang}/{name}: no link in the text"
            );
            assert!(mail.text.contains("Torstraße 12"), "{lang}/{name}: no imprint");
            assert!(
                !mail.text.contains("&#") && !mail.text.contains("&amp;"),
                "{lang}/{name}: escaped text part"
            );
            assert!(mail.html.len() < 16_000, "{lang}/{name}: {} bytes", mail.html.len());
            assert!(!mail.html.contains("<img") && !mail.html.contains("<script"), "{lang}/{name}");
        }
    }
}

#[test]
fn the_sign_in_mail_has_button_address_and_code_in_both_parts() {
    let (_, mail) = fixtures::mails(&renderer(), lang("en")).unwrap().remove(0);
    let url = "https://billing.fieldnote.example/auth/u7Kq2vXh9mT4sPzL0cRb8A";
    assert_eq!(mail.subject, "Sign in to Fieldnote billing");
    assert!(mail.text.contains(url) && mail.text.contains("482 913"));
    assert!(mail.html.contains(&format!(">{url}</a>")), "the address is not visible");
    assert!(mail.html.contains("482 913"));
    assert!(mail.text.contains("from Firefox on Windows"));
}

#[test]
fn the_receipt_adds_up_in_words_of_its_language() {
    let find = |code: &str| {
        let mails = fixtures::mails(&renderer(), lang(code)).unwrap();
        mails.into_iter().find(|(name, _)| name == "email-receipt").unwrap().1
    };
    let english = find("en");
    assert_eq!(english.subject, "Receipt from Fieldnote: €58.31");
    for part in ["€49.00", "VAT 19%", "€9.31", "FN-2026-1184", "December 14, 2026"] {
        assert!(english.text.contains(part) && english.html.contains(part), "{part}");
    }
    let german = find("de");
    assert_eq!(german.subject, "Quittung von Fieldnote: 58,31\u{a0}€");
    assert!(german.text.contains("14. Dezember 2026") && german.text.contains("USt. 19\u{a0}%"));
}
