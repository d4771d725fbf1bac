-- How the last charge by itself was refused: a word of DeclineKind; nothing once another method has been chosen.
ALTER TABLE dunning_case ADD COLUMN decline TEXT;
ALTER TABLE dunning_case DROP COLUMN retryable;

-- Calls in a row that the provider did not answer, and when the last of them was (wall time).
ALTER TABLE provider_account ADD COLUMN failed_calls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE provider_account ADD COLUMN last_failed_at TIMESTAMP;
