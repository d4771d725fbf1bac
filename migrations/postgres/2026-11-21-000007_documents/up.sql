-- Its own rate of tax in millionths, instead of the business's: books, food.
ALTER TABLE product ADD COLUMN tax_rate BIGINT;

-- How numbers of documents name a customer.
ALTER TABLE customer ADD COLUMN code TEXT;
CREATE UNIQUE INDEX customer_code ON customer (tenant_id, code) WHERE code IS NOT NULL;
-- When to ask VIES about the VAT id, wall time; none when there is nothing to ask.
ALTER TABLE customer ADD COLUMN ask_vies_at TIMESTAMP;
CREATE INDEX customer_ask_vies ON customer (tenant_id, ask_vies_at);

-- An invoice before it is one: it has no number, and can change or go. The invoice that it becomes has its id.
CREATE TABLE invoice_draft (
    id          TEXT PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    currency    TEXT NOT NULL,
    -- Days until it is due; the business's when not set.
    due_days    INTEGER,
    -- JSON.
    lines       TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX invoice_draft_customer ON invoice_draft (tenant_id, customer_id, id);

-- One for each charge that has paid an invoice.
CREATE TABLE receipt (
    id                 TEXT PRIMARY KEY,
    tenant_id          TEXT NOT NULL,
    customer_id        TEXT NOT NULL,
    invoice_id         TEXT NOT NULL,
    payment_attempt_id TEXT NOT NULL UNIQUE REFERENCES payment_attempt (id),
    series_id          TEXT NOT NULL,
    seq                BIGINT NOT NULL,
    number             TEXT NOT NULL,
    issue_date         DATE NOT NULL,
    currency           TEXT NOT NULL,
    amount             BIGINT NOT NULL,
    seller             TEXT NOT NULL,
    buyer              TEXT NOT NULL,
    locale             TEXT NOT NULL,
    prev_hash          TEXT,
    hash               TEXT NOT NULL,
    created_at         TIMESTAMP NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (series_id, seq),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id),
    FOREIGN KEY (tenant_id, series_id) REFERENCES number_series (tenant_id, id)
);
CREATE INDEX receipt_invoice ON receipt (tenant_id, invoice_id, id);

ALTER TABLE document ADD COLUMN receipt_id TEXT REFERENCES receipt (id);
DROP INDEX document_one;
CREATE UNIQUE INDEX document_one ON document (invoice_id, kind) WHERE credit_note_id IS NULL AND receipt_id IS NULL;
CREATE UNIQUE INDEX document_one_receipt ON document (receipt_id) WHERE receipt_id IS NOT NULL;
