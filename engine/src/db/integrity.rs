//! Whether the database's file is whole.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{Conn, Db};
use crate::Result;

/// One line of SQLite's answer.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = quick_check)]
    said: String,
}

impl Db {
    /// What is wrong with the file, in SQLite's words; none when it is whole. PostgreSQL looks after its own pages.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer.
    pub fn damage(&self) -> Result<Option<String>> {
        let Conn::Sqlite(mut conn) = self.separate_connection()? else { return Ok(None) };
        let said = match diesel::sql_query("PRAGMA quick_check(1)").load::<Line>(&mut conn) {
            Ok(lines) => lines.into_iter().map(|line| line.said).collect::<Vec<_>>().join("; "),
            // Some damage keeps SQLite from looking for more.
            Err(error) => error.to_string(),
        };
        Ok(Some(said).filter(|said| said != "ok"))
    }
}
