-- A call of a provider's component, recorded so that another component can be tried on it. Kept for some days only.
CREATE TABLE provider_call (
    id                  TEXT PRIMARY KEY,
    tenant_id           TEXT NOT NULL,
    provider_account_id TEXT NOT NULL,
    -- The charge or refund that it was about.
    attempt_id          TEXT,
    provider            TEXT NOT NULL,
    -- SHA-256 of the component.
    component           TEXT NOT NULL,
    -- Of the contract: 'charge', 'look-up' ...
    function            TEXT NOT NULL,
    -- Wall time.
    called_at           TIMESTAMP NOT NULL,
    -- Sealed; see engine::vault.
    tape                TEXT NOT NULL,
    FOREIGN KEY (tenant_id, provider_account_id) REFERENCES provider_account (tenant_id, id),
    FOREIGN KEY (tenant_id, attempt_id) REFERENCES payment_attempt (tenant_id, id)
);
CREATE INDEX provider_call_by_age ON provider_call (tenant_id, called_at);
CREATE INDEX provider_call_of_attempt ON provider_call (tenant_id, attempt_id);
