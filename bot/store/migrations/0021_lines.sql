-- Which cases a message of the desk belongs to, so that a reply to it means them. A thread has the
-- id of the message that it hangs on, or one of its own.
CREATE TABLE said (
    message_id INTEGER NOT NULL,
    case_id    INTEGER NOT NULL,
    PRIMARY KEY (message_id, case_id)
) STRICT, WITHOUT ROWID;

INSERT INTO said (message_id, case_id)
SELECT message_id, case_id FROM cards WHERE message_id IS NOT NULL;

INSERT INTO said (message_id, case_id)
SELECT thread_id, case_id FROM casework WHERE thread_id IS NOT NULL
ON CONFLICT (message_id, case_id) DO NOTHING;

INSERT INTO said (message_id, case_id)
SELECT message_id, case_id FROM legal_notices WHERE message_id IS NOT NULL
ON CONFLICT (message_id, case_id) DO NOTHING;

-- The typed lines that were carried out, so that none is twice, and each gets its answer.
CREATE TABLE lines (
    message_id INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    by_id      INTEGER NOT NULL,
    answered   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX lines_unanswered ON lines (message_id) WHERE answered = 0;

CREATE TABLE line_orders (
    message_id  INTEGER NOT NULL REFERENCES lines (message_id),
    place       INTEGER NOT NULL,
    case_id     INTEGER NOT NULL,
    by_id       INTEGER NOT NULL,
    decision_id INTEGER,
    PRIMARY KEY (message_id, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX line_orders_case ON line_orders (case_id, message_id);

-- What people see of a card by position: whether it stands among the open ones, and since when it
-- shows that and the text that it shows; nothing where it was posted so.
ALTER TABLE cards ADD COLUMN listed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE cards ADD COLUMN turned_at INTEGER;

UPDATE cards SET listed = 0
WHERE case_id IN (SELECT id FROM cases WHERE state = 'decided')
OR case_id IN (SELECT case_id FROM casework WHERE snooze_id IS NOT NULL);

CREATE INDEX cards_listed ON cards (channel_id, message_id) WHERE listed = 1;
CREATE INDEX cards_turned ON cards (channel_id, turned_at) WHERE turned_at IS NOT NULL;
