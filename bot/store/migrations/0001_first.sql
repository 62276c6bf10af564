-- Times are microseconds since 1970-01-01T00:00:00Z. Ids of sites are the operator's own names.

CREATE TABLE authors (
    site        TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    since       INTEGER,
    PRIMARY KEY (site, external_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE stories (
    site        TEXT NOT NULL,
    external_id TEXT NOT NULL,
    title       TEXT NOT NULL,
    url         TEXT NOT NULL,
    section     TEXT,
    published   INTEGER,
    PRIMARY KEY (site, external_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    id           INTEGER PRIMARY KEY,
    site         TEXT NOT NULL,
    comment_id   TEXT NOT NULL,
    author_id    TEXT NOT NULL,
    story_id     TEXT NOT NULL,
    state        TEXT NOT NULL
                 CHECK (state IN ('open', 'claimed', 'escalated', 'reopened', 'decided')),
    revision     INTEGER NOT NULL,
    revision_key TEXT NOT NULL,
    touched      INTEGER NOT NULL,
    reports      INTEGER NOT NULL,
    reporters    INTEGER NOT NULL,
    reasons      TEXT NOT NULL,
    strikes      INTEGER NOT NULL,
    priority     INTEGER NOT NULL,
    opened_at    INTEGER NOT NULL,
    reported_at  INTEGER NOT NULL,
    decision_id  INTEGER REFERENCES decisions (id),
    decided_at   INTEGER,
    UNIQUE (site, comment_id),
    FOREIGN KEY (site, author_id) REFERENCES authors (site, external_id),
    FOREIGN KEY (site, story_id) REFERENCES stories (site, external_id)
) STRICT;

CREATE INDEX cases_open ON cases (priority DESC, opened_at) WHERE state <> 'decided';
CREATE INDEX cases_author ON cases (site, author_id);

CREATE TABLE revisions (
    case_id       INTEGER NOT NULL REFERENCES cases (id),
    revision      INTEGER NOT NULL,
    revision_key  TEXT NOT NULL,
    text          TEXT NOT NULL,
    permalink     TEXT,
    created       INTEGER,
    parent_author TEXT,
    parent_text   TEXT,
    UNIQUE (case_id, revision)
) STRICT;

CREATE TABLE reports (
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    reporter BLOB NOT NULL,
    rule     INTEGER NOT NULL,
    note     TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (case_id, reporter, rule)
) STRICT, WITHOUT ROWID;

CREATE INDEX reports_noted ON reports (case_id, at) WHERE note IS NOT NULL;

-- What a delivery was answered; kept for two weeks, so it refers to nothing.
CREATE TABLE receipts (
    site     TEXT NOT NULL,
    delivery TEXT NOT NULL,
    case_id  INTEGER NOT NULL,
    counted  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (site, delivery)
) STRICT, WITHOUT ROWID;

-- No constraint but the primary key may be unique here: INSERT OR REPLACE removes the row it
-- collides with without asking the DELETE trigger. The primary key is guarded by the INSERT one.
CREATE TABLE decisions (
    id         INTEGER PRIMARY KEY,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    site       TEXT NOT NULL,
    comment_id TEXT NOT NULL,
    author_id  TEXT NOT NULL,
    action     TEXT NOT NULL
               CHECK (action IN ('keep', 'hide', 'ban', 'reopen', 'unhide', 'unban')),
    rule       INTEGER,
    note       TEXT,
    by_id      INTEGER NOT NULL,
    by_name    TEXT NOT NULL,
    door       TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    until      INTEGER,
    reverses   INTEGER REFERENCES decisions (id),
    amends     INTEGER REFERENCES decisions (id),
    previous   TEXT NOT NULL,
    digest     TEXT NOT NULL
) STRICT;

CREATE INDEX decisions_case ON decisions (case_id);
CREATE INDEX decisions_author ON decisions (site, author_id, at);
CREATE INDEX decisions_reverses ON decisions (reverses) WHERE reverses IS NOT NULL;
CREATE INDEX decisions_amends ON decisions (amends) WHERE amends IS NOT NULL;

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

-- What was neither undone nor amended away since.
CREATE VIEW standing AS
SELECT * FROM decisions AS made
WHERE NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.reverses = made.id)
AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.amends = made.id);

CREATE TABLE effects (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('card', 'site')),
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    due_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    site        TEXT,
    decision_id INTEGER REFERENCES decisions (id),
    order_key   TEXT,
    order_json  TEXT,
    done_at     INTEGER,
    trouble     TEXT,
    CHECK (kind = 'card' OR (site IS NOT NULL AND decision_id IS NOT NULL
                             AND order_key IS NOT NULL AND order_json IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX effects_card ON effects (case_id) WHERE kind = 'card' AND state = 'waiting';
CREATE INDEX effects_due ON effects (site, due_at) WHERE kind = 'site' AND state = 'waiting';
CREATE INDEX effects_orders ON effects (case_id) WHERE kind = 'site';
CREATE UNIQUE INDEX effects_key ON effects (order_key) WHERE order_key IS NOT NULL;

-- A row without a message is a card whose posting was tried and has no known end.
CREATE TABLE cards (
    case_id     INTEGER PRIMARY KEY REFERENCES cases (id),
    channel_id  INTEGER,
    message_id  INTEGER,
    revision    INTEGER,
    touched     INTEGER,
    intended_at INTEGER,
    CHECK ((channel_id IS NULL) = (message_id IS NULL))
) STRICT;

CREATE UNIQUE INDEX cards_message ON cards (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE cursors (
    channel_id INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL
) STRICT;
