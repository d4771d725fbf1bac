//! What every request can reach.

use crate::refusals::Refusals;
use crate::theme::Themes;
use engine::Engine;
use std::sync::Arc;
use templates::Renderer;

/// The portal as a whole. One for all workers of a process.
pub struct App {
    /// Use cases, settings, clock, keys and the database.
    pub engine: Engine,
    /// Templates and words.
    pub renderer: Arc<Renderer>,
    /// The payment providers that are installed.
    pub providers: plugin_host::Host,
    /// Where captured mail can be read: shown in the banner of test businesses.
    pub mailbox_url: Option<String>,
    pub(crate) themes: Themes,
    pub(crate) refusals: Refusals,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        engine: Engine,
        renderer: Arc<Renderer>,
        providers: plugin_host::Host,
        mailbox_url: Option<String>,
    ) -> Self {
        Self {
            engine,
            renderer,
            providers,
            mailbox_url,
            themes: Themes::default(),
            refusals: Refusals::default(),
        }
    }

    /// Whether browsers come without TLS: on this machine only.
    pub(crate) fn is_plain(&self) -> bool {
        self.engine.settings.current().installation.http.is_plain()
    }
}
