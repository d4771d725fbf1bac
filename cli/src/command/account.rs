//! `portico account`: accounts with payment providers.

use super::account_form;
use crate::{boot, components};
use anyhow::{Context, bail};
use engine::ids::InboundId;
use engine::settings::Secret;
use engine::store;
use engine::usecase::catalog::{NewAccount, add_account, allow_unsafe};
use engine::usecase::inbound;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add an account. The first one is the default.
    Add {
        /// The provider's name, for example `sandbox`.
        provider: String,
        /// Your own name for the account.
        #[arg(long)]
        name: String,
        /// A setting, `key=value`; may be given several times.
        #[arg(long = "set", value_parser = pair)]
        settings: Vec<(String, String)>,
        /// A secret, `key=FILE`: its value is read from the file. May be given several times.
        #[arg(long = "secret-file", value_parser = pair)]
        secret_files: Vec<(String, String)>,
        /// An origin that the provider may reach, `https://api.example.com`; may be given several times.
        #[arg(long = "grant")]
        grants: Vec<String>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Show the accounts, and the address to enter as webhook at each provider.
    List {
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Show what providers told by webhook that nothing here is yet.
    Events {
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Put aside what a provider told: you have seen to it, or it is nothing.
    Dismiss {
        /// Id of the event, as `events` shows it.
        event: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Charge an account without asking a person, though its provider can neither be asked nor repeat a request safely.
    AllowUnsafe {
        /// Your own name for the account.
        name: String,
        /// Take that back.
        #[arg(long)]
        revoke: bool,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as key=value")?;
    Ok((key.to_owned(), value.to_owned()))
}

pub async fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { provider, name, settings, secret_files, grants, tenant } => {
            let secrets = read_secrets(secret_files)?;
            let new =
                NewAccount { provider, name, settings: settings.into_iter().collect(), secrets, grants };
            add(config_dir, new, &tenant).await
        }
        Command::List { tenant } => list(config_dir, &tenant),
        Command::Events { tenant } => events(config_dir, &tenant),
        Command::Dismiss { event, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            Ok(inbound::dismiss(&engine, &tenant.id, &InboundId::from(event))?)
        }
        Command::AllowUnsafe { name, revoke, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let accounts = engine.db.read(|conn| store::methods::accounts(conn, &tenant.id))?;
            let account = accounts.into_iter().find(|account| account.name == name);
            let account = account.with_context(|| format!("{} has no account {name:?}", tenant.slug))?;
            Ok(allow_unsafe(&engine, &tenant.id, &account.id, !revoke)?)
        }
    }
}

fn list(config_dir: Option<&Path>, tenant: &str) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    let settings = engine.settings.current();
    let portal = settings.tenant(&tenant.slug).context("this business has no settings file")?;
    for account in engine.db.read(|conn| store::methods::accounts(conn, &tenant.id))? {
        let webhook = settings.webhook_url(portal, &account.id);
        println!("{}  {}  {}  {webhook}", account.id, account.provider, account.name);
    }
    Ok(())
}

fn events(config_dir: Option<&Path>, tenant: &str) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    for event in engine.db.read(|conn| store::inbound::open(conn, &tenant.id))? {
        let since = event.received_at.format("%Y-%m-%d %H:%M");
        println!("{}  {}  {} {}  {since}", event.id, event.provider_account_id, event.kind, event.object_ref);
    }
    Ok(())
}

async fn add(config_dir: Option<&Path>, mut new: NewAccount, tenant: &str) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    let providers = boot::host(&engine)?;
    components::bring_up(&engine, &providers, &[&new.provider]).await?;
    let Some(provider) = providers.provider(&new.provider) else {
        bail!("no provider is called {:?}; `portico plugin list` names them", new.provider);
    };
    account_form::complete(provider.manifest(), &mut new)?;
    println!("{}", add_account(&engine, &tenant.id, new)?);
    Ok(())
}

fn read_secrets(files: Vec<(String, String)>) -> anyhow::Result<BTreeMap<String, Secret>> {
    let mut secrets = BTreeMap::new();
    for (key, file) in files {
        let secret = account_form::secret(Path::new(&file)).with_context(|| format!("secret {key}"))?;
        secrets.insert(key, secret);
    }
    Ok(secrets)
}
