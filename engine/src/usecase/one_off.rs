//! Bills a customer for something once, beside any subscription. The customer pays it by hand.

use super::bill::{self, BillLine, Draft};
use super::document;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, TenantId};
use crate::scope::Engine;
use crate::store;
use crate::store::documents::DocumentKind;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use domain::invoice::assemble::LineInput;
use domain::invoice::formula::{Formula, LineFormula};
use domain::invoice::state::{BillingReason, InvoiceStatus};
use domain::tax::{TaxBehaviour, TaxRate};

/// Longest description of a line, in characters.
pub const DESCRIPTION_CHARS: usize = 200;

/// A line to bill.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// As printed.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// For one, in minor units of the business's currency, with or without tax as the business's prices are.
    pub unit_amount: i64,
    /// Its rate of tax; the customer's usual one when not given. Who pays no tax pays none of this either.
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
        let customer = store::customers::get(tx, scope.id(), &owner)?;
        let usual = bill::tax::of_customer(tx, scope, &owner)?.rate;
        let behaviour = scope.settings.tax.behaviour;
        let lines = lines.into_iter().map(|line| bill_line(line, usual, behaviour)).collect::<Result<_>>()?;
        let bill = bill::bill_of(scope.settings.identity.currency, lines)?;
        if bill.assembled.total <= 0 {
            return Err(Error::refused("nothing_to_bill", "the invoice would be over nothing"));
        }
        let reason = BillingReason::Manual;
        let draft = Draft { customer: &customer, sub: None, reason, period: None, bill, actor: &actor };
        let invoice = bill::open(tx, scope, draft)?;
        if invoice.status == InvoiceStatus::Open {
            document::request(tx, scope, &invoice.id, DocumentKind::Invoice)?;
        }
        Ok(invoice)
    })
}

fn bill_line(line: NewLine, usual: TaxRate, behaviour: TaxBehaviour) -> Result<BillLine> {
    let NewLine { description, quantity, unit_amount, tax_rate } = line;
    let named = (1..=DESCRIPTION_CHARS).contains(&description.trim().chars().count());
    if !named || quantity < 1 || unit_amount < 0 {
        return Err(Error::refused("bad_line", "a line needs a description, a quantity and an amount"));
    }
    let tax_rate = tax_rate.filter(|_| usual.0 > 0).unwrap_or(usual);
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
