-- Cases that an editor put at the front of the queue, and for which alert.
ALTER TABLE cases ADD COLUMN raised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE casework ADD COLUMN raised_name TEXT;
ALTER TABLE casework ADD COLUMN raised_at INTEGER;
ALTER TABLE casework ADD COLUMN raised_alert INTEGER;

CREATE INDEX casework_raised ON casework (raised_alert) WHERE raised_alert IS NOT NULL;

ALTER TABLE alerts ADD COLUMN raised_by TEXT;
ALTER TABLE alerts ADD COLUMN raised_at INTEGER;
-- The line in which an alert was counted that was not told by itself.
ALTER TABLE alerts ADD COLUMN held TEXT;

-- What waits to go along the other roads says all there is to say of an alert when it goes.
DELETE FROM alert_effects
WHERE kind = 'road' AND state = 'waiting' AND alert_id IS NOT NULL AND id NOT IN (
    SELECT MIN(id) FROM alert_effects
    WHERE kind = 'road' AND state = 'waiting' AND alert_id IS NOT NULL GROUP BY alert_id
);
CREATE UNIQUE INDEX alert_effects_road ON alert_effects (alert_id)
    WHERE kind = 'road' AND state = 'waiting' AND alert_id IS NOT NULL;
