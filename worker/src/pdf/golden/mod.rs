//! Every kind of document in six languages, against text and pictures that a person has looked at.
//!
//! `PORTICO_BLESS=FOLDER cargo test -p worker golden` writes them anew and leaves the documents in the folder: look at
//! each before you commit. The pictures need `pdftoppm`, the texts `pdftotext` (poppler): where these are missing the
//! tests say so, and fail when `PORTICO_REQUIRE_POPPLER` is set.

mod documents;

use super::tests::{PDF, WORDS};
use super::{fonts, rewrite};
use printpdf::{Op, ParsedFont, PdfDocument, PdfParseOptions, TextItem};
use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

/// Of the pictures: small, yet a word that moves is seen.
const DPI: &str = "40";
/// Two grey values differ when they are further apart than this, of 255.
const SHADE: u8 = 40;
/// So many pixels of ten thousand may differ: another version of poppler smooths edges otherwise.
const TOLERANCE: usize = 10;

/// A document of the collection, rendered.
struct Rendered {
    name: String,
    html: String,
    pdf: Vec<u8>,
}

static DOCUMENTS: LazyLock<Vec<Rendered>> = LazyLock::new(|| {
    let rendered = |sample: documents::Sample| Rendered {
        pdf: PDF.render(&sample.html, &sample.number).unwrap(),
        name: sample.name,
        html: sample.html,
    };
    documents::every(&WORDS).into_iter().map(rendered).collect()
});

/// What must be the same in every process.
pub(super) fn digests() -> Vec<String> {
    DOCUMENTS.iter().map(|document| rewrite::hex_digest(&document.pdf)).collect()
}

#[test]
fn texts_are_those_that_were_read() {
    let folder = Folder::new();
    for document in DOCUMENTS.iter() {
        let file = folder.write(document);
        let Some(text) = run("pdftotext", &["-enc", "UTF-8", "-layout"], &file, Path::new("-")) else {
            return;
        };
        let text = tidy(&String::from_utf8(text).unwrap());
        let golden = golden(&document.name, "txt");
        if folder.blessing {
            fs::write(&golden, &text).unwrap();
        }
        assert_eq!(text, fs::read_to_string(&golden).unwrap(), "{}", document.name);
    }
}

#[test]
fn pages_look_as_they_did() {
    let folder = Folder::new();
    for document in DOCUMENTS.iter() {
        let file = folder.write(document);
        if run("pdftoppm", &["-r", DPI, "-gray", "-png"], &file, &file.with_extension("")).is_none() {
            return;
        }
        for page in 1..=document.html.matches("<section").count() {
            let name = format!("{}-{page}", document.name);
            let seen = Picture::read(&file.with_file_name(format!("{name}.png")));
            let golden = golden(&name, "png");
            if folder.blessing {
                seen.write(&golden);
            }
            let different = seen.differences(&Picture::read(&golden));
            assert!(different <= TOLERANCE, "{name}: {different} of 10,000 pixels differ");
        }
    }
}

#[test]
fn the_shipped_fonts_have_every_character() {
    let fonts: Vec<ParsedFont> = fonts::all()
        .values()
        .map(|bytes| ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).unwrap())
        .collect();
    let drawn =
        |c: char| fonts.iter().any(|font| font.lookup_glyph_index(u32::from(c)).is_some_and(|g| g != 0));
    assert!(!drawn('ფ'), "Georgian is not shipped");
    for Rendered { name, html, .. } in DOCUMENTS.iter() {
        let missing: Vec<char> = text_of(html).chars().filter(|c| !c.is_control() && !drawn(*c)).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}

#[test]
fn no_page_shows_a_missing_glyph() {
    let georgian = PDF.render("<html><body><section>Portico ფოსტა</section></body></html>", "").unwrap();
    assert!(missing_glyphs(&georgian) > 0, "nobody would notice a missing glyph");
    for document in DOCUMENTS.iter() {
        assert_eq!(missing_glyphs(&document.pdf), 0, "{}", document.name);
    }
}

/// How often glyph 0, the box for what a font lacks, is drawn.
fn missing_glyphs(pdf: &[u8]) -> usize {
    let document = PdfDocument::parse(pdf, &PdfParseOptions::default(), &mut Vec::new()).unwrap();
    let items = document.pages.iter().flat_map(|page| &page.ops).filter_map(|op| match op {
        Op::ShowText { items } => Some(items),
        _ => None,
    });
    let glyphs = |item: &TextItem| match item {
        TextItem::GlyphIds(glyphs) => glyphs.iter().map(|glyph| glyph.gid).collect(),
        _ => Vec::new(),
    };
    let glyphs: Vec<u16> = items.flatten().flat_map(glyphs).collect();
    assert!(!glyphs.is_empty(), "a document without text");
    glyphs.into_iter().filter(|glyph| *glyph == 0).count()
}

/// The text between the tags of the body.
fn text_of(html: &str) -> String {
    let body = html.split_once("<body>").map_or("", |(_, body)| body);
    body.split('<').map(|part| part.split_once('>').map_or("", |(_, text)| text)).collect()
}

/// Lines without indentation, page breaks and marks of direction, which are poppler's own.
fn tidy(text: &str) -> String {
    let text = text.replace(|c| matches!(c, '\u{202a}'..='\u{202e}'), "");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<String> = text.lines().map(words).filter(|line| !line.is_empty()).collect();
    lines.join("\n") + "\n"
}

/// Where documents are written: for a while, or where the person who looks at them wants them.
struct Folder {
    path: PathBuf,
    blessing: bool,
    _temporary: Option<TempDir>,
}

impl Folder {
    fn new() -> Self {
        match std::env::var_os("PORTICO_BLESS").map(PathBuf::from) {
            Some(path) => {
                fs::create_dir_all(&path).unwrap();
                Self { path, blessing: true, _temporary: None }
            }
            None => {
                let temporary = tempfile::tempdir().unwrap();
                Self { path: temporary.path().to_owned(), blessing: false, _temporary: Some(temporary) }
            }
        }
    }

    fn write(&self, document: &Rendered) -> PathBuf {
        let file = self.path.join(&document.name).with_extension("pdf");
        fs::write(&file, &document.pdf).unwrap();
        file
    }
}

fn golden(name: &str, extension: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pdf/golden/files");
    folder.join(format!("{name}.{extension}"))
}

/// What a tool of poppler prints about a file; nothing where it is not installed.
fn run(tool: &str, options: &[&str], file: &Path, out: &Path) -> Option<Vec<u8>> {
    match Command::new(tool).args(options).arg(file).arg(out).output() {
        Ok(output) => {
            assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
            Some(output.stdout)
        }
        Err(_) if std::env::var_os("PORTICO_REQUIRE_POPPLER").is_none() => {
            // Past the capture of the test's output: a comparison that does not happen is said.
            let _ = writeln!(std::io::stderr(), "{tool} is not installed: documents are not compared");
            None
        }
        Err(error) => panic!("{tool}: {error}"),
    }
}

/// Grey values, row by row.
struct Picture {
    width: u32,
    height: u32,
    values: Vec<u8>,
}

impl Picture {
    /// Whatever the colours of the file.
    fn read(file: &Path) -> Self {
        let mut reader = png::Decoder::new(BufReader::new(File::open(file).unwrap())).read_info().unwrap();
        let mut values = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut values).unwrap();
        let grey = values[..info.buffer_size()].iter().step_by(info.color_type.samples());
        Self { width: info.width, height: info.height, values: grey.copied().collect() }
    }

    fn write(&self, file: &Path) {
        let mut encoder = png::Encoder::new(File::create(file).unwrap(), self.width, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(&self.values).unwrap();
    }

    /// Of ten thousand pixels, rounded up.
    fn differences(&self, other: &Self) -> usize {
        assert_eq!((self.width, self.height), (other.width, other.height), "another size");
        let pairs = self.values.iter().zip(&other.values);
        let different = pairs.filter(|(a, b)| a.abs_diff(**b) > SHADE).count();
        (different * 10_000).div_ceil(self.values.len())
    }
}
