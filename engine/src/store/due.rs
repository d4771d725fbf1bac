//! When a business has to be looked at next.

use crate::db::Conn;
use crate::db::schema::{dunning_case, job, mail, payment_attempt, subscription};
use crate::error::Result;
use crate::ids::TenantId;
use crate::scope::Now;
use crate::store::dunning;
use crate::store::jobs::JobState;
use crate::store::mails::MailState;
use diesel::dsl::min;
use diesel::prelude::*;
use domain::Instant;

/// The next moment after `now` at which anything is due, in wall time: a boundary, a reminder, a step of dunning, a due date, a
/// question to a provider, a mail or a job, whoever's. None when nothing is.
pub fn next(conn: &mut Conn, tenant_id: &TenantId, now: Now) -> Result<Option<Instant>> {
    let boundary: Option<Instant> = subscription::table
        .filter(subscription::tenant_id.eq(tenant_id).and(subscription::next_due_at.gt(now.billing)))
        .select(min(subscription::next_due_at))
        .get_result(conn)?;
    let reminder: Option<Instant> = subscription::table
        .filter(subscription::tenant_id.eq(tenant_id).and(subscription::remind_at.gt(now.billing)))
        .select(min(subscription::remind_at))
        .get_result(conn)?;
    let step: Option<Instant> = dunning_case::table
        .filter(dunning_case::tenant_id.eq(tenant_id).and(dunning_case::outcome.is_null()))
        .filter(dunning_case::next_at.gt(now.billing))
        .select(min(dunning_case::next_at))
        .get_result(conn)?;
    let unchased = dunning::unchased(conn, tenant_id, Some(now.billing), 1)?;
    let overdue = unchased.first().map(|(_, due_at)| *due_at);
    let question: Option<Instant> = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::next_check_at.gt(now.wall)))
        .select(min(payment_attempt::next_check_at))
        .get_result(conn)?;
    let letter: Option<Instant> = mail::table
        .filter(mail::tenant_id.eq(tenant_id).and(mail::state.eq(MailState::Queued.as_str())))
        .filter(mail::next_at.gt(now.wall))
        .select(min(mail::next_at))
        .get_result(conn)?;
    let work: Option<Instant> = job::table
        .filter(job::state.eq(JobState::Ready.as_str()).and(job::due_at.gt(now.wall)))
        .select(min(job::due_at))
        .get_result(conn)?;
    let by_billing =
        [boundary, reminder, step, overdue].into_iter().flatten().map(|at| at - (now.billing - now.wall));
    Ok(by_billing.chain([question, letter, work].into_iter().flatten()).min())
}
