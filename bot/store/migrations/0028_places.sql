-- Where a message stands that the desk comes back to, and how far it has read what it reads: each
-- in one table, in place of four and of three. The places of cards and alerts stay with what these
-- show, and threads with their cases.
CREATE TABLE messages (
    kind       TEXT NOT NULL,
    key        TEXT NOT NULL,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

INSERT INTO messages (kind, key, channel_id, message_id)
SELECT name, '', channel_id, message_id FROM fixtures;

INSERT INTO messages (kind, key, channel_id, message_id)
SELECT 'backlog', CAST(channel_id AS TEXT), channel_id, message_id FROM digests;

INSERT INTO messages (kind, key, channel_id, message_id)
SELECT 'bulletin', name, channel_id, message_id FROM bulletins
WHERE channel_id IS NOT NULL AND message_id IS NOT NULL;

INSERT INTO messages (kind, key, channel_id, message_id)
SELECT 'legal', CAST(id AS TEXT), channel_id, message_id FROM legal_notices
WHERE channel_id IS NOT NULL AND message_id IS NOT NULL;

DROP TABLE fixtures;
DROP TABLE digests;
ALTER TABLE bulletins DROP COLUMN channel_id;
ALTER TABLE bulletins DROP COLUMN message_id;

-- Made anew, as a column that a CHECK names cannot be dropped.
CREATE TABLE rebuilt (
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
    by_name     TEXT NOT NULL
) STRICT;

INSERT INTO rebuilt (
    id, case_id, name, email, meaning, falsity, unknown, consents, stage, received_at, stage_at,
    act_by, by_name
) SELECT
    id, case_id, name, email, meaning, falsity, unknown, consents, stage, received_at, stage_at,
    act_by, by_name
FROM legal_notices ORDER BY id;

DROP TABLE legal_notices;
ALTER TABLE rebuilt RENAME TO legal_notices;

CREATE INDEX legal_notices_due ON legal_notices (act_by) WHERE act_by IS NOT NULL;
CREATE INDEX legal_notices_case ON legal_notices (case_id);

-- What a cursor's value means is up to what is read; a site's is in its own notion. `at` is when
-- it was last read, where that says something.
ALTER TABLE cursors RENAME TO typed;
CREATE TABLE cursors (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at    INTEGER
) STRICT, WITHOUT ROWID;

INSERT INTO cursors (name, value, at) SELECT 'site:' || site, mark, at FROM marks;
INSERT INTO cursors (name, value)
SELECT 'log:' || channel_id, CAST(decision_id AS TEXT) FROM logged;
INSERT INTO cursors (name, value)
SELECT 'typed:' || channel_id, CAST(message_id AS TEXT) FROM typed;

DROP TABLE marks;
DROP TABLE logged;
DROP TABLE typed;
