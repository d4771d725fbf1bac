//! `portico settings explain`: each value that holds, and where it comes from.

use crate::print;
use anyhow::bail;
use engine::settings::Settings;
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Print each value of a business (or of the installation), and where it comes from.
    Explain {
        /// The business's short name; the installation's settings when not given.
        tenant: Option<String>,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Explain { tenant } = command;
    let settings = Settings::load(config_dir)?;
    let Some(rows) = settings.explain(tenant.as_deref()) else {
        let known: Vec<&str> = settings.tenants().map(|t| t.slug.as_str()).collect();
        bail!("no business is called {:?}; there is: {}", tenant.unwrap_or_default(), known.join(", "));
    };
    let widest = |text: fn(&engine::settings::Explained) -> usize| rows.iter().map(text).max().unwrap_or(0);
    let (key, value) = (widest(|row| row.key.len()), widest(|row| row.value.len()).min(48));
    print::lines(rows.iter().map(|row| format!("{:key$}  {:value$}  {}", row.key, row.value, row.source)))
}
