-- What somebody filled in in the ban form, until they send it off, think better of it or a day is
-- over. `at` tells one from a newer one of the same person about the same case.
CREATE TABLE ban_drafts (
    case_id  INTEGER NOT NULL REFERENCES cases (id),
    by_id    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    rule     INTEGER NOT NULL,
    lasting  INTEGER,
    note     TEXT,
    reason   TEXT,
    PRIMARY KEY (case_id, by_id)
) STRICT, WITHOUT ROWID;
