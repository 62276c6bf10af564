-- The list knows its kinds by the program, which has one more: messages to be taken away.
CREATE TABLE rebuilt (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    key         TEXT,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    case_id     INTEGER REFERENCES cases (id),
    site        TEXT NOT NULL DEFAULT '',
    decision_id INTEGER REFERENCES decisions (id),
    alert_id    INTEGER REFERENCES alerts (id),
    payload     TEXT,
    loud        INTEGER NOT NULL DEFAULT 0,
    dropped     INTEGER NOT NULL DEFAULT 0,
    asked_at    INTEGER,
    due_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    done_at     INTEGER,
    trouble     TEXT,
    tried_as    TEXT,
    CHECK (kind <> 'card' OR case_id IS NOT NULL),
    CHECK (kind <> 'site' OR (case_id IS NOT NULL AND site <> '' AND decision_id IS NOT NULL
                              AND key IS NOT NULL AND payload IS NOT NULL))
) STRICT;

INSERT INTO rebuilt (
    id, kind, key, state, case_id, site, decision_id, alert_id, payload, loud, dropped, asked_at,
    due_at, attempts, done_at, trouble, tried_as
) SELECT
    id, kind, key, state, case_id, site, decision_id, alert_id, payload, loud, dropped, asked_at,
    due_at, attempts, done_at, trouble, tried_as
FROM outbox ORDER BY id;

DROP TABLE outbox;
ALTER TABLE rebuilt RENAME TO outbox;

CREATE UNIQUE INDEX outbox_key ON outbox (kind, key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX outbox_card ON outbox (case_id) WHERE kind = 'card' AND state = 'waiting';
CREATE INDEX outbox_due ON outbox (kind, site, due_at)
    WHERE state = 'waiting' AND kind <> 'card';
CREATE INDEX outbox_orders ON outbox (case_id) WHERE kind = 'site';
CREATE INDEX outbox_loud ON outbox (asked_at) WHERE loud = 1;

CREATE INDEX said_case ON said (case_id);

-- Which requests to be forgotten were carried out here; each by a hash, with a salt of its own, of
-- whose it was.
DROP TABLE forgotten;

CREATE TABLE forgotten (
    key  BLOB PRIMARY KEY,
    salt BLOB NOT NULL,
    kind TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
