//! `portico customer`: who buys.

use crate::{boot, print};
use anyhow::Context;
use domain::invoice::number::CustomerCode;
use engine::store;
use engine::text::one_line;
use engine::usecase::catalog::{NewCustomer, add_customer};
use engine::usecase::sign_in;
use std::path::Path;

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
        Command::List { tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let all = engine.db.read(|conn| store::customers::all(conn, &tenant.id))?;
            print::lines(all.iter().map(|one| format!("{}  {}  {}", one.id, one.email, one.name)))?;
        }
        Command::Link { email, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let email = sign_in::parse_email(&email)?;
            let found = engine.db.read(|conn| store::customers::by_email(conn, &tenant.id, &email))?;
            let customer = found.with_context(|| format!("{} has no customer {email}", tenant.slug))?;
            println!("{}", sign_in::invite(&engine, &tenant.id, &customer.id)?);
        }
    }
    Ok(())
}
