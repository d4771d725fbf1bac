//! Payment attempts: the rows that make a charge have exactly one effect. See docs/charging.md.

use crate::db::Conn;
use crate::db::schema::payment_attempt;
use crate::error::Result;
use crate::ids::{AccountId, AttemptId, CreditNoteId, CustomerId, InvoiceId, MethodId, TenantId};
use diesel::prelude::*;
use domain::Instant;
use domain::currency::Currency;
use domain::event::Reason;
use domain::money::Money;
use domain::payment::state::{AttemptState, AttemptTrigger, Purpose};
use std::collections::BTreeMap;

/// A payment attempt. What is asked for is frozen at insert. Times are wall time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = payment_attempt, treat_none_as_null = true)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The business.
    #[diesel(skip_update)]
    pub tenant_id: TenantId,
    /// Who pays.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// What is paid.
    #[diesel(skip_update)]
    pub invoice_id: InvoiceId,
    /// Counts per purpose and natural reference, from 1.
    #[diesel(skip_update)]
    pub seq: i64,
    /// Charge or refund.
    #[diesel(deserialize_as = String, serialize_as = String, skip_update)]
    pub purpose: Purpose,
    /// Who asked for it.
    #[diesel(deserialize_as = String, serialize_as = String, skip_update)]
    pub attempt_trigger: AttemptTrigger,
    /// Minor units.
    #[diesel(skip_update)]
    pub amount: i64,
    /// Currency of the amount.
    #[diesel(deserialize_as = String, serialize_as = String, skip_update)]
    pub currency: Currency,
    /// What is charged.
    #[diesel(skip_update)]
    pub payment_method_id: MethodId,
    /// Through which account.
    #[diesel(skip_update)]
    pub provider_account_id: AccountId,
    /// What is paid, over all attempts.
    #[diesel(skip_update)]
    pub natural_ref: String,
    /// Sent with every submission of this attempt.
    #[diesel(skip_update)]
    pub idempotency_key: String,
    /// Where it stands.
    #[diesel(deserialize_as = String, serialize_as = String)]
    pub state: AttemptState,
    /// Since when a person has to look.
    pub review_since: Option<Instant>,
    /// Who is working on it.
    pub lease_owner: Option<String>,
    /// Fences an owner whose lease ran out.
    pub lease_epoch: i64,
    /// Until when.
    pub lease_until: Option<Instant>,
    /// First time the provider was called.
    pub first_submitted_at: Option<Instant>,
    /// Last time the provider was called.
    pub last_submitted_at: Option<Instant>,
    /// How often the provider was called.
    pub submit_count: i32,
    /// How many of these may have had an effect.
    pub unproven_submissions: i32,
    /// Until when the same key may be sent again.
    pub resend_until: Option<Instant>,
    /// From when on "not found" is final.
    pub lookup_final_after: Option<Instant>,
    /// Since when final lookups have found nothing.
    pub absent_since: Option<Instant>,
    /// When the resolver looks next.
    pub next_check_at: Option<Instant>,
    /// How often it has looked.
    pub check_count: i32,
    /// What the provider calls it.
    pub provider_ref: Option<String>,
    /// How the outcome became known.
    pub outcome_source: Option<String>,
    /// Kind of refusal.
    pub decline_kind: Option<String>,
    /// The provider's code for it.
    pub decline_code: Option<String>,
    /// The provider's own status word.
    pub raw_status: Option<String>,
    /// Where a browser returns after a confirmation; fixed at the first submission.
    pub return_url: Option<String>,
    /// Where the customer confirms.
    pub action_url: Option<String>,
    /// When that page stops working.
    pub action_expires_at: Option<Instant>,
    /// Since when a person wants the provider to give it up.
    pub withdrawn_at: Option<Instant>,
    /// Exchanges of the last call (JSON, redacted).
    pub transcript: Option<String>,
    /// When it came to its end.
    pub settled_at: Option<Instant>,
    /// When it was opened.
    #[diesel(skip_update)]
    pub created_at: Instant,
    /// Last change.
    pub updated_at: Instant,
    /// Refunds: the credit note whose money goes back.
    #[diesel(skip_update)]
    pub credit_note_id: Option<CreditNoteId>,
    /// Refunds: the charge whose money goes back.
    #[diesel(skip_update)]
    pub refund_of: Option<AttemptId>,
}

impl Attempt {
    /// How the provider refused it, as an event's reason.
    pub fn refusal(&self) -> Option<Reason> {
        self.decline_kind.as_deref()?.parse().ok().map(Reason::Declined)
    }

    /// What is asked for.
    pub fn amount(&self) -> Money {
        Money::new(self.amount, self.currency)
    }
}

const OPEN: [&str; 5] = [
    AttemptState::Created.as_str(),
    AttemptState::Submitted.as_str(),
    AttemptState::Unknown.as_str(),
    AttemptState::RequiresAction.as_str(),
    AttemptState::Pending.as_str(),
];

/// One attempt, whoever's.
pub fn get(conn: &mut Conn, tenant_id: &TenantId, id: &AttemptId) -> Result<Attempt> {
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::id.eq(id)))
        .select(Attempt::as_select())
        .get_result(conn)?)
}

/// The charges of an invoice, oldest first.
pub fn of_invoice(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Vec<Attempt>> {
    with_purpose(conn, tenant_id, of, Purpose::Charge)
}

/// The refunds of an invoice's charges, oldest first.
pub fn refunds_of_invoice(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Vec<Attempt>> {
    with_purpose(conn, tenant_id, of, Purpose::Refund)
}

/// Charges and refunds that a person has to look at, oldest first.
pub fn in_review(conn: &mut Conn, tenant_id: &TenantId) -> Result<Vec<Attempt>> {
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::review_since.is_not_null()))
        .order(payment_attempt::id)
        .select(Attempt::as_select())
        .load(conn)?)
}

fn with_purpose(
    conn: &mut Conn,
    tenant_id: &TenantId,
    of: &InvoiceId,
    purpose: Purpose,
) -> Result<Vec<Attempt>> {
    let mut attempts = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::invoice_id.eq(of)))
        .order(payment_attempt::id)
        .select(Attempt::as_select())
        .load(conn)?;
    attempts.retain(|attempt: &Attempt| attempt.purpose == purpose);
    Ok(attempts)
}

/// The attempt that a provider account means by a key, or without one by its own reference. None where the two name
/// different attempts: such a claim is not to be believed.
pub fn named(
    conn: &mut Conn,
    tenant_id: &TenantId,
    account: &AccountId,
    purpose: Purpose,
    (key, provider_ref): (Option<&str>, &str),
) -> Result<Option<AttemptId>> {
    let of_account = || {
        payment_attempt::table
            .filter(payment_attempt::tenant_id.eq(tenant_id))
            .filter(payment_attempt::provider_account_id.eq(account))
            .filter(payment_attempt::purpose.eq(purpose.as_str()))
            .select(payment_attempt::id)
    };
    let by_ref: Option<AttemptId> =
        of_account().filter(payment_attempt::provider_ref.eq(provider_ref)).first(conn).optional()?;
    let Some(key) = key else { return Ok(by_ref) };
    let by_key: Option<AttemptId> =
        of_account().filter(payment_attempt::idempotency_key.eq(key)).first(conn).optional()?;
    let agree = by_ref.is_none() || by_ref == by_key;
    Ok(by_key.filter(|_| agree))
}

/// The charge or refund with this key, if it goes through this account.
pub fn id_of_key(
    conn: &mut Conn,
    tenant_id: &TenantId,
    account: &AccountId,
    key: &str,
) -> Result<Option<AttemptId>> {
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::idempotency_key.eq(key)))
        .filter(payment_attempt::provider_account_id.eq(account))
        .select(payment_attempt::id)
        .get_result(conn)
        .optional()?)
}

/// All attempts of a customer, charges and refunds, oldest first.
pub fn of_customer(conn: &mut Conn, tenant_id: &TenantId, of: &CustomerId) -> Result<Vec<Attempt>> {
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::customer_id.eq(of)))
        .order(payment_attempt::id)
        .select(Attempt::as_select())
        .load(conn)?)
}

/// The attempt that is under way for an invoice, if any.
pub fn open_of(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Option<Attempt>> {
    Ok(of_invoice(conn, tenant_id, of)?.into_iter().find(|attempt| attempt.state.is_open()))
}

/// The highest number used for a purpose and natural reference; 0 for none.
pub fn last_seq(conn: &mut Conn, tenant_id: &TenantId, purpose: Purpose, natural_ref: &str) -> Result<i64> {
    let highest: Option<i64> = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::purpose.eq(purpose.as_str())))
        .filter(payment_attempt::natural_ref.eq(natural_ref))
        .select(diesel::dsl::max(payment_attempt::seq))
        .get_result(conn)?;
    Ok(highest.unwrap_or(0))
}

/// Open attempts that the resolver has to look at, most overdue first.
pub fn to_check(conn: &mut Conn, tenant_id: &TenantId, now: Instant, limit: i64) -> Result<Vec<AttemptId>> {
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::state.eq_any(OPEN)))
        .filter(payment_attempt::next_check_at.le(now))
        .order(payment_attempt::next_check_at)
        .limit(limit)
        .select(payment_attempt::id)
        .load(conn)?)
}

/// Attempts that are being called or about to be; a test clock waits for them.
pub fn in_flight(conn: &mut Conn, tenant_id: &TenantId) -> Result<i64> {
    let moving =
        [AttemptState::Created.as_str(), AttemptState::Submitted.as_str(), AttemptState::Unknown.as_str()];
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::state.eq_any(moving)))
        .filter(payment_attempt::review_since.is_null())
        // Always there while an attempt is open; names the index.
        .filter(payment_attempt::next_check_at.is_not_null())
        .count()
        .get_result(conn)?)
}

/// When a customer caused charges of an invoice; a limit counts them.
pub fn by_hand(conn: &mut Conn, tenant_id: &TenantId, of: &InvoiceId) -> Result<Vec<Instant>> {
    let by_hand = [AttemptTrigger::Customer.as_str(), AttemptTrigger::MethodUpdate.as_str()];
    Ok(payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::invoice_id.eq(of)))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .filter(payment_attempt::attempt_trigger.eq_any(by_hand))
        .select(payment_attempt::created_at)
        .load(conn)?)
}

/// The kind of refusal of each method whose last charge was refused.
pub fn last_refusals(conn: &mut Conn, tenant_id: &TenantId) -> Result<BTreeMap<MethodId, String>> {
    let ended = [AttemptState::Succeeded.as_str(), AttemptState::Failed.as_str()];
    let all: Vec<(MethodId, Option<String>)> = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::state.eq_any(ended)))
        .filter(payment_attempt::purpose.eq(Purpose::Charge.as_str()))
        .order(payment_attempt::id)
        .select((payment_attempt::payment_method_id, payment_attempt::decline_kind))
        .load(conn)?;
    let last: BTreeMap<MethodId, Option<String>> = all.into_iter().collect();
    Ok(last.into_iter().filter_map(|(method, kind)| Some((method, kind?))).collect())
}

/// Adds an attempt. A second open one for the same invoice is a conflict.
pub fn insert(conn: &mut Conn, row: &Attempt) -> Result<()> {
    diesel::insert_into(payment_attempt::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves an attempt.
pub fn update(conn: &mut Conn, tenant_id: &TenantId, row: &Attempt) -> Result<()> {
    let this = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::id.eq(&row.id)));
    diesel::update(this).set(row.clone()).execute(conn)?;
    Ok(())
}

/// Saves an attempt only if nobody claimed it since it was loaded. Says whether it did.
pub fn update_claimed(
    conn: &mut Conn,
    tenant_id: &TenantId,
    row: &Attempt,
    loaded_epoch: i64,
) -> Result<bool> {
    let this = payment_attempt::table
        .filter(payment_attempt::tenant_id.eq(tenant_id).and(payment_attempt::id.eq(&row.id)))
        .filter(payment_attempt::lease_epoch.eq(loaded_epoch));
    Ok(diesel::update(this).set(row.clone()).execute(conn)? == 1)
}
