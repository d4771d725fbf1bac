//! `portico license`: license keys, and the devices that use them.

use crate::{boot, print};
use anyhow::Context;
use domain::entitlement::license::LicenseKey;
use engine::ids::SubscriptionId;
use engine::query::entitlements::{self, Entitled};
use engine::store;
use engine::store::events::Actor;
use engine::text::one_line;
use engine::usecase::license::{activate, check, deactivate, issue, revoke};
use engine::usecase::sign_in;
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List what a customer's subscriptions give, keys masked.
    List {
        /// The customer's address.
        #[arg(long)]
        customer: String,
        /// Print whole keys.
        #[arg(long)]
        reveal: bool,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Issue a key, where one was revoked or the benefit came later than the subscription. Prints it.
    Issue {
        /// The benefit's short name.
        benefit: String,
        /// The subscription.
        #[arg(long)]
        subscription: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Take a key away for good.
    Revoke {
        /// The key.
        key: String,
        /// Why, for the record.
        #[arg(long)]
        reason: Option<String>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Let a device use a key.
    Activate(Device),
    /// Let a device give a key up.
    Deactivate(Device),
    /// Say whether a key works: at all, or on a device. Exit code 1 when it does not.
    Check {
        /// The key.
        key: String,
        /// What the device calls itself.
        #[arg(long)]
        device: Option<String>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

/// A key on a device.
#[derive(clap::Args)]
pub struct Device {
    /// The key.
    key: String,
    /// What the device calls itself.
    #[arg(long)]
    device: String,
    /// The business's short name.
    #[arg(long)]
    tenant: String,
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { customer, reveal, tenant } => list(config_dir, &customer, reveal, &tenant)?,
        Command::Issue { benefit, subscription, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let id = SubscriptionId::from(subscription);
            println!("{}", issue(&engine, &tenant.id, &id, &benefit, Actor::Operator)?.key_text);
        }
        Command::Revoke { key, reason, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let reason = reason.as_deref().map(one_line);
            revoke(&engine, &tenant.id, &key, reason.as_deref(), Actor::Operator)?;
        }
        Command::Activate(Device { key, device, tenant }) => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            activate(&engine, &tenant.id, &key, &one_line(&device), Actor::Operator)?;
        }
        Command::Deactivate(Device { key, device, tenant }) => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            deactivate(&engine, &tenant.id, &key, &one_line(&device), Actor::Operator)?;
        }
        Command::Check { key, device, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            check(&engine, &tenant.id, &key, device.as_deref())?;
            println!("It works.");
        }
    }
    Ok(())
}

fn list(config_dir: Option<&Path>, email: &str, reveal: bool, tenant: &str) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    let email = sign_in::parse_email(email)?;
    let lines = engine.read(&tenant.id, |conn, scope| {
        let Some(owner) = store::customers::by_email(conn, scope.id(), &email)? else { return Ok(None) };
        let mut lines = Vec::new();
        for sub in store::subscriptions::list(conn, scope.id(), &owner.id)? {
            let given = entitlements::of(conn, scope, &sub)?;
            lines.extend(given.iter().map(|one| format!("{}  {}", sub.id, line(one, reveal))));
        }
        Ok(Some(lines))
    })?;
    print::lines(lines.with_context(|| format!("{} has no customer {email}", tenant.slug))?)
}

/// What it is, whether it can be used, and the key with its devices.
fn line(entitled: &Entitled, reveal: bool) -> String {
    use domain::entitlement::Access;
    let access = match entitled.access {
        Access::Granted => "granted".to_owned(),
        Access::Grace(until) => format!("in grace until {} UTC", until.format("%Y-%m-%d %H:%M")),
        Access::Withheld => "withheld".to_owned(),
    };
    let mut line = format!("{}  {access}", entitled.benefit.code);
    if let Some(key) = &entitled.key {
        let masked = || key.key_text.parse().map(|key: LicenseKey| key.masked()).unwrap_or_default();
        let shown = if reveal { key.key_text.clone() } else { masked() };
        let revoked = if key.revoked_at.is_some() { "  revoked" } else { "" };
        let devices: Vec<&str> = entitled.devices.iter().map(|device| device.label.as_str()).collect();
        line = format!("{line}  {shown}{revoked}  {}", devices.join(", ")).trim_end().to_owned();
    }
    line
}
