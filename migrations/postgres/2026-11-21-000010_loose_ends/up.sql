-- The first of the steps that were taken together last.
ALTER TABLE dunning_case ADD COLUMN taken_from INTEGER NOT NULL DEFAULT 0;
