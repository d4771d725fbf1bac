-- What can be sold, beside one price at a time.
CREATE TABLE product_collection (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL REFERENCES tenant (id),
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, code)
);

-- Something that is counted and billed afterwards.
CREATE TABLE meter (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    aggregation TEXT NOT NULL CHECK (aggregation IN ('sum', 'max', 'last', 'unique_count')),
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, code)
);

ALTER TABLE product ADD COLUMN kind TEXT NOT NULL DEFAULT 'subscription'
    CHECK (kind IN ('subscription', 'usage', 'one_time'));
ALTER TABLE product ADD COLUMN collection_id TEXT REFERENCES product_collection (id);
ALTER TABLE product ADD COLUMN archived_at TIMESTAMP;

-- Position in its collection; a higher rank is a bigger plan.
ALTER TABLE price ADD COLUMN plan_rank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE price ADD COLUMN quantity_min BIGINT NOT NULL DEFAULT 1;
ALTER TABLE price ADD COLUMN quantity_max BIGINT;
ALTER TABLE price ADD COLUMN meter_id TEXT REFERENCES meter (id);
-- How usage is rated (JSON): included quantity and tiers.
ALTER TABLE price ADD COLUMN rating TEXT;
ALTER TABLE price ADD COLUMN archived_at TIMESTAMP;

ALTER TABLE customer ADD COLUMN tax_exempt BOOLEAN NOT NULL DEFAULT FALSE;
-- Own rate in millionths, instead of the business's.
ALTER TABLE customer ADD COLUMN tax_rate BIGINT;
-- What was found out about the VAT id (JSON).
ALTER TABLE customer ADD COLUMN vat_check TEXT;

ALTER TABLE subscription ADD COLUMN contract_until TIMESTAMP;
-- Only the business may undo a scheduled end that it has locked.
ALTER TABLE subscription ADD COLUMN cancel_locked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE subscription ADD COLUMN pause_at TIMESTAMP;
ALTER TABLE subscription ADD COLUMN paused_at TIMESTAMP;
ALTER TABLE subscription ADD COLUMN resume_at TIMESTAMP;

-- What is bought beside the plan, for the same interval.
CREATE TABLE subscription_addon (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    price_id        TEXT NOT NULL,
    quantity        BIGINT NOT NULL CHECK (quantity > 0),
    created_at      TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (subscription_id, price_id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id),
    FOREIGN KEY (tenant_id, price_id) REFERENCES price (tenant_id, id)
);

CREATE TABLE coupon (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL REFERENCES tenant (id),
    code        TEXT NOT NULL,
    -- What it takes off and for how long (JSON).
    terms       TEXT NOT NULL,
    redeem_by   TIMESTAMP,
    archived_at TIMESTAMP,
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, code)
);

CREATE TABLE subscription_discount (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    coupon_id       TEXT NOT NULL,
    -- The coupon's terms (JSON) as they stood when it was redeemed.
    terms           TEXT NOT NULL,
    periods_used    INTEGER NOT NULL,
    ended_at        TIMESTAMP,
    created_at      TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (subscription_id, coupon_id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id),
    FOREIGN KEY (tenant_id, coupon_id) REFERENCES coupon (tenant_id, id)
);

-- A change of plan, quantity or add-ons that has been asked for.
CREATE TABLE plan_change (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    customer_id     TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    -- What it leads to (JSON): all items with their quantities.
    target          TEXT NOT NULL,
    behaviour       TEXT NOT NULL,
    -- The instant that prices and credits are computed for.
    quoted_at       TIMESTAMP NOT NULL,
    -- Scheduled ones: when it takes effect.
    apply_at        TIMESTAMP,
    -- The invoice whose payment it waits for.
    invoice_id      TEXT,
    state           TEXT NOT NULL CHECK (state IN ('scheduled', 'paying', 'applied', 'undone', 'dropped', 'failed')),
    actor           TEXT NOT NULL,
    closed_at       TIMESTAMP,
    created_at      TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
);
CREATE UNIQUE INDEX plan_change_one_open ON plan_change (subscription_id) WHERE state IN ('scheduled', 'paying');

-- What waits for the next invoice of a subscription.
CREATE TABLE pending_line (
    id               TEXT PRIMARY KEY,
    tenant_id        TEXT NOT NULL,
    customer_id      TEXT NOT NULL,
    subscription_id  TEXT NOT NULL,
    price_id         TEXT,
    description      TEXT NOT NULL,
    quantity         BIGINT NOT NULL,
    unit_amount      BIGINT NOT NULL,
    discount         BIGINT NOT NULL,
    tax_rate         BIGINT NOT NULL,
    tax_behaviour    TEXT NOT NULL,
    service_start    TIMESTAMP,
    service_end      TIMESTAMP,
    formula          TEXT NOT NULL,
    reverses_line_id TEXT,
    -- The line it became.
    invoice_line_id  TEXT,
    created_at       TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id),
    FOREIGN KEY (tenant_id, price_id) REFERENCES price (tenant_id, id)
);
CREATE INDEX pending_line_of ON pending_line (tenant_id, subscription_id) WHERE invoice_line_id IS NULL;

ALTER TABLE number_series ADD COLUMN last_hash TEXT;

ALTER TABLE invoice ADD COLUMN prev_hash TEXT;
ALTER TABLE invoice ADD COLUMN hash TEXT;
-- Why this tax (JSON): facts and evidence.
ALTER TABLE invoice ADD COLUMN tax_decision TEXT;
-- Carried to the next invoice, for being under what the provider charges.
ALTER TABLE invoice ADD COLUMN carried_forward BIGINT NOT NULL DEFAULT 0;
ALTER TABLE invoice ADD COLUMN disputed_since TIMESTAMP;

-- "Why this amount?" (JSON); see domain::invoice::formula.
ALTER TABLE invoice_line ADD COLUMN formula TEXT;
-- The billed line that this one gives back a part of.
ALTER TABLE invoice_line ADD COLUMN reverses_line_id TEXT;
CREATE INDEX invoice_line_reverses ON invoice_line (tenant_id, reverses_line_id) WHERE reverses_line_id IS NOT NULL;

CREATE TABLE credit_note (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    invoice_id  TEXT NOT NULL,
    series_id   TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    number      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    comment     TEXT,
    issue_date  DATE NOT NULL,
    currency    TEXT NOT NULL,
    net         BIGINT NOT NULL,
    tax         BIGINT NOT NULL,
    total       BIGINT NOT NULL CHECK (total > 0),
    -- Where the total goes: against what was unpaid, to the balance, back to the customer.
    to_offset   BIGINT NOT NULL,
    to_balance  BIGINT NOT NULL,
    to_refund   BIGINT NOT NULL,
    seller      TEXT NOT NULL,
    buyer       TEXT NOT NULL,
    locale      TEXT NOT NULL,
    prev_hash   TEXT,
    hash        TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (series_id, seq),
    UNIQUE (tenant_id, number),
    CHECK (to_offset + to_balance + to_refund = total),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id),
    FOREIGN KEY (tenant_id, series_id) REFERENCES number_series (tenant_id, id)
);
CREATE INDEX credit_note_invoice ON credit_note (tenant_id, invoice_id, id);

CREATE TABLE credit_note_line (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    credit_note_id  TEXT NOT NULL,
    invoice_line_id TEXT NOT NULL,
    position        INTEGER NOT NULL,
    description     TEXT NOT NULL,
    tax_rate        BIGINT NOT NULL,
    net             BIGINT NOT NULL,
    tax             BIGINT NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (credit_note_id, position),
    FOREIGN KEY (tenant_id, credit_note_id) REFERENCES credit_note (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_line_id) REFERENCES invoice_line (tenant_id, id)
);
CREATE INDEX credit_note_line_of ON credit_note_line (tenant_id, invoice_line_id);

ALTER TABLE payment_attempt ADD COLUMN credit_note_id TEXT REFERENCES credit_note (id);
-- Refunds: the charge whose money goes back.
ALTER TABLE payment_attempt ADD COLUMN refund_of TEXT REFERENCES payment_attempt (id);
CREATE INDEX payment_attempt_refund_of ON payment_attempt (tenant_id, refund_of) WHERE refund_of IS NOT NULL;

-- A customer's wish to have money back, where a person decides.
CREATE TABLE refund_request (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    invoice_id  TEXT NOT NULL,
    comment     TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'granted', 'declined')),
    decided_at  TIMESTAMP,
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
);
CREATE UNIQUE INDEX refund_request_one_open ON refund_request (invoice_id) WHERE state = 'open';

CREATE TABLE dispute (
    id         TEXT PRIMARY KEY,
    tenant_id  TEXT NOT NULL,
    attempt_id TEXT NOT NULL UNIQUE,
    amount     BIGINT NOT NULL CHECK (amount > 0),
    currency   TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
    opened_at  TIMESTAMP NOT NULL,
    closed_at  TIMESTAMP,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, attempt_id) REFERENCES payment_attempt (tenant_id, id)
);

ALTER TABLE dunning_case ADD COLUMN policy_version TEXT;
ALTER TABLE dunning_case ADD COLUMN frozen_since TIMESTAMP;
-- Microseconds that its steps have been put off by outages of the provider.
ALTER TABLE dunning_case ADD COLUMN frozen_us BIGINT NOT NULL DEFAULT 0;

ALTER TABLE ledger_txn ADD COLUMN credit_note_id TEXT REFERENCES credit_note (id);
CREATE UNIQUE INDEX ledger_txn_credit_note ON ledger_txn (credit_note_id, kind) WHERE credit_note_id IS NOT NULL;
CREATE INDEX ledger_txn_invoice ON ledger_txn (tenant_id, invoice_id);
CREATE INDEX ledger_entry_customer ON ledger_entry (tenant_id, customer_id, account);

CREATE TABLE usage_event (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    meter_id        TEXT NOT NULL,
    -- The sender's; the same key twice counts once.
    event_key       TEXT NOT NULL,
    -- Decimal, or what unique_count counts.
    value           TEXT NOT NULL,
    occurred_at     TIMESTAMP NOT NULL,
    received_at     TIMESTAMP NOT NULL,
    -- The invoice that has counted it.
    invoice_id      TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, meter_id, event_key),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id),
    FOREIGN KEY (tenant_id, meter_id) REFERENCES meter (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
);
CREATE INDEX usage_event_open ON usage_event (tenant_id, subscription_id, meter_id, occurred_at) WHERE invoice_id IS NULL;

-- What a product gives to those who have it.
CREATE TABLE benefit (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    product_id  TEXT NOT NULL,
    code        TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('feature', 'license_key')),
    -- License keys: devices at once; none for any number.
    activations INTEGER,
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (product_id, code),
    FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
);

CREATE TABLE license_key (
    id              TEXT PRIMARY KEY,
    tenant_id       TEXT NOT NULL,
    customer_id     TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    benefit_id      TEXT NOT NULL,
    key_text        TEXT NOT NULL,
    revoked_at      TIMESTAMP,
    revoked_why     TEXT,
    created_at      TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (tenant_id, key_text),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, id),
    FOREIGN KEY (tenant_id, benefit_id) REFERENCES benefit (tenant_id, id)
);
CREATE UNIQUE INDEX license_key_one_live ON license_key (subscription_id, benefit_id) WHERE revoked_at IS NULL;

CREATE TABLE license_activation (
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL,
    license_key_id TEXT NOT NULL,
    -- What the device calls itself.
    label          TEXT NOT NULL,
    deactivated_at TIMESTAMP,
    created_at     TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, license_key_id) REFERENCES license_key (tenant_id, id)
);
CREATE UNIQUE INDEX license_activation_one_live ON license_activation (license_key_id, label) WHERE deactivated_at IS NULL;

-- Documents of credit notes, too. Rebuilt: SQLite cannot change a check.
CREATE TABLE stored_document (
    id             TEXT PRIMARY KEY,
    tenant_id      TEXT NOT NULL,
    invoice_id     TEXT NOT NULL,
    credit_note_id TEXT REFERENCES credit_note (id),
    kind           TEXT NOT NULL CHECK (kind IN ('invoice', 'invoice_paid', 'receipt', 'credit_note')),
    state          TEXT NOT NULL CHECK (state IN ('pending', 'ready')),
    sha256         TEXT,
    bytes          BYTEA,
    created_at     TIMESTAMP NOT NULL,
    ready_at       TIMESTAMP,
    UNIQUE (tenant_id, id),
    CHECK ((kind = 'credit_note') = (credit_note_id IS NOT NULL)),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
);
INSERT INTO stored_document
    SELECT id, tenant_id, invoice_id, NULL, kind, state, sha256, bytes, created_at, ready_at FROM document;
DROP TABLE document;
ALTER TABLE stored_document RENAME TO document;
CREATE UNIQUE INDEX document_one ON document (invoice_id, kind) WHERE credit_note_id IS NULL;
CREATE UNIQUE INDEX document_one_credit_note ON document (credit_note_id) WHERE credit_note_id IS NOT NULL;
CREATE INDEX document_invoice ON document (tenant_id, invoice_id, id);
CREATE INDEX document_pending ON document (tenant_id, created_at) WHERE state = 'pending';
