//! How long `portico` takes to be ready on data it kept, and what it holds in memory when nobody asks for
//! anything. The middle of several starts.

use crate::database::{Database, Databases};
use crate::demo::Demo;
use crate::figures::percentile;
use crate::portico::{Memory, Portico};
use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// Starts measured after the first.
const STARTS: usize = 5;
/// How long a process is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(3);

/// Settings file of a business in test mode.
pub const TENANT: &str = r#"
[tenant]
name = "Acme"
hosts = ["127.0.0.1"]
mode = "test"
country = "DE"
currency = "EUR"
timezone = "Europe/Berlin"
[seller]
legal_name = "Acme GmbH"
line1 = "Lindenstraße 1"
postal_code = "10969"
city = "Berlin"
vat_id = "DE123456789"
[tax]
rate = "19"
behaviour = "exclusive"
[mail]
from_address = "billing@acme.example"
"#;

/// A process that is ready, and how long that took.
type Started = (Portico, Duration);

/// Measures all three on every database there is.
pub fn run(databases: &Databases) -> Result<()> {
    println!(
        "{:<12}{:<16}{:>12}{:>12}{:>14}{:>14}",
        "database", "command", "first start", "ready in", "resident", "of it own"
    );
    for database in databases.empty("demo")? {
        let folder = tempfile::tempdir()?;
        report(&database, "demo", || {
            let Demo { process, took, .. } = Demo::start(folder.path(), &database.url)?;
            Ok((process, took))
        })?;
    }
    for database in databases.empty("roles")? {
        let folder = tempfile::tempdir()?;
        let tenants = folder.path().join("config/tenants");
        std::fs::create_dir_all(&tenants)?;
        std::fs::write(tenants.join("acme.toml"), TENANT)?;
        report(&database, "serve", || serve(folder.path(), &database))?;
        report(&database, "worker", || worker(folder.path(), &database))?;
    }
    Ok(())
}

fn report(database: &Database, command: &str, start: impl Fn() -> Result<Started>) -> Result<()> {
    let (first, first_took) = start()?;
    drop(first);
    let mut times = Vec::with_capacity(STARTS);
    let mut memory = None;
    for _ in 0..STARTS {
        let (process, took) = start()?;
        times.push(took);
        std::thread::sleep(IDLE);
        memory = Some(process.memory()?);
    }
    let Memory { resident, own } = memory.context("no start")?;
    println!(
        "{:<12}{command:<16}{:>10.2} s{:>10.2} s{:>11.0} MB{:>11.0} MB",
        database.label,
        first_took.as_secs_f64(),
        percentile(&mut times, 50).as_secs_f64(),
        resident as f64 / 1024.0,
        own as f64 / 1024.0,
    );
    Ok(())
}

/// Ready when the sign-in page is answered.
fn serve(folder: &Path, database: &Database) -> Result<Started> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut environment = environment(database);
    environment.push(("PORTICO__HTTP__BIND", address.to_string()));
    environment.push(("PORTICO__HTTP__PUBLIC_URL", format!("http://{address}")));
    let began = Instant::now();
    let mut process = Portico::start(&["serve"], folder, &environment)?;
    process.wait(|| answers(address).then_some(()))?;
    Ok((process, began.elapsed()))
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut connection = TcpStream::connect(address)?;
        write!(connection, "GET /login HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Ready when it says so and begins to work.
fn worker(folder: &Path, database: &Database) -> Result<Started> {
    let began = Instant::now();
    let mut process = Portico::start(&["worker"], folder, &environment(database))?;
    process.logs(|line| line.contains("worker started"))?;
    Ok((process, began.elapsed()))
}

fn environment(database: &Database) -> Vec<(&'static str, String)> {
    vec![
        ("PORTICO__DATA_DIR", "data".to_owned()),
        ("PORTICO__DATABASE__URL", database.url.clone()),
        ("PORTICO__HTTP__PUBLIC_URL", "http://127.0.0.1".to_owned()),
        ("PORTICO__MAIL__TRANSPORT", "folder".to_owned()),
    ]
}
