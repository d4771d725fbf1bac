//! What all stories of a process share, because it is slow to make: the compiled provider, templates, fonts.

use chrono::{SubsecRound, Utc};
use plugin_host::{Host, HostOptions, Limits};
use std::future::Future;
use std::sync::{Arc, LazyLock};
use templates::Renderer;
use tokio::runtime::{Builder, Runtime};
use worker::pdf::PdfRenderer;

/// One runtime for all stories: connections to the simulators outlive none of them.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().enable_all().build().unwrap());

static PARTS: LazyLock<Parts> = LazyLock::new(|| run(Parts::make()));

/// Shared by all worlds.
pub(crate) struct Parts {
    pub(crate) providers: Host,
    pub(crate) renderer: Arc<Renderer>,
    pub(crate) pdf: Arc<PdfRenderer>,
}

/// Runs a story, or a part of one that is not async.
pub(crate) fn run<T>(story: impl Future<Output = T>) -> T {
    RUNTIME.block_on(story)
}

/// The shared parts, made at the first call.
pub(crate) fn parts() -> &'static Parts {
    &PARTS
}

impl Parts {
    async fn make() -> Self {
        // Another test of the process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let now = Arc::new(|| Utc::now().naive_utc().trunc_subsecs(6));
        let options = HostOptions { cache_dir: None, limits: Limits::default(), now };
        let providers = Host::new(options).unwrap();
        // The one that talks to the simulator; to compile the others takes time.
        let (name, bytes) = Host::bundled()[0];
        providers.install(name, bytes).await.unwrap();
        Self {
            providers,
            renderer: Arc::new(Renderer::new(None).unwrap()),
            pdf: Arc::new(PdfRenderer::new(None).unwrap()),
        }
    }
}
