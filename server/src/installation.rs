//! Answers that belong to no business: files, health, and the way to a business by its id.

use crate::answer::see_other;
use crate::app::App;
use crate::blocking::blocking;
use crate::failure::{Answer, Failure};
use crate::host::Host;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use engine::ids::TenantId;
use engine::store;
use templates::assets::{Asset, IMMUTABLE};

/// `GET /assets/{file}`
pub(crate) async fn asset(app: web::Data<App>, request: HttpRequest) -> Answer {
    app.renderer.assets().find(request.path()).map(file).ok_or(Failure::NOT_FOUND)
}

/// `GET /theme/{file}`
pub(crate) async fn theme(app: web::Data<App>, request: HttpRequest) -> Answer {
    let settings = app.engine.settings.current();
    let sheet = app.themes.find(request.path(), &settings).ok_or(Failure::NOT_FOUND)?;
    Ok(file(&sheet))
}

/// `GET /health`: whether this process can serve, which needs its database.
pub(crate) async fn health(app: web::Data<App>) -> Answer {
    let engine = app.engine.clone();
    let ready = blocking(move || engine.db.read(|conn| store::tenants::installation(conn).map(|_| ()))).await;
    Ok(match ready {
        Ok(()) => HttpResponse::Ok().json(serde_json::json!({ "status": "ok" })),
        Err(_) => HttpResponse::ServiceUnavailable().json(serde_json::json!({ "status": "unavailable" })),
    })
}

/// `GET /login/{business_id}`: to the business's own sign-in page, by id or slug. On the installation's host only,
/// where there is one: a business's domain does not lead to others.
pub(crate) async fn business_login(
    app: web::Data<App>,
    request: HttpRequest,
    business: web::Path<String>,
) -> Answer {
    let (engine, settings) = (app.engine.clone(), app.engine.settings.current());
    let http = &settings.installation.http;
    let asked = Host::of(&request, &http.trusted_proxies).map(|host| host.name);
    let own = http.installation_host.as_ref().map(ToString::to_string);
    if own.is_none() || own != asked || business.contains('\0') {
        return Err(Failure::NOT_FOUND);
    }
    let found = blocking(move || {
        engine.db.read(|conn| match store::tenants::by_slug(conn, &business)? {
            Some(tenant) => Ok(tenant),
            None => store::tenants::get(conn, &TenantId::from(business.as_str())),
        })
    });
    let tenant = found.await?;
    let portal = settings.tenant(&tenant.slug).ok_or(Failure::NOT_FOUND)?;
    see_other(&format!("{}/login", settings.portal_url(portal)))
}

fn file(asset: &Asset) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, IMMUTABLE))
        .body(asset.bytes.clone().into_owned())
}
