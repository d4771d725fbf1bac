//! What commands find, on standard output.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

/// Prints a line for each of these. A reader that has seen enough, such as `head`, is no mistake.
pub fn lines<T: Display>(lines: impl IntoIterator<Item = T>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        match writeln!(out, "{line}") {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
            written => written?,
        }
    }
    Ok(())
}
