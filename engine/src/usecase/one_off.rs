//! Bills a customer for something once, beside any subscription. The customer pays it by hand; once it is overdue it is
//! dunned as every invoice is.

use super::bill::{self, BillLine, Draft, PeriodBill, Terms};
use super::document;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::currency::Currency;
use domain::invoice::assemble::LineInput;
use domain::invoice::formula::{Formula, LineFormula};
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::tax::decide::TaxDecision;
use domain::tax::{TaxBehaviour, TaxRate};
use serde::{Deserialize, Serialize};

/// Longest description of a line, in characters.
pub const DESCRIPTION_CHARS: usize = 200;

/// A line to bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLine {
    /// As printed.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// For one, in minor units of the business's currency, with or without tax as the business's prices are.
    pub unit_amount: i64,
    /// Its own rate of tax, instead of the business's. Who pays no tax pays none of this either.
    pub tax_rate: Option<TaxRate>,
}

/// Writes an invoice over some lines, now.
///
/// # Errors
/// `Refused` with `bad_line` or `nothing_to_bill`.
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

/// What lines come to that a person wrote, taxed as is decided for their customer now.
pub(super) fn bill_of(
    conn: &mut Conn,
    scope: &Scope,
    owner: &CustomerId,
    (currency, lines): (Currency, &[NewLine]),
) -> Result<PeriodBill> {
    let tax = bill::tax::of_customer(conn, scope, owner)?;
    let behaviour = scope.settings.tax.behaviour;
    let lines = lines.iter().map(|line| bill_line(line, &tax, behaviour)).collect::<Result<_>>()?;
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
    Ok(invoice)
}

/// Refuses a line that says nothing or takes something off.
pub(super) fn check(line: &NewLine) -> Result<()> {
    let named = (1..=DESCRIPTION_CHARS).contains(&line.description.trim().chars().count());
    if named && line.quantity >= 1 && line.unit_amount >= 0 {
        return Ok(());
    }
    Err(Error::refused("bad_line", "a line needs a description, a quantity and an amount"))
}

fn bill_line(line: &NewLine, tax: &TaxDecision, behaviour: TaxBehaviour) -> Result<BillLine> {
    check(line)?;
    let NewLine { description, quantity, unit_amount, tax_rate } = line;
    let (quantity, unit_amount) = (*quantity, *unit_amount);
    let tax_rate = tax.rate_of(*tax_rate);
    Ok(BillLine {
        price_id: None,
        description: description.trim().to_owned(),
        input: LineInput { quantity, unit_amount, discount: 0, tax_rate, behaviour },
        service: None,
        formula: LineFormula(vec![Formula::Full { quantity, unit_amount }]),
        reverses: None,
        waited: None,
        counted: Vec::new(),
    })
}
