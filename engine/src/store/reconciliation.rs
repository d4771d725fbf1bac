//! How far the lists of provider accounts were compared with ours, and what was found in them that we do not know.

use crate::db::Conn;
use crate::db::schema::{payment_attempt, provider_account, stray_movement};
use crate::error::Result;
use crate::ids::{AccountId, AttemptId, TenantId};
use crate::store::attempts::Attempt;
use chrono::TimeDelta;
use diesel::prelude::*;
use domain::Instant;
use domain::payment::state::{AttemptState, OutcomeSource, Purpose};

/// What a provider knows under one of our keys, and we do not.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stray_movement)]
pub struct Stray {
    /// The business.
    pub tenant_id: TenantId,
    /// Through which account.
    pub provider_account_id: AccountId,
    /// What the provider calls it.
    pub provider_ref: String,
    /// The key that it carries.
    pub idempotency_key: String,
    /// Charge or refund.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub purpose: Purpose,
    /// What it paid or gave back.
    pub natural_ref: String,
    /// What became of it (JSON): it succeeded, or is on its way.
    pub outcome: String,
    /// When the provider made it.
    pub created_at: Instant,
    /// Wall time.
    pub found_at: Instant,
    /// The attempt that took it in.
    pub attempt_id: Option<AttemptId>,
}

/// Until when an account was compared, wall time.
pub fn until(conn: &mut Conn, tenant_id: &TenantId, account: &AccountId) -> Result<Option<Instant>> {
    Ok(provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(account)))
        .select(provider_account::reconciled_until)
        .get_result(conn)?)
}

/// Accounts whose list is due; a new account's first is a day after it was added.
pub fn due(conn: &mut Conn, tenant_id: &TenantId, now: Instant) -> Result<Vec<AccountId>> {
    let added = provider_account::created_at.le(now - TimeDelta::days(1));
    let again = provider_account::reconcile_at.assume_not_null().le(now);
    Ok(provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id))
        .filter(
            provider_account::reconcile_at
                .is_null()
                .and(added)
                .or(provider_account::reconcile_at.is_not_null().and(again)),
        )
        .order(provider_account::id)
        .select(provider_account::id)
        .load(conn)?)
}

/// Saves until when an account was compared.
pub fn compared(conn: &mut Conn, tenant_id: &TenantId, account: &AccountId, until: Instant) -> Result<()> {
    let this = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(account)));
    diesel::update(this).set(provider_account::reconciled_until.eq(until)).execute(conn)?;
    Ok(())
}

/// Saves when an account is to be compared next.
pub fn look_again(conn: &mut Conn, tenant_id: &TenantId, account: &AccountId, at: Instant) -> Result<()> {
    let this = provider_account::table
        .filter(provider_account::tenant_id.eq(tenant_id).and(provider_account::id.eq(account)));
    diesel::update(this).set(provider_account::reconcile_at.eq(at)).execute(conn)?;
    Ok(())
}

/// The attempts of an account that may be meant by a listed movement: that of the key, that of the provider's
/// reference, or, where the provider gives no key back, those for the same thing.
pub fn candidates(
    conn: &mut Conn,
    tenant_id: &TenantId,
    account: &AccountId,
    purpose: Purpose,
    (key, provider_ref, natural_ref): (Option<&str>, &str, Option<&str>),
) -> Result<Vec<Attempt>> {
    let ours = || {
        payment_attempt::table
            .filter(
                payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::purpose.eq(purpose.as_str())),
            )
            .select(Attempt::as_select())
    };
    let known = ours()
        .filter(payment_attempt::provider_account_id.eq(account))
        .filter(payment_attempt::provider_ref.eq(provider_ref))
        .load(conn)?;
    Ok(match (known.is_empty(), key, natural_ref) {
        (false, ..) => known,
        (true, Some(key), _) => ours().filter(payment_attempt::idempotency_key.eq(key)).load(conn)?,
        (true, None, Some(of)) => ours()
            .filter(payment_attempt::provider_account_id.eq(account))
            .filter(payment_attempt::natural_ref.eq(of))
            .load(conn)?,
        (true, None, None) => Vec::new(),
    })
}

/// Attempts of an account that succeeded, first submitted in this time; not those of which a person said so, or that
/// one has to look at.
pub fn succeeded(
    conn: &mut Conn,
    tenant_id: &TenantId,
    account: &AccountId,
    (from, to): (Instant, Instant),
) -> Result<Vec<Attempt>> {
    Ok(payment_attempt::table
        .filter(
            payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::provider_account_id.eq(account)),
        )
        .filter(payment_attempt::state.eq(AttemptState::Succeeded.as_str()))
        .filter(payment_attempt::first_submitted_at.between(from, to))
        .filter(payment_attempt::outcome_source.ne(OutcomeSource::Operator.as_str()))
        .filter(payment_attempt::review_since.is_null())
        .order(payment_attempt::id)
        .select(Attempt::as_select())
        .load(conn)?)
}

/// Adds what was found; what was found before stays as it is. Says whether it is new.
pub fn insert(conn: &mut Conn, row: &Stray) -> Result<bool> {
    let rows = crate::both!(conn, |c| diesel::insert_into(stray_movement::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(rows == 1)
}

/// What was found and no attempt has taken in, oldest first.
pub fn strays(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<Stray>> {
    Ok(stray_movement::table
        .filter(stray_movement::tenant_id.eq(tenant_id).and(stray_movement::attempt_id.is_null()))
        .order((stray_movement::created_at, stray_movement::provider_ref))
        .select(Stray::as_select())
        .load(conn)?)
}

/// What was found under a key and not taken in.
pub fn of_key(conn: &mut Conn, tenant_id: &TenantId, key: &str) -> Result<Option<Stray>> {
    Ok(stray_movement::table
        .filter(stray_movement::tenant_id.eq(tenant_id).and(stray_movement::idempotency_key.eq(key)))
        .filter(stray_movement::attempt_id.is_null())
        .select(Stray::as_select())
        .get_result(conn)
        .optional()?)
}

/// The keys of what was found for the same thing and not taken in.
pub fn keys_of(conn: &mut Conn, tenant_id: &TenantId, natural_ref: &str) -> Result<Vec<String>> {
    Ok(stray_movement::table
        .filter(stray_movement::tenant_id.eq(tenant_id).and(stray_movement::natural_ref.eq(natural_ref)))
        .filter(stray_movement::attempt_id.is_null())
        .select(stray_movement::idempotency_key)
        .load(conn)?)
}

/// Saves which attempt took it in.
pub fn taken_in(conn: &mut Conn, tenant_id: &TenantId, key: &str, by: &AttemptId) -> Result<()> {
    let this = stray_movement::table
        .filter(stray_movement::tenant_id.eq(tenant_id).and(stray_movement::idempotency_key.eq(key)));
    diesel::update(this).set(stray_movement::attempt_id.eq(by)).execute(conn)?;
    Ok(())
}
