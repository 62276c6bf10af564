-- That the only report on a comment was taken back by its reader, and nobody has reported it since.
ALTER TABLE cases ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 0;
