-- The waiting line that has counted an event.
ALTER TABLE usage_event ADD COLUMN pending_line_id TEXT;
