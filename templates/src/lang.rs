//! Languages: codes, names, direction, and which one a request is answered in.

use serde::{Serialize, Serializer};
use std::fmt;

/// A language of the portal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang(u8);

/// Code and name of each language in the language itself; English, then by name.
const LANGUAGES: [(&str, &str); 21] = [
    ("en", "English"),
    ("ar", "العربية"),
    ("ca", "Català"),
    ("zh", "中文"),
    ("nl", "Nederlands"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("he", "עברית"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("ms", "Bahasa Melayu"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("es", "Español"),
    ("sv", "Svenska"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
];

impl Lang {
    /// The language every other one falls back to.
    pub const EN: Self = Self(0);

    /// Every language the formats know. Catalogues may exist for fewer: see [`crate::Renderer::languages`].
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).zip(LANGUAGES).map(|(index, _)| Self(index))
    }

    /// The language of a tag such as `de`, `de-AT` or `DE_at`; the region is ignored.
    pub fn parse(tag: &str) -> Option<Self> {
        let code = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::all().find(|lang| lang.code().eq_ignore_ascii_case(code))
    }

    /// Two-letter code, as in `<html lang>`.
    pub fn code(self) -> &'static str {
        LANGUAGES[usize::from(self.0)].0
    }

    /// The language's name in the language itself.
    pub fn name(self) -> &'static str {
        LANGUAGES[usize::from(self.0)].1
    }

    /// Text direction, as in `<html dir>`.
    pub fn dir(self) -> &'static str {
        if matches!(self.code(), "ar" | "he") { "rtl" } else { "ltr" }
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// What a request says about its language, the strongest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes<'a> {
    /// The `NEXT_LOCALE` cookie.
    pub cookie: Option<&'a str>,
    /// What the customer saved.
    pub saved: Option<&'a str>,
    /// The `Accept-Language` header.
    pub accept_language: Option<&'a str>,
    /// The business's default.
    pub business_default: Option<&'a str>,
}

/// The first wish that the business has enabled, otherwise the first enabled language, otherwise English.
pub fn negotiate(enabled: &[Lang], wishes: Wishes<'_>) -> Lang {
    let accepted = accept_language(wishes.accept_language.unwrap_or_default());
    wishes
        .cookie
        .and_then(Lang::parse)
        .into_iter()
        .chain(wishes.saved.and_then(Lang::parse))
        .chain(accepted)
        .chain(wishes.business_default.and_then(Lang::parse))
        .find(|lang| enabled.contains(lang))
        .or_else(|| enabled.first().copied())
        .unwrap_or(Lang::EN)
}

/// The known languages of an `Accept-Language` header, best first; `q=0` means "not this one".
fn accept_language(header: &str) -> Vec<Lang> {
    let mut wanted: Vec<(u16, Lang)> = header
        .split(',')
        .filter_map(|part| {
            let (tag, params) = part.split_once(';').unwrap_or((part, ""));
            let quality = params.trim().strip_prefix("q=").map_or(Some(1000), thousandths)?;
            Lang::parse(tag).filter(|_| quality > 0).map(|lang| (quality, lang))
        })
        .collect();
    wanted.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    wanted.into_iter().map(|(_, lang)| lang).collect()
}

/// `0.85` as 850, without floating point; `None` when it is no quality value.
fn thousandths(quality: &str) -> Option<u16> {
    let (whole, part) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    Some((whole.parse::<u16>().ok()?.min(1) * 1000 + digits.parse::<u16>().ok()?).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(code: &str) -> Lang {
        Lang::parse(code).unwrap()
    }

    #[test]
    fn tags_with_regions_are_understood() {
        assert_eq!(lang("de-AT"), lang("de"));
        assert_eq!(lang("PT_br").code(), "pt");
        assert_eq!(Lang::parse("xx"), None);
        assert_eq!(lang("he").dir(), "rtl");
    }

    #[test]
    fn the_strongest_wish_that_is_enabled_wins() {
        let enabled = [lang("en"), lang("de")];
        let wishes = Wishes {
            cookie: Some("fr"),
            saved: Some("de"),
            accept_language: Some("en"),
            business_default: Some("en"),
        };
        assert_eq!(negotiate(&enabled, wishes), lang("de"));
        assert_eq!(negotiate(&enabled, Wishes { cookie: Some("en"), ..wishes }), lang("en"));
        assert_eq!(negotiate(&[], wishes), Lang::EN);
    }

    #[test]
    fn accept_language_is_ordered_by_quality() {
        let enabled = [lang("en"), lang("de")];
        let ask = |header| negotiate(&enabled, Wishes { accept_language: Some(header), ..Wishes::default() });
        assert_eq!(ask("fr, en;q=0.7, de-DE;q=0.85"), lang("de"));
        assert_eq!(ask("de;q=0, en;q=0.1"), lang("en"));
        assert_eq!(ask("*"), lang("en"));
    }
}
