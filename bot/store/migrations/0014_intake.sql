-- Of a request's body, so that another one under the same id is not answered as if it were this.
ALTER TABLE receipts ADD COLUMN digest BLOB;

-- What a polled site told that could not be read: how often, and never told twice.
CREATE TABLE unread (
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (site, name)
) STRICT, WITHOUT ROWID;

-- Written and emptied again to see whether the database can still be written to.
CREATE TABLE pulse (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    payload BLOB NOT NULL
) STRICT;
