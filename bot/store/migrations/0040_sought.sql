-- When the comment that a notice names is to be looked for: among the cases, then at the sites.
-- NULL where it was, or need not be. It is done by itself and not when the page takes a notice, so
-- that how long the page takes tells nobody what is known of an address.
ALTER TABLE notices ADD COLUMN seek_at INTEGER;

CREATE INDEX notices_to_seek ON notices (seek_at) WHERE seek_at IS NOT NULL;
