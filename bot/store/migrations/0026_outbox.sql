-- One list of what is asked of the outside world, in place of five. A key is used once: for good by
-- what happens once, and by the rest for as long as it waits. What was posted before is found by
-- the name that the earlier lists gave it, which is kept in tried_as.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('card', 'site', 'closing', 'staff', 'reminder',
                                              'alert', 'reply', 'bulletin', 'thread', 'road')),
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

-- The numbers of orders and cards stay.
INSERT INTO outbox (id, kind, key, state, case_id, site, decision_id, payload, dropped, due_at,
                    attempts, done_at, trouble)
SELECT id, kind, order_key, state, case_id, COALESCE(site, ''), decision_id, order_json, dropped,
       due_at, attempts, done_at, trouble
FROM effects ORDER BY id;

CREATE UNIQUE INDEX outbox_key ON outbox (kind, key) WHERE key IS NOT NULL;

INSERT INTO outbox (kind, key, state, alert_id, payload, loud, asked_at, due_at, attempts, done_at,
                    trouble, tried_as)
SELECT kind,
       CASE WHEN kind = 'thread' OR (kind <> 'reply' AND state = 'waiting')
            THEN COALESCE(CAST(alert_id AS TEXT), name) END,
       state, alert_id, body, loud, asked_at, due_at, attempts, done_at, trouble,
       CASE WHEN kind IN ('reply', 'thread') THEN 'alert-' || kind || '-' || id
            WHEN kind = 'bulletin' THEN 'bulletin-' || id END
FROM alert_effects WHERE true ORDER BY id
ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING;

INSERT INTO outbox (kind, key, state, payload, asked_at, due_at, attempts, done_at, trouble,
                    tried_as)
SELECT 'staff',
       CASE WHEN kind = 'thread' AND state = 'waiting'
            THEN 'thread:' || json_extract(facts, '$.cases[0]') END,
       state, json_set(facts, '$.kind', kind), asked_at, due_at, attempts, done_at, trouble,
       'errand-' || id
FROM errands WHERE true ORDER BY id
ON CONFLICT (kind, key) WHERE key IS NOT NULL DO NOTHING;

INSERT INTO outbox (kind, key, state, payload, due_at, attempts, done_at, trouble, tried_as)
SELECT 'reminder', name, state,
       json_object('kind', kind, 'case_id', case_id, 'site', site, 'story_id', story_id,
                   'legal_id', legal_id, 'run_id', run_id),
       due_at, attempts, done_at, trouble, 'reminder-' || id
FROM reminders ORDER BY id;

INSERT INTO outbox (kind, key, state, site, payload, due_at, attempts, trouble)
SELECT 'closing', site || '/' || story_id, state, site,
       CASE WHEN closed THEN 'closed' ELSE 'open' END, due_at, attempts, trouble
FROM closings ORDER BY due_at;

CREATE UNIQUE INDEX outbox_card ON outbox (case_id) WHERE kind = 'card' AND state = 'waiting';
CREATE INDEX outbox_due ON outbox (kind, site, due_at)
    WHERE state = 'waiting' AND kind <> 'card';
CREATE INDEX outbox_orders ON outbox (case_id) WHERE kind = 'site';
CREATE INDEX outbox_loud ON outbox (asked_at) WHERE loud = 1;

DROP TABLE effects;
DROP TABLE alert_effects;
DROP TABLE errands;
DROP TABLE reminders;
DROP TABLE closings;
