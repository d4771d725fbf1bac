//! `portico simulate`: what will happen, played with the real use cases on a copy of the data. Nobody is charged and
//! nothing is sent: a [`Rehearsal`] knows neither providers nor mail servers, and owns the copy alone.

use crate::print;
use anyhow::{Context, bail};
use chrono::TimeDelta;
use domain::Instant;
use engine::Engine;
use engine::ids::TenantId;
use engine::query::journal::{self, Entry};
use engine::rehearsal::{DbCopy, Forecaster, Rehearsal};
use engine::settings::{LiveSettings, Sources};
use engine::store::tenants::Tenant;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(clap::Args)]
pub struct Args {
    /// Until when, in UTC: 2027-01-31 or 2027-01-31T10:00.
    #[arg(long, value_name = "DATE")]
    until: String,
    /// The business's short name; all of them when not given.
    #[arg(long)]
    tenant: Option<String>,
    /// A file with another [dunning]: what would differ is printed.
    #[arg(long, value_name = "FILE")]
    dunning: Option<PathBuf>,
    /// Decline so many charges in a hundred.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    declines: Option<u32>,
    /// Which charges are declined; the same number declines the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// One run for one business.
struct Forecast {
    journal: Vec<Entry>,
    totals: Vec<String>,
    failures: Vec<String>,
    refused_methods: usize,
}

pub fn run(config_dir: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let until = super::moment(&args.until)?;
    let (engine, tenants) = super::businesses(config_dir, args.tenant.as_deref())?;
    let other = args.dunning.as_deref().map(|file| with_dunning(&engine, config_dir, file)).transpose()?;
    let now = forecast_all(&engine, "now", &tenants, until, args)?;
    let changed = other.map(|other| forecast_all(&other, "changed", &tenants, until, args)).transpose()?;
    for (at, tenant) in tenants.iter().enumerate() {
        print::lines(told(&tenant.slug, &now[at], args))?;
        if let Some(changed) = &changed {
            print::lines(differences(&now[at], &changed[at]))?;
        }
    }
    Ok(())
}

/// What will happen to a business within an hour, were its money to move.
pub fn within_an_hour(engine: &Engine, tenant: &Tenant) -> anyhow::Result<Vec<String>> {
    let now = engine.read(&tenant.id, |_, scope| Ok(scope.now.billing))?;
    let until = now + TimeDelta::hours(1);
    let args = Args {
        until: until.format("%Y-%m-%dT%H:%M").to_string(),
        tenant: None,
        dunning: None,
        declines: None,
        seed: 1,
    };
    let forecasts = forecast_all(engine, "resumed", std::slice::from_ref(tenant), until, &args)?;
    Ok(forecasts.iter().flat_map(|forecast| told(&tenant.slug, forecast, &args)).collect())
}

/// The engine as it would be with another dunning policy.
fn with_dunning(engine: &Engine, config_dir: Option<&Path>, file: &Path) -> anyhow::Result<Engine> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
    let settings = LiveSettings::load(Sources::new(config_dir).with_dunning(&name, &text))?;
    Ok(Engine { settings: Arc::new(settings), ..engine.clone() })
}

fn forecast_all(
    engine: &Engine,
    name: &str,
    tenants: &[Tenant],
    until: Instant,
    args: &Args,
) -> anyhow::Result<Vec<Forecast>> {
    let data_dir = &engine.settings.current().installation.data_dir;
    let folder = data_dir.join(format!("simulation-{}-{name}", std::process::id()));
    let copy = DbCopy::of(&engine.db, &folder)?;
    tenants.iter().map(|tenant| forecast(engine, &copy, &tenant.id, until, args)).collect()
}

fn forecast(
    engine: &Engine,
    copy: &DbCopy,
    tenant: &TenantId,
    until: Instant,
    args: &Args,
) -> anyhow::Result<Forecast> {
    let mut forecaster = Forecaster::default();
    engine.read(tenant, |conn, scope| forecaster.learn(conn, scope))?;
    let refused_methods = forecaster.refused_methods();
    if let Some(percent) = args.declines {
        forecaster = forecaster.declining(percent, args.seed);
    }
    let mut rehearsal = Rehearsal::on_copy(engine, copy, vec![tenant.clone()], forecaster)?;
    let start = rehearsal.engine().read(tenant, |_, scope| Ok(scope.now))?;
    if until <= start.billing {
        bail!("{} is not in the future: it is {} there", args.until, start.billing.format("%Y-%m-%d %H:%M"));
    }
    rehearsal.live_until(start.wall + (until - start.billing))?;
    let failures = rehearsal.take_failures();
    let (journal, totals) = rehearsal.engine().read(tenant, |conn, scope| {
        Ok((journal::since(conn, scope, start.billing)?, journal::totals(conn, scope, start.billing)?))
    })?;
    Ok(Forecast { journal, totals, failures, refused_methods })
}

fn told(slug: &str, forecast: &Forecast, args: &Args) -> Vec<String> {
    let mut lines = vec![
        format!("{slug} until {}. Nobody is charged, nothing is sent, nothing is changed.", args.until),
        format!(
            "Assumed: charges succeed, but for {} methods that were refused for good and those that expire{}; customers \
             do nothing.",
            forecast.refused_methods,
            args.declines.map_or(String::new(), |percent| format!(
                ", and {percent} in a hundred (seed {})",
                args.seed
            )),
        ),
        String::new(),
    ];
    lines.extend(forecast.journal.iter().map(ToString::to_string));
    lines.push(String::new());
    lines.extend(forecast.totals.iter().cloned());
    lines.extend(forecast.failures.iter().map(|failure| format!("failed: {failure}")));
    lines
}

/// What happens only under one of the two policies, in order. The numbers of documents do not count.
fn differences(now: &Forecast, changed: &Forecast) -> Vec<String> {
    let mut lines = vec![String::new(), "With the other dunning (- now only, + then only):".to_owned()];
    let removed = missing(&now.journal, &changed.journal).into_iter().map(|entry| (entry.at, '-', entry));
    let added = missing(&changed.journal, &now.journal).into_iter().map(|entry| (entry.at, '+', entry));
    let mut all: Vec<_> = removed.chain(added).collect();
    all.sort_by_key(|(at, sign, _)| (*at, *sign == '+'));
    if all.is_empty() {
        lines.push("no difference".to_owned());
    }
    lines.extend(all.into_iter().map(|(_, sign, entry)| format!("{sign} {entry}")));
    lines.push(String::new());
    let only = |a: &Forecast, b: &Forecast, sign: char| -> Vec<String> {
        a.totals.iter().filter(|line| !b.totals.contains(line)).map(|line| format!("{sign} {line}")).collect()
    };
    lines.extend(only(now, changed, '-'));
    lines.extend(only(changed, now, '+'));
    lines
}

/// Entries of `from` that `other` does not have as often.
fn missing<'a>(from: &'a [Entry], other: &[Entry]) -> Vec<&'a Entry> {
    let mut counts = BTreeMap::new();
    for entry in other {
        *counts.entry(entry.fact()).or_insert(0_usize) += 1;
    }
    let mut missing = Vec::new();
    for entry in from {
        match counts.get_mut(&entry.fact()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => missing.push(entry),
        }
    }
    missing
}
