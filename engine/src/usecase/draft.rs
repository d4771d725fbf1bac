//! Drafts an invoice: lines come and go until it is finalised or discarded. Only the invoice that it becomes has a
//! number, dates, and the tax, seller and buyer of its day.

use super::bill::{PeriodBill, Terms};
use super::one_off::{self, NewLine};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{CustomerId, InvoiceId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::drafts::InvoiceDraft;
use crate::store::events::Actor;
use crate::store::invoices::Invoice;

/// Most days that an invoice gives until it is due.
const MOST_DUE_DAYS: u32 = 180;

/// A draft, and what its invoice would come to if it was finalised now.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The draft.
    pub draft: InvoiceDraft,
    /// Its lines with today's tax. Without lines it comes to nothing.
    pub bill: PeriodBill,
}

/// Begins an empty draft, in the business's currency. `due_days` counts from the day it is finalised.
///
/// # Errors
/// `Refused` with `bad_terms` for more than 180 days.
pub fn draft(
    engine: &Engine,
    tenant_id: &TenantId,
    owner: &CustomerId,
    due_days: Option<u32>,
) -> Result<InvoiceId> {
    if due_days.is_some_and(|days| days > MOST_DUE_DAYS) {
        return Err(Error::refused("bad_terms", format!("an invoice is due within {MOST_DUE_DAYS} days")));
    }
    let owner = owner.clone();
    engine.write(tenant_id, move |tx, scope| {
        scope.lock(tx, &owner)?;
        let row = InvoiceDraft {
            id: InvoiceId::mint(),
            tenant_id: scope.id().clone(),
            customer_id: store::customers::get(tx, scope.id(), &owner)?.id,
            currency: scope.settings.identity.currency,
            due_days: due_days.map(i32::try_from).transpose().map_err(Error::bug)?,
            lines: "[]".to_owned(),
            created_at: scope.now.billing,
            updated_at: scope.now.wall,
        };
        store::drafts::insert(tx, &row)?;
        Ok(row.id)
    })
}

/// Adds a line at the end of a draft.
///
/// # Errors
/// What [`one_off::invoice_now`] refuses of a line.
pub fn add_line(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId, line: NewLine) -> Result<()> {
    edit(engine, tenant_id, id, move |tx, scope, draft| {
        let mut lines = lines_of(draft)?;
        let line = std::slice::from_ref(&line);
        one_off::bill_of(tx, scope, &draft.customer_id, (draft.currency, line))?;
        lines.extend_from_slice(line);
        Ok(lines)
    })
}

/// Removes a line of a draft, counted from 0.
///
/// # Errors
/// `Refused` with `no_such_line`.
pub fn remove_line(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId, position: usize) -> Result<()> {
    edit(engine, tenant_id, id, move |_, _, draft| {
        let mut lines = lines_of(draft)?;
        if position >= lines.len() {
            return Err(Error::refused("no_such_line", "the draft has no such line"));
        }
        lines.remove(position);
        Ok(lines)
    })
}

/// What a draft would come to now. Nothing is written.
pub fn preview(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId) -> Result<Preview> {
    engine.read(tenant_id, |conn, scope| {
        let draft = store::drafts::get(conn, scope.id(), id)?;
        let lines = lines_of(&draft)?;
        let bill = one_off::bill_of(conn, scope, &draft.customer_id, (draft.currency, &lines))?;
        Ok(Preview { draft, bill })
    })
}

/// Turns a draft into an open invoice, which takes its number.
///
/// # Errors
/// `Refused` with `nothing_to_bill`, or for a line that is no longer sold.
pub fn finalise(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId, actor: Actor) -> Result<Invoice> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let draft = locked(tx, scope, &id)?;
        store::drafts::delete(tx, scope.id(), &draft.id)?;
        let due_days = draft.due_days.map(u32::try_from).transpose().map_err(Error::bug)?;
        let lines = lines_of(&draft)?;
        let terms = Some(Terms { id: draft.id, due_days });
        one_off::open(tx, scope, &draft.customer_id, (draft.currency, &lines), terms, &actor)
    })
}

/// Removes a draft. It never had a number, so none is missing.
pub fn discard(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let draft = locked(tx, scope, &id)?;
        store::drafts::delete(tx, scope.id(), &draft.id)
    })
}

fn edit(
    engine: &Engine,
    tenant_id: &TenantId,
    id: &InvoiceId,
    change: impl FnOnce(&mut Conn, &Scope, &InvoiceDraft) -> Result<Vec<NewLine>> + Send + 'static,
) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let mut draft = locked(tx, scope, &id)?;
        let lines = change(tx, scope, &draft)?;
        draft.lines = serde_json::to_string(&lines).map_err(Error::bug)?;
        draft.updated_at = scope.now.wall;
        store::drafts::update(tx, scope.id(), &draft)
    })
}

/// The draft, read again once its customer is locked: somebody may have finalised it meanwhile.
fn locked(tx: &mut Conn, scope: &Scope, id: &InvoiceId) -> Result<InvoiceDraft> {
    let owner = store::drafts::get(tx, scope.id(), id)?.customer_id;
    scope.lock(tx, &owner)?;
    store::drafts::get(tx, scope.id(), id)
}

fn lines_of(draft: &InvoiceDraft) -> Result<Vec<NewLine>> {
    serde_json::from_str(&draft.lines).map_err(Error::bug)
}
