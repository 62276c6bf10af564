-- Which process is about to carry out what waits, where there are several.

ALTER TABLE outbox ADD COLUMN claimed_by INTEGER;

CREATE INDEX outbox_claimed ON outbox (claimed_by) WHERE claimed_by IS NOT NULL;
