//! The promises of `read`, `write` and `migrate`, on both databases.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::testing::TestDb;
use super::{Conn, Db, DbOptions, dialect, migrate};
use crate::{Error, Result};

mod notes;
mod plans;

fn put(tx: &mut Conn, id: &str) -> Result<()> {
    diesel::sql_query(format!("INSERT INTO word (id) VALUES ('{id}')")).execute(tx)?;
    Ok(())
}

fn words(db: &Db) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Word {
        #[diesel(sql_type = Text)]
        id: String,
    }
    let read = db.read(|tx| Ok(diesel::sql_query("SELECT id FROM word ORDER BY id").load::<Word>(tx)?));
    read.expect("words").into_iter().map(|word| word.id).collect()
}

fn with_words(test: impl Fn(&Db)) {
    TestDb::each(|db| {
        db.write(|tx| Ok(diesel::sql_query("CREATE TABLE word (id TEXT PRIMARY KEY NOT NULL)").execute(tx)?))
            .expect("table");
        test(db);
    });
}

#[test]
fn a_write_that_fails_or_panics_leaves_no_trace_and_the_next_one_works() {
    with_words(|db| {
        db.write(|tx| put(tx, "kept")).expect("write");
        let refused: Result<()> = db.write(|tx| {
            put(tx, "refused")?;
            Err(Error::refused("no", "no"))
        });
        assert!(matches!(refused, Err(Error::Refused { code: "no", .. })));
        let panicked: Result<()> = db.write(|tx| {
            put(tx, "panicked")?;
            panic!("boom")
        });
        assert!(matches!(panicked, Err(Error::Bug(said)) if said.contains("boom")));
        assert!(matches!(db.write(|tx| put(tx, "kept")), Err(Error::Conflict(_))));
        db.write(|tx| put(tx, "later")).expect("write");
        assert_eq!(words(db), ["kept", "later"]);
    });
}

#[test]
fn writes_from_many_threads_all_arrive_and_each_fails_alone() {
    with_words(|db| {
        std::thread::scope(|threads| {
            for thread in 0..8 {
                threads.spawn(move || {
                    for n in 0..50 {
                        let outcome = db.write(move |tx| {
                            put(tx, &format!("{thread}-{n}"))?;
                            if n % 5 == 0 { Err(Error::NotFound) } else { Ok(()) }
                        });
                        assert_eq!(outcome.is_ok(), n % 5 != 0, "write {thread}-{n}: {outcome:?}");
                    }
                });
            }
        });
        let words = words(db);
        assert_eq!(words.len(), 8 * 40);
        assert!(words.iter().all(|word| !word.ends_with("-0")));
    });
}

#[test]
fn a_read_sees_one_snapshot_and_cannot_write() {
    with_words(|db| {
        let count = |tx: &mut Conn| -> Result<i64> {
            Ok(diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>("(SELECT count(*) FROM word)"))
                .get_result(tx)?)
        };
        let seen = db.read(|tx| {
            let before = count(tx)?;
            let other = db.clone();
            std::thread::spawn(move || other.write(|tx| put(tx, "meanwhile"))).join().expect("joined")?;
            Ok((before, count(tx)?))
        });
        assert_eq!(seen.expect("read"), (0, 0));
        assert!(db.read(|tx| put(tx, "smuggled")).is_err());
        assert_eq!(words(db), ["meanwhile"]);
    });
}

#[test]
fn a_transaction_inside_another_is_refused_on_both() {
    TestDb::each(|db| {
        let inner = Db::clone(db);
        assert!(matches!(db.write(move |_| inner.write(|_| Ok(()))), Err(Error::Bug(_))));
        assert!(matches!(db.read(|_| db.read(|_| Ok(()))), Err(Error::Bug(_))));
    });
}

#[test]
fn writers_of_one_customer_wait_for_each_other() {
    with_words(|db| {
        let (entered, first_is_in) = std::sync::mpsc::channel();
        std::thread::scope(|threads| {
            threads.spawn(move || {
                db.write(move |tx| {
                    dialect::lock(tx, "biz_1", "cus_1")?;
                    entered.send(()).map_err(Error::bug)?;
                    std::thread::sleep(Duration::from_millis(100));
                    put(tx, "first")
                })
            });
            first_is_in.recv().expect("the first holds the lock");
            let found_first = db.write(|tx| {
                dialect::lock(tx, "biz_1", "cus_1")?;
                let found = diesel::sql_query("DELETE FROM word WHERE id = 'first'").execute(tx)?;
                Ok(found == 1)
            });
            assert!(found_first.expect("second"));
        });
    });
}

#[test]
fn only_the_two_schemes_are_taken_and_secrets_are_not_repeated() {
    for url in ["mysql://root:hunter2@db/x", "portico.db", "", "sqlite:", "sqlite::memory:", "postgres:db"] {
        let refused = Db::open(url, DbOptions::default()).err().map(|error| error.to_string());
        let sentence = refused.unwrap_or_else(|| panic!("{url} was opened"));
        assert!(sentence.contains("sqlite:") && !sentence.contains("hunter2"), "{sentence}");
    }
}

#[test]
fn starting_together_migrates_once_and_a_newer_schema_is_refused() {
    TestDb::each(|db| {
        db.write(|tx| {
            diesel::sql_query("DROP TABLE job").execute(tx)?;
            Ok(diesel::sql_query("DELETE FROM __diesel_schema_migrations WHERE version = '20261121000001'")
                .execute(tx)?)
        })
        .expect("the first migration taken back");
        let ran: Vec<String> = std::thread::scope(|threads| {
            let starts: Vec<_> = (0..4).map(|_| threads.spawn(|| db.migrate())).collect();
            starts.into_iter().flat_map(|start| start.join().expect("joined").expect("migrated")).collect()
        });
        assert_eq!(ran, ["2026-11-21-000001_jobs"]);

        db.write(|tx| {
            let newer = "INSERT INTO __diesel_schema_migrations (version, run_on) \
                         VALUES ('99991231000001', '2026-11-21 00:00:00')";
            Ok(diesel::sql_query(newer).execute(tx)?)
        })
        .expect("a migration from the future");
        assert!(matches!(db.migrate(), Err(Error::Refused { code: "schema_newer", .. })));
    });
}

#[test]
fn both_databases_have_the_same_migrations() {
    fn names<DB: diesel::backend::Backend>(source: &impl MigrationSource<DB>) -> Vec<String> {
        let mut names: Vec<_> =
            source.migrations().expect("migrations").iter().map(|m| m.name().to_string()).collect();
        names.sort();
        names
    }
    let sqlite = names::<diesel::sqlite::Sqlite>(&migrate::SQLITE);
    assert_eq!(sqlite, names::<diesel::pg::Pg>(&migrate::POSTGRES));
    assert!(!sqlite.is_empty());
}

/// `table.column type null|not null` of everything a migration made, in the words of the stores.
fn columns(db: &Db) -> BTreeSet<String> {
    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = Text)]
        place: String,
        #[diesel(sql_type = Nullable<Text>)]
        kind: Option<String>,
    }
    let sql = if db.is_sqlite() {
        "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" = 1 THEN ' not null' ELSE ' null' END AS place, \
         lower(c.type) AS kind FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
    } else {
        "SELECT table_name || '.' || column_name \
         || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE ' null' END AS place, \
         CASE data_type WHEN 'timestamp without time zone' THEN 'text' WHEN 'date' THEN 'text' WHEN 'bytea' THEN 'blob' \
         WHEN 'text' THEN 'text' WHEN 'bigint' THEN 'integer' WHEN 'integer' THEN 'integer' \
         WHEN 'smallint' THEN 'integer' WHEN 'boolean' THEN 'integer' ELSE 'not for both: ' || data_type END \
         AS kind FROM information_schema.columns WHERE table_schema = current_schema()"
    };
    let columns = db.read(|tx| Ok(diesel::sql_query(sql).load::<Column>(tx)?)).expect("columns");
    let named = columns.into_iter().map(|c| format!("{} {}", c.place, c.kind.unwrap_or_default()));
    named.filter(|column| !column.starts_with("__diesel")).collect()
}

#[test]
fn both_databases_have_the_same_columns() {
    let schemas: Vec<_> = TestDb::all().iter().map(|db| columns(db)).collect();
    assert!(schemas[0].contains("job.due_at not null text"), "{:?}", schemas[0]);
    for other in &schemas[1..] {
        let differing: Vec<_> = schemas[0].symmetric_difference(other).collect();
        assert!(differing.is_empty(), "differ: {differing:#?}");
    }
}
