-- Who is written to about their own report or notice. A mailed link is kept as a hash; it goes with
-- the address, and the address with the report.
CREATE TABLE correspondents (
    id           INTEGER PRIMARY KEY,
    report_id    INTEGER UNIQUE REFERENCES reader_reports (id) ON DELETE CASCADE,
    notice_id    INTEGER UNIQUE REFERENCES notices (id) ON DELETE CASCADE,
    email        TEXT NOT NULL,
    locale       TEXT NOT NULL,
    at           INTEGER NOT NULL,
    confirmed_at INTEGER,
    CHECK ((report_id IS NULL) <> (notice_id IS NULL))
) STRICT;

CREATE TABLE mail_links (
    secret           BLOB PRIMARY KEY,
    correspondent_id INTEGER NOT NULL REFERENCES correspondents (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_links_correspondent ON mail_links (correspondent_id);

-- The outbox carries mails too; made anew, as its kinds stand in a CHECK.
CREATE TABLE rebuilt (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('card', 'site', 'closing', 'staff', 'reminder',
                                              'alert', 'reply', 'bulletin', 'thread', 'road',
                                              'mail')),
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

INSERT INTO rebuilt (id, kind, key, state, case_id, site, decision_id, alert_id, payload, loud,
                     dropped, asked_at, due_at, attempts, done_at, trouble, tried_as)
SELECT id, kind, key, state, case_id, site, decision_id, alert_id, payload, loud,
       dropped, asked_at, due_at, attempts, done_at, trouble, tried_as
FROM outbox ORDER BY id;

DROP TABLE outbox;
ALTER TABLE rebuilt RENAME TO outbox;

CREATE UNIQUE INDEX outbox_key ON outbox (kind, key) WHERE key IS NOT NULL;
CREATE UNIQUE INDEX outbox_card ON outbox (case_id) WHERE kind = 'card' AND state = 'waiting';
CREATE INDEX outbox_due ON outbox (kind, site, due_at)
    WHERE state = 'waiting' AND kind <> 'card';
CREATE INDEX outbox_orders ON outbox (case_id) WHERE kind = 'site';
CREATE INDEX outbox_loud ON outbox (asked_at) WHERE loud = 1;
