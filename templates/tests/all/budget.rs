//! What a first visit downloads.

use crate::fixtures::overview::overview;
use crate::fixtures::{self, shell};
use crate::{lang, renderer};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use templates::page::Section;
use templates::theme::{self, Look};

/// Hard limit for style sheets and script together, compressed.
const LIMIT: usize = 30 * 1024;

fn compressed(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn styles_and_script_stay_small() {
    let renderer = renderer();
    let size = |name: &str| {
        let asset = renderer.assets().iter().find(|(known, _)| *known == name).unwrap().1;
        compressed(&asset.bytes)
    };
    let sheet = theme::stylesheet(&Look::default());
    let (css, theme, js) = (size("portal.css"), compressed(&sheet.bytes), size("portal.js"));
    let page = renderer.page(&shell(lang("en"), Some(Section::Overview)), &overview()).unwrap();
    println!("gzip: css {css}, theme {theme}, js {js}, overview {}", compressed(page.as_bytes()));
    assert!(css + theme + js < LIMIT);
}

#[test]
fn pages_ask_for_files_that_exist_and_nothing_else() {
    let renderer = renderer();
    let theme = theme::stylesheet(&Look::default()).url;
    for (name, html) in fixtures::pages(&renderer, lang("en")).unwrap() {
        for url in html.split('"').filter(|part| part.starts_with("/assets/") || part.starts_with("/theme/"))
        {
            let file = url.split('#').next().unwrap();
            assert!(file == theme || renderer.assets().find(file).is_some(), "{name} asks for {url}");
        }
    }
    let sheet = renderer.assets().iter().find(|(name, _)| *name == "portal.css").unwrap().1;
    let css = std::str::from_utf8(&sheet.bytes).unwrap();
    for url in css.split("url(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(renderer.assets().find(url).is_some(), "the style sheet asks for {url}");
    }
}
