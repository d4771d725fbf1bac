//! `portico invoice draft` and what follows it: an invoice before it has a number.

use super::invoice::{owner, parse_line, parse_sale, position};
use crate::{boot, print};
use domain::money::Money;
use engine::Engine;
use engine::ids::InvoiceId;
use engine::store::events::Actor;
use engine::store::tenants::Tenant;
use engine::usecase::draft::{add_line, discard, draft, finalise, preview, remove_line};
use engine::usecase::one_off::NewLine;
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Begin an invoice that is finalised later.
    Draft {
        /// The customer's address.
        #[arg(long)]
        customer: String,
        /// Days until it is due, from the day it is finalised; the business's when not given.
        #[arg(long)]
        due_days: Option<u32>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Add a line to a draft.
    Add {
        /// The draft's id.
        draft: InvoiceId,
        /// As for `bill`.
        #[arg(value_parser = parse_line, required_unless_present = "price")]
        line: Option<NewLine>,
        /// As for `bill`, instead.
        #[arg(long, value_parser = parse_sale, conflicts_with = "line")]
        price: Option<NewLine>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Remove a line from a draft.
    Remove {
        /// The draft's id.
        draft: InvoiceId,
        /// Counted from 1.
        line: usize,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Show what a draft would come to.
    Preview {
        /// The draft's id.
        draft: InvoiceId,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Turn a draft into an open invoice with a number.
    Finalise {
        /// The draft's id.
        draft: InvoiceId,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Throw a draft away.
    Discard {
        /// The draft's id.
        draft: InvoiceId,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Draft { customer, due_days, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let owner = owner(&engine, &tenant, &customer)?;
            println!("{}", draft(&engine, &tenant.id, &owner.id, due_days)?);
        }
        Command::Add { draft, line, price, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            line.or(price).into_iter().try_for_each(|line| add_line(&engine, &tenant.id, &draft, line))?;
        }
        Command::Remove { draft, line, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            remove_line(&engine, &tenant.id, &draft, position(line)?)?;
        }
        Command::Preview { draft, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            show(&engine, &tenant, &draft)?;
        }
        Command::Finalise { draft, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let invoice = finalise(&engine, &tenant.id, &draft, Actor::Operator)?;
            println!("{}  {}", invoice.number.as_deref().unwrap_or_default(), invoice.total());
        }
        Command::Discard { draft, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            discard(&engine, &tenant.id, &draft)?;
        }
    }
    Ok(())
}

fn show(engine: &Engine, tenant: &Tenant, id: &InvoiceId) -> anyhow::Result<()> {
    let bill = preview(engine, &tenant.id, id)?.bill;
    let money = |minor| Money::new(minor, bill.currency);
    let lines = (1..).zip(bill.lines.iter().zip(&bill.assembled.lines)).map(|(position, (line, amounts))| {
        let (quantity, unit, rate) = (line.input.quantity, line.input.unit_amount, line.input.tax_rate);
        let amount = money(amounts.amount);
        format!("{position}  {}  {quantity} x {}  {rate} %  {amount}", line.description, money(unit))
    });
    let groups = bill.assembled.by_rate.iter();
    let taxes = groups.map(|group| format!("tax {} %  {}", group.rate, money(group.tax)));
    print::lines(lines.chain(taxes).chain([format!("total  {}", money(bill.assembled.total))]))
}
