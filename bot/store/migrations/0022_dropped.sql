-- Orders that are never given again: the text that they were decided on is not there any more.
ALTER TABLE effects ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
