-- Of each reader, what became of their reports: `unfounded` is one on a comment that was kept.
CREATE TABLE judged_reports (
    reporter    BLOB NOT NULL,
    decision_id INTEGER NOT NULL REFERENCES decisions (id),
    reported_at INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    unfounded   INTEGER NOT NULL,
    PRIMARY KEY (reporter, decision_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX judged_reports_at ON judged_reports (at);

-- Readers with many unfounded reports: warned, or not counted until a time. `decision_id` is the
-- decision that brought that about.
CREATE TABLE reader_standings (
    reporter        BLOB PRIMARY KEY,
    decision_id     INTEGER NOT NULL REFERENCES decisions (id),
    warned_at       INTEGER NOT NULL,
    uncounted_since INTEGER,
    uncounted_until INTEGER
) STRICT, WITHOUT ROWID;

-- Whose reports on a case are kept and not counted.
CREATE TABLE uncounted_reports (
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    reporter BLOB NOT NULL,
    PRIMARY KEY (case_id, reporter)
) STRICT, WITHOUT ROWID;

-- What is contested: a decision about a comment, or that a reader's reports are not counted.
ALTER TABLE contests ADD COLUMN about TEXT NOT NULL DEFAULT 'decision'
    CHECK (about IN ('decision', 'reports'));

CREATE INDEX contests_report ON contests (report_id) WHERE report_id <> 0;
