//! `portico reconcile`: providers' lists of charges and refunds beside ours.

use crate::{boot, print};
use domain::Instant;
use engine::store;
use engine::store::tenants::Tenant;
use engine::usecase::reconcile::{Occasion, Report};
use std::path::Path;
use std::process::ExitCode;
use worker::Env;
use worker::jobs::reconcile;

#[derive(clap::Args)]
pub struct Args {
    /// Your own name for the account; all of them when not given.
    #[arg(long)]
    account: Option<String>,
    /// From when on, in UTC: 2027-01-31 or 2027-01-31T10:00. Since the last time when not given.
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// The business's short name; all of them when not given.
    #[arg(long)]
    tenant: Option<String>,
}

/// Exit code 1 when something does not agree.
pub async fn run(config_dir: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let since = args.since.as_deref().map(super::moment).transpose()?;
    let (engine, tenants) = super::businesses(config_dir, args.tenant.as_deref())?;
    boot::insist_on_home(&engine)?;
    let providers = boot::providers(&engine, &[]).await?;
    let env = boot::worker_env(&engine, &providers, &boot::renderer(&engine)?)?;
    let mut agree = true;
    for tenant in &tenants {
        let told = compare(&env, tenant, args.account.as_deref(), since, Occasion::Daily).await?;
        agree &= told.agree;
        print::lines(told.lines)?;
    }
    Ok(if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What there is to say of a business.
#[derive(Default)]
pub struct Told {
    /// For a person to read.
    pub lines: Vec<String>,
    /// Nothing differs, and nothing waits for an attempt that takes it in.
    pub agree: bool,
    /// Some account's provider cannot list.
    pub unlisted: bool,
}

/// Compares the accounts of a business, or the one of this name.
pub async fn compare(
    env: &Env,
    tenant: &Tenant,
    name: Option<&str>,
    since: Option<Instant>,
    occasion: Occasion,
) -> anyhow::Result<Told> {
    let mut told = Told { agree: true, ..Told::default() };
    let accounts = env.engine.db.read(|conn| store::methods::accounts(conn, &tenant.id))?;
    for account in accounts.iter().filter(|account| name.is_none_or(|name| account.name == name)) {
        let head = format!("{} {}", tenant.slug, account.name);
        match reconcile::account(env, &tenant.id, &account.id, since, occasion).await? {
            None => {
                told.unlisted = true;
                told.lines.push(format!("{head}: its provider cannot list; compare by hand"));
            }
            Some(report) => {
                let Report { listed, strangers, taken_in, differing, missing, .. } = &report;
                told.agree &= differing.is_empty() && missing.is_empty();
                told.lines.push(format!(
                    "{head}: {listed} listed, {strangers} of others, {} taken in, {} differ, {} not there",
                    taken_in.len(),
                    differing.len(),
                    missing.len()
                ));
                told.lines.extend(taken_in.iter().map(|id| format!("  taken in   {id}")));
                told.lines.extend(differing.iter().map(|id| format!("  differs    {id}")));
                told.lines.extend(missing.iter().map(|id| format!("  not there  {id}")));
            }
        }
    }
    for stray in env.engine.db.read(|conn| store::reconciliation::strays(conn, &tenant.id))? {
        told.agree = false;
        told.lines.push(format!(
            "  unknown    {} {} of {} UTC for {}: taken in when its invoice is charged, else for a person",
            stray.purpose,
            stray.provider_ref,
            stray.created_at.format("%Y-%m-%d %H:%M"),
            stray.natural_ref
        ));
    }
    Ok(told)
}
