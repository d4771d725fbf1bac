//! Services that answer by a script, and doors that nobody may ring at.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A port on which somebody listens and counts.
pub struct Doorbell(TcpListener);

impl Doorbell {
    pub fn new() -> Self {
        Self::at("127.0.0.1:0".parse().unwrap()).unwrap()
    }

    /// Nothing where the machine does not have the address.
    pub fn at(address: SocketAddr) -> Option<Self> {
        let listener = TcpListener::bind(address).ok()?;
        listener.set_nonblocking(true).unwrap();
        Some(Self(listener))
    }

    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    pub fn rang(&self) -> bool {
        !matches!(self.0.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}

/// A service whose answer depends on the path.
pub struct Upstream {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Upstream {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let seen = heads.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, seen.clone()));
            }
        });
        Self { address, heads }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of all requests so far, in lower case.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    pub fn asked(&self, path: &str) -> usize {
        self.heads().iter().filter(|head| head.contains(&format!(" {path} "))).count()
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).await.ok()?;
        head.push(byte[0]);
    }
    let original = String::from_utf8(head).ok()?;
    seen.lock().unwrap().push(original.to_lowercase());
    let target = original.split(' ').nth(1)?.to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let tokens = seen.lock().unwrap().iter().filter(|head| head.contains(" /token ")).count();
    match path {
        "/huge" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(&[b'x'; 65_536]).await.ok()?;
            }
        }
        "/drip" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(b"x").await.ok()?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        "/hang" => loop {
            stream.read_exact(&mut byte).await.ok()?;
        },
        "/redirect" => answer(&mut stream, "302 Found", &format!("location: {query}\r\n"), "").await,
        "/echo" => {
            answer(&mut stream, "200 OK", &format!("x-echo: {}\r\n", secret_of(&original)), &original).await
        }
        "/token" => {
            let body = format!(r#"{{"access_token":"token-number-{tokens}","expires_in":3600}}"#);
            answer(&mut stream, "200 OK", "", &body).await
        }
        "/no-token" | "/unauthorized" => answer(&mut stream, "401 Unauthorized", "", "no").await,
        _ => answer(&mut stream, "200 OK", "", "fine").await,
    }
}

/// The header `x-secret` of a request.
fn secret_of(head: &str) -> &str {
    head.lines().find_map(|line| line.strip_prefix("x-secret: ")).unwrap_or_default()
}

async fn answer(stream: &mut TcpStream, status: &str, headers: &str, body: &str) -> Option<()> {
    let length = body.len();
    let text =
        format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}
