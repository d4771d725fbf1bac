-- As what a product is offered in its collection: a plan or an add-on.
ALTER TABLE product ADD COLUMN sold_as TEXT NOT NULL DEFAULT 'plan';
