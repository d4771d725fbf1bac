//! `portico customer`: who buys.

use super::invoice::owner;
use crate::{boot, print};
use chrono_tz::Tz;
use domain::invoice::number::CustomerCode;
use domain::tax::TaxRate;
use engine::store;
use engine::store::events::Actor;
use engine::text::one_line;
use engine::usecase::catalog::{NewCustomer, add_customer};
use engine::usecase::set_terms::{Terms, set_terms};
use engine::usecase::sign_in;
use std::path::Path;
use std::str::FromStr;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Add a customer.
    Add {
        /// Address for signing in.
        email: String,
        /// Name.
        #[arg(long)]
        name: String,
        /// Company.
        #[arg(long)]
        company: Option<String>,
        /// Language, for example `de`.
        #[arg(long)]
        locale: Option<String>,
        /// They have agreed to news and offers by mail.
        #[arg(long)]
        marketing: bool,
        /// How numbers of invoices name them, where the pattern has `{CUST}`: 1 to 16 letters and digits.
        #[arg(long)]
        code: Option<CustomerCode>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Set how a customer is billed. What is not given stays as it is.
    Set {
        /// The customer's address.
        email: String,
        /// Whether they pay no tax, whatever else holds: `true` or `false`.
        #[arg(long)]
        tax_exempt: Option<bool>,
        /// Their own rate of tax in per cent, or `none`.
        #[arg(long, value_parser = own::<TaxRate>)]
        tax_rate: Option<Own<TaxRate>>,
        /// Zone of their days, such as `Asia/Tokyo`, or `none`. It holds for subscriptions that begin from now on.
        #[arg(long, value_parser = own::<Tz>)]
        timezone: Option<Own<Tz>>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// List customers.
    List {
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Make a link that signs a customer in: one use, 24 hours. Whoever has it is signed in.
    Link {
        /// The customer's address.
        email: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

/// What an option sets: a value, or with the word `none` nothing of one's own.
#[derive(Debug, Clone, Copy)]
pub struct Own<T>(Option<T>);

fn own<T: FromStr>(text: &str) -> Result<Own<T>, T::Err> {
    if text == "none" { Ok(Own(None)) } else { text.parse().map(|value| Own(Some(value))) }
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { email, name, company, locale, marketing, code, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let new = NewCustomer {
                email,
                name: one_line(&name),
                company: company.as_deref().map(one_line),
                locale,
                marketing,
                code,
            };
            println!("{}", add_customer(&engine, &tenant.id, new)?);
        }
        Command::Set { email, tax_exempt, tax_rate, timezone, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let owner = owner(&engine, &tenant, &email)?;
            let (tax_rate, timezone) = (tax_rate.map(|own| own.0), timezone.map(|own| own.0));
            let terms = Terms { tax_exempt, tax_rate, timezone };
            set_terms(&engine, &tenant.id, &owner.id, terms, Actor::Operator)?;
        }
        Command::List { tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let all = engine.db.read(|conn| store::customers::all(conn, &tenant.id))?;
            print::lines(all.iter().map(|one| format!("{}  {}  {}", one.id, one.email, one.name)))?;
        }
        Command::Link { email, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let customer = owner(&engine, &tenant, &email)?;
            println!("{}", sign_in::invite(&engine, &tenant.id, &customer.id)?);
        }
    }
    Ok(())
}
