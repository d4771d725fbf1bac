//! Databases for tests: a SQLite file in a temporary folder, a schema of its own in PostgreSQL.
//!
//! PostgreSQL is `PORTICO_TEST_POSTGRES_URL`, or a throw-away server started from the binaries found on this
//! machine. Without either, tests say that they skipped it; `PORTICO_REQUIRE_POSTGRES=1` makes them fail.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use diesel::Connection;
use diesel::connection::SimpleConnection;

use super::{Db, DbOptions};
use crate::{Error, Result};

#[path = "testing/cluster.rs"]
mod cluster;

/// A migrated, empty database that goes away with this value.
pub struct TestDb {
    db: Db,
    url: String,
    /// Removes the SQLite file when dropped.
    _folder: Option<tempfile::TempDir>,
    /// Removes the PostgreSQL schema when dropped.
    _schema: Option<Schema>,
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl TestDb {
    /// A SQLite file of its own.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn sqlite() -> Result<Self> {
        let folder = tempfile::tempdir().map_err(Error::bug)?;
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self::open(url, Some(folder), None)
    }

    /// A schema of its own on the server at `base_url`.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn postgres(base_url: &str) -> Result<Self> {
        let schema = Schema::create(base_url)?;
        let joint = if base_url.contains('?') { '&' } else { '?' };
        let url = format!("{base_url}{joint}options=-csearch_path%3D{}", schema.name);
        Self::open(url, None, Some(schema))
    }

    fn open(url: String, folder: Option<tempfile::TempDir>, schema: Option<Schema>) -> Result<Self> {
        let db = Db::open(&url, DbOptions { connections: 4, synchronous_full: false })?;
        db.migrate()?;
        Ok(Self { db, url, _folder: folder, _schema: schema })
    }

    /// What another process needs to open the same database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs a test on SQLite, and on PostgreSQL where there is one.
    ///
    /// # Panics
    /// When a database cannot be opened, and when PostgreSQL is required and missing.
    pub fn each(test: impl Fn(&Self)) {
        for db in Self::all() {
            test(&db);
        }
    }

    /// One empty database of each kind there is; see [`TestDb::each`].
    ///
    /// # Panics
    /// As [`TestDb::each`].
    pub fn all() -> Vec<Self> {
        let open = |db: Result<Self>| db.unwrap_or_else(|error| panic!("no test database: {error}"));
        let mut all = vec![open(Self::sqlite())];
        all.extend(postgres_url().map(|url| open(Self::postgres(url))));
        all
    }
}

/// The server to test against, found or started once in this process.
fn postgres_url() -> Option<&'static str> {
    static URL: OnceLock<Option<String>> = OnceLock::new();
    let url = URL.get_or_init(|| match std::env::var("PORTICO_TEST_POSTGRES_URL") {
        Ok(url) => Some(url),
        Err(_) => cluster::start().map_err(|reason| eprintln!("SKIPPED on PostgreSQL: {reason}")).ok(),
    });
    let required = std::env::var("PORTICO_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(url.is_some() || !required, "PORTICO_REQUIRE_POSTGRES=1, and there is no PostgreSQL to test on");
    url.as_deref()
}

/// A PostgreSQL schema that exists as long as this value.
struct Schema {
    base_url: String,
    name: String,
}

impl Schema {
    fn create(base_url: &str) -> Result<Self> {
        let name = format!("test_{}", ulid::Ulid::generate().to_string().to_lowercase());
        let schema = Self { base_url: base_url.to_owned(), name };
        schema.execute(&format!("CREATE SCHEMA {}", schema.name))?;
        Ok(schema)
    }

    fn execute(&self, sql: &str) -> Result<()> {
        let mut conn = diesel::PgConnection::establish(&self.base_url).map_err(super::unavailable)?;
        Ok(conn.batch_execute(sql)?)
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if let Err(error) = self.execute(&format!("DROP SCHEMA {} CASCADE", self.name)) {
            eprintln!("the test schema {} is left behind: {error}", self.name);
        }
    }
}

/// The newest installed PostgreSQL server programs, where Debian and most others put them.
fn server_programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.into_iter().rev().find(|folder| has_server(folder))
}

fn has_server(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}
