//! Idempotency keys from natural facts.
//!
//! A key made from facts comes out the same after a restored backup or a lost row, so that what was already
//! charged is recognised by the provider. Amount and method are left out on purpose: if they differ, the
//! provider's conflict leads to a lookup instead of a second charge.

use super::state::Purpose;
use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

/// What is paid when a period of a subscription is: the same over all attempts and reissued invoices.
pub fn period_ref(instance_id: &str, subscription_id: &str, period_index: i64) -> String {
    format!("{instance_id}:{subscription_id}:{period_index}")
}

/// What is paid when an invoice is that bills no period.
pub fn invoice_ref(instance_id: &str, invoice_id: &str) -> String {
    format!("{instance_id}:{invoice_id}")
}

/// What is given back by a refund.
pub fn refund_ref(instance_id: &str, credit_note_id: &str) -> String {
    format!("{instance_id}:{credit_note_id}")
}

/// The key of attempt number `seq` for this purpose and reference: 36 characters, `A-Z`, `2-7` and `pk1_`.
///
/// `seq` grows only when the attempt before it has definitely ended, so an unknown never gets a new key. The
/// parts must not contain `|`; ids never do.
pub fn idempotency_key(
    instance_id: &str,
    tenant_id: &str,
    purpose: Purpose,
    natural_ref: &str,
    seq: u32,
) -> String {
    let facts = format!("{instance_id}|{tenant_id}|{purpose}|{natural_ref}|{seq}");
    let digest = BASE32_NOPAD.encode(&Sha256::digest(facts.as_bytes()));
    format!("pk1_{}", &digest[..32])
}
