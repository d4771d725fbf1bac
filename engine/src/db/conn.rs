//! One connection type over both databases, and how a connection is prepared.

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, ConnectionError, PgConnection, SqliteConnection};

use crate::settings::secret::without_passwords;
use crate::{Error, Result};

/// A connection to either database. Queries are written once against it; see `dialect` for what differs.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL, for several processes on several machines.
    Postgres(PgConnection),
    /// SQLite, one file on a local disk.
    Sqlite(SqliteConnection),
}

/// Where the data lives, told by the scheme of the database URL.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The whole URL, password included: never printed.
    Postgres(String),
    /// The path of the file.
    Sqlite(String),
}

impl Target {
    /// Reads `postgres://..`, `postgresql://..`, `sqlite:PATH` or `sqlite://PATH`.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        let path = rest.strip_prefix("//").unwrap_or(rest);
        match scheme {
            "postgres" | "postgresql" if rest.starts_with("//") => Ok(Self::Postgres(url.to_owned())),
            "sqlite" if path.is_empty() || path == ":memory:" => Err(Error::refused(
                "database_url",
                "the SQLite database needs a file: write sqlite:PATH, for example sqlite:data/portico.db",
            )),
            "sqlite" => Ok(Self::Sqlite(path.to_owned())),
            _ => Err(Error::refused(
                "database_url",
                "the database URL must start with sqlite: or postgres:// \
                 (for example sqlite:data/portico.db or postgres://user@host/portico)",
            )),
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reads only; SQLite enforces it on the connection, PostgreSQL per transaction.
    Read,
    /// Reads and writes.
    Write,
}

/// Opens and prepares connections for the pool and the writer.
#[derive(Clone)]
pub(crate) struct Manager {
    pub(crate) target: Target,
    pub(crate) purpose: Purpose,
    /// SQLite's `synchronous`: FULL, so that a committed write survives a power cut. OFF is for tests and copies.
    pub(crate) synchronous_full: bool,
}

impl Manager {
    fn sqlite(&self, path: &str) -> std::result::Result<SqliteConnection, ConnectionError> {
        let mut conn = SqliteConnection::establish(path)?;
        let synchronous = if self.synchronous_full { "FULL" } else { "OFF" };
        // The timeout comes first: changing the journal mode may itself have to wait for another process.
        let pragmas = format!(
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; \
             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; \
             PRAGMA query_only = {};",
            if self.purpose == Purpose::Read { "ON" } else { "OFF" }
        );
        conn.batch_execute(&pragmas).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    fn postgres(&self, url: &str) -> std::result::Result<PgConnection, ConnectionError> {
        let mut conn = PgConnection::establish(url).map_err(|error| without_password(error, url))?;
        conn.batch_execute("SET synchronous_commit = on; SET lock_timeout = '10s'")
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }
}

/// The client library repeats what it could not read, and the pool logs it.
fn without_password(error: ConnectionError, url: &str) -> ConnectionError {
    match error {
        ConnectionError::BadConnection(said) => ConnectionError::BadConnection(without_passwords(&said, url)),
        other => other,
    }
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    // Not `Conn::establish`: it tries one database after the other, and SQLite takes any string for a path.
    fn connect(&self) -> std::result::Result<Conn, Self::Error> {
        match &self.target {
            Target::Postgres(url) => self.postgres(url).map(Conn::Postgres),
            Target::Sqlite(path) => self.sqlite(path).map(Conn::Sqlite),
        }
        .map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> std::result::Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}
