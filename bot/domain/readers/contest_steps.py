"""The steps of contests, chained so that an edit of the file shows; nobody's words are in them.

They are a chain beside the record's. Each step names the one before it and the record's newest line
at that time, so that neither can be written anew without the other. What was said stands as a hash
with the contest's own salt: erase the salt with the words, and nobody can tell what it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.chain import GENESIS
from bot.domain.erasure import hashed, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestStep:
    """That a decision was contested (``asked``), or how that was answered."""

    id: int
    contest_id: int
    step: str
    at: datetime
    said: str
    head: str
    previous: str = ""
    digest: str = ""


def hash_of_words(salt: bytes, words: str) -> str:
    """Return what stands for somebody's words in a step."""
    return hashed([salt.hex(), words])


def seal_step(step: ContestStep, before: ContestStep | None) -> ContestStep:
    """Return a step with its place in the chain."""
    linked = replace(step, previous=before.digest if before else GENESIS, digest="")
    return replace(linked, digest=_digest(linked))


def first_broken_step(steps: Sequence[ContestStep]) -> ContestStep | None:
    """Return the first step that was edited or lost its forerunner."""
    before: ContestStep | None = None
    for number, step in enumerate(steps, 1):
        if step.id != number or seal_step(step, before) != step:
            return step
        before = step
    return None


def _digest(step: ContestStep) -> str:
    said = (step.id, step.contest_id, step.step, step.at, step.said, step.head, step.previous)
    return hashed([plain(one) for one in said])
