//! A change that gives more back than it costs: credit notes put the rest of what was billed into the customer's
//! balance, which then pays what comes instead.

use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, LineId};
use crate::scope::Scope;
use crate::store;
use crate::store::events::Actor;
use crate::usecase::credit::{CreditRequest, issue};
use domain::invoice::credit_note::{CreditReason, Part, Request, Settlement};
use domain::subscription::change::prorate::{ChangeLine, ChangeLineKind};
use domain::tax::TaxBehaviour;
use std::collections::BTreeMap;

/// Writes a credit note for each invoice of which a change gives something back.
///
/// # Errors
/// `Refused` with `credit_not_possible` while such an invoice is unpaid, or what was billed still waits for one.
pub(super) fn credit(tx: &mut Conn, scope: &Scope, lines: &[ChangeLine], actor: &Actor) -> Result<()> {
    let mut parts = BTreeMap::<InvoiceId, Vec<(usize, Part)>>::new();
    for line in lines.iter().filter(|line| line.kind == ChangeLineKind::Credit) {
        let billed = line.reverses.as_deref().map(LineId::from).ok_or_else(not_possible)?;
        let billed = store::billed::line(tx, scope.id(), &billed)?.ok_or_else(not_possible)?;
        let amount = -line.net_of_discount();
        let part = match line.tax_behaviour {
            TaxBehaviour::Exclusive => Part::Net(amount),
            TaxBehaviour::Inclusive => Part::Gross(amount),
        };
        let position = usize::try_from(billed.position).map_err(Error::bug)?;
        parts.entry(billed.invoice_id).or_default().push((position, part));
    }
    for (invoice, parts) in parts {
        let (what, reason) = (Request::Lines(parts), CreditReason::PlanChange);
        let request = CreditRequest { invoice, what, reason, comment: None, settlement: Settlement::Balance };
        if issue(tx, scope, request, actor)?.to_offset != 0 {
            return Err(not_possible());
        }
    }
    Ok(())
}

fn not_possible() -> Error {
    let why = "what this change would give back is not paid yet; let it begin with the next period instead";
    Error::refused("credit_not_possible", why)
}
