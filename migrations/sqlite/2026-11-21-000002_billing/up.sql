-- One installation has one identity; it is part of every idempotency key.
CREATE TABLE installation (
    id              TEXT PRIMARY KEY CHECK (id = 'this'),
    instance_id     TEXT NOT NULL,
    key_fingerprint TEXT NOT NULL,
    created_at      TEXT NOT NULL
) STRICT;

CREATE TABLE tenant (
    id              TEXT PRIMARY KEY,
    slug            TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    mode            TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    country         TEXT NOT NULL,
    currency        TEXT NOT NULL,
    timezone        TEXT NOT NULL,
    -- Microseconds that a test tenant's billing time runs ahead of wall time.
    clock_offset_us INTEGER NOT NULL DEFAULT 0,
    -- Billing time that a test tenant's clock is moving towards, due instant by due instant.
    clock_target    TEXT,
    created_at      TEXT NOT NULL,
    updated_at      TEXT NOT NULL
) STRICT;

CREATE TABLE tenant_host (
    host      TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id)
) STRICT;

CREATE TABLE product (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, code)
) STRICT;

CREATE TABLE price (
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL,
    product_id     TEXT NOT NULL,
    code           TEXT NOT NULL,
    currency       TEXT NOT NULL,
    unit_amount    INTEGER NOT NULL CHECK (unit_amount >= 0),
    interval_unit  TEXT NOT NULL CHECK (interval_unit IN ('day', 'week', 'month', 'year')),
    interval_count INTEGER NOT NULL CHECK (interval_count > 0),
    trial_days     INTEGER NOT NULL CHECK (trial_days >= 0),
    tax_behaviour  TEXT NOT NULL CHECK (tax_behaviour IN ('inclusive', 'exclusive')),
    created_at     TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, code),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
) STRICT;

CREATE TABLE customer (
    id                        TEXT PRIMARY KEY,
    tenant_id                 TEXT NOT NULL REFERENCES tenant (id),
    email                     TEXT NOT NULL,
    name                      TEXT NOT NULL,
    company                   TEXT,
    phone                     TEXT,
    vat_id                    TEXT,
    locale                    TEXT,
    timezone                  TEXT,
    default_payment_method_id TEXT,
    created_at                TEXT NOT NULL,
    updated_at                TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, email)
) STRICT;

CREATE TABLE billing_address (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    company     TEXT,
    line1       TEXT NOT NULL,
    line2       TEXT,
    postal_code TEXT NOT NULL,
    city        TEXT NOT NULL,
    region      TEXT,
    country     TEXT NOT NULL,
    is_default  INTEGER NOT NULL,
    created_at  TEXT NOT NULL,
    updated_at  TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX billing_address_one_default ON billing_address (customer_id) WHERE is_default;
CREATE INDEX billing_address_customer ON billing_address (tenant_id, customer_id);

CREATE TABLE provider_account (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL REFERENCES tenant (id),
    provider   TEXT NOT NULL,
    name       TEXT NOT NULL,
    settings   TEXT NOT NULL,
    -- JSON object of sealed values; see engine::vault.
    secrets    TEXT NOT NULL,
    -- JSON array of origins that the operator lets the component reach.
    grants     TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id)
) STRICT;
CREATE UNIQUE INDEX provider_account_one_default ON provider_account (tenant_id) WHERE is_default;

CREATE TABLE payment_method (
    id                    TEXT PRIMARY KEY,
    tenant_id             TEXT NOT NULL,
    customer_id           TEXT NOT NULL,
    provider_account_id   TEXT NOT NULL,
    provider_ref          TEXT NOT NULL,
    provider_customer_ref TEXT,
    kind                  TEXT NOT NULL,
    brand                 TEXT NOT NULL,
    last4                 TEXT NOT NULL,
    exp_month             INTEGER,
    exp_year              INTEGER,
    fingerprint           TEXT,
    -- hidden: gone from the customer's list, still charged for what is bound to it.
    status                TEXT NOT NULL CHECK (status IN ('active', 'hidden', 'detached')),
    created_at            TEXT NOT NULL,
    updated_at            TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (provider_account_id, provider_ref),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_account_id) REFERENCES provider_account (tenant_id, id)
) STRICT;
CREATE INDEX payment_method_customer ON payment_method (tenant_id, customer_id);

CREATE TABLE payment_setup (
    id                  TEXT PRIMARY KEY,
    tenant_id           TEXT NOT NULL,
    customer_id         TEXT NOT NULL,
    provider_account_id TEXT NOT NULL,
    kind                TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('created', 'open', 'checking', 'verifying', 'done', 'failed')),
    provider_ref        TEXT,
    subscription_id     TEXT,
    payment_method_id   TEXT,
    failure             TEXT,
    created_at          TEXT NOT NULL,
    updated_at          TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_account_id) REFERENCES provider_account (tenant_id, id)
) STRICT;

CREATE TABLE subscription (
    id                   TEXT PRIMARY KEY,
    tenant_id            TEXT NOT NULL,
    customer_id          TEXT NOT NULL,
    price_id             TEXT NOT NULL,
    quantity             INTEGER NOT NULL CHECK (quantity > 0),
    status               TEXT NOT NULL CHECK (status IN ('incomplete', 'trialing', 'active', 'past_due', 'on_hold',
                                                         'paused', 'cancelled', 'expired', 'error')),
    hold_reason          TEXT,
    billing_tz           TEXT NOT NULL,
    -- Civil time in billing_tz from which every period is computed.
    anchor_local         TEXT NOT NULL,
    -- period_index of the period that starts at the anchor; period n = period_index - anchor_index.
    anchor_index         INTEGER NOT NULL,
    period_index         INTEGER NOT NULL,
    current_period_start TEXT NOT NULL,
    current_period_end   TEXT NOT NULL,
    trial_end            TEXT,
    cancel_at            TEXT,
    cancel_requested_at  TEXT,
    cancel_reason        TEXT,
    cancel_comment       TEXT,
    ended_at             TEXT,
    payment_method_id    TEXT,
    past_due_since       TEXT,
    -- Boundaries missed while nobody was running wait for a person; see billing.catch_up.
    review_since         TEXT,
    -- When the worker has to look at it next, in billing time.
    next_due_at          TEXT,
    event_seq            INTEGER NOT NULL,
    created_at           TEXT NOT NULL,
    updated_at           TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, price_id) REFERENCES price (tenant_id, id)
) STRICT;
CREATE INDEX subscription_customer ON subscription (tenant_id, customer_id);
CREATE INDEX subscription_due ON subscription (tenant_id, next_due_at) WHERE next_due_at IS NOT NULL;

CREATE TABLE number_series (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL REFERENCES tenant (id),
    kind            TEXT NOT NULL,
    scope_key       TEXT NOT NULL,
    next_seq        INTEGER NOT NULL,
    last_issue_date TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, kind, scope_key)
) STRICT;

CREATE TABLE invoice (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    customer_id     TEXT NOT NULL,
    subscription_id TEXT,
    series_id       TEXT,
    seq             INTEGER,
    number          TEXT,
    status          TEXT NOT NULL CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
    reason          TEXT NOT NULL,
    period_index    INTEGER,
    period_start    TEXT,
    period_end      TEXT,
    issue_date      TEXT,
    due_at          TEXT,
    currency        TEXT NOT NULL,
    subtotal        INTEGER NOT NULL,
    discount        INTEGER NOT NULL,
    tax             INTEGER NOT NULL,
    total           INTEGER NOT NULL,
    credit_applied  INTEGER NOT NULL,
    amount_paid     INTEGER NOT NULL,
    amount_credited INTEGER NOT NULL,
    -- What is paid, over all attempts and documents; see docs/charging.md.
    natural_ref     TEXT NOT NULL,
    -- Snapshots (JSON) as printed.
    seller          TEXT NOT NULL,
    buyer           TEXT NOT NULL,
    locale          TEXT NOT NULL,
    paid_at         TEXT,
    created_at      TEXT NOT NULL,
    updated_at      TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (series_id, seq),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id),
    FOREIGN KEY (tenant_id, series_id) REFERENCES number_series (tenant_id, id)
) STRICT;
-- One invoice a period, whoever races.
CREATE UNIQUE INDEX invoice_one_per_period ON invoice (subscription_id, period_index)
    WHERE reason IN ('create', 'cycle', 'trial_end') AND status <> 'void';
CREATE INDEX invoice_customer ON invoice (tenant_id, customer_id);
CREATE INDEX invoice_subscription ON invoice (tenant_id, subscription_id);
CREATE INDEX invoice_open ON invoice (tenant_id, id) WHERE status = 'open';

CREATE TABLE invoice_line (
    id            TEXT PRIMARY KEY,
    tenant_id     TEXT NOT NULL,
    invoice_id    TEXT NOT NULL,
    position      INTEGER NOT NULL,
    price_id      TEXT,
    description   TEXT NOT NULL,
    quantity      INTEGER NOT NULL,
    unit_amount   INTEGER NOT NULL,
    amount        INTEGER NOT NULL,
    discount      INTEGER NOT NULL,
    -- Millionths: 190000 is 19 %.
    tax_rate      INTEGER NOT NULL,
    tax_behaviour TEXT NOT NULL,
    net           INTEGER NOT NULL,
    tax           INTEGER NOT NULL,
    service_start TEXT,
    service_end   TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (invoice_id, position),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id),
    FOREIGN KEY (tenant_id, price_id) REFERENCES price (tenant_id, id)
) STRICT;

CREATE TABLE payment_attempt (
    id                   TEXT PRIMARY KEY,
    tenant_id            TEXT NOT NULL,
    customer_id          TEXT NOT NULL,
    invoice_id           TEXT NOT NULL,
    seq                  INTEGER NOT NULL,
    purpose              TEXT NOT NULL CHECK (purpose IN ('charge', 'refund')),
    attempt_trigger      TEXT NOT NULL CHECK (attempt_trigger IN ('cycle', 'dunning', 'customer', 'method_update', 'admin')),
    amount               INTEGER NOT NULL CHECK (amount > 0),
    currency             TEXT NOT NULL,
    payment_method_id    TEXT NOT NULL,
    provider_account_id  TEXT NOT NULL,
    natural_ref          TEXT NOT NULL,
    idempotency_key      TEXT NOT NULL,
    state                TEXT NOT NULL CHECK (state IN ('created', 'submitted', 'unknown', 'requires_action', 'pending',
                                                        'succeeded', 'failed', 'error', 'cancelled', 'reversed')),
    -- A person has to look. A flag, not a state: the slot stays taken.
    review_since         TEXT,
    lease_owner          TEXT,
    lease_epoch          INTEGER NOT NULL,
    lease_until          TEXT,
    first_submitted_at   TEXT,
    last_submitted_at    TEXT,
    submit_count         INTEGER NOT NULL,
    -- Submissions that are not proven to have had no effect.
    unproven_submissions INTEGER NOT NULL,
    resend_until         TEXT,
    lookup_final_after   TEXT,
    -- Since when final lookups have found nothing.
    absent_since         TEXT,
    next_check_at        TEXT,
    check_count          INTEGER NOT NULL,
    provider_ref         TEXT,
    outcome_source       TEXT,
    decline_kind         TEXT,
    decline_code         TEXT,
    raw_status           TEXT,
    action_url           TEXT,
    action_expires_at    TEXT,
    transcript           TEXT,
    settled_at           TEXT,
    created_at           TEXT NOT NULL,
    updated_at           TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, idempotency_key),
    UNIQUE (tenant_id, purpose, natural_ref, seq),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_method_id) REFERENCES payment_method (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_account_id) REFERENCES provider_account (tenant_id, id)
) STRICT;
-- The one that matters: at most one charge of an invoice is under way.
CREATE UNIQUE INDEX payment_attempt_one_open ON payment_attempt (invoice_id)
    WHERE purpose = 'charge' AND state IN ('created', 'submitted', 'unknown', 'requires_action', 'pending');
CREATE UNIQUE INDEX payment_attempt_provider_ref ON payment_attempt (provider_account_id, purpose, provider_ref)
    WHERE provider_ref IS NOT NULL;
-- With the id at the end: SQLite would otherwise read a business's whole history in the order of its ids.
CREATE INDEX payment_attempt_invoice ON payment_attempt (tenant_id, invoice_id, id);
CREATE INDEX payment_attempt_customer ON payment_attempt (tenant_id, customer_id, id);
-- Attempts that are over are never looked at again. SQLite proves IS NOT NULL from a comparison, a list of states it does not.
CREATE INDEX payment_attempt_check ON payment_attempt (tenant_id, next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE dunning_case (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    customer_id     TEXT NOT NULL,
    invoice_id      TEXT NOT NULL UNIQUE,
    subscription_id TEXT,
    -- The policy (JSON) as it stood when the case was opened.
    policy          TEXT NOT NULL,
    step            INTEGER NOT NULL,
    retryable       INTEGER NOT NULL,
    started_at      TEXT NOT NULL,
    next_at         TEXT,
    outcome         TEXT CHECK (outcome IN ('recovered', 'exhausted', 'cancelled')),
    closed_at       TEXT,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
) STRICT;
CREATE INDEX dunning_case_next ON dunning_case (tenant_id, next_at) WHERE outcome IS NULL;

CREATE TABLE ledger_txn (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL REFERENCES tenant (id),
    kind       TEXT NOT NULL,
    invoice_id TEXT,
    attempt_id TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (attempt_id, kind),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id),
    FOREIGN KEY (tenant_id, attempt_id) REFERENCES payment_attempt (tenant_id, id)
) STRICT;

CREATE TABLE ledger_entry (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    txn_id      TEXT NOT NULL,
    account     TEXT NOT NULL,
    customer_id TEXT,
    currency    TEXT NOT NULL,
    -- Debits are positive; the entries of a transaction add up to zero.
    amount      INTEGER NOT NULL,
    FOREIGN KEY (tenant_id, txn_id) REFERENCES ledger_txn (tenant_id, id)
) STRICT;
CREATE INDEX ledger_entry_txn ON ledger_entry (txn_id);

CREATE TABLE event (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL REFERENCES tenant (id),
    subject    TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    reason     TEXT,
    payload    TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (tenant_id, subject, seq)
) STRICT;

CREATE TABLE mail (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    customer_id TEXT,
    kind        TEXT NOT NULL,
    dedupe_key  TEXT NOT NULL,
    to_address  TEXT NOT NULL,
    locale      TEXT NOT NULL,
    -- What the template needs (JSON). Tokens are derived when it is sent.
    data        TEXT NOT NULL,
    token_id    TEXT,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts    INTEGER NOT NULL,
    next_at     TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    last_error  TEXT,
    created_at  TEXT NOT NULL,
    sent_at     TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, dedupe_key)
) STRICT;
CREATE INDEX mail_queued ON mail (tenant_id, next_at) WHERE state = 'queued';

CREATE TABLE document (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('invoice', 'invoice_paid')),
    state      TEXT NOT NULL CHECK (state IN ('pending', 'ready')),
    sha256     TEXT,
    bytes      BLOB,
    created_at TEXT NOT NULL,
    ready_at   TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (invoice_id, kind),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
) STRICT;
CREATE INDEX document_invoice ON document (tenant_id, invoice_id, id);
CREATE INDEX document_pending ON document (tenant_id, created_at) WHERE state = 'pending';

CREATE TABLE portal_token (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    purpose     TEXT NOT NULL CHECK (purpose IN ('login', 'receipt', 'invite')),
    email       TEXT NOT NULL,
    customer_id TEXT,
    token_hash  TEXT NOT NULL UNIQUE,
    -- SHA-256 of the nonce that the asking browser holds; it may sign in with one press.
    nonce_hash  TEXT,
    return_path TEXT,
    code_tries  INTEGER NOT NULL,
    expires_at  TEXT NOT NULL,
    consumed_at TEXT,
    revoked_at  TEXT,
    created_at  TEXT NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
) STRICT;
CREATE INDEX portal_token_email ON portal_token (tenant_id, email, purpose);

CREATE TABLE portal_session (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL,
    customer_id  TEXT NOT NULL,
    token_hash   TEXT NOT NULL UNIQUE,
    user_agent   TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    revoked_at   TEXT,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
) STRICT;
CREATE INDEX portal_session_customer ON portal_session (tenant_id, customer_id);

-- Counters of limits that have to survive a restart.
CREATE TABLE rate_hit (
    id        TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    bucket    TEXT NOT NULL,
    at        TEXT NOT NULL
) STRICT;
CREATE INDEX rate_hit_bucket ON rate_hit (tenant_id, bucket, at);
