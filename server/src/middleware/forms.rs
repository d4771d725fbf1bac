//! Every request that changes something must come from a form of ours in this browser: the right `Origin`, and the
//! token that pages of this session carry. Checked before any handler, so that none can forget; but for links that end
//! mails, whose token is all they need.

use crate::app::App;
use crate::failure::Failure;
use crate::host::Host;
use crate::portal::unsubscribe;
use crate::visit::Visit;
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, web};
use futures::stream;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// Largest form, in bytes.
pub(crate) const LARGEST_FORM: usize = 16 * 1024;

/// How long a form may take to arrive. Its head has five seconds of the server's own.
const SLOWEST_FORM: Duration = Duration::from_secs(15);

type Body = Pin<Box<dyn futures::Stream<Item = Result<Bytes, PayloadError>>>>;

pub(crate) async fn forms(
    app: web::Data<App>,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.method().is_safe() || request.path().starts_with(unsubscribe::LINKS) {
        return next.call(request).await;
    }
    if !is_same_origin(&app, request.request()) {
        return Ok(request.error_response(Failure::StaleForm));
    }
    let body = match timeout(SLOWEST_FORM, request.extract::<Bytes>()).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Ok(request.error_response(Failure::TooLarge)),
        Err(_) => return Ok(request.error_response(Failure::TooSlow)),
    };
    let visit = Visit::of(request.request());
    let token = url::form_urlencoded::parse(&body).find(|(name, _)| name == "csrf");
    if !token.zip(visit).is_some_and(|((_, token), visit)| visit.form_token.is_in(&token)) {
        return Ok(request.error_response(Failure::StaleForm));
    }
    // Nobody types it, and PostgreSQL does not store it.
    if url::form_urlencoded::parse(&body).any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Ok(request.error_response(Failure::Invalid));
    }
    let again: Body = Box::pin(stream::once(async { Ok(body) }));
    request.set_payload(Payload::from(again));
    next.call(request).await
}

/// Whether the browser says that one of our own pages sends this. `Origin` decides; without one, `Sec-Fetch-Site`.
fn is_same_origin(app: &App, request: &HttpRequest) -> bool {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return text("sec-fetch-site") == Some("same-origin");
    };
    let settings = app.engine.settings.current();
    let http = &settings.installation.http;
    let (Ok(origin), Some(host)) = (Url::parse(origin), Host::of(request, &http.trusted_proxies)) else {
        return false;
    };
    let scheme = if http.is_plain() { "http" } else { "https" };
    // A proxy may leave the port out of the host it forwards; the configured one is ours as well.
    let configured = http.public_url.as_ref().and_then(|url| url.port());
    let ports =
        [host.port, configured].map(|port| port.or(if http.is_plain() { Some(80) } else { Some(443) }));
    origin.scheme() == scheme
        && origin.host_str() == Some(host.name.as_str())
        && ports.contains(&origin.port_or_known_default())
}
