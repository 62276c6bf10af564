-- Messages whose posting was tried, by what is said of them to Discord: they are looked for before
-- they are posted again. Kept for two weeks.
CREATE TABLE tries (
    nonce TEXT PRIMARY KEY,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tries_at ON tries (at);

-- What Discord refuses, since when, when staff were told, and when it was over.
CREATE TABLE troubles (
    name       TEXT PRIMARY KEY,
    words      TEXT NOT NULL,
    over       TEXT NOT NULL,
    mend       TEXT NOT NULL,
    channel_id INTEGER,
    grave      INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    told_at    INTEGER,
    over_at    INTEGER
) STRICT;

-- Earlier versions took one refusal for the last word. What still matters is taken up again: the
-- newest drawing of each card, calls about cases that are open, alerts that go on.
UPDATE effects SET state = 'waiting', attempts = 0, done_at = NULL
WHERE kind = 'card' AND state = 'failed'
AND id = (
    SELECT MAX(newest.id) FROM effects AS newest
    WHERE newest.case_id = effects.case_id AND newest.kind = 'card'
);

UPDATE errands SET state = 'waiting', attempts = 0, done_at = NULL
WHERE state = 'failed' AND kind <> 'thread'
AND EXISTS (
    SELECT 1 FROM json_each(errands.facts, '$.cases') AS about
    JOIN cases ON cases.id = about.value
    WHERE cases.state <> 'decided'
);

UPDATE alert_effects SET state = 'waiting', attempts = 0, done_at = NULL
WHERE state = 'failed'
AND (
    kind = 'reply' AND EXISTS (
        SELECT 1 FROM alerts WHERE alerts.id = alert_effects.alert_id AND alerts.state <> 'closed'
    )
    OR kind = 'alert' AND id = (
        SELECT MAX(newest.id) FROM alert_effects AS newest
        WHERE newest.alert_id = alert_effects.alert_id AND newest.kind = 'alert'
    )
);

UPDATE reminders SET state = 'waiting', attempts = 0, done_at = NULL
WHERE state = 'failed'
AND (
    case_id IS NULL
    OR EXISTS (
        SELECT 1 FROM cases WHERE cases.id = reminders.case_id AND cases.state <> 'decided'
    )
);
