//! Stops the clock of a case while its provider is out of order, or money stands still.

use super::{clock, method_of};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::ids::{InvoiceId, TenantId};
use crate::scope::{Engine, Scope};
use crate::store;
use crate::store::dunning::DunningCase;
use crate::store::methods::PaymentMethod;
use crate::usecase::record;
use domain::event::EventKind;

/// Invoices whose case has a clock to stop or to start, `limit` at most. While a provider is out of order or money stands
/// still all open cases are looked at, `limit` at a time; else only those that stand still.
pub fn find_turning(engine: &Engine, tenant_id: &TenantId, limit: i64) -> Result<Vec<InvoiceId>> {
    engine.read(tenant_id, |conn, scope| {
        let circuits = store::circuits::all(conn, scope.id())?;
        let any_open = circuits.iter().any(|circuit| circuit.is_open(scope.now.wall));
        let only_frozen = !any_open && !scope.money_is_paused();
        let most = usize::try_from(limit).map_err(Error::bug)?;
        let (mut turning, mut after) = (Vec::new(), None);
        loop {
            let cases = store::dunning::open(conn, scope.id(), only_frozen, after.as_ref(), limit)?;
            after = cases.last().map(|case| case.id.clone());
            for case in &cases {
                let invoice = store::invoices::get(conn, scope.id(), &case.invoice_id)?;
                let method = method_of(conn, scope, &invoice)?;
                if case.frozen_since.is_some() != out_of_order(conn, scope, method.as_ref())? {
                    turning.push(case.invoice_id.clone());
                }
            }
            if cases.len() < most || turning.len() >= most {
                turning.truncate(most);
                return Ok(turning);
            }
        }
    })
}

/// Stops or starts the clock of a case, as its provider stands.
pub(super) fn turn(
    tx: &mut Conn,
    scope: &Scope,
    case: &mut DunningCase,
    method: Option<&PaymentMethod>,
) -> Result<()> {
    let now = scope.now.billing;
    let stopped = out_of_order(tx, scope, method)?;
    if case.frozen_since.is_some() == stopped {
        return Ok(());
    }
    let turned = if stopped { clock(case).freeze(now) } else { clock(case).thaw(now) };
    case.frozen_since = turned.frozen_since;
    case.frozen_us = turned.frozen.num_microseconds().ok_or_else(|| Error::bug("frozen for too long"))?;
    store::dunning::update(tx, scope.id(), case)?;
    let kind = if stopped { EventKind::DunningFrozen } else { EventKind::DunningThawed };
    record::dunning(tx, scope, case, kind, None)
}

/// Without a method, no provider stands between the customer and the end of the case. Nobody can pay what we do not take.
fn out_of_order(conn: &mut Conn, scope: &Scope, method: Option<&PaymentMethod>) -> Result<bool> {
    if scope.money_is_paused() {
        return Ok(true);
    }
    let Some(method) = method else { return Ok(false) };
    let circuit = store::circuits::of(conn, scope.id(), &method.provider_account_id)?;
    Ok(circuit.is_open(scope.now.wall))
}
