//! The demo's mailbox: reads the folder that captured mail is written to.

use actix_web::http::header;
use actix_web::{App, HttpResponse, HttpServer, guard, web};
use mail_parser::{Message, MessageParser};
use serde::Serialize;
use std::fmt::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

const STYLE: &str = include_str!("mailbox.css");
const CSP: &str =
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";
/// Mails carry inline styles, and links that should open in the whole window.
const MAIL_CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
    sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox";

/// A mailbox that answers.
pub struct Mailbox {
    address: SocketAddr,
    handle: actix_web::dev::ServerHandle,
    thread: JoinHandle<std::io::Result<()>>,
}

impl Mailbox {
    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it.
    pub async fn stop(self) {
        self.handle.stop(false).await;
        // It has stopped; what its thread returned was logged there.
        let _ = tokio::task::spawn_blocking(|| self.thread.join()).await;
    }
}

/// A captured mail.
#[derive(Debug, Serialize)]
struct Captured {
    id: String,
    from: String,
    to: String,
    subject: String,
    /// RFC 3339, UTC.
    sent_at: String,
    text: String,
    html: String,
}

/// Starts the mailbox on a thread of its own.
pub fn start(listener: TcpListener, folder: PathBuf) -> anyhow::Result<Mailbox> {
    let address = listener.local_addr()?;
    let (send, receive) = std::sync::mpsc::channel();
    let thread = std::thread::Builder::new().name("mailbox".to_owned()).spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let folder = web::Data::new(folder);
            let server = HttpServer::new(move || {
                // Other names would let a web page read mail by rebinding its own to this machine.
                let here = guard::Any(guard::Host("127.0.0.1")).or(guard::Host("localhost"));
                App::new().app_data(folder.clone()).service(web::scope("").guard(here).configure(routes))
            })
            .workers(1)
            .disable_signals()
            .listen(listener)?
            .run();
            // The starter waits for this handle below.
            let _ = send.send(server.handle());
            server.await
        })
    })?;
    Ok(Mailbox { address, handle: receive.recv()?, thread })
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(list))
        .route("/messages", web::get().to(messages))
        .route("/messages/{id}", web::get().to(message))
        .route("/messages/{id}/html", web::get().to(html))
        .route("/mailbox.css", web::get().to(style));
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(STYLE)
}

async fn messages(folder: web::Data<PathBuf>) -> HttpResponse {
    HttpResponse::Ok().json(read_all(&folder))
}

async fn list(folder: web::Data<PathBuf>) -> HttpResponse {
    let mails = read_all(&folder);
    let mut body = String::from("<h1>Mailbox</h1><p>Every mail the demo sends, newest first.</p>");
    if mails.is_empty() {
        body.push_str("<p class=\"empty\">Nothing has been sent yet.</p>");
    }
    body.push_str("<ul class=\"mails\">");
    for mail in &mails {
        let _ = write!(
            body,
            "<li><a href=\"/messages/{}\"><b>{}</b></a><span>{}</span><time>{}</time></li>",
            escape(&mail.id),
            escape(&mail.subject),
            escape(&mail.to),
            escape(&mail.sent_at)
        );
    }
    body.push_str("</ul>");
    page("Mailbox", &body, Some(5))
}

async fn message(folder: web::Data<PathBuf>, id: web::Path<String>) -> HttpResponse {
    let Some(mail) = read_one(&folder, &id) else { return HttpResponse::NotFound().body("no such mail") };
    let body = format!(
        "<p><a href=\"/\">All mails</a></p><h1>{subject}</h1><p>From {from} to {to}, {at}</p>\
         <iframe title=\"The mail\" src=\"/messages/{id}/html\"></iframe><h2>Plain text</h2><pre>{text}</pre>",
        subject = escape(&mail.subject),
        from = escape(&mail.from),
        to = escape(&mail.to),
        at = escape(&mail.sent_at),
        id = escape(&mail.id),
        text = escape(&mail.text),
    );
    page(&mail.subject, &body, None)
}

async fn html(folder: web::Data<PathBuf>, id: web::Path<String>) -> HttpResponse {
    let Some(mail) = read_one(&folder, &id) else { return HttpResponse::NotFound().body("no such mail") };
    // Links leave the frame for a window of their own.
    let body = mail.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, MAIL_CSP))
        .content_type("text/html; charset=utf-8")
        .body(body)
}

fn page(title: &str, body: &str, refresh: Option<u8>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_SECURITY_POLICY, CSP));
    if let Some(seconds) = refresh {
        answer.insert_header((header::REFRESH, seconds.to_string()));
    }
    answer.content_type("text/html; charset=utf-8").body(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{}</title><link rel=\"stylesheet\" \
         href=\"/mailbox.css\"></head><body><main>{body}</main></body></html>",
        escape(title)
    ))
}

/// Newest first.
fn read_all(folder: &Path) -> Vec<Captured> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let ids = entries.flatten().filter_map(|entry| entry.path().file_stem()?.to_str().map(str::to_owned));
    let mut mails: Vec<Captured> = ids.filter_map(|id| read_one(folder, &id)).collect();
    mails.sort_by(|a, b| (&b.sent_at, &b.id).cmp(&(&a.sent_at, &a.id)));
    mails
}

fn read_one(folder: &Path, id: &str) -> Option<Captured> {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let path = folder.join(format!("{id}.eml"));
    let raw = plain.then(|| std::fs::read(&path).ok()).flatten()?;
    let parsed = MessageParser::default().parse(&raw)?;
    Some(captured(id, &parsed))
}

fn captured(id: &str, mail: &Message<'_>) -> Captured {
    let address = |from: Option<&mail_parser::Address<'_>>| {
        from.and_then(|list| list.first()).and_then(|one| one.address()).unwrap_or_default().to_owned()
    };
    Captured {
        id: id.to_owned(),
        from: address(mail.from()),
        to: address(mail.to()),
        subject: mail.subject().unwrap_or_default().to_owned(),
        sent_at: mail.date().map(mail_parser::DateTime::to_rfc3339).unwrap_or_default(),
        text: mail.body_text(0).unwrap_or_default().into_owned(),
        html: mail.body_html(0).unwrap_or_default().into_owned(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    /// The first line that comes back when the mailbox is asked under this name.
    fn asked_as(address: SocketAddr, host: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /messages HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.lines().next().unwrap_or_default().to_owned())
    }

    #[tokio::test]
    async fn mail_is_shown_under_the_names_of_this_machine_only() -> anyhow::Result<()> {
        let mailbox = start(TcpListener::bind("127.0.0.1:0")?, PathBuf::from("no mail yet"))?;
        for here in ["127.0.0.1", "localhost", "localhost:8082"] {
            assert_eq!(asked_as(mailbox.address, here)?, "HTTP/1.1 200 OK", "{here}");
        }
        // A page of evil.example that lets its own name lead to this machine.
        for elsewhere in
            ["evil.example", "evil.example:8082", "localhost.evil.example", "127.0.0.1.evil.example"]
        {
            assert_eq!(asked_as(mailbox.address, elsewhere)?, "HTTP/1.1 404 Not Found", "{elsewhere}");
        }
        mailbox.stop().await;
        Ok(())
    }
}
