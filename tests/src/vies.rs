//! VIES as a script tells it: a service on this machine that gives one answer after another.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// A VIES that answers as it was told to last.
pub struct Vies {
    port: u16,
    script: Arc<Mutex<Script>>,
}

struct Script {
    answer: (u16, String),
    asked: Vec<Value>,
}

impl Vies {
    /// Starts one that is out of order.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::new(Mutex::new(Script { answer: (503, String::new()), asked: Vec::new() }));
        let told = script.clone();
        // Ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &told);
            }
        });
        Self { port, script }
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on it answers with this.
    pub fn says(&self, status: u16, body: &str) {
        self.script().answer = (status, body.to_owned());
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Value> {
        self.script().asked.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }
}

fn answer(stream: TcpStream, script: &Mutex<Script>) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) <= 2 {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, text) = {
        let mut script = script.lock().unwrap();
        script.asked.push(serde_json::from_slice(&body).unwrap());
        script.answer.clone()
    };
    let head =
        format!("HTTP/1.1 {status} Told\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", text.len());
    // Whoever asked may have gone.
    let _ = reader.into_inner().write_all(format!("{head}{text}").as_bytes());
}
