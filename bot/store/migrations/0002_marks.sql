-- How far a polled site was read, in its own notion, and when that was last done.
CREATE TABLE marks (
    site TEXT PRIMARY KEY,
    mark TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
