-- Work that waits for a worker. Disposable: sweeps find again what is due, so no payload lives only here.
CREATE TABLE job (
    id          TEXT PRIMARY KEY NOT NULL,
    queue       TEXT NOT NULL CHECK (queue IN ('billing', 'payments', 'outbound', 'documents')),
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    dedupe_key  TEXT,             -- none once done, so that the same can be asked for again
    due_at      TIMESTAMP NOT NULL,
    again_at    TIMESTAMP,        -- asked for again while it ran
    state       TEXT NOT NULL CHECK (state IN ('ready', 'claimed', 'done', 'dead')),
    claims      INTEGER NOT NULL, -- times claimed: the number that fences a late answer off
    attempts    INTEGER NOT NULL, -- failed runs since it was asked for
    crash_count INTEGER NOT NULL, -- claims that ended without an answer
    lease_owner TEXT,
    lease_until TIMESTAMP,
    last_error  TEXT,
    created_at  TIMESTAMP NOT NULL,
    done_at     TIMESTAMP,
    CHECK ((state = 'done') = (dedupe_key IS NULL)),
    CHECK ((state = 'claimed') = (lease_owner IS NOT NULL AND lease_until IS NOT NULL)),
    CHECK ((state IN ('done', 'dead')) = (done_at IS NOT NULL))
);

CREATE UNIQUE INDEX job_once ON job (dedupe_key);
-- Whole indexes: a state bound as a parameter would not find a partial one.
CREATE INDEX job_due ON job (queue, state, due_at);
CREATE INDEX job_leases ON job (state, lease_until);
CREATE INDEX job_finished ON job (done_at);
