//! The append-only file: one line of JSON for each request, holding all it changed, so a line is whole or not
//! there. Written before the answer and flushed to the disk before an effect is answered.

use crate::book::{Book, Entry};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Name of the file in the data folder.
const FILE_NAME: &str = "simulator-ledger.jsonl";

/// Why the ledger could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("another simulator uses this data folder")]
    InUse,
    #[error("line {line} of the ledger cannot be read: {reason}")]
    Damaged { line: usize, reason: serde_json::Error },
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The open file. Appends are serialised by the caller, flushes are shared.
#[derive(Debug)]
pub(crate) struct Ledger {
    file: File,
    length: AtomicU64,
    flushed: Mutex<u64>,
}

impl Ledger {
    /// Opens or creates the ledger of a data folder and reads it into a book. A torn last line, left by a kill
    /// in the middle of a write, was never answered and is cut off.
    pub(crate) fn open(data_dir: &Path) -> Result<(Self, Book), OpenError> {
        std::fs::create_dir_all(data_dir)?;
        let path = data_dir.join(FILE_NAME);
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let (book, length) = replay(&file)?;
        file.set_len(length)?;
        Ok((Self { file, length: length.into(), flushed: Mutex::new(length) }, book))
    }

    /// Writes one line and answers with the length to flush up to. On an error the file is as before.
    pub(crate) fn append(&self, entries: &[Entry]) -> io::Result<u64> {
        let mut line = serde_json::to_vec(entries)?;
        line.push(b'\n');
        let before = self.length.load(Ordering::Acquire);
        if let Err(error) = (&self.file).write_all(&line) {
            self.file.set_len(before)?;
            return Err(error);
        }
        let after = before + line.len() as u64;
        self.length.store(after, Ordering::Release);
        Ok(after)
    }

    /// Blocks until everything up to `length` is on the disk. Callers who wait share one flush.
    pub(crate) fn flush(&self, length: u64) -> io::Result<()> {
        let mut flushed = self.flushed.lock().unwrap_or_else(PoisonError::into_inner);
        if *flushed < length {
            let written = self.length.load(Ordering::Acquire);
            self.file.sync_data()?;
            *flushed = written;
        }
        Ok(())
    }

    /// Lets the next simulator have the folder.
    pub(crate) fn release(&self) -> io::Result<()> {
        self.file.sync_all()?;
        self.file.unlock()
    }
}

/// The book of all complete lines, and their length in bytes.
fn replay(file: &File) -> Result<(Book, u64), OpenError> {
    let mut book = Book::default();
    let mut length = 0;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            break;
        }
        let entries: Vec<Entry> =
            serde_json::from_slice(&line).map_err(|reason| OpenError::Damaged { line: number, reason })?;
        entries.into_iter().for_each(|entry| book.apply(entry));
        length += read as u64;
    }
    Ok((book, length))
}
