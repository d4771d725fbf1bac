//! Brings the schema up to date. Both trees hold the same folder names and make the same tables.

use diesel::backend::Backend;
use diesel::connection::{BoxableConnection, Connection};
use diesel::migration::{Migration, MigrationSource};
use diesel::{PgConnection, RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, Db};
use crate::{Error, Result};

pub(super) const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
pub(super) const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

impl Db {
    /// Runs the migrations that are missing, all or none, and answers their names. Processes that start at the
    /// same moment wait for each other.
    ///
    /// # Errors
    /// `Refused` with code `schema_newer` when the database was migrated by a newer program.
    pub fn migrate(&self) -> Result<Vec<String>> {
        match self.separate_connection()? {
            Conn::Sqlite(mut conn) => sqlite(&mut conn),
            Conn::Postgres(mut conn) => postgres(&mut conn),
        }
    }
}

fn sqlite(conn: &mut SqliteConnection) -> Result<Vec<String>> {
    conn.immediate_transaction(|conn| run(conn, SQLITE))
}

fn postgres(conn: &mut PgConnection) -> Result<Vec<String>> {
    conn.transaction(|conn| {
        // Whoever else migrates this schema waits here and then finds nothing to do. It may take longer than a
        // page may wait for a lock.
        diesel::sql_query("SET LOCAL lock_timeout = 0").execute(conn)?;
        diesel::sql_query(
            "SELECT pg_advisory_xact_lock(hashtextextended('portico migrations ' || current_schema(), 0))",
        )
        .execute(conn)?;
        run(conn, POSTGRES)
    })
}

fn run<DB: Backend>(
    conn: &mut (impl MigrationHarness<DB> + BoxableConnection<DB>),
    source: EmbeddedMigrations,
) -> Result<Vec<String>> {
    let ours: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(failed)?;
    let applied = conn.applied_migrations().map_err(failed)?;
    if let Some(unknown) = applied.iter().find(|version| ours.iter().all(|m| m.name().version() != **version))
    {
        return Err(Error::refused(
            "schema_newer",
            format!(
                "the database holds migration {unknown}, which this program does not know: start a newer one"
            ),
        ));
    }
    let pending = conn.pending_migrations(source).map_err(failed)?;
    conn.run_migrations(&pending).map_err(failed)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::bug(format!("migration: {error}"))
}
