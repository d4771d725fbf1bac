//! A copy of everything in a SQLite file, taken from one consistent moment while others go on writing. Reading is
//! all that it asks of the database: on PostgreSQL the right to SELECT, on SQLite nothing.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{PgConnection, SqliteConnection};

use super::{Conn, Db, DbOptions};
use crate::{Error, Result};

/// Rows fetched at once.
const ROWS: usize = 1_000;

/// Tables that are not data.
const OWN: &str = "__diesel_schema_migrations";

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

impl Db {
    /// Writes a copy into a new SQLite file at `path` and opens it. The copy waits for no disk.
    ///
    /// # Errors
    /// `Unavailable` when either database does not answer, `Bug` when a row cannot be carried over.
    pub fn copy_to(&self, path: &Path) -> Result<Self> {
        let options = || DbOptions { connections: 2, synchronous_full: false };
        let url = format!("sqlite:{}", path.display());
        match self.separate_connection()? {
            Conn::Sqlite(mut conn) => {
                diesel::sql_query("VACUUM INTO ?")
                    .bind::<Text, _>(path.display().to_string())
                    .execute(&mut conn)?;
                Self::open(&url, options())
            }
            Conn::Postgres(mut source) => {
                let copy = Self::open(&url, options())?;
                copy.migrate()?;
                let Conn::Sqlite(mut target) = copy.separate_connection()? else {
                    return Err(Error::bug("a copy that is not in a file"));
                };
                // Rows come table by table, before those that they point to.
                target.batch_execute("PRAGMA foreign_keys = OFF")?;
                source
                    .build_transaction()
                    .read_only()
                    .repeatable_read()
                    .run(|source| target.immediate_transaction(|target| carry_all(source, target)))?;
                Ok(copy)
            }
        }
    }
}

fn carry_all(source: &mut PgConnection, target: &mut SqliteConnection) -> Result<()> {
    let tables = "SELECT name AS word FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    for Word { word: table } in diesel::sql_query(tables).load(target)? {
        if table != OWN {
            carry(source, target, &table)?;
        }
    }
    Ok(())
}

/// Carries a table over. Each row travels as one JSON array of what SQLite is to hold.
fn carry(source: &mut PgConnection, target: &mut SqliteConnection, table: &str) -> Result<()> {
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT column_name::text AS name, data_type::text AS kind FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
    )
    .bind::<Text, _>(table)
    .load(source)?;
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let values: Vec<String> = columns.iter().map(as_sqlite_writes).collect();
    // Whatever was there is what migrations put there.
    target.batch_execute(&format!("DELETE FROM \"{table}\""))?;
    let places: Vec<String> = columns.iter().enumerate().map(|(at, column)| taken_from(at, column)).collect();
    let insert = format!(
        "INSERT INTO \"{table}\" ({}) SELECT {} FROM (SELECT ? AS row)",
        names.join(", "),
        places.join(", ")
    );
    source.batch_execute(&format!(
        "DECLARE carried NO SCROLL CURSOR FOR SELECT json_build_array({})::text AS word FROM \"{table}\"",
        values.join(", ")
    ))?;
    loop {
        let rows: Vec<Word> = diesel::sql_query(format!("FETCH {ROWS} FROM carried")).load(source)?;
        for row in &rows {
            diesel::sql_query(&insert).bind::<Text, _>(&row.word).execute(target)?;
        }
        if rows.len() < ROWS {
            return Ok(source.batch_execute("CLOSE carried")?);
        }
    }
}

/// A value in the form in which SQLite keeps it. Moments have as many digits as they need, in threes, for they are
/// compared as text.
fn as_sqlite_writes(column: &Column) -> String {
    let name = format!("\"{}\"", column.name);
    match column.kind.as_str() {
        "timestamp without time zone" => format!(
            "to_char({name}, CASE WHEN extract(microseconds FROM {name})::bigint % 1000000 = 0 \
             THEN 'YYYY-MM-DD HH24:MI:SS' WHEN extract(microseconds FROM {name})::bigint % 1000 = 0 \
             THEN 'YYYY-MM-DD HH24:MI:SS.MS' ELSE 'YYYY-MM-DD HH24:MI:SS.US' END)"
        ),
        "date" => format!("to_char({name}, 'YYYY-MM-DD')"),
        "bytea" => format!("encode({name}, 'hex')"),
        _ => name,
    }
}

fn taken_from(at: usize, column: &Column) -> String {
    let value = format!("json_extract(row, '$[{at}]')");
    if column.kind == "bytea" { format!("unhex({value})") } else { value }
}
