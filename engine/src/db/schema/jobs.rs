//! The job table.

diesel::table! {
    /// Work that waits for a worker. Disposable: sweeps find again what is due.
    job (id) {
        id -> Text,
        queue -> Text,
        kind -> Text,
        payload -> Text,
        dedupe_key -> Nullable<Text>,
        due_at -> Timestamp,
        again_at -> Nullable<Timestamp>,
        state -> Text,
        claims -> Integer,
        attempts -> Integer,
        crash_count -> Integer,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}
