-- What is known of authors: the staff's notes, the sites' keys for them, and the words to search.

-- Every text that was seen, with its author's name and its story's title as they then were.
-- A case's texts have neighbouring numbers. Nothing is kept twice: the texts are in `revisions`.
CREATE VIRTUAL TABLE words USING fts5 (
    text, author, story,
    content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER revisions_words AFTER INSERT ON revisions
BEGIN
    INSERT INTO words (rowid, text, author, story)
    SELECT (NEW.case_id << 16) | MIN(NEW.revision, 65535), NEW.text, authors.name, stories.title
    FROM cases
    CROSS JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
    CROSS JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
    WHERE cases.id = NEW.case_id;
END;

INSERT INTO words (rowid, text, author, story)
SELECT (case_id << 16) | MIN(revisions.revision, 65535), text, authors.name, stories.title
FROM revisions
CROSS JOIN cases ON cases.id = case_id
CROSS JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
CROSS JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
ORDER BY case_id, revisions.revision;

CREATE INDEX authors_name ON authors (name COLLATE NOCASE);

-- Who ever decided, under the name they last used.
CREATE TABLE deciders (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE INDEX decisions_person ON decisions (by_id, id);

CREATE TRIGGER decisions_deciders AFTER INSERT ON decisions
BEGIN
    INSERT INTO deciders (id, name) VALUES (NEW.by_id, NEW.by_name)
    ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name;
END;

INSERT INTO deciders (id, name)
SELECT by_id, by_name FROM decisions WHERE id IN (SELECT MAX(id) FROM decisions GROUP BY by_id);

-- What the staff wrote about an author; never changed, never taken away.
CREATE TABLE author_notes (
    id        INTEGER PRIMARY KEY,
    site      TEXT NOT NULL,
    author_id TEXT NOT NULL,
    text      TEXT NOT NULL,
    by_id     INTEGER NOT NULL,
    by_name   TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT;

CREATE INDEX author_notes_author ON author_notes (site, author_id, id);

-- Hashes by which a site says that two accounts may be one person's: of an address, say.
CREATE TABLE author_keys (
    site      TEXT NOT NULL,
    key       BLOB NOT NULL,
    author_id TEXT NOT NULL,
    kind      TEXT NOT NULL,
    PRIMARY KEY (site, key, author_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX author_keys_author ON author_keys (site, author_id);

-- The authors who were ever banned, with what a new account is compared with. `profile` is how
-- they write, as far as it sets them apart.
CREATE TABLE barred (
    id        INTEGER PRIMARY KEY,
    site      TEXT NOT NULL,
    author_id TEXT NOT NULL,
    skeleton  TEXT NOT NULL,
    profile   TEXT NOT NULL,
    UNIQUE (site, author_id)
) STRICT;

CREATE TABLE barred_grams (
    site      TEXT NOT NULL,
    gram      TEXT NOT NULL,
    barred_id INTEGER NOT NULL REFERENCES barred (id),
    PRIMARY KEY (site, gram, barred_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE barred_targets (
    site      TEXT NOT NULL,
    target    TEXT NOT NULL,
    barred_id INTEGER NOT NULL REFERENCES barred (id),
    PRIMARY KEY (site, target, barred_id)
) STRICT, WITHOUT ROWID;

-- Why an account may belong to somebody who is banned; a hint for people, never more.
CREATE TABLE hints (
    site      TEXT NOT NULL,
    author_id TEXT NOT NULL,
    other_id  TEXT NOT NULL,
    strength  REAL NOT NULL,
    reasons   TEXT NOT NULL,
    at        INTEGER NOT NULL,
    denied_by TEXT,
    PRIMARY KEY (site, author_id, other_id)
) STRICT, WITHOUT ROWID;

-- Up to where those who look for returning authors have read.
CREATE TABLE looked (
    what TEXT PRIMARY KEY,
    upto INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
