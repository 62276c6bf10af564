-- A text of the cited rule that a moderator added to what the author is told.
ALTER TABLE decisions ADD COLUMN reason TEXT;
ALTER TABLE proposals ADD COLUMN reason TEXT;
