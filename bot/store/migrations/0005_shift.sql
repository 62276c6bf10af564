-- What a shift does with a case besides deciding it. A case without a row has nobody at work on it.
CREATE TABLE casework (
    case_id          INTEGER PRIMARY KEY REFERENCES cases (id),
    claim_id         INTEGER,
    claim_name       TEXT,
    claim_at         INTEGER,
    claim_until      INTEGER,
    assigned_id      INTEGER,
    assigned_name    TEXT,
    assigned_by      TEXT,
    assigned_at      INTEGER,
    snooze_id        INTEGER,
    snooze_name      TEXT,
    snooze_until     INTEGER,
    snooze_revision  INTEGER,
    snooze_reasons   INTEGER,
    escalated_id     INTEGER,
    escalated_name   TEXT,
    escalated_at     INTEGER,
    escalated_note   TEXT,
    thread_id        INTEGER
) STRICT;

CREATE INDEX casework_claims ON casework (claim_until) WHERE claim_until IS NOT NULL;
CREATE INDEX casework_snoozes ON casework (snooze_until) WHERE snooze_until IS NOT NULL;

CREATE TABLE staff_notes (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    by_id   INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    text    TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX staff_notes_case ON staff_notes (case_id, id);

-- Who opened a case's details, for as long as that says anything.
CREATE TABLE looks (
    case_id INTEGER NOT NULL,
    by_id   INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (case_id, by_id)
) STRICT, WITHOUT ROWID;

-- Which open case was called out already: to the shift, and to the editors.
CREATE TABLE called_out (
    case_id INTEGER NOT NULL,
    step    TEXT NOT NULL CHECK (step IN ('shift', 'editors')),
    at      INTEGER NOT NULL,
    PRIMARY KEY (case_id, step)
) STRICT, WITHOUT ROWID;

CREATE INDEX called_out_at ON called_out (step, at);

CREATE TABLE shifts (
    person_id INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL
) STRICT;

-- Breaks, and shifts of the rota that somebody ended early.
CREATE TABLE absences (
    person_id INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    until     INTEGER NOT NULL
) STRICT;

-- Messages to staff, and threads to begin. Facts are JSON; sentences are made of them when sent.
CREATE TABLE errands (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    facts    TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    done_at  INTEGER,
    trouble  TEXT
) STRICT;

CREATE INDEX errands_due ON errands (due_at) WHERE state = 'waiting';

-- Messages that stay where they are and are edited, such as the pinned overview.
CREATE TABLE fixtures (
    name       TEXT PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL
) STRICT;

CREATE INDEX decisions_at ON decisions (at);
CREATE INDEX decisions_by ON decisions (by_id, at);
