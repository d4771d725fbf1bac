-- Since when a person wants the provider to give up what it has accepted (wall time).
ALTER TABLE payment_attempt ADD COLUMN withdrawn_at TIMESTAMP;
