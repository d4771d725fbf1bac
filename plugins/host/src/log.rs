//! What components write for the operator's log.

use crate::limits::Limits;
use std::sync::{Arc, Mutex, PoisonError};

/// How important a line is.
#[derive(Debug, Clone, Copy)]
pub enum Level {
    Debug,
    Info,
    Warn,
}

/// The log of one call. Lines beyond its share are dropped; control characters are escaped. Clones share the share.
#[derive(Debug, Clone)]
pub struct GuestLog {
    provider: Arc<str>,
    left: Arc<Mutex<Share>>,
}

#[derive(Debug)]
struct Share {
    lines: u32,
    bytes: usize,
}

impl GuestLog {
    pub fn new(provider: &str, limits: &Limits) -> Self {
        let share = Share { lines: limits.log_lines, bytes: limits.log_bytes };
        Self { provider: provider.into(), left: Arc::new(Mutex::new(share)) }
    }

    /// Writes one line.
    pub fn write(&self, level: Level, line: &str) {
        if !self.takes(line.len()) {
            return;
        }
        let (provider, line) = (&*self.provider, line.escape_debug());
        match level {
            Level::Debug => tracing::debug!(provider, "{line}"),
            Level::Info => tracing::info!(provider, "{line}"),
            Level::Warn => tracing::warn!(provider, "{line}"),
        }
    }

    fn takes(&self, size: usize) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(lines), Some(bytes)) = (left.lines.checked_sub(1), left.bytes.checked_sub(size)) else {
            return false;
        };
        *left = Share { lines, bytes };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_a_share_of_lines_and_of_bytes() {
        let limits = Limits { log_lines: 3, log_bytes: 10, ..Limits::default() };
        let log = GuestLog::new("acme", &limits);
        assert!(log.takes(6) && log.clone().takes(4), "clones draw on one share");
        assert!(!log.takes(1), "no bytes left");
        assert!(log.takes(0) && !log.takes(0), "no lines left");
    }
}
