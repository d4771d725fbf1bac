-- When the worker has to look for a reminder, billing time.
ALTER TABLE subscription ADD COLUMN remind_at TEXT;
CREATE INDEX subscription_remind ON subscription (tenant_id, remind_at) WHERE remind_at IS NOT NULL;

-- Since when the customer wants news and offers by mail.
ALTER TABLE customer ADD COLUMN marketing_opt_in_at TEXT;
