//! What a store may write, shown on a small table: ids as newtypes, stored words, instants, bytes, flags,
//! updates that answer with the row, upserts.

use diesel::prelude::*;
use diesel_derive_newtype::DieselNewType;

use super::super::testing::TestDb;
use crate::both;

domain::words! {
    /// How loud a note is.
    Tone { Quiet = "quiet", Loud = "loud" }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, DieselNewType)]
struct NoteId(String);

diesel::table! {
    note (id) {
        id -> Text,
        tone -> Text,
        reply_tone -> Nullable<Text>,
        amount_minor -> BigInt,
        body -> Binary,
        pinned -> Bool,
        written_at -> Timestamp,
        read_at -> Nullable<Timestamp>,
    }
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = note, treat_none_as_null = true)]
struct Note {
    id: NoteId,
    #[diesel(deserialize_as = String, serialize_as = String)]
    tone: Tone,
    amount_minor: i64,
    body: Vec<u8>,
    pinned: bool,
    written_at: domain::Instant,
    read_at: Option<domain::Instant>,
}

const TABLE: [&str; 2] = [
    "CREATE TABLE note (id TEXT PRIMARY KEY NOT NULL, tone TEXT NOT NULL, reply_tone TEXT, amount_minor INTEGER NOT NULL, \
     body BLOB NOT NULL, pinned INTEGER NOT NULL, written_at TEXT NOT NULL, read_at TEXT) STRICT",
    "CREATE TABLE note (id TEXT PRIMARY KEY NOT NULL, tone TEXT NOT NULL, reply_tone TEXT, amount_minor BIGINT NOT NULL, \
     body BYTEA NOT NULL, pinned BOOLEAN NOT NULL, written_at TIMESTAMP NOT NULL, read_at TIMESTAMP)",
];

fn example() -> Note {
    Note {
        id: NoteId("not_1".to_owned()),
        tone: Tone::Quiet,
        amount_minor: i64::MAX,
        body: vec![0, 255],
        pinned: true,
        written_at: "2026-11-21T07:40:00.123456".parse().expect("instant"),
        read_at: None,
    }
}

#[test]
fn a_row_comes_back_as_it_was_written_and_updates_answer_with_the_row() {
    TestDb::each(|db| {
        let table = TABLE[usize::from(!db.is_sqlite())];
        let stored = db.write(move |tx| {
            diesel::sql_query(table).execute(tx)?;
            diesel::insert_into(note::table).values(example()).execute(tx)?;
            Ok(note::table.filter(note::id.eq("not_1")).select(Note::as_select()).first::<Note>(tx)?)
        });
        assert_eq!(stored.expect("stored"), example());

        let changed = db.write(|tx| {
            let loud = Note { tone: Tone::Loud, read_at: Some(example().written_at), ..example() };
            let target = note::table.filter(note::id.eq(&loud.id).and(note::tone.eq("quiet")));
            let columns = (
                note::id,
                note::tone,
                note::amount_minor,
                note::body,
                note::pinned,
                note::written_at,
                note::read_at,
            );
            Ok(diesel::update(target).set(loud.clone()).returning(columns).get_result::<Note>(tx)?)
        });
        assert_eq!(changed.expect("changed").tone, Tone::Loud);

        let upserted = db.write(|tx| {
            let row = (
                note::id.eq("not_1"),
                note::tone.eq("quiet"),
                note::amount_minor.eq(1_i64),
                note::body.eq(vec![1_u8]),
                note::pinned.eq(false),
                note::written_at.eq(example().written_at),
            );
            both!(tx, |c| diesel::insert_into(note::table)
                .values(row)
                .on_conflict(note::id)
                .do_update()
                .set(note::tone.eq(diesel::upsert::excluded(note::tone)))
                .execute(c))?;
            Ok(note::table
                .select((note::tone, note::amount_minor, note::pinned))
                .load::<(String, i64, bool)>(tx)?)
        });
        assert_eq!(upserted.expect("upserted"), [("quiet".to_owned(), i64::MAX, true)]);
    });
}
