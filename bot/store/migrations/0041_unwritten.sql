-- What an author deleted at the site counts for nobody and against nobody; and an order may have
-- done its part for the comment before the rest of it failed.

ALTER TABLE outbox ADD COLUMN placed INTEGER NOT NULL DEFAULT 0 CHECK (placed IN (0, 1));

DROP VIEW standing;

CREATE VIEW standing AS
SELECT * FROM decisions AS made
WHERE made.action <> 'hold' AND made.door NOT IN ('desk', 'author')
AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.reverses = made.id)
AND NOT EXISTS (SELECT 1 FROM decisions AS later WHERE later.amends = made.id);

DROP TRIGGER decisions_deciders;
DROP TRIGGER decisions_decider_names;

CREATE TRIGGER decisions_deciders AFTER INSERT ON decisions
WHEN NEW.door NOT IN ('desk', 'author')
BEGIN
    INSERT INTO deciders (id, name) VALUES (NEW.by_id, NEW.by_name)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE deciders.name <> excluded.name;
END;

CREATE TRIGGER decisions_decider_names AFTER INSERT ON decisions
WHEN NEW.door NOT IN ('desk', 'author')
BEGIN
    INSERT INTO decider_names (id, name) VALUES (NEW.by_id, NEW.by_name)
    ON CONFLICT (id, name) DO NOTHING;
    INSERT INTO decider_names (id, name)
    SELECT NEW.second_id, NEW.second_name WHERE NEW.second_id IS NOT NULL
    ON CONFLICT (id, name) DO NOTHING;
    INSERT INTO deciders (id, name)
    SELECT NEW.second_id, NEW.second_name WHERE NEW.second_id IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE deciders.name <> excluded.name;
END;
