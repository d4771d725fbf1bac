//! Time since boot, counted through suspension. A monotonic clock that stands still while the machine sleeps would
//! let a request leave hours late.

use std::time::Duration;

/// Time since boot.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Time since the first call; other systems are for development.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn now() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// When a call began, and until when it may send requests that may move money.
#[derive(Debug, Clone, Copy)]
pub struct Fence {
    began: Duration,
    limit: Duration,
}

impl Fence {
    /// A fence that closes `limit` from now.
    pub fn closing_in(limit: Duration) -> Self {
        Self { began: now(), limit }
    }

    /// Whether it is too late to send.
    pub fn is_closed(&self) -> bool {
        now().saturating_sub(self.began) >= self.limit
    }
}
