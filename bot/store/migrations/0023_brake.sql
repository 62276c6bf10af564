-- What somebody did within a short time, up to and beyond the brake, to be taken back as one.
CREATE TABLE runs (
    id            INTEGER PRIMARY KEY,
    person_id     INTEGER NOT NULL,
    name          TEXT NOT NULL,
    act           TEXT NOT NULL,
    most          INTEGER NOT NULL,
    since         INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    token         TEXT NOT NULL,
    taken_back_at INTEGER
) STRICT;

CREATE INDEX runs_person ON runs (person_id, id);

-- The holds that stand in place of somebody's hides.
CREATE TABLE run_holds (
    decision_id INTEGER PRIMARY KEY REFERENCES decisions (id),
    run_id      INTEGER NOT NULL REFERENCES runs (id)
) STRICT;

CREATE INDEX run_holds_run ON run_holds (run_id);

ALTER TABLE reminders ADD COLUMN run_id INTEGER;

-- Whether a second person is asked only because the first did so much within a short time.
ALTER TABLE proposals ADD COLUMN braked INTEGER NOT NULL DEFAULT 0;
