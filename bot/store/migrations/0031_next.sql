-- To whom a case is not offered again until then, as they let it go or handed it to somebody.
CREATE TABLE passes (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    by_id   INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    PRIMARY KEY (case_id, by_id)
) STRICT, WITHOUT ROWID;

-- Since when a message stands that is replaced before it is too old to be edited; not known of
-- those from before.
ALTER TABLE messages ADD COLUMN since INTEGER;
