//! Everything in which the two databases differ. Stores are written once; what cannot be stands here.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::Conn;
use crate::Result;

/// Expands one body for both databases: for what the common connection lacks and both know, ON CONFLICT above
/// all. One text, so the arms cannot drift.
///
/// ```ignore
/// both!(tx, |c| diesel::insert_into(t).values(&row).on_conflict(k).do_update().set(s).execute(c))?;
/// ```
#[macro_export]
macro_rules! both {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}

/// Makes writers of the same thing wait for each other until this transaction ends: the customer whose billing
/// changes, first thing in the use case. SQLite's writer is alone already.
///
/// # Errors
/// When the lock does not come free in 10 seconds.
pub fn lock(tx: &mut Conn, tenant_id: &str, aggregate_id: &str) -> Result<()> {
    if let Conn::Postgres(conn) = tx {
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(format!("{tenant_id}/{aggregate_id}"))
            .execute(conn)?;
    }
    Ok(())
}
