-- What the author is told of a decision, at a secret address of which only the hash is kept.
CREATE TABLE statements (
    decision_id INTEGER PRIMARY KEY REFERENCES decisions (id),
    secret      BLOB NOT NULL UNIQUE,
    at          INTEGER NOT NULL
) STRICT;

-- What is said against decisions, once by each who may; `report_id` is 0 for the author.
CREATE TABLE contests (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    decision_id INTEGER NOT NULL REFERENCES decisions (id),
    party       TEXT NOT NULL CHECK (party IN ('author', 'reporter')),
    report_id   INTEGER NOT NULL DEFAULT 0,
    text        TEXT NOT NULL,
    locale      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    answer      TEXT CHECK (answer IN ('upheld', 'overturned', 'shortened')),
    reasons     TEXT,
    by_id       INTEGER,
    by_name     TEXT,
    answered_at INTEGER,
    UNIQUE (decision_id, party, report_id),
    CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CHECK ((answer IS NULL) = (reasons IS NULL))
) STRICT;

CREATE INDEX contests_case ON contests (case_id);
CREATE INDEX contests_waiting ON contests (at) WHERE answer IS NULL;

-- Only the words may be erased one day.
CREATE TRIGGER contests_stay
BEFORE UPDATE OF decision_id, party, answer, by_id, by_name, answered_at ON contests
WHEN OLD.answer IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an answer is never changed');
END;

CREATE TRIGGER contests_remain BEFORE DELETE ON contests
BEGIN
    SELECT RAISE(ABORT, 'a contest is never removed');
END;
