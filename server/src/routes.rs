//! Every route there is.

use crate::app::App;
use crate::failure::{Answer, Failure};
use crate::installation::{asset, business_login, health, theme};
use crate::middleware::forms::LARGEST_FORM;
use crate::middleware::{faults, forms, headers, log, visit};
use crate::portal::{
    add_method, address_form, addresses, billing, cancel, change, confirm_change, contact, documents,
    language, licenses, link, login, methods, overview, pay, profile, reactivate, resume, setup_return,
    subscription_method, subscriptions, test_clock, undo_change, unsubscribe,
};
use crate::webhooks;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{FormConfig, PayloadConfig, ServiceConfig};
use actix_web::{HttpResponse, Route, guard, web};
use std::sync::Arc;

/// Routes and what happens around them, for an actix app.
pub fn configure(app: Arc<App>) -> impl Fn(&mut ServiceConfig) + Clone {
    let app = web::Data::from(app);
    move |config| {
        let portal = web::scope("")
            .wrap(from_fn(forms::forms))
            .wrap(from_fn(visit::visit))
            .configure(portal)
            .default_service(web::to(nowhere));
        let everything = web::scope("")
            .app_data(PayloadConfig::new(LARGEST_FORM))
            .app_data(FormConfig::default().limit(LARGEST_FORM))
            .wrap(from_fn(faults::faults))
            .wrap(from_fn(headers::headers))
            .wrap(from_fn(log::log))
            .wrap(Compress::default())
            .configure(installation)
            .service(portal);
        config.app_data(app.clone()).service(everything);
    }
}

/// On every host.
fn installation(config: &mut ServiceConfig) {
    let to_business = get().guard(guard::fn_guard(|request| request.head().uri.path() != "/login/sent"));
    let told_by_providers = web::scope("/webhooks")
        .service(web::resource("/{account}").route(post().to(webhooks::receive)))
        .default_service(web::to(no_account));
    config
        .service(told_by_providers)
        .route("/health", get().to(health))
        .route("/assets/{file}", get().to(asset))
        .route("/theme/{file}", get().to(theme))
        .route("/login/{business_id}", to_business.to(business_login));
}

/// On the hosts of businesses.
#[rustfmt::skip]
fn portal(config: &mut ServiceConfig) {
    config
        // Without a session
        .route("/login", get().to(login::form))
        .route("/login", post().to(login::ask))
        .route("/login/sent", get().to(login::sent))
        .route("/auth/{token}", get().to(link::look))
        .route("/auth/{token}", post().to(link::enter))
        .route("/r/{token}", get().to(link::look))
        .route("/r/{token}", post().to(link::enter))
        .route("/logout", post().to(login::leave))
        .route("/unsubscribe/{token}", get().to(unsubscribe::look))
        .route("/unsubscribe/{token}", post().to(unsubscribe::end))
        .route("/language", get().to(language::form))
        .route("/language", post().to(language::choose))
        // Customers
        .route("/", get().to(overview::show))
        .route("/subscriptions", get().to(subscriptions::list))
        .route("/subscriptions/{id}", get().to(subscriptions::show))
        .route("/subscriptions/{id}/cancel", get().to(cancel::dialog))
        .route("/subscriptions/{id}/cancel", post().to(cancel::cancel))
        .route("/subscriptions/{id}/change", get().to(change::look))
        .route("/subscriptions/{id}/change", post().to(confirm_change::confirm))
        .route("/subscriptions/{id}/change/undo", post().to(undo_change::undo))
        .route("/subscriptions/{id}/resume", post().to(resume::resume))
        .route("/subscriptions/{id}/payment-method", get().to(subscription_method::form))
        .route("/subscriptions/{id}/payment-method", post().to(subscription_method::choose))
        .route("/subscriptions/{id}/reactivate", get().to(reactivate::form))
        .route("/subscriptions/{id}/reactivate", post().to(reactivate::reactivate))
        .route("/subscriptions/{id}/licenses/{license}", post().to(licenses::show))
        .route("/subscriptions/{id}/licenses/{license}/devices/{device}/remove", post().to(licenses::remove))
        .route("/payment-methods", get().to(methods::list))
        .route("/payment-methods/add", get().to(add_method::form))
        .route("/payment-methods/add", post().to(add_method::begin))
        .route("/payment-methods/return", get().to(setup_return::returned))
        .route("/payment-methods/{id}/default", post().to(methods::make_default))
        .route("/payment-methods/{id}/remove", get().to(methods::remove_dialog))
        .route("/payment-methods/{id}/remove", post().to(methods::remove))
        .route("/billing", get().to(billing::history))
        .route("/billing/{id}", get().to(billing::payment))
        .route("/billing/{id}/invoice.pdf", get().to(documents::invoice))
        .route("/billing/{id}/receipts/{receipt}.pdf", get().to(documents::receipt))
        .route("/billing/{id}/pay", get().to(pay::form))
        .route("/billing/{id}/pay", post().to(pay::pay))
        .route("/addresses", get().to(addresses::list))
        .route("/addresses/new", get().to(address_form::new))
        .route("/addresses/new", post().to(address_form::add))
        .route("/addresses/{id}", get().to(address_form::edit))
        .route("/addresses/{id}", post().to(address_form::change))
        .route("/addresses/{id}/default", post().to(addresses::make_default))
        .route("/addresses/{id}/remove", get().to(addresses::remove_dialog))
        .route("/addresses/{id}/remove", post().to(addresses::remove))
        .route("/profile", get().to(profile::form))
        .route("/profile", post().to(profile::save))
        .route("/profile/sessions/revoke", post().to(profile::sign_out_elsewhere))
        .route("/contact", get().to(contact::show))
        // Test businesses
        .route("/test-clock/advance", post().to(test_clock::advance));
}

/// GET, and HEAD with it.
fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn post() -> Route {
    web::post()
}

async fn nowhere() -> Answer {
    Err(Failure::NOT_FOUND)
}

async fn no_account() -> HttpResponse {
    HttpResponse::NotFound().finish()
}
