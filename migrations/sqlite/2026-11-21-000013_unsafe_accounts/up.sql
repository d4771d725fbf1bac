-- The operator's consent to charge an account by itself whose provider has neither idempotency nor lookup.
ALTER TABLE provider_account ADD COLUMN allow_unsafe INTEGER NOT NULL DEFAULT 0 CHECK (allow_unsafe IN (0, 1));
