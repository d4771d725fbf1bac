-- Where a browser returns after a confirmation; the same for every submission of an attempt.
ALTER TABLE payment_attempt ADD COLUMN return_url TEXT;
