//! One line a request: method, route, status, time, business. Never a path, an address or anything typed.

use crate::visit::Visit;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest};
use std::time::Instant;

/// Names a request in the log and on error pages.
#[derive(Debug, Clone)]
struct RequestId(String);

/// The id of a request.
pub(crate) fn request_id(request: &HttpRequest) -> String {
    let extensions = request.extensions();
    extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

pub(crate) async fn log<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let (began, method) = (Instant::now(), request.method().clone());
    let token = engine::keys::random_token().unwrap_or_default();
    let id: String = token.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.call(request).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    tracing::info!(
        request_id = id,
        %method,
        route = response.request().match_pattern().as_deref().unwrap_or("none"),
        status = response.status().as_u16(),
        ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        tenant = Visit::of(response.request()).map(|visit| visit.tenant.slug.clone()),
        "request"
    );
    Ok(response)
}
