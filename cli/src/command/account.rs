//! `portico account`: accounts with payment providers.

use crate::boot;
use anyhow::{Context, bail};
use engine::settings::Secret;
use engine::usecase::catalog::{NewAccount, add_account};
use plugin_host::Host;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as key=value")?;
    Ok((key.to_owned(), value.to_owned()))
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Add { provider, name, settings, secret_files, grants, tenant } = command;
    let known: Vec<&str> = Host::bundled().iter().map(|(name, _)| *name).collect();
    if !known.contains(&provider.as_str()) {
        bail!("no provider is called {provider:?}; there is: {}", known.join(", "));
    }
    let mut secrets = BTreeMap::new();
    for (key, file) in secret_files {
        let path = PathBuf::from(&file);
        let value = std::fs::read_to_string(&path).with_context(|| format!("secret {key}: {file}"))?;
        secrets.insert(key, Secret::new(value.trim_end()));
    }
    let (engine, tenant) = boot::tool(config_dir, &tenant)?;
    let new = NewAccount { provider, name, settings: settings.into_iter().collect(), secrets, grants };
    println!("{}", add_account(&engine, &tenant.id, new)?);
    Ok(())
}
