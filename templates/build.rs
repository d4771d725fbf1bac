//! Embeds every template, catalogue and static file: writes the list `files.rs` includes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Folders whose files are embedded under their path from this crate's root.
const FOLDERS: [&str; 7] = ["components", "email", "invoice", "layout", "locales", "pages", "static"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let mut list = String::from("&[\n");
    for folder in FOLDERS {
        println!("cargo:rerun-if-changed={folder}");
        for file in files_in(&root.join(folder))? {
            let name =
                file.strip_prefix(&root).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
            writeln!(list, "    ({name:?}, include_bytes!({:?})),", file.to_string_lossy())
                .map_err(io::Error::other)?;
        }
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("files.rs"), list)
}

/// Every file below `folder`, sorted, so that the list is the same on every machine.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    let mut entries = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files_in(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
