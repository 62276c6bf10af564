-- What may have to be erased stands beside the chain: `seals` are salted hashes of it, which the chain
-- covers, and `salts` are destroyed when it is erased. Rows from before have neither; they keep
-- their form and their digest.
ALTER TABLE decisions ADD COLUMN seals TEXT;
ALTER TABLE decisions ADD COLUMN salts TEXT;

-- Links of the record's chain that say what was erased in decisions, and never what it was. Each comes
-- after the decision `after`.
CREATE TABLE erasures (
    id       INTEGER PRIMARY KEY,
    after    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    by_name  TEXT NOT NULL,
    why      TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest   TEXT NOT NULL
) STRICT;

-- `parts` are all that is erased in a decision by then; `left_digest` is over what stands there since.
CREATE TABLE erased (
    erasure_id  INTEGER NOT NULL REFERENCES erasures (id),
    decision_id INTEGER NOT NULL REFERENCES decisions (id),
    parts       TEXT NOT NULL,
    left_digest TEXT NOT NULL,
    PRIMARY KEY (decision_id, erasure_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX erased_erasure ON erased (erasure_id, decision_id);

CREATE TRIGGER erasures_stay BEFORE UPDATE ON erasures
BEGIN
    SELECT RAISE(ABORT, 'an erasure is never changed');
END;

CREATE TRIGGER erasures_remain BEFORE DELETE ON erasures
BEGIN
    SELECT RAISE(ABORT, 'an erasure is never removed');
END;

CREATE TRIGGER erasures_follow BEFORE INSERT ON erasures
WHEN NEW.id IS NOT (SELECT COALESCE(MAX(id), 0) + 1 FROM erasures)
OR NEW.after IS NOT (SELECT COALESCE(MAX(id), 0) FROM decisions)
OR NEW.previous IS NOT COALESCE(
    (SELECT digest FROM erasures WHERE id = NEW.id - 1 AND after = NEW.after),
    (SELECT digest FROM decisions WHERE id = NEW.after)
)
BEGIN
    SELECT RAISE(ABORT, 'an erasure names the newest line of the record');
END;

CREATE TRIGGER erased_stay BEFORE UPDATE ON erased
BEGIN
    SELECT RAISE(ABORT, 'an erasure is never changed');
END;

CREATE TRIGGER erased_remain BEFORE DELETE ON erased
BEGIN
    SELECT RAISE(ABORT, 'an erasure is never removed');
END;

CREATE TRIGGER erased_follow BEFORE INSERT ON erased
WHEN NEW.erasure_id IS NOT (SELECT MAX(id) FROM erasures)
OR NEW.decision_id > (SELECT after FROM erasures WHERE id = NEW.erasure_id)
OR EXISTS (
    SELECT 1 FROM erased WHERE erasure_id = NEW.erasure_id AND decision_id = NEW.decision_id
)
BEGIN
    SELECT RAISE(ABORT, 'an erasure is never changed');
END;

-- A decision changes only by losing what an erasure in the record names.
DROP TRIGGER decisions_stay;

CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
WHEN NEW.id IS NOT OLD.id OR NEW.case_id IS NOT OLD.case_id OR NEW.site IS NOT OLD.site
OR NEW.comment_id IS NOT OLD.comment_id OR NEW.action IS NOT OLD.action
OR NEW.rule IS NOT OLD.rule OR NEW.door IS NOT OLD.door OR NEW.revision IS NOT OLD.revision
OR NEW.at IS NOT OLD.at OR NEW.until IS NOT OLD.until OR NEW.reverses IS NOT OLD.reverses
OR NEW.amends IS NOT OLD.amends OR NEW.reason IS NOT OLD.reason OR NEW.seals IS NOT OLD.seals
OR NEW.previous IS NOT OLD.previous OR NEW.digest IS NOT OLD.digest
OR NOT EXISTS (SELECT 1 FROM erased WHERE decision_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'a decision is never changed');
END;

CREATE TRIGGER decisions_keep_rest BEFORE UPDATE ON decisions
WHEN (NEW.author_id IS NOT OLD.author_id AND NOT (
    NEW.author_id GLOB 'erased-*'
    AND EXISTS (SELECT 1 FROM erased WHERE decision_id = OLD.id AND parts LIKE '%author%')
)) OR (NEW.note IS NOT OLD.note AND NOT (
    NEW.note IS '[erased]'
    AND EXISTS (SELECT 1 FROM erased WHERE decision_id = OLD.id AND parts LIKE '%note%')
)) OR ((NEW.by_id IS NOT OLD.by_id OR NEW.by_name IS NOT OLD.by_name) AND NOT (
    NEW.by_id < 0 AND NEW.by_name IS '[erased]'
    AND EXISTS (SELECT 1 FROM erased WHERE decision_id = OLD.id AND parts LIKE '%by%')
)) OR ((NEW.second_id IS NOT OLD.second_id OR NEW.second_name IS NOT OLD.second_name) AND NOT (
    NEW.second_id < 0 AND NEW.second_name IS '[erased]'
    AND EXISTS (SELECT 1 FROM erased WHERE decision_id = OLD.id AND parts LIKE '%second%')
))
BEGIN
    SELECT RAISE(ABORT, 'a decision is never changed');
END;

DROP TRIGGER decisions_link;

CREATE TRIGGER decisions_link BEFORE INSERT ON decisions
WHEN (NEW.id > 1 OR EXISTS (SELECT 1 FROM erasures)) AND NEW.previous IS NOT COALESCE(
    (SELECT digest FROM erasures WHERE after = NEW.id - 1 ORDER BY id DESC LIMIT 1),
    (SELECT digest FROM decisions WHERE id = NEW.id - 1)
)
BEGIN
    SELECT RAISE(ABORT, 'a decision names the one before it');
END;

CREATE INDEX erasures_after ON erasures (after, id);

-- What else is append-only may lose who did it, and nothing else.
DROP TRIGGER story_changes_stay;

CREATE TRIGGER story_changes_stay BEFORE UPDATE ON story_changes
WHEN NEW.id IS NOT OLD.id OR NEW.site IS NOT OLD.site OR NEW.story_id IS NOT OLD.story_id
OR NEW.state IS NOT OLD.state OR NEW.at IS NOT OLD.at OR NEW.review_at IS NOT OLD.review_at
OR NOT (NEW.note IS OLD.note OR NEW.note IS '[erased]')
OR NOT (NEW.by_id IS OLD.by_id AND NEW.by_name IS OLD.by_name
        OR NEW.by_id < 0 AND NEW.by_name IS '[erased]')
BEGIN
    SELECT RAISE(ABORT, 'a change of a story''s state is never changed');
END;

DROP TRIGGER life_steps_stay;

CREATE TRIGGER life_steps_stay BEFORE UPDATE ON life_steps
WHEN NEW.case_id IS NOT OLD.case_id OR NEW.step IS NOT OLD.step OR NEW.at IS NOT OLD.at
OR NOT (NEW.by_id < 0 AND NEW.by_name IS '[erased]')
BEGIN
    SELECT RAISE(ABORT, 'what was done is never changed');
END;

DROP TRIGGER legal_steps_stay;

CREATE TRIGGER legal_steps_stay BEFORE UPDATE ON legal_steps
WHEN NEW.id IS NOT OLD.id OR NEW.legal_id IS NOT OLD.legal_id OR NEW.stage IS NOT OLD.stage
OR NEW.at IS NOT OLD.at OR NEW.by_name IS NOT '[erased]'
BEGIN
    SELECT RAISE(ABORT, 'what was done is never changed');
END;

DROP TRIGGER contests_stay;

CREATE TRIGGER contests_stay
BEFORE UPDATE OF decision_id, party, answer, by_id, by_name, answered_at ON contests
WHEN OLD.answer IS NOT NULL AND NOT (
    NEW.decision_id IS OLD.decision_id AND NEW.party IS OLD.party AND NEW.answer IS OLD.answer
    AND NEW.answered_at IS OLD.answered_at AND NEW.by_id < 0 AND NEW.by_name IS '[erased]'
)
BEGIN
    SELECT RAISE(ABORT, 'an answer is never changed');
END;

-- Which requests to be forgotten this database has carried out, by a salted hash of whose each was.
CREATE TABLE forgotten (
    key BLOB PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the daily purge forgot, and how much of it.
CREATE TABLE purges (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    amount INTEGER NOT NULL
) STRICT;

CREATE INDEX purges_at ON purges (at);

-- The words to search are kept with what they were made of, so that the index can be told exactly
-- what to forget. They are read back from the index itself, which knows earlier names and titles too.
CREATE VIRTUAL TABLE temp.known USING fts5vocab('main', 'words', 'instance');

CREATE TABLE known_words (
    place  INTEGER PRIMARY KEY,
    text   TEXT,
    author TEXT,
    story  TEXT
) STRICT;

INSERT INTO known_words (place, text, author, story)
SELECT doc, MAX(CASE WHEN col = 'text' THEN said END),
       MAX(CASE WHEN col = 'author' THEN said END), MAX(CASE WHEN col = 'story' THEN said END)
FROM (
    SELECT doc, col, group_concat(term, ' ') AS said FROM (
        SELECT doc, col, term FROM temp.known ORDER BY doc, col, offset
    ) GROUP BY doc, col
) GROUP BY doc;

-- What has no word in it has its place all the same.
INSERT INTO known_words (place) SELECT id FROM words_docsize
WHERE id NOT IN (SELECT place FROM known_words);

DROP TABLE temp.known;
DROP TABLE words;

CREATE VIRTUAL TABLE words USING fts5 (
    text, author, story, tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO words (rowid, text, author, story)
SELECT place, COALESCE(text, ''), COALESCE(author, ''), COALESCE(story, '')
FROM known_words ORDER BY place;

DROP TABLE known_words;
