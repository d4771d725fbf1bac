//! The host: installs components and knows the providers they are.

use crate::bindings::{PaymentProvider, PaymentProviderPre};
use crate::boot::Fence;
use crate::call::{self, Call};
use crate::convert;
use crate::http::address::{Names, system_names};
use crate::http::{Clients, Tokens};
use crate::limits::Limits;
use crate::log::GuestLog;
use crate::manifest;
use crate::provider::Provider;
use crate::shape;
use crate::turns::Turns;
use crate::wasi::{self, Wasi};
use domain::Instant;
use domain::provider::Manifest;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, Store, StoreLimits};
use wasmtime_wasi::{WasiCtxView, WasiView};

/// SHA-256 of a component, in hexadecimal.
pub fn digest(component: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(component))
}

/// What a component may import begins with this, or is WASI.
const PACKAGE: &str = "portico:payment/";

/// Components that come with the binary.
const BUNDLED: &[(&str, &[u8])] = &[
    ("sandbox", include_bytes!("../../dist/sandbox.wasm")),
    ("bank-transfer", include_bytes!("../../dist/bank-transfer.wasm")),
    ("paypal", include_bytes!("../../dist/paypal.wasm")),
    ("stripe", include_bytes!("../../dist/stripe.wasm")),
];

/// Tells components the time; the caller owns the clock.
pub type Now = Arc<dyn Fn() -> Instant + Send + Sync>;

/// How a host runs.
#[derive(Clone)]
pub struct HostOptions {
    /// Where compiled components are kept between runs; a folder of the host's own, mode 0700. Compiles each time
    /// without one.
    pub cache_dir: Option<PathBuf>,
    /// What components may use.
    pub limits: Limits,
    /// Wall time, for the components' `clock`.
    pub now: Now,
}

/// Why a component cannot be installed, or the host not start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The runtime refused its configuration or could not get its memory.
    #[error("the plugin runtime does not start: {0}")]
    Engine(String),
    /// The HTTP clients could not be made.
    #[error("the HTTP client does not start: {0}")]
    Http(#[from] reqwest::Error),
    /// The cache folder cannot be used.
    #[error("the cache of compiled plugins cannot be used: {0}")]
    Cache(#[source] std::io::Error),
    /// The thread that interrupts components does not start.
    #[error("the plugin ticker does not start: {0}")]
    Ticker(#[source] std::io::Error),
    /// The component is larger than may be installed.
    #[error("{name}: {size} bytes are more than the {limit} allowed")]
    TooLarge {
        /// The component.
        name: String,
        /// Its bytes.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Not a component of this contract.
    #[error("{name} is not a payment provider: {reason}")]
    NotAProvider {
        /// The component.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The manifest contradicts itself or the contract.
    #[error("{name}: the manifest is not acceptable: {reason}")]
    Manifest {
        /// The component.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

impl HostError {
    pub(crate) fn engine(error: wasmtime::Error) -> Self {
        Self::Engine(format!("{error:#}"))
    }
}

/// The host. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    shared: Arc<Shared>,
}

/// What all providers of a host share.
pub struct Shared {
    pub engine: Engine,
    pub clients: Clients,
    pub limits: Arc<Limits>,
    pub now: Now,
    /// Calls that may run at once.
    pub calls: Semaphore,
    /// Requests of one business under way at once.
    pub per_tenant: Arc<Turns>,
    /// Calls of one account running at once.
    pub per_account: Turns,
    /// Bearer tokens of the accounts whose provider wants them.
    pub tokens: Arc<Tokens>,
    linker: Linker<Call>,
    providers: RwLock<HashMap<String, Arc<Provider>>>,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

impl Host {
    /// A host without providers. Starts one thread.
    pub fn new(options: HostOptions) -> Result<Self, HostError> {
        Self::with_names(options, &system_names())
    }

    /// A host that looks names up in its own way, such as a resolver of the house. What it finds is checked all the
    /// same.
    pub fn with_names(options: HostOptions, names: &Names) -> Result<Self, HostError> {
        let engine = crate::engine::engine(&options.limits, options.cache_dir.as_deref())?;
        let mut linker = Linker::new(&engine);
        wasi::link(&mut linker).map_err(HostError::engine)?;
        PaymentProvider::add_to_linker::<Call, HasSelf<Call>>(&mut linker, |call| call)
            .map_err(HostError::engine)?;
        Ok(Self {
            shared: Arc::new(Shared {
                clients: Clients::new(&options.limits, names)?,
                per_tenant: Arc::new(Turns::new(options.limits.in_flight_per_tenant)),
                per_account: Turns::new(options.limits.calls_per_account),
                tokens: Arc::default(),
                calls: Semaphore::new(options.limits.concurrent_calls as usize),
                limits: Arc::new(options.limits),
                now: options.now,
                providers: RwLock::default(),
                linker,
                engine,
            }),
        })
    }

    /// The components that come with the binary, by name.
    pub const fn bundled() -> &'static [(&'static str, &'static [u8])] {
        BUNDLED
    }

    /// Loads a component and makes its provider known. `name_hint` is for messages only.
    ///
    /// # Errors
    /// As [`Self::load`]; what was installed before stays.
    pub async fn install(&self, name_hint: &str, bytes: &[u8]) -> Result<Arc<Provider>, HostError> {
        let provider = self.load(name_hint, bytes).await?;
        self.activate(provider.clone());
        Ok(provider)
    }

    /// Makes a provider known under its manifest's name, in place of an earlier one of that name. Calls that are
    /// under way end with the one they began with.
    pub fn activate(&self, provider: Arc<Provider>) {
        let mut providers = self.shared.providers.write().unwrap_or_else(PoisonError::into_inner);
        providers.insert(provider.manifest().name.clone(), provider);
    }

    /// Compiles a component and asks for its manifest. Nobody knows the provider yet.
    ///
    /// # Errors
    /// When `bytes` is not a component of this contract or its manifest is not acceptable.
    pub async fn load(&self, name_hint: &str, bytes: &[u8]) -> Result<Arc<Provider>, HostError> {
        let limit = self.shared.limits.component;
        if bytes.len() > limit {
            return Err(HostError::TooLarge { name: name_hint.to_owned(), size: bytes.len(), limit });
        }
        let refuse = |reason: String| HostError::NotAProvider { name: name_hint.to_owned(), reason };
        shape::check(bytes).map_err(refuse)?;
        let component = self.compile(bytes).await.map_err(refuse)?;
        self.check_imports(&component).map_err(refuse)?;
        let pre = self.shared.linker.instantiate_pre(&component).and_then(PaymentProviderPre::new);
        let pre = pre.map_err(|error| refuse(format!("{error:#}")))?;
        let manifest = self.describe(&component).await.map_err(refuse)?;
        manifest::validate(&manifest)
            .map_err(|reason| HostError::Manifest { name: name_hint.to_owned(), reason })?;

        Ok(Arc::new(Provider::new(self.shared.clone(), pre, manifest, digest(bytes))))
    }

    /// The provider of that name.
    pub fn provider(&self, name: &str) -> Option<Arc<Provider>> {
        self.shared.providers.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    async fn compile(&self, bytes: &[u8]) -> Result<Component, String> {
        let (engine, bytes) = (self.shared.engine.clone(), bytes.to_vec());
        let compiled = tokio::task::spawn_blocking(move || Component::from_binary(&engine, &bytes)).await;
        compiled.map_err(|error| error.to_string())?.map_err(|error| format!("{error:#}"))
    }

    fn check_imports(&self, component: &Component) -> Result<(), String> {
        let ty = component.component_type();
        let foreign = ty.imports(&self.shared.engine).map(|(name, _)| name).find(|name| !may_import(name));
        foreign.map_or(Ok(()), |name| Err(format!("it imports {name}")))
    }

    /// Asks for the manifest in an instance whose imports all trap, but for an empty WASI.
    async fn describe(&self, component: &Component) -> Result<Manifest, String> {
        let answer = tokio::time::timeout(self.shared.limits.wall, self.describe_alone(component)).await;
        let answer = answer.map_err(|_| "describe takes too long".to_owned())?;
        convert::manifest(answer.map_err(|error| format!("describe: {error:#}"))?)
    }

    async fn describe_alone(
        &self,
        component: &Component,
    ) -> wasmtime::Result<crate::bindings::portico::payment::types::Manifest> {
        let _turn = self.shared.calls.acquire().await?;
        let mut linker = Linker::new(&self.shared.engine);
        wasi::link(&mut linker)?;
        forbid_imports(&mut linker, component)?;
        let limits = &self.shared.limits;
        let log = GuestLog::new("describe", limits);
        let alone = Alone {
            memory: call::memory_limits(limits),
            ticks: call::cpu_ticks(limits),
            wasi: Wasi::at(call::seconds(&self.shared.now), [0; 32], log),
        };
        let mut store = Store::new(&self.shared.engine, alone);
        store.limiter(|alone| &mut alone.memory);
        store.set_hostcall_fuel(limits.host_copies);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut store| Ok(call::tick(&mut store.data_mut().ticks)));
        let instance = PaymentProvider::instantiate_async(&mut store, component, &linker).await?;
        instance.portico_payment_provider().call_describe(&mut store).await
    }
}

/// Traps for the imports of the contract. Those of WASI stay as they are linked: the languages that need it call it before
/// they come to `describe`.
fn forbid_imports(linker: &mut Linker<Alone>, component: &Component) -> wasmtime::Result<()> {
    let engine = linker.engine().clone();
    let ty = component.component_type();
    for (name, import) in ty.imports(&engine).filter(|(name, _)| name.starts_with(PACKAGE)) {
        let ComponentItem::ComponentInstance(interface) = import.ty else { continue };
        let mut forbidden = linker.instance(name)?;
        for (function, item) in interface.exports(&engine) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                forbidden.func_new(function, |_, _, _, _| wasmtime::bail!("an import was called"))?;
            }
        }
    }
    Ok(())
}

/// State of an instance that reaches nothing.
struct Alone {
    memory: StoreLimits,
    ticks: u32,
    wasi: Wasi,
}

impl WasiView for Alone {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        self.wasi.view()
    }
}

fn may_import(name: &str) -> bool {
    name.starts_with(PACKAGE) || wasi::allows(name)
}

impl Shared {
    /// A fence for a call that may take `deadline_ms`.
    pub fn fence(&self, deadline_ms: u32) -> Fence {
        let deadline = std::time::Duration::from_millis(deadline_ms.into());
        Fence::closing_in(self.limits.fence.min(deadline))
    }
}
