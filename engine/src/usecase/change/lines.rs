//! The lines of a change: as they are shown, billed, or kept for the next invoice.

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{LineId, PendingLineId, PriceId};
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;
use crate::store::pending_lines::PendingLine;
use crate::store::subscriptions::Subscription;
use crate::usecase::bill::{self, BillLine, Draft};
use domain::invoice::formula::{Formula, LineFormula};
use domain::invoice::state::BillingReason;
use domain::period::Period;
use domain::subscription::change::prorate::{ChangeLine, ChangeLineKind};
use domain::subscription::change::target::Wanted;

/// A part of what a subscription consists of, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The product's name.
    pub product: String,
    /// How many.
    pub quantity: i64,
}

/// The parts of a target by their names, the plan first.
pub(crate) fn parts(conn: &mut Conn, scope: &Scope, target: &[Wanted]) -> Result<Vec<Part>> {
    let part = |wanted: &Wanted| {
        let (_, product) = store::catalog::price(conn, scope.id(), &PriceId::from(wanted.price.as_str()))?;
        Ok(Part { product: product.name, quantity: wanted.quantity })
    };
    target.iter().map(part).collect()
}

/// A line of a change as a line of a bill.
pub(crate) fn bill_line(conn: &mut Conn, scope: &Scope, line: &ChangeLine) -> Result<BillLine> {
    let price_id = PriceId::from(line.price.as_str());
    let (_, product) = store::catalog::price(conn, scope.id(), &price_id)?;
    let formula = match line.kind {
        ChangeLineKind::Credit => Formula::ProratedCredit(line.share),
        ChangeLineKind::Charge => Formula::ProratedCharge(line.share),
    };
    Ok(BillLine {
        price_id: Some(price_id),
        description: product.name,
        input: line.input(),
        service: Some(Period { start: line.start, end: line.end }),
        formula: LineFormula(vec![formula]),
        reverses: line.reverses.as_deref().map(LineId::from),
        waited: None,
        counted: Vec::new(),
    })
}

/// Opens an invoice over lines of a change. One that only gives back is over less than nothing: it is paid at once, and
/// goes to the balance whole.
pub(crate) fn invoice(
    tx: &mut Conn,
    scope: &Scope,
    sub: &Subscription,
    lines: &[ChangeLine],
    reason: BillingReason,
    actor: &Actor,
) -> Result<Invoice> {
    let (price, _) = store::catalog::price(tx, scope.id(), &sub.price_id)?;
    let lines = lines.iter().map(|line| bill_line(tx, scope, line)).collect::<Result<_>>()?;
    let bill = bill::bill_of(price.currency, lines)?;
    let customer = store::customers::get(tx, scope.id(), &sub.customer_id)?;
    bill::open(
        tx,
        scope,
        Draft { customer: &customer, sub: Some(sub), reason, period: None, bill, actor, terms: None },
    )
}

/// A line that goes on the next invoice.
pub(crate) fn waiting(scope: &Scope, sub: &Subscription, line: BillLine) -> Result<PendingLine> {
    Ok(PendingLine {
        id: PendingLineId::mint(),
        tenant_id: scope.id().clone(),
        customer_id: sub.customer_id.clone(),
        subscription_id: sub.id.clone(),
        price_id: line.price_id,
        description: line.description,
        quantity: line.input.quantity,
        unit_amount: line.input.unit_amount,
        discount: line.input.discount,
        tax_rate: i64::from(line.input.tax_rate.0),
        tax_behaviour: line.input.behaviour,
        service_start: line.service.map(|service| service.start),
        service_end: line.service.map(|service| service.end),
        formula: serde_json::to_string(&line.formula).map_err(Error::bug)?,
        reverses_line_id: line.reverses,
        invoice_line_id: None,
        created_at: scope.now.billing,
    })
}
