"""Reactions that were handled, and the questions that some of them led to."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.cases import CardRef
from bot.domain.decisions import Action
from bot.domain.ids import CaseId, PersonId
from bot.domain.reactions import Given, Question, QuestionKind, Reaction
from bot.store.engine.connection import Connection
from bot.store.outbox import Outbox
from bot.store.times import moment, stored

_HANDLED = "SELECT person_id, emoji FROM reacted WHERE message_id = ?"
_MARK = """
INSERT INTO reacted (message_id, person_id, emoji, at) VALUES (?, ?, ?, ?)
ON CONFLICT (message_id, person_id, emoji) DO NOTHING
"""
_FORGET = """
DELETE FROM reacted
WHERE message_id = ?1 AND COALESCE(?2, person_id) = person_id AND COALESCE(?3, emoji) = emoji
"""

_SELECT = """
SELECT id, kind, case_id, channel_id, card_id, revision, given, by_id, rule, lasting, asked_at,
       expires_at, message_id, answered
FROM questions
"""
_GET = f"{_SELECT} WHERE id = ?"
_AT = f"{_SELECT} WHERE message_id = ?"
_OPEN_BAN = f"{_SELECT} WHERE case_id = ? AND by_id = ? AND kind = 'ban' AND answered = 0"
_OPEN_OF = f"{_SELECT} WHERE case_id = ? AND answered = 0 ORDER BY id"
_TO_POST = f"""
{_SELECT} WHERE message_id IS NULL AND answered = 0 AND expires_at > ? ORDER BY id LIMIT 10
"""
_DECIDED = """
EXISTS (
    SELECT 1 FROM cases JOIN decisions ON decisions.id = cases.decision_id
    WHERE cases.id = questions.case_id
    AND (questions.by_id IS NULL OR questions.by_id = decisions.by_id)
)
"""
_OVER = f"""
{_SELECT} WHERE answered = 1 OR expires_at <= ? OR {_DECIDED} ORDER BY id LIMIT 10
"""
_ASK = """
INSERT INTO questions (kind, case_id, channel_id, card_id, revision, given, by_id, rule, lasting,
                       asked_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_POSTED = "UPDATE questions SET message_id = ? WHERE id = ?"
_ANSWER = "UPDATE questions SET answered = 1 WHERE id = ?"
_DROP = "DELETE FROM questions WHERE id = ?"
_SECOND = timedelta(seconds=1)


class Reactions:
    """Which reactions were handled."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def handled(self, message_id: int) -> Collection[Reaction]:
        """Return those of one message."""
        rows = self._run(_HANDLED, (message_id,)).fetchall()
        return {
            Reaction(message_id=message_id, by_id=PersonId(by_id), emoji=emoji)
            for by_id, emoji in rows
        }

    def mark(self, reaction: Reaction, at: datetime) -> None:
        """Keep that a reaction was handled."""
        self._run(_MARK, (reaction.message_id, reaction.by_id, reaction.emoji, stored(at)))

    def forget(
        self, message_id: int, by_id: PersonId | None = None, emoji: str | None = None
    ) -> None:
        """Forget reactions that are gone: all of a message, or one person's, or one emoji's."""
        self._run(_FORGET, (message_id, by_id, emoji))


class Questions:
    """What the desk asked about reactions."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._run = connection.run
        self._outbox = outbox

    def ask(self, question: Question) -> Question:
        """Keep a question to be posted; it comes back with its number."""
        card = question.card
        given = json.dumps([[one.by_name, one.emoji, one.action] for one in question.given])
        lasting = None if question.lasting is None else question.lasting // _SECOND
        where = (question.kind, question.case_id, card.channel_id, card.message_id, card.revision)
        what = (given, question.by_id, question.rule, lasting)
        times = (stored(question.at), stored(question.expires_at))
        row = self._run(_ASK, (*where, *what, *times)).fetchone()
        self._outbox.asked += 1
        return self.get(row[0]) or question

    def get(self, number: int) -> Question | None:
        """Return a question by its number, `None` if it was forgotten."""
        return _first(self._run(_GET, (number,)).fetchall())

    def at(self, message_id: int) -> Question | None:
        """Return the question whose line is this message."""
        return _first(self._run(_AT, (message_id,)).fetchall())

    def open_ban(self, case_id: CaseId, by_id: PersonId) -> Question | None:
        """Return what a person is asked about banning a case's author, if they are."""
        return _first(self._run(_OPEN_BAN, (case_id, by_id)).fetchall())

    def open_of(self, case_id: CaseId) -> Sequence[Question]:
        """Return what is asked about a case."""
        return _questions(self._run(_OPEN_OF, (case_id,)).fetchall())

    def posted(self, number: int, message_id: int) -> None:
        """Record the line's message."""
        self._run(_POSTED, (message_id, number))

    def answer(self, number: int) -> None:
        """Record that a question is answered, so that its line goes."""
        self._outbox.asked += self._run(_ANSWER, (number,)).rowcount

    def drop(self, number: int) -> None:
        """Forget a question whose line is gone."""
        self._run(_DROP, (number,))

    def to_post(self, now: datetime) -> Sequence[Question]:
        """Return what is still to be posted, the oldest first."""
        return _questions(self._run(_TO_POST, (stored(now),)).fetchall())

    def to_take_away(self, now: datetime) -> Sequence[Question]:
        """Return the questions that are over."""
        return _questions(self._run(_OVER, (stored(now),)).fetchall())


def _first(rows: Sequence[tuple[Any, ...]]) -> Question | None:
    return next(iter(_questions(rows)), None)


def _questions(rows: Sequence[tuple[Any, ...]]) -> list[Question]:
    return [_question(row) for row in rows]


def _question(row: tuple[Any, ...]) -> Question:
    number, kind, case_id, channel_id, card_id, revision, given, by_id, rule, lasting = row[:10]
    asked_at, expires_at, message_id, answered = row[10:]
    card = CardRef(case_id=case_id, channel_id=channel_id, message_id=card_id, revision=revision)
    return Question(
        id=number,
        kind=QuestionKind(kind),
        case_id=case_id,
        card=card,
        given=tuple(
            Given(by_name=name, emoji=emoji, action=Action(action))
            for name, emoji, action in json.loads(given)
        ),
        by_id=by_id,
        rule=rule,
        lasting=None if lasting is None else lasting * _SECOND,
        at=moment(asked_at),
        expires_at=moment(expires_at),
        message_id=message_id,
        answered=bool(answered),
    )
