//! The wasmtime engine all components share, and the ticker that takes the processor away from them.

use crate::host::HostError;
use crate::limits::{INSTANCES, Limits};
use std::fs::DirBuilder;
use std::path::Path;
use std::time::Duration;
use wasmtime::{Cache, CacheConfig, Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Length of an epoch.
pub const TICK: Duration = Duration::from_millis(10);

/// Stack a component may use.
const STACK: usize = 512 * 1024;

/// An engine, with its ticker running until the engine is dropped.
pub fn engine(limits: &Limits, cache: Option<&Path>) -> Result<Engine, HostError> {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .concurrency_support(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    if let Some(folder) = cache {
        config.cache(Some(own_cache(folder)?));
    }
    let engine = Engine::new(&config).map_err(HostError::engine)?;
    start_ticker(&engine)?;
    Ok(engine)
}

/// A component has one memory and two tables; others may have a few more.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let calls = limits.concurrent_calls.saturating_add(1);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_stacks(calls)
        .total_core_instances(calls.saturating_mul(INSTANCES))
        .total_memories(calls.saturating_mul(2))
        .total_tables(calls.saturating_mul(4))
        .max_memory_size(limits.memory)
        .table_elements(limits.table_elements)
        .linear_memory_keep_resident(256 * 1024)
        .table_keep_resident(16 * 1024)
        .async_stack_keep_resident(64 * 1024);
    pool
}

/// Compiled code is loaded without another check, so the folder must be ours alone.
fn own_cache(folder: &Path) -> Result<Cache, HostError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(HostError::Cache)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder).map_err(HostError::Cache)?.permissions().mode();
        if mode & 0o077 != 0 {
            let words = format!("{} must be readable and writable by its owner alone", folder.display());
            return Err(HostError::Cache(std::io::Error::other(words)));
        }
    }
    // Wasmtime wants an absolute path.
    let folder = folder.canonicalize().map_err(HostError::Cache)?;
    let mut config = CacheConfig::new();
    config.with_directory(folder);
    Cache::new(config).map_err(HostError::engine)
}

fn start_ticker(engine: &Engine) -> Result<(), HostError> {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    };
    std::thread::Builder::new().name("plugin-epoch".to_owned()).spawn(tick).map_err(HostError::Ticker)?;
    Ok(())
}
