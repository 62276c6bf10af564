-- Rebuilds the record: SQLite changes a CHECK by no other way. It is verified before this commits.
-- What the desk did by itself is a hold, and no verdict; earlier versions wrote it as a hide.
DROP VIEW standing;

CREATE TABLE rebuilt (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    site        TEXT NOT NULL,
    comment_id  TEXT NOT NULL,
    author_id   TEXT NOT NULL,
    action      TEXT NOT NULL
                CHECK (action IN ('keep', 'hide', 'ban', 'hold', 'reopen', 'unhide', 'unban')),
    rule        INTEGER,
    note        TEXT,
    by_id       INTEGER NOT NULL,
    by_name     TEXT NOT NULL,
    door        TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    until       INTEGER,
    reverses    INTEGER REFERENCES decisions (id),
    amends      INTEGER REFERENCES decisions (id),
    previous    TEXT NOT NULL,
    digest      TEXT NOT NULL,
    second_id   INTEGER CHECK (second_id <> by_id),
    second_name TEXT,
    reason      TEXT
) STRICT;

INSERT INTO rebuilt (
    id, case_id, site, comment_id, author_id, action, rule, note, by_id, by_name, door, revision,
    at, until, reverses, amends, previous, digest, second_id, second_name, reason
) SELECT
    id, case_id, site, comment_id, author_id, action, rule, note, by_id, by_name, door, revision,
    at, until, reverses, amends, previous, digest, second_id, second_name, reason
FROM decisions ORDER BY id;

DROP TABLE decisions;
ALTER TABLE rebuilt RENAME TO decisions;

CREATE INDEX decisions_case ON decisions (case_id);
CREATE INDEX decisions_author ON decisions (site, author_id, at);
CREATE INDEX decisions_reverses ON decisions (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX decisions_amends ON decisions (amends) WHERE amends IS NOT NULL;
CREATE INDEX decisions_bans ON decisions (until, id) WHERE action = 'ban';
CREATE INDEX decisions_at ON decisions (at);
CREATE INDEX decisions_by ON decisions (by_id, at);
CREATE INDEX decisions_person ON decisions (by_id, id);

CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
BEGIN
    SELECT RAISE(ABORT, 'a decision is never changed');
END;

CREATE TRIGGER decisions_remain BEFORE DELETE ON decisions
BEGIN
    SELECT RAISE(ABORT, 'a decision is never removed');
END;

CREATE TRIGGER decisions_follow BEFORE INSERT ON decisions
WHEN NEW.id IS NOT (SELECT COALESCE(MAX(id), 0) + 1 FROM decisions)
BEGIN
    SELECT RAISE(ABORT, 'a decision takes the next number');
END;

CREATE TRIGGER decisions_link BEFORE INSERT ON decisions
WHEN NEW.id > 1 AND NEW.previous IS NOT (SELECT digest FROM decisions WHERE id = NEW.id - 1)
BEGIN
    SELECT RAISE(ABORT, 'a decision names the one before it');
END;

-- The desk is nobody that decided.
CREATE TRIGGER decisions_deciders AFTER INSERT ON decisions WHEN NEW.door <> 'desk'
BEGIN
    INSERT INTO deciders (id, name) VALUES (NEW.by_id, NEW.by_name)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE deciders.name <> excluded.name;
END;

CREATE TRIGGER decisions_decider_names AFTER INSERT ON decisions WHEN NEW.door <> 'desk'
BEGIN
    INSERT INTO decider_names (id, name) VALUES (NEW.by_id, NEW.by_name)
    ON CONFLICT (id, name) DO NOTHING;
    INSERT INTO decider_names (id, name)
    SELECT NEW.second_id, NEW.second_name WHERE NEW.second_id IS NOT NULL
    ON CONFLICT (id, name) DO NOTHING;
    INSERT INTO deciders (id, name)
    SELECT NEW.second_id, NEW.second_name WHERE NEW.second_id IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE deciders.name <> excluded.name;
END;

DELETE FROM decider_names WHERE id = 0;
INSERT INTO decider_names (id, name)
SELECT DISTINCT by_id, by_name FROM decisions WHERE by_id = 0 AND door <> 'desk';

DELETE FROM deciders WHERE id = 0;
INSERT INTO deciders (id, name) SELECT by_id, by_name FROM decisions
WHERE id = (SELECT MAX(id) FROM decisions WHERE by_id = 0 AND door <> 'desk');

-- What was decided, and neither undone nor amended away since.
CREATE VIEW standing AS
SELECT * FROM decisions AS made
WHERE made.action <> 'hold' AND made.door <> 'desk'
AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.reverses = made.id)
AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.amends = made.id);

-- The hold under which an open case's comment is, beside the case's state.
ALTER TABLE cases ADD COLUMN hold_id INTEGER REFERENCES decisions (id);

UPDATE cases SET hold_id = (SELECT MAX(id) FROM decisions WHERE case_id = cases.id)
WHERE state <> 'decided'
AND 'desk' = (SELECT door FROM decisions WHERE case_id = cases.id ORDER BY id DESC LIMIT 1);

CREATE INDEX cases_held ON cases (site, story_id) WHERE hold_id IS NOT NULL;
