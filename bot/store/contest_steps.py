"""The chain of what was contested and answered, beside the record's."""

import secrets
from collections.abc import Sequence
from typing import Any

from bot.domain.readers.contest import Contest
from bot.domain.readers.contest_steps import ContestStep, hash_of_words, seal_step
from bot.domain.seals import SALT_BYTES
from bot.store.engine.connection import Connection
from bot.store.times import moment, stored

_SALT = "UPDATE contests SET salt = ? WHERE id = ? AND salt IS NULL"
_SALTED = "SELECT salt, text, reasons FROM contests WHERE id = ?"
_STEPS = "SELECT id, contest_id, step, at, said, head, previous, digest FROM contest_steps"
_ALL_STEPS = f"{_STEPS} ORDER BY id"
_LAST_STEP = f"{_STEPS} ORDER BY id DESC LIMIT 1"
_ADD_STEP = """
INSERT INTO contest_steps (id, contest_id, step, at, said, head, previous, digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


class ContestSteps:
    """The steps of contests, which are only ever added to."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def enter(self, contest: Contest, head: str) -> None:
        """Chain what was said in a contest that was just kept or answered; `head` is the record's."""
        words, at = (contest.reasons or "", contest.answered_at) if contest.answer else ("", None)
        if contest.answer is None:
            self._run(_SALT, (secrets.token_bytes(SALT_BYTES), contest.id))
        salt, text, _ = self._run(_SALTED, (contest.id,)).fetchone()
        last = self.last()
        step = ContestStep(
            id=last.id + 1 if last else 1,
            contest_id=contest.id,
            step=contest.answer or "asked",
            at=at or contest.at,
            said=hash_of_words(salt or b"", words if contest.answer else text),
            head=head,
        )
        one = seal_step(step, last)
        rest = (one.said, one.head, one.previous, one.digest)
        self._run(_ADD_STEP, (one.id, one.contest_id, str(one.step), stored(one.at), *rest))

    def steps(self) -> Sequence[ContestStep]:
        """Return every step, the oldest first."""
        return [_step(row) for row in self._run(_ALL_STEPS).fetchall()]

    def says_so(self, step: ContestStep) -> bool:
        """Whether a contest still says what its step was made of; what was erased says nothing."""
        salt, text, reasons = self._run(_SALTED, (step.contest_id,)).fetchone()
        words = text if step.step == "asked" else reasons
        return salt is None or hash_of_words(salt, words or "") == step.said

    def last(self) -> ContestStep | None:
        """Return the newest step of all."""
        row = self._run(_LAST_STEP).fetchone()
        return _step(row) if row else None


def _step(row: tuple[Any, ...]) -> ContestStep:
    number, contest_id, step, at, said, head, previous, digest = row
    return ContestStep(
        id=number,
        contest_id=contest_id,
        step=step,
        at=moment(at),
        said=said,
        head=head,
        previous=previous,
        digest=digest,
    )
