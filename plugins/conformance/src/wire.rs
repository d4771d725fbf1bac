//! HTTP as far as a scripted service needs it, and every way in which an answer can fail to arrive.

use crate::service::{Answer, State};
use crate::trick::{Act, Effect};
use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Largest request that is read.
const MAX_REQUEST: usize = 2 * 1024 * 1024;
/// More than a call may read.
const HUGE: usize = 3 * 1024 * 1024;
/// Time between two bytes of a slow answer.
const DROP: Duration = Duration::from_millis(50);

/// A request, read whole.
#[derive(Debug)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a text stands in it somewhere.
    pub fn mentions(&self, text: &str) -> bool {
        self.target.contains(text) || String::from_utf8_lossy(&self.body).contains(text)
    }

    async fn read(stream: &mut TcpStream) -> io::Result<Self> {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_REQUEST {
            stream.read_exact(&mut byte).await?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0_usize);
        let mut body = vec![0; length.min(MAX_REQUEST)];
        stream.read_exact(&mut body).await?;
        Ok(Self { method, target, headers, body })
    }
}

/// What a caller gets.
#[derive(Debug)]
pub struct Delivery {
    pub answer: Answer,
    /// How it fails to arrive.
    pub act: Option<Act>,
}

impl Delivery {
    /// An answer that arrives.
    pub fn good(answer: Answer) -> Self {
        Self { answer, act: None }
    }
}

/// An error's answer.
pub fn error(status: u16) -> Answer {
    Answer { status, body: r#"{"error":{"message":"conformance"}}"#.to_owned() }
}

/// Serves one request of a connection.
pub async fn serve(mut stream: TcpStream, state: &State) -> io::Result<()> {
    let request = Request::read(&mut stream).await?;
    let (delivery, effect) = state.take(&request);
    let delivered = deliver(&mut stream, delivery, state.elsewhere()).await;
    if effect == Effect::Late {
        state.execute_late(&request);
    }
    delivered
}

async fn deliver(stream: &mut TcpStream, delivery: Delivery, elsewhere: &str) -> io::Result<()> {
    let Answer { status, body } = delivery.answer;
    let Some(act) = delivery.act else {
        return whole(stream, status, JSON, body.as_bytes()).await;
    };
    // A status without a body cannot spoil one.
    let status = if status == 204 { 200 } else { status };
    match act {
        Act::Silence => gone(stream).await,
        Act::Reset => stream.set_zero_linger(),
        Act::Close => stream.shutdown().await,
        Act::Status(204) => whole(stream, 204, JSON, b"").await,
        Act::Status(429) => {
            whole(stream, 429, "retry-after: 7\r\ncontent-type: application/json\r\n", b"{}").await
        }
        Act::Status(status) => whole(stream, status, JSON, error(status).body.as_bytes()).await,
        Act::Redirect(status) => whole(stream, status, &format!("location: {elsewhere}\r\n"), b"").await,
        Act::Body(body) => whole(stream, 200, JSON, body.as_bytes()).await,
        Act::Bytes => whole(stream, 200, JSON, &[0xff, 0xfe, 0x00, 0xc3, 0x28]).await,
        Act::Html => {
            let page = format!("<html><body>It works! {status}</body></html>");
            whole(stream, 200, "content-type: text/html\r\n", page.as_bytes()).await
        }
        Act::Truncated => {
            head(stream, status, JSON, body.len() + 1).await?;
            stream.write_all(&body.as_bytes()[..body.len() / 2]).await?;
            stream.shutdown().await
        }
        Act::Cut => whole(stream, status, JSON, &body.as_bytes()[..body.len() / 2]).await,
        Act::Huge => whole(stream, status, JSON, &vec![b' '; HUGE]).await,
        Act::Drip => {
            head(stream, status, JSON, body.len().max(1_000)).await?;
            for byte in body.bytes().chain(std::iter::repeat(b' ')) {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(DROP).await;
            }
            Ok(())
        }
        Act::Deep => {
            let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
            whole(stream, status, JSON, deep.as_bytes()).await
        }
        Act::WrongAmount | Act::WrongCurrency => whole(stream, status, JSON, body.as_bytes()).await,
    }
}

const JSON: &str = "content-type: application/json\r\n";

/// Waits until the caller has hung up.
async fn gone(stream: &mut TcpStream) -> io::Result<()> {
    let mut byte = [0];
    while stream.read(&mut byte).await? > 0 {}
    Ok(())
}

async fn head(stream: &mut TcpStream, status: u16, headers: &str, length: usize) -> io::Result<()> {
    let length = if status == 204 { String::new() } else { format!("content-length: {length}\r\n") };
    let head = format!("HTTP/1.1 {status} Conformance\r\n{headers}{length}connection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await
}

async fn whole(stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]) -> io::Result<()> {
    head(stream, status, headers, body.len()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}
