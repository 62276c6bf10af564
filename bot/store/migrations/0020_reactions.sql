-- Reactions that were handled and may still stand under their card: none is carried out twice.
CREATE TABLE reacted (
    message_id INTEGER NOT NULL,
    person_id  INTEGER NOT NULL,
    emoji      TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (message_id, person_id, emoji)
) STRICT, WITHOUT ROWID;

-- What reactions made the desk ask in a line under a card. A row goes when its line is gone.
-- `card_id` is the card's message, `message_id` the line's; `lasting` is in seconds.
CREATE TABLE questions (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('ban', 'late')),
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    channel_id INTEGER NOT NULL,
    card_id    INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    given      TEXT NOT NULL,
    by_id      INTEGER,
    rule       INTEGER,
    lasting    INTEGER,
    asked_at   INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    message_id INTEGER,
    answered   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX questions_message ON questions (message_id) WHERE message_id IS NOT NULL;

-- Whether a card was last drawn as decided: its reactions go before it is drawn as open again.
ALTER TABLE cards ADD COLUMN decided INTEGER NOT NULL DEFAULT 0;
