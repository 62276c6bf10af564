-- How many cases each author has, and how many comments of theirs were taken down by what stands:
-- every card says so, and some authors have thousands. What an author deleted is not against them.
CREATE TABLE author_counts (
    site       TEXT NOT NULL,
    author_id  TEXT NOT NULL,
    reported   INTEGER NOT NULL,
    taken_down INTEGER NOT NULL,
    PRIMARY KEY (site, author_id)
) STRICT, WITHOUT ROWID;

INSERT INTO author_counts (site, author_id, reported, taken_down)
SELECT cases.site, cases.author_id, COUNT(*), COUNT(made.id) FROM cases
LEFT JOIN decisions AS made ON made.id = cases.decision_id
    AND made.action IN ('hide', 'ban') AND made.door <> 'author'
GROUP BY cases.site, cases.author_id;

CREATE TRIGGER cases_of_author AFTER INSERT ON cases
BEGIN
    INSERT INTO author_counts (site, author_id, reported, taken_down)
    VALUES (NEW.site, NEW.author_id, 1, (
        SELECT COUNT(*) FROM decisions
        WHERE id = NEW.decision_id AND action IN ('hide', 'ban') AND door <> 'author'
    ))
    ON CONFLICT (site, author_id) DO UPDATE SET
        reported = author_counts.reported + 1,
        taken_down = author_counts.taken_down + excluded.taken_down;
END;

CREATE TRIGGER cases_decided AFTER UPDATE OF decision_id, author_id ON cases
WHEN NEW.decision_id IS NOT OLD.decision_id OR NEW.author_id IS NOT OLD.author_id
BEGIN
    UPDATE author_counts SET reported = reported - 1, taken_down = taken_down - (
        SELECT COUNT(*) FROM decisions
        WHERE id = OLD.decision_id AND action IN ('hide', 'ban') AND door <> 'author'
    ) WHERE site = OLD.site AND author_id = OLD.author_id;
    INSERT INTO author_counts (site, author_id, reported, taken_down)
    VALUES (NEW.site, NEW.author_id, 1, (
        SELECT COUNT(*) FROM decisions
        WHERE id = NEW.decision_id AND action IN ('hide', 'ban') AND door <> 'author'
    ))
    ON CONFLICT (site, author_id) DO UPDATE SET
        reported = author_counts.reported + 1,
        taken_down = author_counts.taken_down + excluded.taken_down;
    DELETE FROM author_counts WHERE site = OLD.site AND author_id = OLD.author_id AND reported = 0;
END;

CREATE TRIGGER cases_of_author_gone AFTER DELETE ON cases
BEGIN
    UPDATE author_counts SET reported = reported - 1, taken_down = taken_down - (
        SELECT COUNT(*) FROM decisions
        WHERE id = OLD.decision_id AND action IN ('hide', 'ban') AND door <> 'author'
    ) WHERE site = OLD.site AND author_id = OLD.author_id;
    DELETE FROM author_counts WHERE site = OLD.site AND author_id = OLD.author_id AND reported = 0;
END;

-- Whether an author is banned, and until when, is asked for every card of theirs.
CREATE INDEX decisions_author_bans ON decisions (site, author_id, until) WHERE action = 'ban';
