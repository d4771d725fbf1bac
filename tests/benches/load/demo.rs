//! A running `portico demo` on a given database.

use crate::portico::Portico;
use anyhow::Result;
use serde::Deserialize;
use std::path::Path;
use std::time::{Duration, Instant};

/// The demo and where it answers.
pub struct Demo {
    /// Its process.
    pub process: Portico,
    /// Where it answers.
    pub place: Place,
    /// From its start until everything answered.
    pub took: Duration,
}

/// What the ready file says.
#[derive(Deserialize)]
pub struct Place {
    /// The portal.
    pub portal_url: String,
    /// Every mail it sends.
    pub mailbox_url: String,
}

impl Demo {
    /// Starts it on the data of a folder, which may be empty, and waits until it is ready.
    pub fn start(folder: &Path, database: &str) -> Result<Self> {
        let ready = folder.join("ready.json");
        // Of an earlier start.
        let _ = std::fs::remove_file(&ready);
        let began = Instant::now();
        let arguments = ["demo", "--port", "0", "--data-dir", "data", "--ready-file", "ready.json"];
        let environment =
            [("PORTICO__DATABASE__URL", database.to_owned()), ("PORTICO__LOG__LEVEL", "error".to_owned())];
        let mut process = Portico::start(&arguments, folder, &environment)?;
        let text = process.wait(|| std::fs::read(&ready).ok())?;
        let took = began.elapsed();
        Ok(Self { process, place: serde_json::from_slice(&text)?, took })
    }
}
