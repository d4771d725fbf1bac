//! The last step of `plugins/build-providers`: wraps a core module into a component, records what it was built
//! from, and checks that record against the source.
//!
//! `component wrap PLUGINS NAME MODULE TOOLCHAIN` writes `PLUGINS/dist/NAME.wasm`;
//! `component check PLUGINS NAME...` fails when a committed component is not of its source.

use sha2::{Digest, Sha256};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Custom section that holds two lines: the digest of the source and the toolchain.
const SECTION: &str = "portico:build";

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["wrap", plugins, name, module, toolchain] => {
            wrap(Path::new(plugins), name, Path::new(module), toolchain)
        }
        ["check", plugins, names @ ..] => names.iter().try_for_each(|name| check(Path::new(plugins), name)),
        _ => Err("component wrap PLUGINS NAME MODULE TOOLCHAIN | component check PLUGINS NAME...".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn wrap(plugins: &Path, name: &str, module: &Path, toolchain: &str) -> Fallible<()> {
    let mut component =
        wit_component::ComponentEncoder::default().validate(true).module(&fs::read(module)?)?.encode()?;
    append_section(&mut component, format!("{}\n{toolchain}\n", source_digest(plugins, name)?).as_bytes());
    let target = component_path(plugins, name);
    fs::write(&target, &component)?;
    println!("{}: {} bytes", target.display(), component.len());
    Ok(())
}

fn check(plugins: &Path, name: &str) -> Fallible<()> {
    let path = component_path(plugins, name);
    let component = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let record = find_section(&component).ok_or_else(|| format!("{name}: no section {SECTION}"))?;
    let recorded = std::str::from_utf8(record)?.lines().next().unwrap_or_default();
    let expected = source_digest(plugins, name)?;
    if recorded != expected {
        return Err(format!(
            "{name}: built from {recorded}, the source is {expected}; run plugins/build-providers"
        )
        .into());
    }
    println!("{name}: {recorded}");
    Ok(())
}

fn component_path(plugins: &Path, name: &str) -> PathBuf {
    plugins.join("dist").join(format!("{name}.wasm"))
}

/// SHA-256 over path and text of each file a component is made of, sorted by path, line ends normalised.
fn source_digest(plugins: &Path, name: &str) -> Fallible<String> {
    let mut files = Vec::new();
    for part in ["wit/v1", "sdk/src", "sdk/Cargo.toml"] {
        collect(&plugins.join(part), &mut files)?;
    }
    for part in ["src", "Cargo.toml"] {
        collect(&plugins.join("providers").join(name).join(part), &mut files)?;
    }
    let mut named = Vec::new();
    for file in files {
        let path = file.strip_prefix(plugins)?.to_string_lossy().replace('\\', "/");
        named.push((path, fs::read_to_string(&file)?.replace("\r\n", "\n")));
    }
    named.sort();
    let mut digest = Sha256::new();
    for (path, text) in &named {
        digest.update(format!("{path}\0{}\0{text}", text.len()));
    }
    Ok(format!("sha256:{}", digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Fallible<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}

/// A custom section is the id 0, its size, the size of its name, the name, and the content.
fn append_section(component: &mut Vec<u8>, content: &[u8]) {
    let mut section = Vec::new();
    write_size(&mut section, SECTION.len());
    section.extend_from_slice(SECTION.as_bytes());
    section.extend_from_slice(content);
    component.push(0);
    write_size(component, section.len());
    component.extend_from_slice(&section);
}

fn find_section(component: &[u8]) -> Option<&[u8]> {
    let mut rest = component.get(8..)?;
    while let Some((&id, tail)) = rest.split_first() {
        let (size, tail) = read_size(tail)?;
        let section = tail.get(..size)?;
        rest = &tail[size..];
        if id == 0 {
            let (name_size, body) = read_size(section)?;
            if body.get(..name_size)? == SECTION.as_bytes() {
                return body.get(name_size..);
            }
        }
    }
    None
}

/// LEB128.
fn write_size(bytes: &mut Vec<u8>, mut size: usize) {
    loop {
        let low = u8::try_from(size & 0x7f).unwrap_or_default();
        size >>= 7;
        if size == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

fn read_size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut size = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        size |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((size, &bytes[index + 1..]));
        }
    }
    None
}
