-- By which rules a subscription has ended: what became of time that was billed and not used, and of open invoices.
ALTER TABLE subscription ADD COLUMN unused_time TEXT NOT NULL DEFAULT 'none'
    CHECK (unused_time IN ('none', 'credit', 'refund'));
ALTER TABLE subscription ADD COLUMN open_invoices TEXT NOT NULL DEFAULT 'stop'
    CHECK (open_invoices IN ('stop', 'keep_collecting', 'void'));
