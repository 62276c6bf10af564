-- Every counted report, in the order in which it was taken: what the spike detector judges, and
-- what trends are drawn from. Kept for five weeks, so it refers to nothing.
CREATE TABLE sightings (
    id       INTEGER PRIMARY KEY,
    site     TEXT NOT NULL,
    case_id  INTEGER NOT NULL,
    reporter BLOB NOT NULL,
    rule     INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

CREATE INDEX sightings_at ON sightings (site, at);
CREATE INDEX cases_story ON cases (site, story_id);

-- What the detector remembers of a site, after the sighting `upto`.
CREATE TABLE evidence (
    site  TEXT PRIMARY KEY,
    upto  INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;

-- Up to which sighting the alerts are kept; the detector may have to read some of them again.
CREATE TABLE judged (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL
) STRICT;

CREATE TABLE alerts (
    id           INTEGER PRIMARY KEY,
    site         TEXT NOT NULL,
    incident     INTEGER NOT NULL,
    tier         TEXT NOT NULL CHECK (tier IN ('story', 'commenter', 'site')),
    key          TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'cooling', 'closed')),
    since        INTEGER NOT NULL,
    opened_at    INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    closed_at    INTEGER,
    usual        REAL NOT NULL,
    chance_weeks REAL NOT NULL,
    reports      INTEGER NOT NULL,
    readers      INTEGER NOT NULL,
    urgent       INTEGER NOT NULL DEFAULT 0,
    inside       INTEGER REFERENCES alerts (id),
    partner      TEXT,
    brigade      TEXT,
    opinion      TEXT CHECK (opinion IN ('real', 'false')),
    opinion_by   TEXT,
    touched      INTEGER NOT NULL DEFAULT 1,
    told         INTEGER NOT NULL DEFAULT 0,
    muted        INTEGER NOT NULL DEFAULT 0,
    channel_id   INTEGER,
    message_id   INTEGER,
    shown        INTEGER,
    intended_at  INTEGER,
    thread_id    INTEGER,
    UNIQUE (site, incident),
    CHECK ((channel_id IS NULL) = (message_id IS NULL))
) STRICT;

CREATE INDEX alerts_live ON alerts (site, tier, key) WHERE state <> 'closed';
CREATE INDEX alerts_opened ON alerts (opened_at);
CREATE INDEX alerts_inside ON alerts (inside) WHERE inside IS NOT NULL;

CREATE TABLE mutes (
    site    TEXT NOT NULL,
    tier    TEXT NOT NULL,
    key     TEXT NOT NULL,
    until   INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (site, tier, key)
) STRICT, WITHOUT ROWID;

-- What an editor chose for a site instead of what the policy says.
CREATE TABLE sensitivity (
    site    TEXT PRIMARY KEY,
    a_week  REAL NOT NULL,
    by_name TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- Messages to editors that are no alert: the morning digest, and the line for what is held back.
CREATE TABLE bulletins (
    name       TEXT PRIMARY KEY,
    body       TEXT NOT NULL,
    channel_id INTEGER,
    message_id INTEGER
) STRICT;

CREATE TABLE alert_effects (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('alert', 'reply', 'road', 'bulletin', 'thread')),
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    alert_id INTEGER REFERENCES alerts (id),
    name     TEXT,
    body     TEXT,
    loud     INTEGER NOT NULL DEFAULT 0,
    asked_at INTEGER NOT NULL,
    due_at   INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    done_at  INTEGER,
    trouble  TEXT
) STRICT;

CREATE UNIQUE INDEX alert_effects_card ON alert_effects (alert_id)
    WHERE kind = 'alert' AND state = 'waiting';
CREATE UNIQUE INDEX alert_effects_thread ON alert_effects (alert_id) WHERE kind = 'thread';
CREATE UNIQUE INDEX alert_effects_bulletin ON alert_effects (name)
    WHERE kind = 'bulletin' AND state = 'waiting';
CREATE INDEX alert_effects_due ON alert_effects (due_at) WHERE state = 'waiting';
CREATE INDEX alert_effects_loud ON alert_effects (asked_at) WHERE loud = 1;
