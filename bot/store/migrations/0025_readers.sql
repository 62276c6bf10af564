-- Reports that their readers can come back to. The address is secret, so only its hash is kept;
-- `reference` is what people quote.
CREATE TABLE reader_reports (
    id           INTEGER PRIMARY KEY,
    reference    TEXT NOT NULL UNIQUE,
    secret       BLOB NOT NULL UNIQUE,
    site         TEXT NOT NULL,
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    reporter     BLOB NOT NULL,
    rule         INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    locale       TEXT NOT NULL,
    at           INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;

CREATE INDEX reader_reports_case ON reader_reports (case_id);
CREATE INDEX reader_reports_at ON reader_reports (at);
