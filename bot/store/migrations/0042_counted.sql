-- How many cases stand how, kept as they move: what looks at the queue does not count it.
CREATE TABLE case_counts (
    site   TEXT NOT NULL,
    state  TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (site, state)
) STRICT, WITHOUT ROWID;

INSERT INTO case_counts (site, state, number)
SELECT site, state, COUNT(*) FROM cases GROUP BY site, state;

-- The newest case that was opened on a day (of 86,400 seconds since 1970, in UTC): what was opened
-- before a time is among those with no higher number.
CREATE TABLE case_days (
    day    INTEGER PRIMARY KEY,
    newest INTEGER NOT NULL
) STRICT;

INSERT INTO case_days (day, newest)
SELECT opened_at / 86400000000, MAX(id) FROM cases GROUP BY opened_at / 86400000000;

CREATE TRIGGER cases_opened AFTER INSERT ON cases
BEGIN
    INSERT INTO case_counts (site, state, number) VALUES (NEW.site, NEW.state, 1)
    ON CONFLICT (site, state) DO UPDATE SET number = case_counts.number + 1;
    INSERT INTO case_days (day, newest) VALUES (NEW.opened_at / 86400000000, NEW.id)
    ON CONFLICT (day) DO UPDATE SET newest = excluded.newest
    WHERE excluded.newest > case_days.newest;
END;

CREATE TRIGGER cases_moved AFTER UPDATE OF state ON cases
WHEN NEW.state IS NOT OLD.state
BEGIN
    UPDATE case_counts SET number = number - 1 WHERE site = OLD.site AND state = OLD.state;
    INSERT INTO case_counts (site, state, number) VALUES (NEW.site, NEW.state, 1)
    ON CONFLICT (site, state) DO UPDATE SET number = case_counts.number + 1;
END;

CREATE TRIGGER cases_gone AFTER DELETE ON cases
BEGIN
    UPDATE case_counts SET number = number - 1 WHERE site = OLD.site AND state = OLD.state;
END;

-- Which case waits for longest.
CREATE INDEX cases_waiting ON cases (opened_at, id) WHERE state <> 'decided';

-- Since when a case waits is asked of open ones only.
DELETE FROM reopened WHERE case_id IN (SELECT id FROM cases WHERE state = 'decided');
