//! Writes every page and mail in every state as static files: `cargo run -p templates --example gallery -- DIR`.
//! Serve the folder and look at `/en/` and `/de/`.

#[path = "../tests/all/fixtures/mod.rs"]
mod fixtures;

use std::path::{Path, PathBuf};
use std::{env, fs, io};
use templates::theme::{self, Look};
use templates::{Lang, Renderer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(env::args().nth(1).ok_or("usage: gallery DIR")?);
    let renderer = Renderer::new(None)?;
    for (_, asset) in renderer.assets().iter() {
        write(&out, asset.url.trim_start_matches('/'), &asset.bytes)?;
    }
    let theme = theme::stylesheet(&Look::default());
    write(&out, theme.url.trim_start_matches('/'), &theme.bytes)?;
    for lang in renderer.languages() {
        write_language(&renderer, &out, lang)?;
    }
    Ok(())
}

fn write_language(renderer: &Renderer, out: &Path, lang: Lang) -> Result<(), Box<dyn std::error::Error>> {
    let mut index = String::from("<!doctype html><meta charset=utf-8><title>Gallery</title><ul>");
    let mut keep = |name: &str| index.push_str(&format!("<li><a href=\"{name}.html\">{name}</a>"));
    for (name, html) in fixtures::pages(renderer, lang)? {
        keep(&name);
        write(out, &format!("{lang}/{name}.html"), html.as_bytes())?;
    }
    for (name, mail) in fixtures::mails(renderer, lang)? {
        keep(&name);
        write(out, &format!("{lang}/{name}.html"), mail.html.as_bytes())?;
        write(out, &format!("{lang}/{name}.txt"), format!("{}\n\n{}", mail.subject, mail.text).as_bytes())?;
    }
    write(out, &format!("{lang}/index.html"), index.as_bytes())?;
    Ok(())
}

fn write(out: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let path = out.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}
