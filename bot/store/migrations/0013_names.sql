-- Names and titles as they are looked for, whatever the case, the accents or the script; and since
-- when they are so written, for a report that comes late knows an older one.
ALTER TABLE authors ADD COLUMN folded TEXT NOT NULL DEFAULT '';
ALTER TABLE authors ADD COLUMN named_at INTEGER NOT NULL DEFAULT 0;
UPDATE authors SET folded = folded(name);
DROP INDEX authors_name;
CREATE INDEX authors_folded ON authors (folded);

ALTER TABLE stories ADD COLUMN folded TEXT NOT NULL DEFAULT '';
ALTER TABLE stories ADD COLUMN named_at INTEGER NOT NULL DEFAULT 0;
UPDATE stories SET folded = folded(title);
DROP INDEX stories_title;
CREATE INDEX stories_folded ON stories (folded);

-- The words to search are kept folded too, so that they are those that a card shows. With sizes,
-- it can be asked which of a case's 65,536 numbers are taken.
DROP TRIGGER revisions_words;
DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5 (
    text, author, story,
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO words (rowid, text, author, story)
SELECT (case_id << 16) | MIN(revisions.revision, 65535), searchable(text),
       searchable(authors.name), searchable(stories.title)
FROM revisions
JOIN cases ON cases.id = case_id
JOIN authors ON authors.site = cases.site AND authors.external_id = cases.author_id
JOIN stories ON stories.site = cases.site AND stories.external_id = cases.story_id
ORDER BY case_id, revisions.revision;

-- Every name under which somebody ever decided; `deciders` has the newest.
CREATE TABLE decider_names (
    id   INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id, name)
) STRICT, WITHOUT ROWID;

INSERT INTO decider_names (id, name)
SELECT by_id, by_name FROM decisions
UNION SELECT second_id, second_name FROM decisions WHERE second_id IS NOT NULL;

CREATE TRIGGER decisions_decider_names AFTER INSERT ON decisions
BEGIN
    INSERT INTO decider_names (id, name) VALUES (NEW.by_id, NEW.by_name)
    ON CONFLICT (id, name) DO NOTHING;
    INSERT INTO decider_names (id, name)
    SELECT NEW.second_id, NEW.second_name WHERE NEW.second_id IS NOT NULL
    ON CONFLICT (id, name) DO NOTHING;
    INSERT INTO deciders (id, name)
    SELECT NEW.second_id, NEW.second_name WHERE NEW.second_id IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE deciders.name <> excluded.name;
END;
