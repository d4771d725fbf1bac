use domain::payment::key::{idempotency_key, invoice_ref, period_ref, refund_ref};
use domain::payment::state::Purpose::{Charge, Refund};
use proptest::prelude::*;

#[test]
fn references_name_what_is_paid() {
    assert_eq!(period_ref("ins_1", "sub_9", 12), "ins_1:sub_9:12");
    assert_eq!(invoice_ref("ins_1", "inv_5"), "ins_1:inv_5");
    assert_eq!(refund_ref("ins_1", "crn_2"), "ins_1:crn_2");
}

/// Pinned: a release that makes other keys from the same facts would charge again after an upgrade.
#[test]
fn the_key_of_given_facts_never_changes() {
    let key = idempotency_key("ins_1", "ten_1", Charge, "ins_1:sub_9:12", 1);
    assert_eq!(key, "pk1_SWZYR3KQTXPCILP3DI7PBW57QZHG7OZP");
    assert_eq!(key.len(), 36, "fits the shortest limit among providers, 40");
}

proptest! {
    #[test]
    fn other_facts_other_key(
        a in ("[a-z]{1,3}", "[a-z]{1,3}", any::<bool>(), "[a-z0-9:]{1,4}", 1..12_u32),
        b in ("[a-z]{1,3}", "[a-z]{1,3}", any::<bool>(), "[a-z0-9:]{1,4}", 1..12_u32),
    ) {
        let key = |(instance, tenant, refund, reference, seq): &(String, String, bool, String, u32)| {
            idempotency_key(instance, tenant, if *refund { Refund } else { Charge }, reference, *seq)
        };
        prop_assert_eq!(a == b, key(&a) == key(&b));
    }
}
