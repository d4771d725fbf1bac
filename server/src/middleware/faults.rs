//! Turns failures into pages, in the words and colours of the business where one is known. Logs ours once.

use super::log::request_id;
use crate::answer::{neutral_page, see_other};
use crate::app::App;
use crate::cookies::Jar;
use crate::failure::{Answer, Failure};
use crate::visit::Visit;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError, web};
use templates::Lang;
use templates::flash::Flash;
use templates::lang::{Wishes, negotiate};

pub(crate) async fn faults(
    app: web::Data<App>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?;
    let Some(error) = response.response().error() else {
        return Ok(response);
    };
    let answer = match error.as_error::<Failure>() {
        Some(failure) => answer(&app, response.request(), failure),
        None => answer(&app, response.request(), &of_framework(error)),
    };
    let page = answer.unwrap_or_else(|failure| {
        tracing::error!(request_id = request_id(response.request()), error = %failure, "error page failed");
        HttpResponse::InternalServerError().finish()
    });
    Ok(response.into_response(page))
}

/// What the framework could not read: a path, a query, a form.
fn of_framework(error: &Error) -> Failure {
    match error.as_response_error().status_code().as_u16() {
        404 => Failure::NOT_FOUND,
        413 => Failure::TooLarge,
        400..=499 => Failure::Invalid,
        _ => Failure::Engine(engine::Error::bug(error)),
    }
}

fn answer(app: &App, request: &HttpRequest, failure: &Failure) -> Answer {
    let visit = Visit::of(request);
    if let (Failure::SignIn { ended }, Some(visit)) = (failure, &visit) {
        return sign_in(request, visit, *ended);
    }
    let id = request_id(request);
    match failure.status_code().as_u16() {
        503 => tracing::warn!(request_id = id, error = %failure, "unavailable"),
        500.. => tracing::error!(request_id = id, error = %failure, "failed"),
        _ => {}
    }
    let page = failure.page(&id, request.method().is_safe());
    let mut response = match visit {
        Some(visit) => visit.page_with(failure.status_code(), &page)?,
        None => neutral_page(app, wished(app, request), failure.status_code(), &page)?,
    };
    if let Failure::TooManyRequests { seconds } = failure {
        response.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
    }
    Ok(response)
}

/// To the sign-in page, which leads back to the page asked for.
fn sign_in(request: &HttpRequest, visit: &Visit, ended: bool) -> Answer {
    let mut target = "/login".to_owned();
    if request.method().is_safe() && visit.path != "/" {
        let back: String = url::form_urlencoded::byte_serialize(visit.path.as_bytes()).collect();
        target = format!("/login?return={back}");
    }
    if !ended {
        return see_other(&target);
    }
    let mut response = visit.to_with(&target, &Flash::SessionEnded)?;
    response.add_cookie(&Jar::Session.gone(visit.plain)).map_err(engine::Error::bug)?;
    Ok(response)
}

fn wished(app: &App, request: &HttpRequest) -> Lang {
    let accept = request.headers().get(header::ACCEPT_LANGUAGE);
    let wishes = Wishes {
        accept_language: accept.and_then(|value| value.to_str().ok()),
        business_default: Some(Lang::EN.code()),
        ..Wishes::default()
    };
    negotiate(&app.renderer.languages(), wishes)
}
