//! The one binary of Portico: `serve`, `worker`, `demo` and the tools of an operator.

mod boot;
mod command;
mod components;
mod demo;
mod print;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// A self-hosted billing portal.
#[derive(Parser)]
#[command(name = "portico", version, about, propagate_version = true)]
struct Cli {
    /// Folder with `default.toml` and `tenants/*.toml`; `./config` where it exists.
    #[arg(long, global = true, value_name = "DIR")]
    config_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal.
    Serve,
    /// Run renewals, payments, mails and documents in the background.
    Worker,
    /// Try everything on this machine, with a business that is already there.
    Demo(demo::Args),
    /// Run the payment simulator.
    Simulator(command::simulator::Args),
    /// Check the configuration and say what is wrong with it.
    CheckConfig,
    /// Look at the settings that hold.
    #[command(subcommand)]
    Settings(command::settings::Command),
    /// Move the clock of a business in test mode.
    #[command(subcommand)]
    Clock(command::clock::Command),
    /// Products and their prices.
    #[command(subcommand)]
    Product(command::product::Command),
    /// Prices of products.
    #[command(subcommand)]
    Price(command::price::Command),
    /// Customers.
    #[command(subcommand)]
    Customer(command::customer::Command),
    /// Accounts with payment providers.
    #[command(subcommand)]
    Account(command::account::Command),
    /// Payment methods that a provider knows already.
    #[command(subcommand)]
    Method(command::method::Command),
    /// Payment providers as components.
    #[command(subcommand)]
    Plugin(command::plugin::Command),
    /// Subscriptions.
    #[command(subcommand)]
    Subscription(command::subscription::Command),
    /// Coupons.
    #[command(subcommand)]
    Coupon(command::coupon::Command),
    /// What is counted and billed afterwards.
    #[command(subcommand)]
    Meter(command::meter::Command),
    /// What products give.
    #[command(subcommand)]
    Benefit(command::benefit::Command),
    /// License keys, and the devices that use them.
    #[command(subcommand)]
    License(command::license::Command),
    /// What was used.
    #[command(subcommand)]
    Usage(command::usage::Command),
    /// Compute again everything that is written down, and say what does not hold.
    Verify(command::verify::Args),
    /// Show what will happen until a day, with the real rules on a copy of the data: charges nobody, sends nothing.
    Simulate(command::simulate::Args),
    /// Invoices and credit notes.
    #[command(subcommand)]
    Invoice(command::invoice::Command),
    /// Charges and refunds whose outcome a person has to tell.
    #[command(subcommand)]
    Payment(command::payment::Command),
    /// Charge nobody and give nothing back until `resume-money`. What was sent before is still asked about.
    PauseMoney(command::pause_money::Args),
    /// Say what would be charged, and with --yes let money move again.
    ResumeMoney(command::resume_money::Args),
    /// Compare providers' lists of charges and refunds with ours; exit code 1 when they do not agree.
    Reconcile(command::reconcile::Args),
    /// Make this machine and folder the home of the data, after it came from a backup or elsewhere.
    Activate(command::activate::Args),
    /// Say how this installation stands.
    Status,
    /// What banks take back.
    #[command(subcommand)]
    Dispute(command::dispute::Command),
    /// Refunds that wait for a person.
    #[command(subcommand)]
    Refund(command::refund::Command),
}

/// Runs the command line. A mistake is one sentence on standard error and exit code 1.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::from(error)),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("portico: {error:#}");
    ExitCode::FAILURE
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    // Both reqwest and lettre take the process's provider of TLS; a second call finds it set.
    let _ = rustls::crypto::ring::default_provider().install_default();
    engine::crash::check()?;
    let named = cli.config_dir;
    let config_dir = boot::config_dir(named.clone());
    let dir = config_dir.as_deref();
    match cli.command {
        Command::Serve => command::serve::run(dir).await?,
        Command::Worker => command::worker::run(dir).await?,
        Command::Demo(args) => demo::run(named.as_deref(), args).await?,
        Command::Simulator(args) => command::simulator::run(args).await?,
        Command::CheckConfig => return command::check_config::run(dir),
        Command::Settings(command) => command::settings::run(dir, command)?,
        Command::Clock(command) => command::clock::run(dir, command).await?,
        Command::Product(command) => command::product::run(dir, command)?,
        Command::Price(command) => command::price::run(dir, command)?,
        Command::Customer(command) => command::customer::run(dir, command)?,
        Command::Account(command) => command::account::run(dir, command).await?,
        Command::Plugin(command) => return command::plugin::run(dir, command).await,
        Command::Method(command) => command::method::run(dir, command)?,
        Command::Subscription(command) => command::subscription::run(dir, command)?,
        Command::Coupon(command) => command::coupon::run(dir, command)?,
        Command::Meter(command) => command::meter::run(dir, command)?,
        Command::Benefit(command) => command::benefit::run(dir, command)?,
        Command::License(command) => command::license::run(dir, command)?,
        Command::Usage(command) => command::usage::run(dir, command)?,
        Command::Verify(args) => return command::verify::run(dir, &args),
        Command::Simulate(args) => command::simulate::run(dir, &args)?,
        Command::Invoice(command) => command::invoice::run(dir, command)?,
        Command::Payment(command) => command::payment::run(dir, command).await?,
        Command::PauseMoney(args) => command::pause_money::run(dir, args)?,
        Command::ResumeMoney(args) => command::resume_money::run(dir, &args)?,
        Command::Reconcile(args) => return command::reconcile::run(dir, &args).await,
        Command::Activate(args) => command::activate::run(dir, &args).await?,
        Command::Status => command::status::run(dir)?,
        Command::Dispute(command) => command::dispute::run(dir, command)?,
        Command::Refund(command) => command::refund::run(dir, command)?,
    }
    Ok(ExitCode::SUCCESS)
}
