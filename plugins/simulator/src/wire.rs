//! Between HTTP and the service: reads requests of the API, and delivers answers as whole or as broken as the
//! script wants them.

use crate::api::{self, Answer, Call};
use crate::faults::{Fault, Trick};
use crate::service::{Done, Service, now_ms};
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use actix_web::web::{self, Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures::stream;
use serde_json::json;
use std::any::Any;
use std::collections::HashMap;
use std::io;
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::time::Duration;

/// How long a connection without an answer is held: longer than any caller should wait.
const BLACKHOLE: Duration = Duration::from_secs(600);
/// Largest piece of a huge answer.
const PIECE: u64 = 64 * 1024;
/// Seconds that a scripted 429 or 503 asks to wait.
const RETRY_AFTER_S: u32 = 2;

/// A second handle of a connection, to reset it by.
#[derive(Debug)]
struct Connection(TcpStream);

/// Keeps a handle of each connection for its requests.
pub(crate) fn on_connect(connection: &dyn Any, extensions: &mut actix_web::dev::Extensions) {
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Ok(handle) = stream.as_fd().try_clone_to_owned()
    {
        extensions.insert(Connection(handle.into()));
    }
}

fn read(request: &HttpRequest, query: Query<HashMap<String, String>>, body: &Bytes) -> Call {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let bearer = header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    Call {
        method: request.method().to_string(),
        path: request.path().to_owned(),
        query: query.into_inner(),
        key: header("Idempotency-Key").filter(|key| !key.is_empty()).map(str::to_owned),
        bearer: bearer.map(str::to_owned),
        body: body.to_vec(),
        json: serde_json::from_slice(body).ok(),
        at: now_ms(),
    }
}

/// Everything under `/v1`.
pub(crate) async fn handle(
    service: Data<Service>,
    request: HttpRequest,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    let call = read(&request, query, &body);
    if !service.admits(&call) {
        return finish(&service, service.turn_away(&call, api::unauthorized()), Fault::default(), &request)
            .await;
    }
    let fault = service.strike(&call);
    let done = match fault.delay() {
        None => service.execute(&call, fault),
        Some(delay) => match service.hold(&call) {
            Ok(()) => execute_later(service.clone(), call, fault, delay).await,
            Err(busy) => service.turn_away(&call, busy),
        },
    };
    finish(&service, done, fault, &request).await
}

/// Executes after a while, in a task of its own: the effect comes even if the caller hangs up.
async fn execute_later(
    service: Data<Service>,
    call: Call,
    fault: Fault,
    delay: Duration,
) -> io::Result<Done> {
    let task = actix_web::rt::spawn(async move {
        tokio::time::sleep(delay).await;
        service.execute(&call, fault)
    });
    task.await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
}

async fn finish(
    service: &Data<Service>,
    done: io::Result<Done>,
    fault: Fault,
    request: &HttpRequest,
) -> HttpResponse {
    let answer = match done {
        Ok(done) => flush(service, done.flush).await.map(|()| done.answer),
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => deliver(service, &answer, fault, request).await,
        Err(error) => ledger_failed(&error),
    }
}

/// Waits until the ledger is on the disk up to `length`.
pub(crate) async fn flush(service: &Data<Service>, length: Option<u64>) -> io::Result<()> {
    let Some(length) = length else { return Ok(()) };
    let service = service.clone();
    web::block(move || service.ledger.flush(length))
        .await
        .unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
}

/// Nobody may believe in an effect that the ledger could not keep.
pub(crate) fn ledger_failed(error: &io::Error) -> HttpResponse {
    tracing::error!(%error, "the simulator's ledger cannot be written");
    HttpResponse::InternalServerError().json(
        json!({ "error": { "code": "ledger_unavailable", "message": "The ledger cannot be written." } }),
    )
}

/// An answer as JSON.
pub(crate) fn json_response(answer: &Answer) -> HttpResponse {
    let mut response = builder(answer.status);
    if answer.replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    response.json(&answer.body)
}

fn builder(status: u16) -> HttpResponseBuilder {
    HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn deliver(service: &Service, answer: &Answer, fault: Fault, request: &HttpRequest) -> HttpResponse {
    match fault.trick {
        Some(Trick::Http(status)) => scripted(service, status),
        Some(Trick::Reset) => reset(request),
        Some(Trick::Blackhole) => {
            tokio::time::sleep(BLACKHOLE).await;
            reset(request)
        }
        Some(Trick::Garbage) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "application/json"))
            .body("{\"id\":\"ch_\u{fffd}<html>"),
        Some(Trick::Huge(bytes)) => huge(bytes),
        Some(Trick::Slow(rate)) => slow(answer, rate.max(1)),
        _ => json_response(answer),
    }
}

/// A status of the script. A redirect leads back here, where the requests are counted.
fn scripted(service: &Service, status: u16) -> HttpResponse {
    let mut response = builder(status);
    match status {
        300..400 => response.insert_header((LOCATION, format!("{}/v1/redirected", service.base))),
        429 | 503 => response.insert_header((RETRY_AFTER, RETRY_AFTER_S.to_string())),
        _ => &mut response,
    };
    response.json(api::scripted(status).body)
}

/// Ends the connection at once and without a word: a body that fails before its first byte takes the head of
/// the answer with it, and with no time to linger the kernel sends RST.
fn reset(request: &HttpRequest) -> HttpResponse {
    if let Some(Connection(stream)) = request.conn_data::<Connection>() {
        let told = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
        if let Err(error) = told {
            tracing::debug!(%error, "the connection ends with FIN instead of RST");
        }
    }
    let failure = io::Error::from(io::ErrorKind::ConnectionReset);
    HttpResponse::Ok().streaming(stream::once(async { Err::<Bytes, _>(failure) }))
}

fn huge(bytes: u64) -> HttpResponse {
    let pieces = stream::unfold(bytes, |left| async move {
        let size = left.min(PIECE);
        let piece = Bytes::from(vec![b' '; usize::try_from(size).ok()?]);
        (size > 0).then(|| (Ok::<_, io::Error>(piece), left - size))
    });
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).streaming(pieces)
}

/// One byte at a time, or a tenth of a second's worth.
fn slow(answer: &Answer, rate: u64) -> HttpResponse {
    let size = usize::try_from(rate / 10).unwrap_or(usize::MAX).max(1);
    let pause = Duration::from_micros(size as u64 * 1_000_000 / rate);
    let body = Bytes::from(answer.body.to_string());
    let drip = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let drop = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(drop), rest))
    });
    builder(answer.status).insert_header((CONTENT_TYPE, "application/json")).streaming(drip)
}
