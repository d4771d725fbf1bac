//! The style sheets of businesses, made when first needed and found again by their URL.

use engine::settings::{Font, Scheme, Settings, Theme};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use templates::theme::{self, Face, Look, Only, Stylesheet};

/// Style sheets by what they show.
#[derive(Default)]
pub(crate) struct Themes(RwLock<HashMap<Look, Arc<Stylesheet>>>);

impl Themes {
    /// The style sheet of a business.
    pub(crate) fn of(&self, theme: &Theme) -> Arc<Stylesheet> {
        self.made(look(theme))
    }

    /// The style sheet of pages that belong to no business.
    pub(crate) fn neutral(&self) -> Arc<Stylesheet> {
        self.made(Look::default())
    }

    /// The style sheet behind a request path. Another process may have named it, so all are looked at.
    pub(crate) fn find(&self, path: &str, settings: &Settings) -> Option<Arc<Stylesheet>> {
        let all = settings.tenants().map(|tenant| self.of(&tenant.theme));
        std::iter::once(self.neutral()).chain(all).find(|sheet| sheet.url == path)
    }

    fn made(&self, look: Look) -> Arc<Stylesheet> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&look) {
            return known.clone();
        }
        let made = Arc::new(theme::stylesheet(&look));
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(look, made.clone());
        made
    }
}

fn look(theme: &Theme) -> Look {
    Look {
        brand: theme::parse(theme.accent.as_str()).unwrap_or(theme::DEFAULT),
        radius: theme.radius,
        face: match theme.font {
            Font::System => Face::System,
            Font::Serif => Face::Serif,
            Font::Rounded => Face::Rounded,
        },
        only: match theme.scheme {
            Scheme::Device => None,
            Scheme::Light => Some(Only::Light),
            Scheme::Dark => Some(Only::Dark),
        },
    }
}
