-- What was set in Discord over the desk's files, a row a change: the newest row of a name is what
-- counts, and a value that is missing means the file's. Who did it may be forgotten, nothing else.
CREATE TABLE set_up_changes (
    id      INTEGER PRIMARY KEY,
    setting TEXT NOT NULL,
    value   TEXT,
    was     TEXT,
    by_id   INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX set_up_changes_setting ON set_up_changes (setting, id);

CREATE TRIGGER set_up_changes_stay BEFORE UPDATE ON set_up_changes
WHEN NEW.id IS NOT OLD.id OR NEW.setting IS NOT OLD.setting OR NEW.value IS NOT OLD.value
OR NEW.was IS NOT OLD.was OR NEW.at IS NOT OLD.at
OR NOT (NEW.by_id IS OLD.by_id AND NEW.by_name IS OLD.by_name
        OR NEW.by_id < 0 AND NEW.by_name IS '[erased]')
BEGIN
    SELECT RAISE(ABORT, 'a change of the set-up is never changed');
END;

CREATE TRIGGER set_up_changes_remain BEFORE DELETE ON set_up_changes
BEGIN
    SELECT RAISE(ABORT, 'a change of the set-up is never removed');
END;

CREATE TRIGGER set_up_changes_follow BEFORE INSERT ON set_up_changes
WHEN NEW.id IS NOT (SELECT COALESCE(MAX(id), 0) + 1 FROM set_up_changes)
BEGIN
    SELECT RAISE(ABORT, 'a change of the set-up follows the newest one');
END;
