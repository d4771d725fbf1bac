-- What belongs to a customer or subscription, in the order of ids. With the id at the end: SQLite would otherwise read
-- a business's whole history in that order.
DROP INDEX subscription_customer;
CREATE INDEX subscription_customer ON subscription (tenant_id, customer_id, id);
DROP INDEX payment_method_customer;
CREATE INDEX payment_method_customer ON payment_method (tenant_id, customer_id, id);
CREATE INDEX credit_note_customer ON credit_note (tenant_id, customer_id, id);
CREATE INDEX dunning_case_customer ON dunning_case (tenant_id, customer_id, id) WHERE outcome IS NULL;
CREATE INDEX license_key_customer ON license_key (tenant_id, customer_id, id);
CREATE INDEX license_key_subscription ON license_key (tenant_id, subscription_id, id);
CREATE INDEX license_activation_key ON license_activation (tenant_id, license_key_id, id);
CREATE INDEX subscription_addon_of ON subscription_addon (tenant_id, subscription_id, id);
CREATE INDEX subscription_discount_of ON subscription_discount (tenant_id, subscription_id, id);
CREATE INDEX plan_change_subscription ON plan_change (tenant_id, subscription_id, id);
DROP INDEX pending_line_of;
CREATE INDEX pending_line_subscription ON pending_line (tenant_id, subscription_id, id);

-- What points to an invoice, a line or a payment method.
CREATE INDEX plan_change_invoice ON plan_change (tenant_id, invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX refund_request_invoice ON refund_request (tenant_id, invoice_id);
CREATE INDEX usage_event_invoice ON usage_event (tenant_id, invoice_id) WHERE invoice_id IS NOT NULL;
CREATE INDEX pending_line_billed ON pending_line (tenant_id, invoice_line_id) WHERE invoice_line_id IS NOT NULL;
CREATE INDEX pending_line_reverses ON pending_line (tenant_id, reverses_line_id) WHERE reverses_line_id IS NOT NULL;
CREATE INDEX subscription_method ON subscription (tenant_id, payment_method_id) WHERE payment_method_id IS NOT NULL;

-- What the sweep and people look for.
CREATE INDEX dunning_case_open ON dunning_case (tenant_id, id) WHERE outcome IS NULL;
CREATE INDEX payment_attempt_review ON payment_attempt (tenant_id, id) WHERE review_since IS NOT NULL;
CREATE INDEX payment_setup_state ON payment_setup (tenant_id, state, updated_at);
CREATE INDEX payment_setup_customer ON payment_setup (tenant_id, customer_id, created_at);

-- What `verify` looks at again each day.
CREATE INDEX invoice_updated ON invoice (tenant_id, updated_at);
CREATE INDEX subscription_updated ON subscription (tenant_id, updated_at);
CREATE INDEX ledger_txn_created ON ledger_txn (tenant_id, created_at);
