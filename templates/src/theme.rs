//! Contrast guard: one brand colour in, a safe set of theme tokens out.
//!
//! The hue is kept; lightness (OKLCH) moves only as far as WCAG 2.2 needs it to. For every colour and both
//! schemes: `on_accent` on `accent` at least 4.5, `text` on all surfaces and on `soft` at least 4.5, `accent`
//! on the surface at least 3.

use crate::assets::Asset;
use std::borrow::Cow;
use std::fmt::Write as _;

/// A colour in sRGB.
pub type Rgb = [u8; 3];

/// The tokens of one colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Primary buttons, switches.
    pub accent: Rgb,
    /// Text on the accent.
    pub on_accent: Rgb,
    /// Links and selected icons.
    pub text: Rgb,
    /// Background of tiles and chosen cards.
    pub soft: Rgb,
}

/// Both schemes of a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// On white.
    pub light: Scheme,
    /// On black.
    pub dark: Scheme,
}

/// How a business wants its portal to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// The brand colour.
    pub brand: Rgb,
    /// Roundness of boxes in pixels.
    pub radius: u32,
    /// Typeface.
    pub face: Face,
    /// Forces one of the schemes; `None` follows the reader's device.
    pub only: Option<Only>,
}

/// A typeface, one that readers have already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Face {
    /// The system's own: `--font` of `portal.css`.
    System,
    /// With serifs.
    Serif,
    /// With round ends.
    Rounded,
}

/// The one scheme of a portal that has no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Only {
    /// On white.
    Light,
    /// On black.
    Dark,
}

/// The theme style sheet of a business, under a URL that changes with it.
pub type Stylesheet = Asset;

/// The colour of the product itself, used when a business has none.
pub const DEFAULT: Rgb = [0x0c, 0x5c, 0x70];

impl Default for Look {
    /// The product's own look.
    fn default() -> Self {
        Self { brand: DEFAULT, radius: 12, face: Face::System, only: None }
    }
}

impl Face {
    fn families(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Serif => Some(
                "ui-serif, \"Iowan Old Style\", Charter, \"Source Serif 4\", Georgia, Cambria, \"Noto Serif\", serif",
            ),
            Self::Rounded => Some(
                "ui-rounded, \"SF Pro Rounded\", \"Hiragino Maru Gothic ProN\", Quicksand, Nunito, Comfortaa, \
                 \"Arial Rounded MT Bold\", system-ui, sans-serif",
            ),
        }
    }
}

// Must match --surface, --canvas, --inset in portal.css.
const LIGHT: [Rgb; 3] = [[255, 255, 255], [246, 247, 248], [242, 244, 245]];
const DARK: [Rgb; 3] = [[21, 24, 27], [13, 15, 17], [29, 33, 37]];
const WHITE: Rgb = [255, 255, 255];

/// A colour from `#0c5c70`; `None` for anything else.
pub fn parse(hex: &str) -> Option<Rgb> {
    let digits = hex.trim().strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// `#0c5c70`
pub fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The theme made from a brand colour.
pub fn derive(brand: Rgb) -> Theme {
    let (l, c, h) = oklch(brand);
    let scheme = |surfaces: [Rgb; 3], start: (f64, f64, f64), step: f64, soft: Rgb| {
        let accent = walk(start, step, |x| contrast(x, surfaces[0]) >= 3.0 && contrast(on(x), x) >= 4.5);
        let text =
            walk(oklch(accent), step, |x| surfaces.iter().chain([&soft]).all(|s| contrast(x, *s) >= 4.5));
        Scheme { accent, on_accent: on(accent), text, soft }
    };
    Theme {
        light: scheme(LIGHT, (l.clamp(0.15, 0.85), c, h), -0.005, rgb(0.95, c.min(0.022), h)),
        // Dark schemes need a lighter and slightly livelier version of the colour.
        dark: scheme(DARK, (l.clamp(0.74, 0.85), c * 1.15, h), 0.005, rgb(0.27, c.min(0.035), h)),
    }
}

/// The style sheet `/theme/theme.{hash}.css` of a business.
pub fn stylesheet(look: &Look) -> Stylesheet {
    let font = look.face.families().map(|families| format!(" --font: {families};")).unwrap_or_default();
    let colours = tokens(&derive(look.brand), look.only);
    let sheet = format!("{colours}:root {{ --radius: {}px;{font} }}\n", look.radius);
    Asset::new("theme", "theme.css", Cow::Owned(sheet.into_bytes()))
}

fn tokens(theme: &Theme, only: Option<Only>) -> String {
    let pairs = [
        ("accent", theme.light.accent, theme.dark.accent),
        ("on-accent", theme.light.on_accent, theme.dark.on_accent),
        ("accent-text", theme.light.text, theme.dark.text),
        ("accent-soft", theme.light.soft, theme.dark.soft),
    ];
    let (mut plain, mut both) = (String::new(), String::new());
    for (name, light, dark) in pairs {
        let (light, dark) = (hex(light), hex(dark));
        let _ = writeln!(plain, "  --{name}: {light};");
        let _ = writeln!(both, "    --{name}: light-dark({light}, {dark});");
    }
    // Where light-dark() is known, the property color-scheme chooses; other browsers have the light scheme alone.
    match only {
        None => {}
        Some(Only::Light) => both.push_str("    color-scheme: light;\n"),
        Some(Only::Dark) => both.push_str("    color-scheme: dark;\n"),
    }
    // Custom properties accept any value, so old browsers need @supports here;
    // a repeated declaration would not fall back.
    format!(":root {{\n{plain}}}\n@supports (color: light-dark(#000, #fff)) {{\n  :root {{\n{both}  }}\n}}\n")
}

/// WCAG contrast ratio of two colours, 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let luminance = |c: Rgb| 0.2126 * to_linear(c[0]) + 0.7152 * to_linear(c[1]) + 0.0722 * to_linear(c[2]);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn to_linear(c: u8) -> f64 {
    let c = f64::from(c) / 255.0;
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn to_byte(c: f64) -> u8 {
    let c = if c <= 0.003_130_8 { c * 12.92 } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
    (c.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// sRGB to (lightness, chroma, hue in radians); Björn Ottosson's OKLab.
fn oklch(c: Rgb) -> (f64, f64, f64) {
    let [r, g, b] = c.map(to_linear);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    let lightness = 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s;
    let a = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
    let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
    (lightness, a.hypot(b), b.atan2(a))
}

/// Back to sRGB; chroma shrinks until the colour exists.
fn rgb(lightness: f64, chroma: f64, hue: f64) -> Rgb {
    let mut chroma = chroma;
    loop {
        let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
        let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        let out = [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
        ];
        if chroma < 0.001 || out.iter().all(|c| (-0.0005..=1.0005).contains(c)) {
            return out.map(to_byte);
        }
        chroma *= 0.96;
    }
}

/// Walks the lightness by `step` until `ok` holds; the ends (black, white) always do.
fn walk((l, c, h): (f64, f64, f64), step: f64, ok: impl Fn(Rgb) -> bool) -> Rgb {
    let mut l = l;
    while (0.0..=1.0).contains(&l) {
        let candidate = rgb(l, c, h);
        if ok(candidate) {
            return candidate;
        }
        l += step;
    }
    if step < 0.0 { [0, 0, 0] } else { WHITE }
}

fn on(fill: Rgb) -> Rgb {
    if contrast(WHITE, fill) >= 4.5 {
        return WHITE;
    }
    let (_, _, hue) = oklch(fill);
    let ink = rgb(0.19, 0.03, hue);
    if contrast(ink, fill) >= 4.5 { ink } else { [0, 0, 0] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_brand_colour_is_readable() {
        for i in 0..4096u32 {
            let brand = [i >> 8, (i >> 4) & 15, i & 15].map(|n| (n * 17) as u8);
            let theme = derive(brand);
            for (s, surfaces) in [(theme.light, LIGHT), (theme.dark, DARK)] {
                assert!(contrast(s.on_accent, s.accent) >= 4.5, "{brand:?} {s:?}");
                assert!(contrast(s.accent, surfaces[0]) >= 3.0, "{brand:?} {s:?}");
                for surface in surfaces.into_iter().chain([s.soft]) {
                    assert!(contrast(s.text, surface) >= 4.5, "{brand:?} {s:?}");
                }
            }
        }
    }

    #[test]
    fn a_good_brand_colour_is_left_alone() {
        assert_eq!(derive([12, 92, 112]).light.accent, [12, 92, 112]);
    }

    #[test]
    fn the_style_sheet_changes_its_url_with_the_colour() {
        let petrol = stylesheet(&Look::default());
        let orange = stylesheet(&Look { brand: [255, 106, 0], ..Look::default() });
        assert!(petrol.url.starts_with("/theme/theme.") && petrol.url.ends_with(".css"));
        assert_ne!(petrol.url, orange.url);
    }

    #[test]
    fn a_business_chooses_typeface_scheme_and_corners() {
        let css = |look: &Look| String::from_utf8(stylesheet(look).bytes.into_owned()).unwrap();
        let plain = css(&Look::default());
        assert!(!plain.contains("--font") && !plain.contains("color-scheme"), "{plain}");
        assert!(plain.contains("--radius: 12px"));

        let dark = Look { radius: 7, face: Face::Serif, only: Some(Only::Dark), ..Look::default() };
        let dark = css(&dark);
        assert!(dark.contains("color-scheme: dark;") && dark.contains("--radius: 7px"), "{dark}");
        assert!(dark.contains("--font: ui-serif,") && dark.contains("serif; }"));
        assert!(css(&Look { only: Some(Only::Light), ..Look::default() }).contains("color-scheme: light;"));
        assert!(css(&Look { face: Face::Rounded, ..Look::default() }).contains("--font: ui-rounded,"));
    }

    #[test]
    fn colours_are_six_hex_digits() {
        assert_eq!(parse("#0c5c70"), Some(DEFAULT));
        assert_eq!([parse("0c5c70"), parse("#0c5"), parse("#gggggg"), parse("#ä5c7")], [None; 4]);
    }
}
