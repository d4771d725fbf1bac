//! Every page in every state and language.

use crate::fixtures::overview::overview;
use crate::fixtures::{self, shell};
use crate::{lang, renderer};
use std::fs;
use templates::flash::Flash;
use templates::page::{Section, Shell, SignIn};
use templates::{Renderer, TemplateError};

/// Every page of the gallery, in every language.
fn every_page() -> Vec<(String, String)> {
    let renderer = renderer();
    let all = renderer.languages().into_iter().flat_map(|lang| {
        let pages = fixtures::pages(&renderer, lang).unwrap();
        pages.into_iter().map(move |(name, html)| (format!("{lang}/{name}"), html))
    });
    all.collect()
}

#[test]
fn every_page_renders_with_a_title_and_one_heading() {
    let pages = every_page();
    assert!(pages.len() > 200, "the gallery is small: {}", pages.len());
    for (name, html) in pages {
        let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap();
        assert!(title.len() > 3 && !title.starts_with(' '), "{name}: title {title:?}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert!(!html.contains("{{") && !html.contains("{%"), "{name} shows its own wiring");
    }
}

#[test]
fn no_page_carries_code_or_styles_of_its_own() {
    for (name, html) in every_page() {
        for inline in [" style=", "<style", "<script>", "javascript:", " onclick=", " onload=", " onsubmit="]
        {
            assert!(!html.contains(inline), "{name} contains {inline}");
        }
        for source in html.split(" src=\"").skip(1) {
            assert!(source.starts_with('/'), "{name} loads {}", source.split('"').next().unwrap());
        }
    }
}

#[test]
fn every_form_carries_the_token_and_money_moves_once() {
    for (name, html) in every_page() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            if form.contains("method=\"get\"") {
                assert!(!form.contains("csrf"), "{name}: a token in an address");
                continue;
            }
            assert!(form.contains("method=\"post\""), "{name}: a form that is not a POST");
            assert!(form.contains("name=\"csrf\" value=\"csrf-7Q2\""), "{name}: a form without token");
            if form.contains("/pay\"") || form.contains("/reactivate\"") {
                assert!(form.contains("name=\"idempotency_key\" value=\"idk_1\""), "{name}");
            }
        }
    }
}

#[test]
fn ids_are_unique_and_labels_point_somewhere() {
    for (name, html) in every_page() {
        let ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{name}: id {id}");
        }
        for target in html.split(" for=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&target), "{name}: a label for {target}");
        }
    }
}

#[test]
fn what_people_type_is_text_and_never_markup() {
    let canary = "<script>alert('x')</script>\"&";
    let renderer = renderer();
    let mut page = overview();
    page.problems.clear();
    for row in page.subscriptions.iter_mut().flatten() {
        row.name = canary.into();
    }
    let flash = Flash::Cancelled { product: canary.into(), email: canary.into() };
    let mut shell = Shell { flash: Some(flash), ..shell(lang("en"), Some(Section::Overview)) };
    shell.brand.name = canary.into();
    shell.customer = Some(canary.into());
    let html = renderer.page(&shell, &page).unwrap();
    assert!(!html.contains("<script>alert"));
    assert!(html.matches("&lt;script&gt;alert").count() >= 7, "the canary did not fly everywhere");

    // rich() lets markup of the catalogue through, not that of its arguments.
    let sent = templates::page::LinkSent { email: canary.into(), valid_minutes: 30, wait_s: 60 };
    let html = renderer.page(&shell, &sent).unwrap();
    assert!(html.contains("<strong>&lt;script&gt;alert") && !html.contains("<script>alert"));
}

#[test]
fn sections_that_are_off_leave_no_link_behind() {
    let mut shell = shell(lang("en"), Some(Section::Overview));
    shell.sections = vec![Section::Overview];
    let mut page = overview();
    (page.subscriptions, page.payments, page.methods, page.contact) = (None, None, None, None);
    page.problems.clear();
    let html = renderer().page(&shell, &page).unwrap();
    for path in ["/subscriptions", "/billing", "/payment-methods", "/addresses", "/contact", "/profile"] {
        assert!(!html.contains(&format!("href=\"{path}")), "a link to {path}");
    }
}

#[test]
fn a_refused_form_says_so_in_its_title_and_next_to_the_field() {
    let renderer = renderer();
    let page = SignIn {
        email: "amara@okafor".into(),
        error: Some(templates::page::SignInError::Malformed),
        return_to: None,
    };
    let html = renderer.page(&shell(lang("en"), None), &page).unwrap();
    assert!(html.contains("<title>Error: Sign in"));
    assert!(html.contains("value=\"amara@okafor\""), "what was typed is kept");
    assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"email-error\""));
}

#[test]
fn a_file_of_the_override_folder_replaces_the_embedded_one() {
    let folder = std::env::temp_dir().join(format!("templates-override-{}", std::process::id()));
    fs::create_dir_all(folder.join("pages")).unwrap();
    fs::write(folder.join("pages/language.html"), "Ours: {{ t(key=\"language\") }}").unwrap();
    let replaced = Renderer::new(Some(&folder)).unwrap();
    let page = templates::page::ChooseLanguage { return_to: "/".into() };
    assert_eq!(replaced.page(&shell(lang("de"), None), &page).unwrap(), "Ours: Sprache");

    fs::write(folder.join("pages/language.html"), "{{ t(key=\"no-such-message\") }}").unwrap();
    let broken = Renderer::new(Some(&folder)).unwrap();
    let error = broken.page(&shell(lang("de"), None), &page).unwrap_err();
    assert!(matches!(&error, TemplateError::Template(_)), "{error}");
    fs::remove_dir_all(folder).unwrap();
}
