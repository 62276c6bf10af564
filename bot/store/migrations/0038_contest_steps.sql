-- What was contested and what was answered, as a chain of its own beside the record's: each step names
-- the step before it, and the newest line of the record at that time. `said` is a salted hash.
CREATE TABLE contest_steps (
    id         INTEGER PRIMARY KEY,
    contest_id INTEGER NOT NULL REFERENCES contests (id),
    step       TEXT NOT NULL CHECK (step IN ('asked', 'upheld', 'overturned', 'shortened')),
    at         INTEGER NOT NULL,
    said       TEXT NOT NULL,
    head       TEXT NOT NULL,
    previous   TEXT NOT NULL,
    digest     TEXT NOT NULL
) STRICT;

CREATE TRIGGER contest_steps_stay BEFORE UPDATE ON contest_steps
BEGIN
    SELECT RAISE(ABORT, 'a step is never changed');
END;

CREATE TRIGGER contest_steps_remain BEFORE DELETE ON contest_steps
BEGIN
    SELECT RAISE(ABORT, 'a step is never removed');
END;

CREATE TRIGGER contest_steps_follow BEFORE INSERT ON contest_steps
WHEN NEW.id IS NOT (SELECT COALESCE(MAX(id), 0) + 1 FROM contest_steps)
BEGIN
    SELECT RAISE(ABORT, 'a step follows the newest one');
END;
