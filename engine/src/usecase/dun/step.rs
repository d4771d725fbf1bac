//! Takes the step of a case that is due.

use super::{case_facts, close, drive, enforce, freeze, method_of, open, pinned, tell};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::dunning::DunningCase;
use crate::store::invoices::Invoice;
use crate::usecase::{collect, record};
use chrono::TimeDelta;
use domain::dunning::{Act, CaseOutcome, Decision, decide};
use domain::event::EventKind;
use domain::invoice::state::InvoiceStatus;
use domain::payment::state::AttemptTrigger;

/// Takes the step of an invoice's case that is due, or stops and starts its clock. Of an invoice that is overdue, the
/// first step opens the case.
pub fn take_step(engine: &Engine, tenant_id: &TenantId, id: &InvoiceId) -> Result<()> {
    let id = id.clone();
    engine.write(tenant_id, move |tx, scope| {
        let owner = store::invoices::get(tx, scope.id(), &id)?.customer_id;
        scope.lock(tx, &owner)?;
        let invoice = store::invoices::get(tx, scope.id(), &id)?;
        let Some(mut case) = store::dunning::open_of(tx, scope.id(), &id)? else {
            return open::overdue(tx, scope, &invoice);
        };
        if invoice.status != InvoiceStatus::Open {
            return close(tx, scope, &id, CaseOutcome::Recovered);
        }
        let method = method_of(tx, scope, &invoice)?;
        freeze::turn(tx, scope, &mut case, method.as_ref())?;
        let facts = case_facts(tx, scope, &case, method.as_ref())?;
        case.next_at = match decide(&pinned(&case)?, &facts, scope.now.billing) {
            Decision::Wait(at) => Some(at),
            // The step is taken afterwards, not consumed.
            Decision::AwaitOutcome => Some(look_again(scope)),
            Decision::Frozen => None,
            Decision::Exhausted(consequence) => {
                // The last retry gave no outcome that could have drawn the consequence.
                enforce::enforce(tx, scope, &case, &invoice, consequence)?;
                return close(tx, scope, &id, CaseOutcome::Exhausted);
            }
            Decision::Act(act) => return carry_out(tx, scope, case, &invoice, act),
        };
        store::dunning::update(tx, scope.id(), &case)
    })
}

/// Invoices whose next dunning step is due.
pub fn find_due(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<InvoiceId>> {
    engine.read(tenant_id, |conn, scope| store::dunning::due(conn, scope.id(), scope.now.billing, limit))
}

/// Does what has fallen due, and writes down the step.
pub(super) fn carry_out(
    tx: &mut Conn,
    scope: &Scope,
    mut case: DunningCase,
    invoice: &Invoice,
    act: Act,
) -> Result<()> {
    case.taken_from = case.step;
    case.step = i32::try_from(act.step).map_err(Error::bug)?;
    // A retry after which no step comes is looked at all the same, should nobody tell what became of it.
    case.next_at = act.next_at.or_else(|| act.retry.then(|| look_again(scope)));
    store::dunning::update(tx, scope.id(), &case)?;
    record::dunning(tx, scope, &case, EventKind::DunningAdvanced, None)?;
    if act.retry {
        let attempt = collect::open_automatic(tx, scope, invoice, AttemptTrigger::Dunning)?;
        return attempt.map_or(Ok(()), |attempt| drive(tx, scope, &attempt));
    }
    if let Some(mail) = act.mail {
        tell::tell(tx, scope, invoice, &case, mail, None)?;
    }
    enforce::enforce(tx, scope, &case, invoice, act.consequence)
}

pub(super) fn look_again(scope: &Scope) -> domain::Instant {
    scope.now.billing + TimeDelta::hours(1)
}
