-- A contest is called out once it is late, to the shift and then to the editors; `salt` keeps its
-- words from being guessed by their hash in the chain below.
ALTER TABLE contests ADD COLUMN salt BLOB;
ALTER TABLE contests ADD COLUMN shift_called_at INTEGER;
ALTER TABLE contests ADD COLUMN editors_called_at INTEGER;
