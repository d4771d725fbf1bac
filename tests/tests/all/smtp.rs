//! Mail through a server, as a real business sends it.

use chrono::TimeDelta;
use e2e::{Browser, World};
use engine::ids::MailId;
use engine::job::{Job, Queue};
use engine::store::jobs::{self, ClaimedJob};
use engine::store::mails::{self, Mail, MailState};
use engine::usecase::sign_in::mail_link;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_portico-under-test");
const ADA: &str = "ada@example.com";

/// A mail server that speaks no TLS and keeps what it hears.
struct Sink {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    /// `refuses_password`: it answers every sign-in with 535.
    fn open(refuses_password: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = heard.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                // A client that hangs up early has said all it wants to say.
                thread::spawn(move || drop(talk(stream, refuses_password, &kept)));
            }
        });
        Self { port, heard }
    }

    /// Everything said to it so far, a line each.
    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    fn has(&self, start: &str) -> bool {
        self.heard().iter().any(|line| line.starts_with(start))
    }
}

fn talk(mut stream: TcpStream, refuses_password: bool, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 sink\r\n")?;
    let mut in_letter = false;
    for line in lines {
        let line = line?;
        heard.lock().unwrap().push(line.clone());
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." => "250 kept",
            _ if in_letter => continue,
            "EHLO" => "250-sink\r\n250 AUTH PLAIN LOGIN",
            "AUTH" if refuses_password => "535 no",
            "AUTH" => "235 yes",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        in_letter = line == "DATA";
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

/// The environment of a worker that sends through the sink.
fn environment<'a>(port: &'a str, tls: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("PORTICO__MAIL__TRANSPORT", "smtp"),
        ("PORTICO__MAIL__SMTP__HOST", "127.0.0.1"),
        ("PORTICO__MAIL__SMTP__PORT", port),
        ("PORTICO__MAIL__SMTP__TLS", tls),
        ("PORTICO__MAIL__SMTP__USERNAME", "portico"),
        ("PORTICO__MAIL__SMTP__PASSWORD", "hunter2"),
    ]
}

/// The mail as it stands once `is_so` holds.
async fn when(world: &World, id: &MailId, is_so: impl Fn(&Mail) -> bool) -> Mail {
    let began = Instant::now();
    loop {
        let mail = world.engine.db.read(|conn| mails::get(conn, &world.acme, id)).unwrap();
        if is_so(&mail) {
            return mail;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "the mail stays as it is: {mail:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Ada asks for a link; answers with her browser and the mail that waits for a worker.
async fn ask(world: &World) -> (Browser, MailId) {
    world.customer(ADA);
    let mut browser = world.browser();
    browser.ask_for_link(ADA).await;
    let (db, lease) = (&world.engine.db, TimeDelta::minutes(1));
    let claimed = jobs::claim(db, Queue::Outbound, "story", 10, lease, world.wall.now()).unwrap();
    let [ClaimedJob { job: Job::MailLink { token_id, .. }, .. }] = claimed.as_slice() else {
        panic!("the worker is asked for a link and nothing else: {claimed:?}");
    };
    let mail = mail_link(&world.engine, &world.acme, token_id).unwrap();
    db.write(|tx| jobs::hand_back(tx, "story")).unwrap();
    (browser, mail.expect("Ada is a customer"))
}

#[test]
fn the_link_arrives_through_a_server_and_signs_in() {
    World::each(async |world| {
        let sink = Sink::open(false);
        let (mut browser, id) = ask(world).await;
        let port = sink.port.to_string();
        let _worker = world.portico_with(BINARY, &["worker"], &environment(&port, "none"));
        let sent = when(world, &id, |mail| mail.state == MailState::Sent).await;

        assert!(sink.has("AUTH") && sink.has("MAIL FROM:<billing@acme.example>"));
        assert!(sink.has(&format!("RCPT TO:<{ADA}>")));
        let letter = sink.heard().join("\r\n");
        assert!(letter.contains(&format!("Message-ID: <{}>", sent.message_id)));
        assert!(letter.contains("Auto-Submitted: auto-generated"));
        let message = letter.split("DATA\r\n").nth(1).unwrap();
        let message = mail_parser::MessageParser::new().parse(message.as_bytes()).unwrap();
        let text = message.body_text(0).unwrap().into_owned();
        let link = text.split_whitespace().find(|word| word.contains("/auth/")).unwrap();
        browser.open(link).await;
        let home = browser.submit("/auth/", &[]).await;
        assert_eq!((home.status, home.url.path()), (200, "/"));
    });
}

#[test]
fn nothing_is_said_in_the_clear_where_the_settings_want_tls() {
    World::each(async |world| {
        let sink = Sink::open(false);
        let (_, id) = ask(world).await;
        let port = sink.port.to_string();
        let _worker = world.portico_with(BINARY, &["worker"], &environment(&port, "starttls"));
        let tried = when(world, &id, |mail| mail.attempts > 0).await;
        assert_eq!(tried.state, MailState::Queued, "it is tried again");
        assert!(sink.has("EHLO") && !sink.has("AUTH") && !sink.has("MAIL"), "{:?}", sink.heard());
    });
}

#[test]
fn a_wrong_password_costs_no_mail() {
    World::each(async |world| {
        let sink = Sink::open(true);
        let (_, id) = ask(world).await;
        let port = sink.port.to_string();
        let _worker = world.portico_with(BINARY, &["worker"], &environment(&port, "none"));
        let tried = when(world, &id, |mail| mail.attempts > 0).await;
        assert_eq!(tried.state, MailState::Queued, "an operator mends it, and it goes out");
        assert!(tried.last_error.unwrap().contains("535"));
    });
}
