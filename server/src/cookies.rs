//! The portal's cookies. With TLS all of them are `__Host-`: Secure, of this host alone, for all paths. Without
//! (this machine only) they have names of their own, so that the two never mix.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use data_encoding::BASE64URL_NOPAD;
use engine::ids::TenantId;
use engine::keys::{Keys, same};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The cookies there are. All are HttpOnly and SameSite=Lax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Jar {
    /// The session's token.
    Session,
    /// Tells the browser that asked for a sign-in link from others.
    Asked,
    /// A notice for the next page.
    Flash,
    /// The address that a sign-in link was asked for.
    Sent,
}

impl Jar {
    fn name(self, plain: bool) -> &'static str {
        match (self, plain) {
            (Self::Session, false) => "__Host-portico",
            (Self::Asked, false) => "__Host-portico-asked",
            (Self::Flash, false) => "__Host-portico-flash",
            (Self::Sent, false) => "__Host-portico-sent",
            (Self::Session, true) => "portico-dev",
            (Self::Asked, true) => "portico-dev-asked",
            (Self::Flash, true) => "portico-dev-flash",
            (Self::Sent, true) => "portico-dev-sent",
        }
    }

    /// What the browser sent.
    pub(crate) fn read(self, request: &HttpRequest, plain: bool) -> Option<String> {
        let cookie = request.cookie(self.name(plain))?;
        Some(cookie.value().to_owned()).filter(|value| !value.is_empty())
    }

    /// A cookie to set.
    pub(crate) fn cookie(self, plain: bool, value: String, lasts: Duration) -> Cookie<'static> {
        Cookie::build(self.name(plain), value)
            .path("/")
            .http_only(true)
            .secure(!plain)
            .same_site(SameSite::Lax)
            .max_age(lasts)
            .finish()
    }

    /// A cookie that makes the browser forget.
    pub(crate) fn gone(self, plain: bool) -> Cookie<'static> {
        self.cookie(plain, String::new(), Duration::ZERO)
    }

    /// A value that only we can have written, for this business.
    pub(crate) fn seal(
        self,
        keys: &Keys,
        tenant: &TenantId,
        value: &impl Serialize,
    ) -> engine::Result<String> {
        let json = serde_json::to_vec(value).map_err(engine::Error::bug)?;
        let text = BASE64URL_NOPAD.encode(&json);
        let tag = keys.cookie_tag(&self.label(tenant), &text);
        Ok(format!("{text}.{tag}"))
    }

    /// The value sealed before; `None` for anything else.
    pub(crate) fn open<T: DeserializeOwned>(self, keys: &Keys, tenant: &TenantId, sealed: &str) -> Option<T> {
        let (text, tag) = sealed.split_once('.')?;
        if !same(tag, &keys.cookie_tag(&self.label(tenant), text)) {
            return None;
        }
        serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
    }

    fn label(self, tenant: &TenantId) -> String {
        format!("{}:{tenant}", self.name(false))
    }
}
