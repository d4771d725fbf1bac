//! `portico subscription change` and `confirm`: what a change costs, and doing it at that price.

use crate::boot;
use anyhow::{Context, bail};
use domain::subscription::change::decide::Effect;
use engine::ids::{PriceId, SubscriptionId};
use engine::store::events::Actor;
use engine::store::tenants::Tenant;
use engine::usecase::change::{self, Confirmation, Quoted, Wish};
use engine::{Engine, store};
use std::path::Path;

/// What a subscription should become; what is not said stays.
#[derive(clap::Args)]
pub struct Wanted {
    /// The subscription.
    id: String,
    /// The short name of its plan's new price.
    #[arg(long)]
    price: Option<String>,
    /// How many of the plan.
    #[arg(long)]
    quantity: Option<i64>,
    /// Short name of an add-on's price, with how many: storage-monthly=2. Say all that there should be.
    #[arg(long = "addon", value_name = "PRICE[=COUNT]", conflicts_with = "no_addons")]
    addons: Vec<String>,
    /// Take all add-ons away.
    #[arg(long)]
    no_addons: bool,
    /// The business's short name.
    #[arg(long)]
    tenant: String,
}

/// Prints what a change costs, and its ticket.
pub fn quote(config_dir: Option<&Path>, wanted: Wanted) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, &wanted.tenant)?;
    let price = wanted.price.as_deref().map(|code| price(&engine, &tenant, code)).transpose()?;
    let addons = wanted.addons.iter().map(|text| addon(&engine, &tenant, text));
    let addons: Vec<(PriceId, i64)> = addons.collect::<anyhow::Result<_>>()?;
    let replaces = wanted.no_addons || !addons.is_empty();
    let wish = Wish { price, quantity: wanted.quantity, addons: replaces.then_some(addons) };
    let id = SubscriptionId::from(wanted.id);
    print(&change::quote(&engine, &tenant.id, &Actor::Operator, &id, &wish)?);
    Ok(())
}

/// Carries out what a ticket was printed for.
pub fn confirm(config_dir: Option<&Path>, ticket: &str, tenant: &str) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    match change::confirm(&engine, &tenant.id, &Actor::Operator, ticket)? {
        Confirmation::Applied => println!("changed"),
        Confirmation::Paying(invoice) => println!("changes once {invoice} is paid"),
        Confirmation::Scheduled(at) => println!("changes at {} UTC", at.format("%Y-%m-%d %H:%M")),
        Confirmation::Stale(now) => {
            print(&now);
            bail!("the quote no longer holds; this is what holds now");
        }
    }
    Ok(())
}

fn print(Quoted { quote, set_off, ticket, .. }: &Quoted) {
    let code = quote.currency.code();
    for (line, sum) in quote.change.lines.iter().zip(&quote.lines.lines) {
        println!("{:>12} {code}  {} of {}", sum.gross, line.kind, line.price);
    }
    if *set_off != 0 {
        println!("{set_off:>12} {code}  comes off what is not paid yet");
    }
    let when = match &quote.change.effect {
        Effect::AtOnce | Effect::InTrial { .. } => "at once".to_owned(),
        Effect::OncePaid => "once paid".to_owned(),
        Effect::NewPeriodOncePaid { .. } => "once paid, with a new period".to_owned(),
        Effect::Later(at) => format!("at {} UTC", at.format("%Y-%m-%d %H:%M")),
    };
    println!("{:>12} {code}  due now; effective {when}", quote.settlement.due);
    println!("{:>12} {code}  at the next renewal", quote.renewal.total);
    println!("{ticket}");
}

fn addon(engine: &Engine, tenant: &Tenant, text: &str) -> anyhow::Result<(PriceId, i64)> {
    let (code, count) = text.split_once('=').unwrap_or((text, "1"));
    let count = count.parse().with_context(|| format!("--addon {text}"))?;
    Ok((price(engine, tenant, code)?, count))
}

fn price(engine: &Engine, tenant: &Tenant, code: &str) -> anyhow::Result<PriceId> {
    let found = engine.db.read(|conn| store::catalog::price_by_code(conn, &tenant.id, code))?;
    Ok(found.with_context(|| format!("no price is called {code:?}"))?.id)
}
