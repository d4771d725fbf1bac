//! The style sheets of businesses, made when first needed and found again by their URL.

use engine::settings::{Settings, Theme};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use templates::theme::{self, Corners, Rgb, Stylesheet};

/// Style sheets by colour and corners.
#[derive(Default)]
pub(crate) struct Themes(RwLock<HashMap<(Rgb, u32), Arc<Stylesheet>>>);

impl Themes {
    /// The style sheet of a business.
    pub(crate) fn of(&self, theme: &Theme) -> Arc<Stylesheet> {
        self.made(theme::parse(theme.accent.as_str()).unwrap_or(theme::DEFAULT), theme.radius)
    }

    /// The style sheet of pages that belong to no business.
    pub(crate) fn neutral(&self) -> Arc<Stylesheet> {
        self.made(theme::DEFAULT, 12)
    }

    /// The style sheet behind a request path. Another process may have named it, so all are looked at.
    pub(crate) fn find(&self, path: &str, settings: &Settings) -> Option<Arc<Stylesheet>> {
        let all = settings.tenants().map(|tenant| self.of(&tenant.theme));
        std::iter::once(self.neutral()).chain(all).find(|sheet| sheet.url == path)
    }

    fn made(&self, accent: Rgb, radius: u32) -> Arc<Stylesheet> {
        let key = (accent, radius);
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let corners = match radius {
            0 => Corners::Square,
            1..=14 => Corners::Soft,
            _ => Corners::Round,
        };
        let made = Arc::new(theme::stylesheet(accent, corners));
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, made.clone());
        made
    }
}
