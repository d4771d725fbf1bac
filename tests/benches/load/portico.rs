//! `portico` as a process of its own, stopped when it is forgotten.

use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a start may take; the first one of a demo lives through eighteen months of business.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running `portico`.
pub struct Portico(Child);

/// Memory of a process, in kilobytes as the kernel counts them.
pub struct Memory {
    /// All that is in memory.
    pub resident: u64,
    /// What of it no file stands behind.
    pub own: u64,
}

impl Portico {
    /// Starts `portico ARGUMENTS` in a folder, with that as its only environment.
    pub fn start(arguments: &[&str], folder: &Path, environment: &[(&str, String)]) -> Result<Self> {
        let child = Command::new(env!("CARGO_BIN_EXE_portico-under-test"))
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Self(child))
    }

    /// Waits until `ready` answers something.
    pub fn wait<T>(&mut self, mut ready: impl FnMut() -> Option<T>) -> Result<T> {
        let began = Instant::now();
        loop {
            if let Some(answer) = ready() {
                return Ok(answer);
            }
            if let Some(status) = self.0.try_wait()? {
                bail!("portico ended with {status}: {}", self.last_words());
            }
            anyhow::ensure!(began.elapsed() < PATIENCE, "portico does not start");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits for a line of standard output that fits and answers with it.
    pub fn says(&mut self, fits: impl Fn(&str) -> bool) -> Result<String> {
        let output = self.0.stdout.take().context("read already")?;
        self.line_of(output, fits)
    }

    /// Waits for a line of the log that fits.
    pub fn logs(&mut self, fits: impl Fn(&str) -> bool) -> Result<String> {
        let log = self.0.stderr.take().context("read already")?;
        self.line_of(log, fits)
    }

    fn line_of(&mut self, from: impl Read + Send + 'static, fits: impl Fn(&str) -> bool) -> Result<String> {
        let mut lines = BufReader::new(from).lines();
        loop {
            let line = lines.next().context("portico ended")??;
            if fits(&line) {
                // Somebody has to read on, or it stands still once the pipe is full.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(line);
            }
        }
    }

    fn last_words(&mut self) -> String {
        let mut words = String::new();
        if let Some(mut log) = self.0.stderr.take() {
            // Without them the status has to do.
            let _ = log.read_to_string(&mut words);
        }
        words
    }

    /// What it holds in memory.
    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = |name: &str| {
            let value = status.lines().find_map(|line| line.strip_prefix(name));
            let value = value.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
            value.with_context(|| format!("no {name} in the status of the process"))
        };
        Ok(Memory { resident: line("VmRSS:")?, own: line("RssAnon:")? })
    }
}

impl Drop for Portico {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
