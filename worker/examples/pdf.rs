//! Writes sample invoices into the folder that is given, and prints how many a second can be made.
//!
//! `cargo run --release -p worker --example pdf -- /tmp/invoices`

#[path = "../src/pdf/samples.rs"]
mod samples;

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use templates::Renderer;
use templates::invoice::{InvoiceDocument, invoice_html};
use worker::pdf::PdfRenderer;

fn main() -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let (words, pdf) = (Renderer::new(None)?, PdfRenderer::new(None)?);
    println!("ready after {:?}", started.elapsed());
    let make = |invoice: &InvoiceDocument| -> Result<Vec<u8>, Box<dyn Error>> {
        Ok(pdf.render(&invoice_html(&words, invoice)?, &invoice.number)?)
    };

    if let Some(folder) = std::env::args().nth(1).map(PathBuf::from) {
        std::fs::create_dir_all(&folder)?;
        let named = [("paid".to_owned(), samples::paid()), ("long".to_owned(), samples::long())];
        let scripts = samples::scripts().into_iter().map(|invoice| (invoice.lang.code().to_owned(), invoice));
        for (name, invoice) in named.into_iter().chain(scripts) {
            let bytes = make(&invoice)?;
            println!("{name}: {} KB", bytes.len().div_ceil(1024));
            std::fs::write(folder.join(name).with_extension("pdf"), bytes)?;
        }
    }

    for (name, invoice) in [("one sheet", samples::paid()), ("three sheets", samples::long())] {
        let (started, mut count) = (Instant::now(), 0_u32);
        while started.elapsed() < Duration::from_secs(5) {
            make(&invoice)?;
            count += 1;
        }
        println!("{name}: {:?} each", started.elapsed() / count);
    }
    Ok(())
}
