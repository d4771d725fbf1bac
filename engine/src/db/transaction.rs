//! One unit of work on one connection.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::Conn;
use crate::{Error, Result};

thread_local! {
    static OPEN: Cell<bool> = const { Cell::new(false) };
}

/// Held while this thread has a unit of work open. A second one inside it would wait for itself on SQLite and
/// see other data on PostgreSQL, so it is refused on both.
pub(super) struct Alone;

impl Alone {
    pub(super) fn enter() -> Result<Self> {
        if OPEN.replace(true) {
            return Err(Error::bug("a transaction was opened inside another"));
        }
        Ok(Self)
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        OPEN.set(false);
    }
}

/// Runs `work` on a snapshot and ends it whatever happens; a panic goes on, and the pool drops the connection.
pub(super) fn read<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    begin(conn, "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
    let outcome = work(conn);
    <Conn as TransactionManager<Conn>>::rollback_transaction(conn)?;
    outcome
}

/// Runs `work` in one transaction. On SQLite only the writer's thread calls this.
pub(super) fn write<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    begin(conn, "BEGIN IMMEDIATE", "BEGIN ISOLATION LEVEL READ COMMITTED")?;
    let outcome = guarded(conn, work);
    match outcome {
        Ok(_) => commit(conn)?,
        Err(_) => <Conn as TransactionManager<Conn>>::rollback_transaction(conn)?,
    }
    outcome
}

/// Opens a transaction in the words of each database.
pub(super) fn begin(conn: &mut Conn, sqlite: &str, postgres: &str) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, sqlite),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, postgres),
    }
    .map_err(|error| Error::Unavailable(format!("the database did not open a transaction: {error}")))
}

/// Commits; a failed commit means the database could not, not that the caller was wrong.
pub(super) fn commit(conn: &mut Conn) -> Result<()> {
    <Conn as TransactionManager<Conn>>::commit_transaction(conn)
        .map_err(|error| Error::Unavailable(format!("the database did not commit: {error}")))
}

/// Runs `work` and turns a panic into our own mistake.
pub(super) fn guarded<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().copied().map(str::to_owned);
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(Error::bug(format!("panic inside a transaction: {said}")))
    })
}
