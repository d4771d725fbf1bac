-- Since when no money of this business moves (wall time), and why.
ALTER TABLE tenant ADD COLUMN money_paused_since TIMESTAMP;
ALTER TABLE tenant ADD COLUMN money_paused_why TEXT;

-- How often a worker has said that it lives, and when it did last (wall time). A backup is behind the file that says the same.
ALTER TABLE installation ADD COLUMN beat BIGINT NOT NULL DEFAULT 0;
ALTER TABLE installation ADD COLUMN beat_at TIMESTAMP;

-- Until when the provider's list was compared with ours, and when it is to be compared next (wall time).
ALTER TABLE provider_account ADD COLUMN reconciled_until TIMESTAMP;
ALTER TABLE provider_account ADD COLUMN reconcile_at TIMESTAMP;

-- What a provider knows under one of our keys, and we do not: it happened after the backup that we come from.
CREATE TABLE stray_movement (
    tenant_id           TEXT NOT NULL,
    provider_account_id TEXT NOT NULL,
    provider_ref        TEXT NOT NULL,
    idempotency_key     TEXT NOT NULL,
    purpose             TEXT NOT NULL CHECK (purpose IN ('charge', 'refund')),
    natural_ref         TEXT NOT NULL,
    -- What became of it (JSON).
    outcome             TEXT NOT NULL,
    -- When the provider made it.
    created_at          TIMESTAMP NOT NULL,
    found_at            TIMESTAMP NOT NULL,
    -- The attempt that took it in.
    attempt_id          TEXT,
    PRIMARY KEY (provider_account_id, provider_ref),
    FOREIGN KEY (tenant_id, provider_account_id) REFERENCES provider_account (tenant_id, id),
    FOREIGN KEY (tenant_id, attempt_id) REFERENCES payment_attempt (tenant_id, id)
);
CREATE INDEX stray_movement_key ON stray_movement (tenant_id, idempotency_key);
CREATE INDEX stray_movement_ref ON stray_movement (tenant_id, natural_ref);
