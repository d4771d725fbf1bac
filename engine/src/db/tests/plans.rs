//! How SQLite goes about it: what it waits for, and what it reads.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use crate::db::testing::TestDb;
use crate::db::{Conn, Db, DbOptions};

/// What is read in the order of ids, and whose it is.
const OWNED: [(&str, &str); 16] = [
    ("credit_note", "customer_id"),
    ("credit_note", "invoice_id"),
    ("document", "invoice_id"),
    ("invoice_draft", "customer_id"),
    ("license_key", "customer_id"),
    ("license_key", "subscription_id"),
    ("license_activation", "license_key_id"),
    ("payment_attempt", "customer_id"),
    ("payment_attempt", "invoice_id"),
    ("payment_method", "customer_id"),
    ("pending_line", "subscription_id"),
    ("plan_change", "subscription_id"),
    ("receipt", "invoice_id"),
    ("subscription", "customer_id"),
    ("subscription_addon", "subscription_id"),
    ("subscription_discount", "subscription_id"),
];

#[test]
fn what_belongs_to_somebody_is_found_without_reading_a_whole_business() {
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    let db = TestDb::sqlite().expect("database");
    for (table, owner) in OWNED {
        let query = format!("SELECT * FROM {table} WHERE tenant_id = 't' AND {owner} = 'o' ORDER BY id");
        let plan =
            db.read(|conn| Ok(diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}")).load::<Step>(conn)?));
        let steps: Vec<String> = plan.expect("plan").into_iter().map(|step| step.detail).collect();
        let found = matches!(steps.as_slice(), [step] if step.contains(&format!("{owner}=?")));
        assert!(found, "{query}: {steps:?}");
    }
}

#[test]
fn a_committed_write_survives_a_power_cut_except_in_tests() {
    #[derive(QueryableByName)]
    struct Synchronous {
        #[diesel(sql_type = Integer)]
        synchronous: i32,
    }
    let level = |db: &Db| {
        let read = |conn: &mut Conn| {
            Ok(diesel::sql_query("PRAGMA synchronous").get_result::<Synchronous>(conn)?.synchronous)
        };
        (db.write(read).expect("writer"), db.read(read).expect("reader"))
    };
    let folder = tempfile::tempdir().expect("folder");
    let url = format!("sqlite:{}", folder.path().join("live.db").display());
    let full = 2;
    assert_eq!(level(&Db::open(&url, DbOptions::default()).expect("database")), (full, full));
    assert_eq!(level(&TestDb::sqlite().expect("database")), (0, 0));
}
