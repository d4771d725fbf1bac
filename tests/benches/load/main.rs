//! Load programs: what Portico manages on this machine, on SQLite and on PostgreSQL. They print figures and assert
//! nothing about time. See `tests/benches/README.md`.
//!
//! `cargo bench -p e2e --bench load -- renewals|overview|startup`

mod database;
mod demo;
mod figures;
mod overview;
mod portico;
mod renewals;
mod shop;
mod startup;
mod visitor;

use anyhow::{Result, bail};
use database::Databases;

fn main() -> Result<()> {
    // Cargo adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    // Refused when there is a provider of TLS already; there is none.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let databases = Databases::find()?;
    match arguments.first().map(String::as_str) {
        Some("renewals") => runtime.block_on(renewals::run(&databases, &arguments[1..])),
        Some("overview") => runtime.block_on(overview::run(&databases)),
        Some("startup") => startup::run(&databases),
        _ => bail!("name one: renewals, overview, startup"),
    }
}
