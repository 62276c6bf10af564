-- Notices of another kind than reports, by whatever road they came. The secret by which one is
-- followed is kept as a hash, and is NULL once its words are erased.
CREATE TABLE notices (
    id          INTEGER PRIMARY KEY,
    reference   TEXT NOT NULL UNIQUE,
    secret      BLOB UNIQUE,
    kind        TEXT NOT NULL CHECK (kind IN ('illegal', 'legal', 'data', 'newsroom')),
    road        TEXT NOT NULL CHECK (road IN ('page', 'e-mail', 'telephone', 'letter')),
    case_id     INTEGER REFERENCES cases (id),
    legal_id    INTEGER REFERENCES legal_notices (id),
    address     TEXT NOT NULL,
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    text        TEXT NOT NULL,
    falsity     TEXT NOT NULL,
    unknown     INTEGER NOT NULL,
    may_name    INTEGER,
    may_email   INTEGER,
    minor       INTEGER NOT NULL,
    good_faith  INTEGER NOT NULL,
    locale      TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    taken_by    TEXT NOT NULL,
    act_by      INTEGER,
    outcome     TEXT CHECK (outcome IN ('acted', 'declined')),
    answer      TEXT NOT NULL DEFAULT '',
    by_name     TEXT NOT NULL DEFAULT '',
    answered_at INTEGER,
    token       TEXT NOT NULL,
    CHECK ((outcome IS NULL) = (answered_at IS NULL))
) STRICT;

CREATE INDEX notices_case ON notices (case_id);
CREATE INDEX notices_due ON notices (act_by) WHERE answered_at IS NULL;

-- A notice says where its comment is read.
CREATE INDEX revisions_permalink ON revisions (permalink) WHERE permalink IS NOT NULL;

-- Whether the poster may be given the complainant's e-mail address is asked apart from the name;
-- NULL where both were asked in one.
ALTER TABLE legal_notices ADD COLUMN consents_email INTEGER;
