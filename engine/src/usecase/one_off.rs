//! Bills a customer for something once, beside any subscription. The customer pays it by hand; once it is overdue it is
//! dunned as every invoice is.

use super::bill::{self, BillLine, Draft, PeriodBill, Terms};
use super::{catalog, document, settle};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, PriceId, TenantId};
use crate::mail::{self, MailFacts, MailKind, NewMail};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::customers::Customer;
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::currency::Currency;
use domain::invoice::assemble::LineInput;
use domain::invoice::formula::{Formula, LineFormula};
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::tax::TaxRate;
use domain::tax::decide::TaxDecision;
use serde::{Deserialize, Serialize};

/// Longest description of a line, in characters.
pub const DESCRIPTION_CHARS: usize = 200;

/// A line to bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewLine {
    /// In a person's own words.
    Written {
        /// As printed.
        description: String,
        /// How many.
        quantity: i64,
        /// For one, in minor units of the business's currency, with or without tax as the business's prices are.
        unit_amount: i64,
        /// Its own rate of tax, instead of the business's. Who pays no tax pays none of this either.
        tax_rate: Option<TaxRate>,
    },
    /// What the catalogue sells once.
    Sold {
        /// The business's own name of the price.
        price_code: String,
        /// How many.
        quantity: i64,
    },
}

/// Writes an invoice over some lines, now.
///
/// # Errors
/// `Refused` with `bad_line`, `nothing_to_bill`, `unknown_price`, `other_currency`, or a code of
/// [`domain::sale::SaleRefusal`].
pub fn invoice_now(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    lines: Vec<NewLine>,
    actor: Actor,
) -> Result<Invoice> {
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let currency = scope.settings.identity.currency;
        open(tx, scope, &owner, (currency, &lines), None, &actor)
    })
}

/// What lines come to, taxed as is decided for their customer now.
pub(super) fn bill_of(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    (currency, lines): (Currency, &[NewLine]),
) -> Result<PeriodBill> {
    let tax = bill::tax::of_customer(conn, scope, owner)?;
    let lines = lines.iter().map(|line| match line {
        NewLine::Written { description, quantity, unit_amount, tax_rate } => {
            let behaviour = scope.settings.tax.behaviour;
            let tax_rate = tax.rate_of(*tax_rate);
            let (quantity, unit_amount) = (*quantity, *unit_amount);
            written(description, LineInput { quantity, unit_amount, discount: 0, tax_rate, behaviour })
        }
        NewLine::Sold { price_code, quantity } => sold(conn, scope, (price_code, *quantity), &tax, currency),
    });
    let lines = lines.collect::<Result<_>>()?;
    bill::bill_of(currency, lines)
}

/// Opens the invoice over such lines. The caller has locked the customer.
pub(super) fn open(
    tx: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    lines: (Currency, &[NewLine]),
    terms: Option<Terms>,
    actor: &Actor,
) -> Result<Invoice> {
    let customer = store::customers::get(tx, scope.id(), owner)?;
    let bill = bill_of(tx, scope, owner, lines)?;
    if bill.assembled.total <= 0 {
        return Err(Error::refused("nothing_to_bill", "the invoice would be over nothing"));
    }
    let reason = BillingReason::Manual;
    let draft = Draft { customer: &customer, sub: None, reason, period: None, bill, actor, terms };
    let invoice = bill::open(tx, scope, draft)?;
    if invoice.status == InvoiceStatus::Open {
        document::request(tx, scope, &invoice.id, DocumentKind::Invoice)?;
    }
    tell(tx, scope, &customer, &invoice)?;
    Ok(invoice)
}

/// Sends the customer what they are billed for, and until when to pay what the balance left open.
fn tell(tx: &mut Conn, scope: &Scope, customer: &Customer, invoice: &Invoice) -> Result<()> {
    let open = invoice.status == InvoiceStatus::Open;
    let facts = MailFacts {
        product: settle::first_line(tx, scope, invoice)?,
        amount: open.then(|| invoice.due()).transpose()?,
        date: invoice.due_at.map(|at| scope.date_of(at)),
        invoice_id: Some(invoice.id.clone()),
        ..MailFacts::default()
    };
    let kind = MailKind::InvoiceIssued;
    let dedupe_key = format!("{}:{kind}", invoice.id);
    mail::queue(tx, scope, NewMail { to: customer, kind, dedupe_key, facts })
}

/// A line in a person's words. One that says nothing or takes something off is refused.
fn written(description: &str, input: LineInput) -> Result<BillLine> {
    let named = (1..=DESCRIPTION_CHARS).contains(&description.trim().chars().count());
    if named && input.quantity >= 1 && input.unit_amount >= 0 {
        return Ok(bill_line(None, description.trim(), input));
    }
    Err(Error::refused("bad_line", "a line needs a description, a quantity and an amount"))
}

/// A line of the catalogue, at its price, with the tax of its product.
fn sold(
    conn: &mut Conn,
    scope: &Scope,
    (code, quantity): (&str, i64),
    tax: &TaxDecision,
    currency: Currency,
) -> Result<BillLine> {
    let (price, product, offered) = catalog::offered(conn, scope, code)?;
    offered.once(quantity).map_err(catalog::refusal)?;
    if price.currency != currency {
        return Err(Error::refused("other_currency", format!("the price {code:?} is in another currency")));
    }
    let input = LineInput {
        quantity,
        unit_amount: price.unit_amount,
        discount: 0,
        tax_rate: tax.rate_of(product.own_rate()?),
        behaviour: price.tax_behaviour,
    };
    Ok(bill_line(Some(price.id), &product.name, input))
}

fn bill_line(price_id: Option<PriceId>, description: &str, input: LineInput) -> BillLine {
    let LineInput { quantity, unit_amount, .. } = input;
    BillLine {
        price_id,
        description: description.to_owned(),
        input,
        service: None,
        formula: LineFormula(vec![Formula::Full { quantity, unit_amount }]),
        reverses: None,
        waited: None,
        counted: Vec::new(),
    }
}
