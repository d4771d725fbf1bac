//! An empty WASI for components whose language cannot do without: no files, no environment, no arguments, no input, no
//! network. The clock stands still for the length of a call, random numbers follow from one seed, and what is printed goes to
//! the log.

use crate::log::{GuestLog, Level};
use rand::rngs::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

/// The interfaces a component may import. Sockets and HTTP are not among them.
const INTERFACES: &[&str] = &["wasi:cli/", "wasi:clocks/", "wasi:filesystem/", "wasi:io/", "wasi:random/"];

/// Handles a call may hold.
const HANDLES: usize = 1_000;
/// Random bytes in one piece.
const RANDOM: u64 = 64 * 1024;
/// Bytes printed in one piece.
const PRINTED: usize = 4 * 1024;

/// Whether a component may import this.
pub fn allows(import: &str) -> bool {
    INTERFACES.iter().any(|interface| import.starts_with(interface))
}

/// The WASI of one call.
pub struct Wasi {
    now: u64,
    seed: [u8; 32],
    log: GuestLog,
    /// Made when the component first asks: most never do.
    state: Option<(WasiCtx, ResourceTable)>,
}

impl Wasi {
    /// An empty WASI at `now`, in seconds since 1970. The same seed makes the same random numbers.
    pub const fn at(now: u64, seed: [u8; 32], log: GuestLog) -> Self {
        Self { now, seed, log, state: None }
    }

    /// The view that the linked functions work on.
    pub fn view(&mut self) -> WasiCtxView<'_> {
        let (ctx, table) = self.state.get_or_insert_with(|| {
            let mut table = ResourceTable::new();
            table.set_max_capacity(HANDLES);
            let clock = Frozen(self.now);
            let mut random = ChaCha12Rng::from_seed(self.seed);
            let ctx = WasiCtxBuilder::new()
                .stdout(Printed(self.log.clone()))
                .stderr(Printed(self.log.clone()))
                .wall_clock(clock)
                .monotonic_clock(clock)
                .insecure_random(ChaCha12Rng::from_rng(&mut random))
                .insecure_random_seed(random.random())
                .secure_random(random)
                .max_random_size(RANDOM)
                .build();
            (ctx, table)
        });
        WasiCtxView { ctx, table }
    }
}

/// Links WASI. Imports outside of [`allows`] are refused before a component gets this far.
pub fn link<T: WasiView>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
struct Frozen(u64);

impl HostWallClock for Frozen {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl HostMonotonicClock for Frozen {
    fn resolution(&self) -> u64 {
        1_000_000_000
    }

    fn now(&self) -> u64 {
        self.0.saturating_mul(1_000_000_000)
    }
}

/// What a component prints, in the log.
#[derive(Debug, Clone)]
struct Printed(GuestLog);

impl IsTerminal for Printed {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Printed {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for Printed {
    fn write(&mut self, bytes: bytes::Bytes) -> StreamResult<()> {
        String::from_utf8_lossy(&bytes)
            .lines()
            .filter(|line| !line.is_empty())
            .for_each(|line| self.0.write(Level::Info, line));
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PRINTED)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Printed {
    async fn ready(&mut self) {}
}
