-- The waiting line that has counted an event.
ALTER TABLE usage_event ADD COLUMN pending_line_id TEXT;

-- What a change takes off invoices that are not paid yet, when it takes effect (JSON).
ALTER TABLE plan_change ADD COLUMN offsets TEXT NOT NULL DEFAULT '[]';

-- Index of the last period that a coupon has taken something off.
ALTER TABLE subscription_discount ADD COLUMN last_period BIGINT;
