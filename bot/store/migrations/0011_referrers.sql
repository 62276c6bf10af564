-- The host from which the reader came to the page; kept as long as the sighting, five weeks.
ALTER TABLE sightings ADD COLUMN referrer TEXT;
