//! `portico invoice`: bill once, credit, refund, withdraw, give up.

use super::draft;
use crate::{boot, print};
use anyhow::{Context, bail};
use domain::invoice::credit_note::{CreditReason, Part, Request, Settlement};
use domain::tax::TaxRate;
use engine::ids::InvoiceId;
use engine::store::customers::Customer;
use engine::store::events::Actor;
use engine::store::invoices::Invoice;
use engine::store::tenants::Tenant;
use engine::text::one_line;
use engine::usecase::credit::{CreditRequest, credit};
use engine::usecase::one_off::{NewLine, invoice_now};
use engine::usecase::sign_in;
use engine::usecase::void::void;
use engine::usecase::write_off::write_off;
use engine::{Engine, store};
use std::path::Path;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List a customer's invoices.
    List {
        /// The customer's address.
        #[arg(long)]
        customer: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Bill a customer for something once.
    Bill {
        /// The customer's address.
        #[arg(long)]
        customer: String,
        /// `2x1500@7 Books`: quantity, minor units for one, per cent of tax (the customer's usual rate when left
        /// out), description. May be given several times.
        #[arg(long = "line", required_unless_present = "sales", value_parser = parse_line)]
        lines: Vec<NewLine>,
        /// `2xworkshop`: quantity, short name of a price of something that is sold once. May be given several times.
        #[arg(long = "price", value_parser = parse_sale)]
        sales: Vec<NewLine>,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    #[command(flatten)]
    Draft(draft::Command),
    /// Credit an invoice: what is unpaid is set off, what was paid goes to the customer's balance.
    Credit(Credit),
    /// Credit an invoice, and send what was paid back.
    Refund(Credit),
    /// Withdraw an open invoice of which nothing was paid or credited.
    Void {
        /// The invoice's number or id.
        invoice: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
    /// Give an open invoice up. Its customer may still pay it.
    GiveUp {
        /// The invoice's number or id.
        invoice: String,
        /// The business's short name.
        #[arg(long)]
        tenant: String,
    },
}

#[derive(clap::Args)]
pub struct Credit {
    /// The invoice's number or id.
    invoice: String,
    /// Minor units, tax included, spread over all lines; all that is left when neither this nor lines are given.
    #[arg(long, conflicts_with = "lines")]
    amount: Option<i64>,
    /// Credit what is left of this line, counted from 1. May be given several times.
    #[arg(long = "line")]
    lines: Vec<usize>,
    /// Why: `cancellation`, `withdrawal`, `duplicate`, `correction`, `unsatisfactory`, `fraud`, `goodwill`, `other`.
    #[arg(long)]
    reason: CreditReason,
    /// Why, in words for the customer.
    #[arg(long)]
    comment: Option<String>,
    /// The business's short name.
    #[arg(long)]
    tenant: String,
}

pub fn run(config_dir: Option<&Path>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { customer, tenant } => list(config_dir, &customer, &tenant),
        Command::Bill { customer, lines, sales, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let owner = owner(&engine, &tenant, &customer)?;
            let lines = [lines, sales].concat();
            let invoice = invoice_now(&engine, &tenant.id, &owner.id, lines, Actor::Operator)?;
            println!("{}  {}", invoice.number.as_deref().unwrap_or_default(), invoice.total());
            Ok(())
        }
        Command::Draft(command) => draft::run(config_dir, command),
        Command::Credit(args) => give_back(config_dir, args, Settlement::Balance),
        Command::Refund(args) => give_back(config_dir, args, Settlement::Refund),
        Command::Void { invoice, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let id = named(&engine, &tenant, &invoice)?.id;
            Ok(void(&engine, &tenant.id, &id, Actor::Operator)?)
        }
        Command::GiveUp { invoice, tenant } => {
            let (engine, tenant) = boot::tool(config_dir, &tenant)?;
            let id = named(&engine, &tenant, &invoice)?.id;
            Ok(write_off(&engine, &tenant.id, &id, Actor::Operator)?)
        }
    }
}

fn list(config_dir: Option<&Path>, customer: &str, tenant: &str) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, tenant)?;
    let owner = owner(&engine, &tenant, customer)?;
    let (drafts, all) = engine.db.read(|conn| {
        let drafts = store::drafts::of_customer(conn, &tenant.id, &owner.id)?;
        Ok((drafts, store::invoices::list(conn, &tenant.id, &owner.id)?))
    })?;
    let drafts = drafts.iter().map(|draft| format!("{}  -  draft", draft.id));
    print::lines(drafts.chain(all.iter().map(|invoice| {
        let number = invoice.number.as_deref().unwrap_or_default();
        format!("{}  {number}  {}  {}", invoice.id, invoice.status, invoice.total())
    })))
}

/// The customer with this address.
pub(super) fn owner(engine: &Engine, tenant: &Tenant, email: &str) -> anyhow::Result<Customer> {
    let email = sign_in::parse_email(email)?;
    engine
        .db
        .read(|conn| store::customers::by_email(conn, &tenant.id, &email))?
        .with_context(|| format!("{} has no customer {email}", tenant.slug))
}

fn give_back(config_dir: Option<&Path>, args: Credit, settlement: Settlement) -> anyhow::Result<()> {
    let (engine, tenant) = boot::tool(config_dir, &args.tenant)?;
    let what = match args.amount {
        Some(amount) => Request::Amount(amount),
        None if args.lines.is_empty() => Request::Whole,
        None => Request::Lines(
            args.lines
                .iter()
                .map(|line| Ok((position(*line)?, Part::Rest)))
                .collect::<anyhow::Result<_>>()?,
        ),
    };
    let request = CreditRequest {
        invoice: named(&engine, &tenant, &args.invoice)?.id,
        what,
        reason: args.reason,
        comment: args.comment.as_deref().map(one_line),
        settlement,
    };
    let note = credit(&engine, &tenant.id, request, Actor::Operator)?;
    let parts =
        [("set off", note.to_offset), ("to the balance", note.to_balance), ("sent back", note.to_refund)];
    let parts: Vec<String> =
        parts.iter().filter(|(_, minor)| *minor > 0).map(|(word, minor)| format!("{word} {minor}")).collect();
    println!("{}  {}  {}", note.number, note.total(), parts.join(", "));
    Ok(())
}

/// A line as people count them, from 1.
pub(super) fn position(line: usize) -> anyhow::Result<usize> {
    line.checked_sub(1).context("lines are counted from 1")
}

/// The invoice with this number or id.
pub(super) fn named(engine: &Engine, tenant: &Tenant, name: &str) -> anyhow::Result<Invoice> {
    let found = engine.db.read(|conn| {
        if name.starts_with("inv_") {
            store::invoices::get(conn, &tenant.id, &InvoiceId::from(name.to_owned()))
        } else {
            store::invoices::by_number(conn, &tenant.id, name)
        }
    });
    found.with_context(|| format!("{} has no invoice {name}", tenant.slug))
}

/// Reads `2x1500@7 Books`.
pub(super) fn parse_line(text: &str) -> anyhow::Result<NewLine> {
    let (figures, description) = text.split_once(' ').context("a line needs a description")?;
    let (quantity, price) =
        figures.split_once('x').context("a line begins with its quantity, as in 2x1500")?;
    let (unit_amount, rate) = match price.split_once('@') {
        Some((amount, rate)) => (amount, Some(rate.parse::<TaxRate>()?)),
        None => (price, None),
    };
    if description.trim().is_empty() {
        bail!("a line needs a description");
    }
    Ok(NewLine::Written {
        description: one_line(description),
        quantity: quantity.parse()?,
        unit_amount: unit_amount.parse()?,
        tax_rate: rate,
    })
}

/// Reads `2xworkshop`.
pub(super) fn parse_sale(text: &str) -> anyhow::Result<NewLine> {
    let (quantity, code) = text.split_once('x').context("a quantity comes first, as in 2xworkshop")?;
    Ok(NewLine::Sold { price_code: code.to_owned(), quantity: quantity.parse()? })
}
