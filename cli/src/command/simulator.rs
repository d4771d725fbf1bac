//! `portico simulator`: a payment service to try things with.

use anyhow::Context;
use simulator::Options;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8081")]
    bind: SocketAddr,
    /// Folder of its ledger.
    #[arg(long, default_value = "portico-simulator")]
    data_dir: PathBuf,
    /// The only key it accepts; any when not given.
    #[arg(long)]
    secret_key: Option<String>,
}

pub async fn run(args: Args) -> anyhow::Result<()> {
    std::fs::create_dir_all(&args.data_dir)
        .with_context(|| format!("the folder {} cannot be made", args.data_dir.display()))?;
    let options = Options { bind: args.bind, data_dir: args.data_dir, secret_key: args.secret_key };
    let running = simulator::start(options).await?;
    println!("{}", running.url());
    worker::monitor::stop_signal().await?;
    running.stop().await?;
    Ok(())
}
