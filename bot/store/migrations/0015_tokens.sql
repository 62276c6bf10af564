-- What stands in the custom ids of buttons beside the number, which a record that goes on from a
-- backup uses again.
ALTER TABLE cases ADD COLUMN token TEXT NOT NULL DEFAULT '';
UPDATE cases SET token = lower(hex(randomblob(6)));
ALTER TABLE alerts ADD COLUMN token TEXT NOT NULL DEFAULT '';
UPDATE alerts SET token = lower(hex(randomblob(6)));
