-- How often a reader's reports were right, of about the last hundred that were judged.
CREATE TABLE readers (
    reporter  BLOB PRIMARY KEY,
    agreed    REAL NOT NULL,
    disagreed REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- The reporters of a case, each weighed by that record, and how fast reports come.
ALTER TABLE cases ADD COLUMN weight REAL NOT NULL DEFAULT 1;
ALTER TABLE cases ADD COLUMN pace REAL NOT NULL DEFAULT 1;

-- Who agreed to a decision that takes two. Never the one who made it.
ALTER TABLE decisions ADD COLUMN second_id INTEGER CHECK (second_id <> by_id);
ALTER TABLE decisions ADD COLUMN second_name TEXT;

-- What was asked for and waits for somebody else to agree.
CREATE TABLE proposals (
    case_id    INTEGER PRIMARY KEY REFERENCES cases (id),
    action     TEXT NOT NULL,
    rule       INTEGER,
    note       TEXT,
    lasting    INTEGER,
    by_id      INTEGER NOT NULL,
    by_name    TEXT NOT NULL,
    door       TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- Bans by when they end, and by author, for the list of them and for lifting them.
CREATE INDEX decisions_bans ON decisions (until, id) WHERE action = 'ban';

-- Bans that the desk lifted itself because the site cannot end one.
CREATE TABLE lifts (
    decision_id INTEGER PRIMARY KEY REFERENCES decisions (id),
    at          INTEGER NOT NULL
) STRICT;
