//! What a component may use. Sizes in bytes.

use std::time::Duration;

/// Core instances of one call. A component of Rust has three; one of Python has forty, a library each.
pub const INSTANCES: u32 = 64;

/// Limits of components and of their calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of a component that may be installed.
    pub component: usize,
    /// Linear memory of one call.
    pub memory: usize,
    /// Elements of one table.
    pub table_elements: usize,
    /// Time a call may compute; waiting for answers does not count.
    pub cpu: Duration,
    /// Time a call may take, waiting included.
    pub wall: Duration,
    /// Bytes a component may hand to one host function.
    pub host_copies: usize,
    /// Calls running at once; more wait.
    pub concurrent_calls: u32,
    /// Requests of one call.
    pub requests: u32,
    /// Bytes one call may send.
    pub sent: u64,
    /// Bytes one call may read.
    pub received: u64,
    /// Requests of one provider under way at once; more wait.
    pub in_flight: usize,
    /// Requests of one business under way at once; more wait.
    pub in_flight_per_tenant: usize,
    /// Calls of one account running at once; more wait.
    pub calls_per_account: usize,
    /// Time to connect.
    pub connect: Duration,
    /// Time from connecting to the end of the answer.
    pub exchange: Duration,
    /// Time since the call began after which no request that may move money starts any more.
    pub fence: Duration,
    /// Log lines of one call, and their bytes.
    pub log_lines: u32,
    /// Bytes of those lines.
    pub log_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const KIB: usize = 1024;
        const MIB: usize = 1024 * KIB;
        Self {
            component: 32 * MIB,
            memory: 64 * MIB,
            table_elements: 10_000,
            cpu: Duration::from_secs(2),
            wall: Duration::from_secs(45),
            host_copies: 4 * MIB,
            concurrent_calls: 64,
            requests: 20,
            sent: MIB as u64,
            received: 2 * MIB as u64,
            in_flight: 4,
            in_flight_per_tenant: 2,
            calls_per_account: 8,
            connect: Duration::from_secs(5),
            exchange: Duration::from_secs(30),
            fence: Duration::from_secs(30),
            log_lines: 100,
            log_bytes: 16 * KIB,
        }
    }
}
