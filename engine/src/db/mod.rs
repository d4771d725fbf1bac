//! The database: one file or one server, the same stores on both.
//!
//! ```text
//! db.read(|tx| ..)          one snapshot, nothing can be written
//! db.write(move |tx| ..)    all or nothing, durable before it answers
//! ```
//! The closures run while a transaction is open: no network, no plugin call, no other `read` or `write`.

pub mod dialect;
pub mod migrate;
pub(crate) mod schema;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

mod conn;
mod copy;
mod integrity;
mod transaction;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

pub use conn::Conn;
use conn::{Manager, Purpose, Target};
use writer::Writer;

use crate::{Error, Result};

/// How many connections, and how durable.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Connections kept: readers beside the one writer on SQLite, the whole pool on PostgreSQL.
    pub connections: u32,
    /// SQLite waits for the disk on every commit. Off only where losing the last second is harmless: in tests.
    pub synchronous_full: bool,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { connections: 8, synchronous_full: true }
    }
}

/// A handle on the database. Clones share the same connections.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    /// Opens connections that may write.
    manager: Manager,
    pool: Pool<Manager>,
    /// SQLite knows one writer at a time, so it has one thread. PostgreSQL writes through the pool.
    writer: Option<Writer>,
}

impl Db {
    /// Opens `sqlite:PATH`, `sqlite://PATH` or `postgres://..`. Changes nothing but creates a missing SQLite
    /// file; see [`Db::migrate`].
    ///
    /// # Errors
    /// `Refused` with code `database_url` for any other URL, `Unavailable` when the database does not answer.
    pub fn open(url: &str, options: DbOptions) -> Result<Self> {
        let target = Target::parse(url)?;
        let sqlite = matches!(target, Target::Sqlite(_));
        let manager = Manager { target, purpose: Purpose::Write, synchronous_full: options.synchronous_full };
        // The writer opens first: it creates the file and turns WAL on, which the readers only find.
        let writer = if sqlite { Some(Writer::start(manager.clone())?) } else { None };
        let purpose = if sqlite { Purpose::Read } else { Purpose::Write };
        let pool = Pool::builder()
            .max_size(options.connections.max(1))
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(10))
            .build(Manager { purpose, ..manager.clone() })
            .map_err(unavailable)?;
        Ok(Self(Arc::new(Inner { manager, pool, writer })))
    }

    /// True on SQLite, where one process at a time writes.
    pub fn is_sqlite(&self) -> bool {
        self.0.writer.is_some()
    }

    /// Runs `work` on one consistent snapshot. Writing inside fails on both databases.
    ///
    /// # Errors
    /// What `work` answers; `Unavailable` when no connection comes free in 10 seconds.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let _alone = transaction::Alone::enter()?;
        transaction::read(&mut *self.connection()?, work)
    }

    /// Runs `work` in one transaction and answers after it is durable. `Err` and panics leave no trace.
    /// On PostgreSQL two of them run side by side: take [`dialect::lock`] first.
    ///
    /// # Errors
    /// What `work` answers; `Bug` when it panics; `Unavailable` when the database cannot commit now.
    pub fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Conn) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let _alone = transaction::Alone::enter()?;
        match &self.0.writer {
            Some(writer) => writer.write(work),
            None => transaction::write(&mut *self.connection()?, work),
        }
    }

    fn connection(&self) -> Result<PooledConnection<Manager>> {
        self.0.pool.get().map_err(unavailable)
    }

    /// A connection of its own that may write, outside pool and writer.
    fn separate_connection(&self) -> Result<Conn> {
        self.0.manager.connect().map_err(unavailable)
    }
}

/// The message of a connection error names host and user at most, never the password.
fn unavailable(error: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("database: {error}"))
}

#[cfg(test)]
mod tests;
