-- How a story stands in law: what is not here is an ordinary story. `review_at` is when somebody
-- should look whether that still holds.
CREATE TABLE story_states (
    site      TEXT NOT NULL,
    story_id  TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('watch', 'proceedings', 'protected', 'closed')),
    by_id     INTEGER NOT NULL,
    by_name   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    note      TEXT,
    review_at INTEGER,
    PRIMARY KEY (site, story_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX story_states_at ON story_states (at);

-- Every change of that, for good.
CREATE TABLE story_changes (
    id        INTEGER PRIMARY KEY,
    site      TEXT NOT NULL,
    story_id  TEXT NOT NULL,
    state     TEXT NOT NULL,
    by_id     INTEGER NOT NULL,
    by_name   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    note      TEXT,
    review_at INTEGER
) STRICT;

CREATE INDEX story_changes_story ON story_changes (site, story_id, id);

CREATE TRIGGER story_changes_stay BEFORE UPDATE ON story_changes
BEGIN
    SELECT RAISE(ABORT, 'a change of a story''s state is never changed');
END;

CREATE TRIGGER story_changes_remain BEFORE DELETE ON story_changes
BEGIN
    SELECT RAISE(ABORT, 'a change of a story''s state is never removed');
END;

CREATE INDEX stories_title ON stories (title COLLATE NOCASE);
CREATE INDEX stories_url ON stories (url);

-- Whether a story should be closed for comments at its site, and how far the site has got.
CREATE TABLE closings (
    site     TEXT NOT NULL,
    story_id TEXT NOT NULL,
    closed   INTEGER NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    due_at   INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    trouble  TEXT,
    PRIMARY KEY (site, story_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX closings_due ON closings (site, due_at) WHERE state = 'waiting';

-- What the desk itself says in a channel, now or when it is due. A name is used once.
CREATE TABLE reminders (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    case_id  INTEGER,
    site     TEXT,
    story_id TEXT,
    legal_id INTEGER,
    due_at   INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    done_at  INTEGER,
    trouble  TEXT
) STRICT;

CREATE INDEX reminders_due ON reminders (due_at) WHERE state = 'waiting';

-- Cases of which nothing may be forgotten.
CREATE TABLE preserved (
    case_id INTEGER PRIMARY KEY REFERENCES cases (id),
    why     TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- What was done about a threat to life, and by whom. It grows, and nothing in it changes.
CREATE TABLE life_steps (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    step    TEXT NOT NULL,
    by_id   INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (case_id, step)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER life_steps_stay BEFORE UPDATE ON life_steps
BEGIN
    SELECT RAISE(ABORT, 'what was done is never changed');
END;

CREATE TRIGGER life_steps_remain BEFORE DELETE ON life_steps
BEGIN
    SELECT RAISE(ABORT, 'what was done is never removed');
END;

-- Notices of complaint under section 5 of the Defamation Act 2013, and what was done about each.
CREATE TABLE legal_notices (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    meaning     TEXT NOT NULL,
    falsity     TEXT NOT NULL,
    unknown     INTEGER NOT NULL,
    consents    INTEGER NOT NULL,
    stage       TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    stage_at    INTEGER NOT NULL,
    act_by      INTEGER,
    by_name     TEXT NOT NULL,
    channel_id  INTEGER,
    message_id  INTEGER,
    CHECK ((channel_id IS NULL) = (message_id IS NULL))
) STRICT;

CREATE INDEX legal_notices_due ON legal_notices (act_by) WHERE act_by IS NOT NULL;
CREATE INDEX legal_notices_case ON legal_notices (case_id);

CREATE TABLE legal_steps (
    id        INTEGER PRIMARY KEY,
    legal_id  INTEGER NOT NULL REFERENCES legal_notices (id),
    stage     TEXT NOT NULL,
    by_name   TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT;

CREATE INDEX legal_steps_notice ON legal_steps (legal_id, id);

CREATE TRIGGER legal_steps_stay BEFORE UPDATE ON legal_steps
BEGIN
    SELECT RAISE(ABORT, 'what was done is never changed');
END;

CREATE TRIGGER legal_steps_remain BEFORE DELETE ON legal_steps
BEGIN
    SELECT RAISE(ABORT, 'what was done is never removed');
END;

-- Whether a card has the reactions to press, which are taken off once it is decided.
ALTER TABLE cards ADD COLUMN seeded INTEGER NOT NULL DEFAULT 0;

-- The one message that stands for the cases that wait for a card of their own.
CREATE TABLE digests (
    channel_id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL
) STRICT;

-- Up to which decision the log channel was told.
CREATE TABLE logged (
    channel_id  INTEGER PRIMARY KEY,
    decision_id INTEGER NOT NULL
) STRICT;
