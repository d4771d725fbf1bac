//! The fonts that are part of the program, see `templates/fonts/README.md` for what each covers, and those an operator
//! adds.

use super::PdfError;
use printpdf::html::rust_fontconfig::FcParseFontBytes;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

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

/// The fonts of a folder, by file name. Files that do not call themselves fonts, such as licences, are left alone.
pub(super) fn of_folder(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, PdfError> {
    let refuse = |file: &Path, reason: String| PdfError::Font { file: file.display().to_string(), reason };
    let unreadable = |file: &Path, error: std::io::Error| refuse(file, error.to_string());
    let mut fonts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
        let (Some(name), "ttf" | "otf") = (path.file_name(), extension.as_str()) else {
            continue;
        };
        let bytes = std::fs::read(&path).map_err(|error| unreadable(&path, error))?;
        let name = name.to_string_lossy().into_owned();
        if FcParseFontBytes(&bytes, &name).is_none_or(|fonts| fonts.is_empty()) {
            return Err(refuse(&path, "it is not a TrueType or OpenType font with a name".to_owned()));
        }
        fonts.insert(name, bytes);
    }
    Ok(fonts)
}

/// Whether the Latin, Greek and Cyrillic font has the character, or nobody would see it.
pub(super) fn is_plain(character: char) -> bool {
    matches!(u32::from(character), 0x00..=0x52F | 0x1E00..=0x1EFF | 0x2000..=0x22FF | 0xFEFF)
}

fn owned(fonts: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
    fonts.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()
}
