//! `portico verify`: whether what is written down is true.

use crate::print;
use engine::store::tenants::Tenant;
use engine::{Engine, verify};
use std::path::Path;
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Args {
    /// The business's short name; all of them when not given.
    #[arg(long)]
    tenant: Option<String>,
}

/// Exit code 1 when anything is found, or a business cannot be verified.
pub fn run(config_dir: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let (engine, tenants) = super::businesses(config_dir, args.tenant.as_deref())?;
    let mut sound = true;
    for tenant in tenants {
        let (lines, holds) = report(&engine, &tenant);
        print::lines(lines)?;
        sound &= holds;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What to say of a business, and whether everything holds.
fn report(engine: &Engine, tenant: &Tenant) -> (Vec<String>, bool) {
    let slug = &tenant.slug;
    let findings = match verify::business(engine, &tenant.id) {
        Ok(findings) => findings,
        Err(error) => return (vec![format!("{slug}: cannot be verified: {error}")], false),
    };
    let head = match findings.len() {
        0 => format!("{slug}: everything holds"),
        1 => format!("{slug}: 1 finding"),
        many => format!("{slug}: {many} findings"),
    };
    let told = findings.iter().map(|finding| format!("  {finding}"));
    (std::iter::once(head).chain(told).collect(), findings.is_empty())
}
