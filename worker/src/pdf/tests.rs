use super::samples;
use super::*;
use domain::tax::TaxRate;
use printpdf::PdfParseOptions;
use std::process::Command;
use std::sync::LazyLock;
use templates::Renderer;
use templates::invoice::{InvoiceDocument, InvoiceLine, invoice_html};

pub(super) static WORDS: LazyLock<Renderer> = LazyLock::new(|| Renderer::new(None).unwrap());
pub(super) static PDF: LazyLock<PdfRenderer> = LazyLock::new(|| PdfRenderer::new(None).unwrap());

fn pdf(invoice: &InvoiceDocument) -> Vec<u8> {
    PDF.render(&invoice_html(&WORDS, invoice).unwrap(), &invoice.number).unwrap()
}

/// The text of every page, as a reader of the file finds it, with single spaces.
fn pages(bytes: &[u8]) -> Vec<String> {
    let document = PdfDocument::parse(bytes, &PdfParseOptions::default(), &mut Vec::new()).unwrap();
    let text = |page: Vec<String>| page.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    document.extract_text().into_iter().map(text).collect()
}

#[test]
fn a_customer_finds_what_the_law_asks_for() {
    let text = pages(&pdf(&samples::paid())).concat();
    for particular in [
        "FN-2026-00042",
        "November 21, 2026",
        "Fieldnote Software GmbH",
        "Torstraße 123",
        "VAT ID DE123456789",
        "Analytical Engines Ltd",
        "12 St James's Square",
        "VAT ID IE6388047V",
        "Team plan, monthly",
        "VAT 19% on €1,129.50",
        "€214.61",
        "€1,344.11",
        "Paid on November 21, 2026 with Visa •••• 4242",
    ] {
        assert!(text.contains(particular), "{particular} is missing in: {text}");
    }
}

#[test]
fn reverse_charge_is_said_in_the_words_of_the_directive() {
    let invoice = InvoiceDocument { reverse_charge: true, ..samples::paid() };
    assert!(pages(&pdf(&invoice)).concat().contains("Reverse charge: the recipient owes the VAT"));
}

#[test]
fn a_long_invoice_breaks_between_lines_and_totals_once() {
    let invoice = samples::long();
    let pages = pages(&pdf(&invoice));
    assert!(pages.len() > 1);
    for (index, page) in pages.iter().enumerate() {
        assert!(page.contains("FN-2026-00043") && page.contains("Beschreibung"), "sheet {index} has no head");
        assert!(page.contains(&format!("Seite {} von {}", index + 1, pages.len())));
        assert_eq!(page.contains("Gesamtbetrag"), index + 1 == pages.len());
    }
    let text = pages.concat();
    for line in &invoice.lines[..40] {
        assert_eq!(text.matches(&line.description).count(), 1, "{}", line.description);
    }
}

#[test]
fn no_sheet_runs_into_a_second_page() {
    let wordy = |count: usize| InvoiceLine {
        description: "WWWW MMMM Wagenpark 漢字漢字漢字 ".repeat(count),
        period: None,
        quantity: 1,
        unit_amount: 100,
        amount: 100,
        tax_rate: TaxRate::ZERO,
    };
    for lines in [1, 5, 6, 7, 8, 13, 20] {
        let invoice =
            InvoiceDocument { lines: (0..lines).map(|n| wordy(n % 4 + 1)).collect(), ..samples::long() };
        let html = invoice_html(&WORDS, &invoice).unwrap();
        let sheets = html.matches("<section").count();
        assert_eq!(pages(&PDF.render(&html, "").unwrap()).len(), sheets, "with {lines} lines");
    }
}

#[test]
fn every_script_is_drawn_with_its_own_font() {
    let fonts = ["Arabic", "Hebrew", "Thai", "CJKjp", "CJKsc", "CJKkr", "NotoSans-Regular"];
    for (invoice, font) in samples::scripts().iter().zip(fonts) {
        let bytes = pdf(invoice);
        assert!(contains(&bytes, font), "{} is not drawn with {font}", invoice.lang);
        assert!(bytes.len() < 150 * 1024, "{}: {} bytes", invoice.lang, bytes.len());
    }
}

#[test]
fn a_folder_of_fonts_covers_what_the_shipped_ones_do_not() {
    let georgian = |renderer: &PdfRenderer| {
        let invoice = InvoiceDocument { brand: "ფოსტა".into(), ..samples::paid() };
        let bytes = renderer.render(&invoice_html(&WORDS, &invoice).unwrap(), "").unwrap();
        contains(&bytes, "BoxesGeorgian")
    };
    assert!(!georgian(&PDF));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Boxes.ttf"), include_bytes!("fixtures/boxes-georgian.ttf")).unwrap();
    std::fs::write(folder.path().join("OFL.txt"), "a licence").unwrap();
    assert!(georgian(&PdfRenderer::new(Some(folder.path())).unwrap()));

    std::fs::write(folder.path().join("Broken.otf"), "no font").unwrap();
    let refused = PdfRenderer::new(Some(folder.path())).map(drop).unwrap_err().to_string();
    assert!(refused.contains("Broken.otf cannot be used: it is not a TrueType"), "{refused}");
}

#[test]
fn a_file_is_small_and_does_nothing_on_its_own() {
    for invoice in [samples::paid(), samples::long()] {
        let bytes = pdf(&invoice);
        assert!(bytes.len() < 50 * 1024, "{} bytes", bytes.len());
        for action in ["/JavaScript", "/JS", "/OpenAction", "/Launch", "/AA"] {
            assert!(!contains(&bytes, action), "{action}");
        }
    }
}

#[test]
fn markup_in_a_name_stays_text() {
    let mut invoice = samples::paid();
    invoice.buyer.company = "<script>alert(1)</script> & Söhne".into();
    assert!(pages(&pdf(&invoice)).concat().contains("<script>alert(1)</script> & Söhne"));
}

#[test]
fn the_same_document_is_the_same_file_whatever_was_made_before() {
    let first = pdf(&samples::paid());
    samples::scripts().iter().for_each(|invoice| drop(pdf(invoice)));
    assert_eq!(pdf(&samples::paid()), first);
    assert_ne!(pdf(&InvoiceDocument { number: "FN-2026-00044".into(), ..samples::paid() }), first);
}

#[test]
fn the_same_document_is_the_same_file_in_another_process() {
    let (_crate, module) = module_path!().split_once("::").unwrap();
    let other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::print_files"), "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let other = String::from_utf8(other.stdout).unwrap();
    for digest in digests() {
        assert!(other.contains(&digest), "{digest} is not in {other}");
    }
}

#[test]
#[ignore = "the other process of the test above"]
fn print_files() {
    // In the other order, so that nothing depends on what came first.
    digests().iter().rev().for_each(|digest| println!("{digest}"));
}

fn digests() -> Vec<String> {
    let mut invoices = samples::scripts();
    invoices.push(samples::long());
    let digest = |invoice| rewrite::hex_digest(&pdf(invoice));
    invoices.iter().map(digest).chain(golden::digests()).collect()
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
