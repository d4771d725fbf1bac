//! The fonts that are part of the program; see `templates/fonts/README.md` for what each covers.

use std::collections::BTreeMap;

macro_rules! font {
    ($file:literal) => {
        ($file, include_bytes!(concat!("../../../templates/fonts/", $file)).as_slice())
    };
}

/// Latin, Greek and Cyrillic.
const PLAIN: [(&str, &[u8]); 2] = [font!("NotoSans-Regular.ttf"), font!("NotoSans-Bold.ttf")];

const OTHER_SCRIPTS: [(&str, &[u8]); 12] = [
    font!("NotoSansArabic-Regular.ttf"),
    font!("NotoSansArabic-Bold.ttf"),
    font!("NotoSansHebrew-Regular.ttf"),
    font!("NotoSansHebrew-Bold.ttf"),
    font!("NotoSansThai-Regular.ttf"),
    font!("NotoSansThai-Bold.ttf"),
    font!("NotoSansCJKjp-Regular.otf"),
    font!("NotoSansCJKjp-Bold.otf"),
    font!("NotoSansCJKsc-Regular.otf"),
    font!("NotoSansCJKsc-Bold.otf"),
    font!("NotoSansCJKkr-Regular.otf"),
    font!("NotoSansCJKkr-Bold.otf"),
];

/// The fonts of [`is_plain`] text, by file name.
pub(super) fn plain() -> BTreeMap<String, Vec<u8>> {
    owned(&PLAIN)
}

/// The fonts of every script, by file name.
pub(super) fn all() -> BTreeMap<String, Vec<u8>> {
    let mut fonts = owned(&PLAIN);
    fonts.extend(owned(&OTHER_SCRIPTS));
    fonts
}

/// Whether the Latin, Greek and Cyrillic font has the character, or nobody would see it.
pub(super) fn is_plain(character: char) -> bool {
    matches!(u32::from(character), 0x00..=0x52F | 0x1E00..=0x1EFF | 0x2000..=0x22FF | 0xFEFF)
}

fn owned(fonts: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
    fonts.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()
}
