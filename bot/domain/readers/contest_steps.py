"""The steps of contests, chained so that an edit of the file shows; nobody's words are in them.

They are a chain beside the record's. Each step names the one before it and the record's newest line
at that time, so that neither can be written anew without the other. What was said stands as a hash
with the contest's own salt: erase the salt with the words, and nobody can tell what it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

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


def is_sealed(step: ContestStep) -> bool:
    """Whether a step is as it was sealed, wherever it stands."""
    return _digest(step) == step.digest


def to_line(step: ContestStep) -> dict[str, Any]:
    """Return a step as it is exported."""
    return {
        "contest_step": step.id,
        "contest_id": step.contest_id,
        "step": step.step,
        "at": step.at.isoformat(),
        "said": step.said,
        "head": step.head,
        "previous": step.previous,
        "digest": step.digest,
    }


def from_line(line: Mapping[str, Any]) -> ContestStep:
    """Return what `to_line` was given.

    Raises:
        KeyError: Something is missing.
        TypeError: A value is of another kind, or there is one too many.
        ValueError: Its time is none.
    """
    rest = dict(line)
    number, at = rest.pop("contest_step"), datetime.fromisoformat(rest.pop("at"))
    return ContestStep(id=number, at=at, **rest)


def _digest(step: ContestStep) -> str:
    said = (step.id, step.contest_id, step.step, step.at, step.said, step.head, step.previous)
    return hashed([plain(one) for one in said])
