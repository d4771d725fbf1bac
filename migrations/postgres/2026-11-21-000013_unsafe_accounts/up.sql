-- The operator's consent to charge an account by itself whose provider has neither idempotency nor lookup.
ALTER TABLE provider_account ADD COLUMN allow_unsafe BOOLEAN NOT NULL DEFAULT FALSE;
