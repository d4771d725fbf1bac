-- What a subscription still owes.
CREATE INDEX invoice_open_of_subscription ON invoice (tenant_id, subscription_id, id) WHERE status = 'open';
