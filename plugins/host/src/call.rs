//! One call of a component: a fresh store with its limits, and the imports behind it.

use crate::bindings::portico::payment::http::{HttpError, Request, Response};
use crate::bindings::portico::payment::log::Level;
use crate::bindings::portico::payment::{clock, http, log, signing, types};
use crate::convert;
use crate::engine::TICK;
use crate::host::Now;
use crate::http::Outbound;
use crate::limits::{INSTANCES, Limits};
use crate::log::GuestLog;
use crate::wasi::Wasi;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wasmtime::{Engine, Store, StoreLimits, StoreLimitsBuilder, UpdateDeadline};
use wasmtime_wasi::{WasiCtxView, WasiView};

/// What belongs to one call.
pub struct Call {
    outbound: Outbound,
    now: Now,
    log: GuestLog,
    wasi: Wasi,
    ticks: u32,
    memory: StoreLimits,
}

impl Call {
    pub fn new(outbound: Outbound, now: Now) -> Self {
        let limits = &outbound.limits;
        let log = GuestLog::new(&outbound.manifest.name, limits);
        Self {
            memory: memory_limits(limits),
            ticks: cpu_ticks(limits),
            wasi: Wasi::at(outbound.deck.began(seconds(&now)), outbound.deck.seed(), log.clone()),
            log,
            outbound,
            now,
        }
    }

    /// A store for this call alone.
    pub fn into_store(self, engine: &Engine) -> Store<Self> {
        let host_copies = self.outbound.limits.host_copies;
        let mut store = Store::new(engine, self);
        store.limiter(|call| &mut call.memory);
        store.set_hostcall_fuel(host_copies);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut store| Ok(tick(&mut store.data_mut().ticks)));
        store
    }
}

/// Memory and tables of one store.
pub fn memory_limits(limits: &Limits) -> StoreLimits {
    StoreLimitsBuilder::new()
        .memory_size(limits.memory)
        .table_elements(limits.table_elements)
        .instances(INSTANCES as usize)
        .memories(4)
        .tables(32)
        .build()
}

/// Ticks a call may compute.
pub fn cpu_ticks(limits: &Limits) -> u32 {
    u32::try_from(limits.cpu.as_millis() / TICK.as_millis()).unwrap_or(u32::MAX)
}

/// A tick of the epoch passed while the component was computing: others have their turn, and the call has one tick
/// less. Ticks that pass while it waits for an answer cost one at most.
pub fn tick(left: &mut u32) -> UpdateDeadline {
    match left.checked_sub(1) {
        Some(fewer) => {
            *left = fewer;
            UpdateDeadline::Yield(1)
        }
        None => UpdateDeadline::Interrupt,
    }
}

impl types::Host for Call {}

impl http::Host for Call {
    async fn send(&mut self, request: Request) -> wasmtime::Result<Result<Response, HttpError>> {
        self.outbound.send(request).await
    }
}

impl clock::Host for Call {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(self.outbound.deck.now(seconds(&self.now)))
    }
}

/// Wall time in seconds since 1970.
pub fn seconds(now: &Now) -> u64 {
    convert::seconds(now())
}

impl WasiView for Call {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.wasi.view()
    }
}

impl log::Host for Call {
    fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            Level::Debug => crate::log::Level::Debug,
            Level::Info => crate::log::Level::Info,
            Level::Warn => crate::log::Level::Warn,
        };
        self.log.write(level, &message);
        Ok(())
    }
}

impl signing::Host for Call {
    fn hmac_sha256(&mut self, secret: String, message: Vec<u8>) -> wasmtime::Result<Option<Vec<u8>>> {
        let question = [b"sign", secret.as_bytes(), &message];
        let mac = || Some(self.mac(&secret, &message)?.finalize().into_bytes().to_vec());
        self.outbound.deck.signature(&question, mac)
    }

    fn hmac_sha256_verify(
        &mut self,
        secret: String,
        message: Vec<u8>,
        mac: Vec<u8>,
    ) -> wasmtime::Result<bool> {
        let question = [b"verify", secret.as_bytes(), &message, &mac];
        // That it is good is an answer without bytes.
        let good = || self.mac(&secret, &message)?.verify_slice(&mac).ok().map(|()| Vec::new());
        Ok(self.outbound.deck.signature(&question, good)?.is_some())
    }
}

impl Call {
    fn mac(&self, handle: &str, message: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::new_from_slice(self.outbound.account.secret(handle)?.as_bytes()).ok()?;
        mac.update(message);
        Some(mac)
    }
}
