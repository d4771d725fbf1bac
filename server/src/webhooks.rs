//! `POST /webhooks/{account}`: what a provider tells by itself. The path names an account of the business on this host;
//! its id cannot be guessed. No cookie and no form token count here: the provider's component says whether the delivery is
//! its service's. Until it has, nothing is written.

use crate::app::App;
use crate::blocking::blocking;
use crate::host::{Host, client, network};
use crate::providers;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut, Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use domain::provider::{Delivery, Event, WebhookError};
use engine::ids::{AccountId, TenantId};
use engine::store;
use engine::store::methods::ProviderAccount;
use engine::usecase::inbound;
use futures::StreamExt;
use std::time::Duration;
use tokio::time::timeout;

/// Longest body, in bytes: what the contract with providers names.
const LONGEST: usize = 256 * 1024;

/// How long a body may take to arrive.
const SLOWEST: Duration = Duration::from_secs(15);

/// Headers that a component is shown, at most.
const MOST_HEADERS: usize = 64;

/// Seconds to wait for who sends what is not believed.
const TRY_AGAIN_S: u32 = 60;

/// `POST /webhooks/{account}`. 2xx means that all of it is kept; everything else that it should come again.
pub(crate) async fn receive(
    app: Data<App>,
    request: HttpRequest,
    account: Path<String>,
    body: Payload,
) -> HttpResponse {
    let settings = app.engine.settings.current();
    let network = network(client(&request, &settings.installation.http.trusted_proxies));
    if app.refusals.is_over(&network) {
        let wait = (header::RETRY_AFTER, TRY_AGAIN_S);
        return HttpResponse::TooManyRequests().insert_header(wait).body("too many deliveries were refused");
    }
    match take_in(&app, &request, account.into_inner(), body).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(Refusal(status, why)) => {
            if status.is_client_error() {
                app.refusals.count(&network);
            }
            HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(why)
        }
    }
}

/// Why a delivery was not taken in, in words that say nothing but what its sender knows.
struct Refusal(StatusCode, &'static str);

const UNKNOWN: Refusal = Refusal(StatusCode::NOT_FOUND, "there is no such account");
const TOO_LARGE: Refusal = Refusal(StatusCode::PAYLOAD_TOO_LARGE, "more than 256 KiB");
const LATER: Refusal = Refusal(StatusCode::SERVICE_UNAVAILABLE, "not now: send it again");

async fn take_in(app: &App, request: &HttpRequest, account: String, body: Payload) -> Result<(), Refusal> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LONGEST) {
        return Err(TOO_LARGE);
    }
    let (tenant, row) = find(app, request, account).await?;
    let delivery = Delivery {
        headers: headers(request),
        body: read(body).await?.to_vec(),
        received_at: app.engine.clock.now(),
    };
    let events = verify(app, &row, &delivery).await?;
    let engine = app.engine.clone();
    let kept = blocking(move || inbound::receive(&engine, &tenant, &row.id, events)).await;
    kept.map_err(|failure| {
        tracing::error!(error = %failure, "a provider's event could not be taken in; it should come again");
        LATER
    })
}

/// The account that the path names, of the business that the host names.
async fn find(
    app: &App,
    request: &HttpRequest,
    account: String,
) -> Result<(TenantId, ProviderAccount), Refusal> {
    let settings = app.engine.settings.current();
    let host = Host::of(request, &settings.installation.http.trusted_proxies).ok_or(UNKNOWN)?;
    if account.contains('\0') {
        return Err(UNKNOWN);
    }
    let engine = app.engine.clone();
    let found = blocking(move || {
        engine.db.read(|conn| {
            let tenant = store::tenants::by_host(conn, &host.name)?.ok_or(engine::Error::NotFound)?;
            let row = store::methods::account(conn, &tenant.id, &AccountId::from(account))?;
            Ok((tenant.id, row))
        })
    });
    found.await.map_err(|failure| match failure {
        crate::failure::Failure::Engine(engine::Error::NotFound) => UNKNOWN,
        _ => LATER,
    })
}

/// The body as it came: a signature is over these bytes, whatever coding they may be in.
async fn read(mut body: Payload) -> Result<Bytes, Refusal> {
    let all = async {
        let mut bytes = BytesMut::new();
        while let Some(piece) = body.next().await {
            bytes.extend_from_slice(
                &piece.map_err(|_| Refusal(StatusCode::BAD_REQUEST, "the body broke off"))?,
            );
            if bytes.len() > LONGEST {
                return Err(TOO_LARGE);
            }
        }
        Ok(bytes.freeze())
    };
    let late = Refusal(StatusCode::REQUEST_TIMEOUT, "the body came too slowly");
    timeout(SLOWEST, all).await.map_err(|_| late)?
}

fn headers(request: &HttpRequest) -> Vec<(String, String)> {
    let all = request.headers().iter().filter(|(name, _)| **name != header::COOKIE);
    let text = all.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    text.take(MOST_HEADERS).collect()
}

async fn verify(app: &App, row: &ProviderAccount, delivery: &Delivery) -> Result<Vec<Event>, Refusal> {
    let provider = app.providers.provider(&row.provider).ok_or(LATER)?;
    let (engine, sealed) = (app.engine.clone(), row.clone());
    let account = blocking(move || providers::opened(&engine, &sealed)).await.map_err(|failure| {
        tracing::error!(error = %failure, account = %row.id, "the account does not open");
        LATER
    })?;
    provider.verify_webhook(&account, delivery).await.map_err(|error| match error {
        WebhookError::BadSignature => Refusal(StatusCode::UNAUTHORIZED, "the signature is missing or wrong"),
        WebhookError::Stale => Refusal(StatusCode::UNAUTHORIZED, "signed too long ago"),
        WebhookError::Malformed => Refusal(StatusCode::BAD_REQUEST, "not a delivery of this provider"),
        WebhookError::Unsupported => Refusal(StatusCode::NOT_FOUND, "this provider sends no webhooks"),
        WebhookError::Failed(why) => {
            tracing::error!(provider = row.provider, why, "a webhook could not be verified");
            LATER
        }
    })
}
