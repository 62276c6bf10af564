-- Which text is a comment's now: decided by what it says and since when, not by its name.

-- What the text says, hashed; NULL until the case's next report, where it is older than this.
ALTER TABLE cases ADD COLUMN text_key TEXT;
-- As of when the site said so, by the site's clock, and when that was taken here.
ALTER TABLE cases ADD COLUMN text_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN text_taken INTEGER NOT NULL DEFAULT 0;

-- The hash by which the site knows the text; NULL where the text itself is what was sent.
ALTER TABLE revisions ADD COLUMN sent TEXT;
-- Since when the case's card shows it.
ALTER TABLE revisions ADD COLUMN shown_at INTEGER;

UPDATE revisions SET shown_at = 0
WHERE revision <= (SELECT cards.revision FROM cards WHERE cards.case_id = revisions.case_id);
