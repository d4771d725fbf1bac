//! Everything in which the two databases differ. Stores are written once; what cannot be stands here.

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::Instant;

use super::Conn;
use super::schema::job;
use crate::Result;
use crate::job::{Job, Queue};

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

/// Whether anybody waits for a [`lock`] of this database.
#[cfg(test)]
pub(crate) fn somebody_waits(tx: &mut Conn) -> Result<bool> {
    #[derive(diesel::QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        waiting: i64,
    }
    let Conn::Postgres(conn) = tx else { return Ok(false) };
    let found: Waiting = diesel::sql_query(
        "SELECT count(*) AS waiting FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database \
         WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()",
    )
    .get_result(conn)?;
    Ok(found.waiting > 0)
}

/// The oldest due jobs of a queue: those that never outlived a worker, or the `suspect` ones. PostgreSQL skips
/// rows that somebody else is just claiming or asking for, so that neither waits; SQLite's writer is alone.
pub(crate) fn due_jobs(
    tx: &mut Conn,
    queue: Queue,
    now: Instant,
    suspect: bool,
    limit: i64,
) -> Result<Vec<String>> {
    let due = job::table
        .filter(job::queue.eq(queue.as_str()).and(job::state.eq("ready")).and(job::due_at.le(now)))
        .filter(job::kind.eq_any(Job::KINDS))
        .filter(job::crash_count.gt(0).eq(suspect))
        .order((job::due_at, job::id))
        .limit(limit)
        .select(job::id);
    Ok(match tx {
        Conn::Postgres(conn) => due.for_update().skip_locked().load(conn)?,
        Conn::Sqlite(conn) => due.load(conn)?,
    })
}
