-- What providers told by webhook, each thing once.
CREATE TABLE inbound_event (
    id                  TEXT PRIMARY KEY,
    tenant_id           TEXT NOT NULL,
    provider_account_id TEXT NOT NULL,
    -- The provider's own id.
    event_id            TEXT NOT NULL,
    kind                TEXT NOT NULL,
    -- The provider's reference of what it tells of.
    object_ref          TEXT NOT NULL,
    -- JSON of domain::provider::Change: what it claims.
    claim               TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('waiting', 'asking', 'done', 'dismissed')),
    next_try_at         TEXT,
    alarmed_at          TEXT,
    received_at         TEXT NOT NULL,
    settled_at          TEXT,
    UNIQUE (tenant_id, id),
    UNIQUE (provider_account_id, event_id),
    FOREIGN KEY (tenant_id, provider_account_id) REFERENCES provider_account (tenant_id, id)
) STRICT;
CREATE INDEX inbound_event_due ON inbound_event (tenant_id, next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX inbound_event_object ON inbound_event (provider_account_id, object_ref);

CREATE INDEX payment_setup_ref ON payment_setup (provider_account_id, provider_ref) WHERE provider_ref IS NOT NULL;
