"""The hash chain over the record: an edit of the database file shows.

Its links are decisions, and erasures, which say what of earlier decisions was taken out. Each names
the digest of the link before it. What a decision says of people is covered by salted hashes that
stand in its place (`bot.domain.seals`), so that it can be erased and the chain still holds; rows
of earlier versions, which have none, are covered in clear and keep their digest when something is
erased in them. A row in which something is missing is in order only if an erasure names it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.decisions import Decision, to_row
from bot.domain.erasure import ErasedRow, Erasure, digest_of, hashed, left_of, plain
from bot.domain.seals import APART, Part, is_tombstone, opens, sealed_parts

GENESIS = "0" * 64
"""What the first decision names as the line before it."""

Link = Decision | Erasure


def seal_apart(decision: Decision, previous: str) -> Decision:
    """Seal a decision so that what it says of people may be erased later."""
    seals, salts = sealed_parts(to_row(decision))
    return seal(replace(decision, seals=seals, salts=salts), previous)


def seal(decision: Decision, previous: str) -> Decision:
    """Return the decision with its place in the chain: the digest before it and its own."""
    linked = replace(decision, previous=previous, digest="")
    return replace(linked, digest=digest(linked))


def seal_erasure(erasure: Erasure, previous: str) -> Erasure:
    """Return the erasure with its place in the chain."""
    linked = replace(erasure, previous=previous)
    return replace(linked, digest=digest_of(linked))


def digest(decision: Decision) -> str:
    """Return the SHA-256, in hex, over every field that is set but the digest itself.

    They go by their names in the record, whatever values hold them here. Fields that are not set are
    left out, so that a later version may add one without breaking the chain over what an earlier
    one recorded. Of what has seals, these are covered, and neither what they seal nor the salts.
    """
    row = to_row(decision)
    aside = {"digest", "salts", *(APART if decision.seals is not None else ())}
    return hashed(
        {
            name: plain(value)
            for name, value in row.items()
            if value is not None and name not in aside
        }
    )


def holds(decision: Decision, erased: ErasedRow | None = None) -> bool:
    """Whether a decision says what was recorded, but for what an erasure says is gone."""
    if erased is not None and erased.left != left_of(decision, erased.parts):
        return False
    if decision.seals is not None:
        return holds_sealed(decision, erased.parts if erased is not None else ())
    return decision.salts is None and _holds_in_clear(decision, erased)


def holds_sealed(decision: Decision, gone: Iterable[Part]) -> bool:
    """Whether a decision with seals says what was recorded, but for the parts that are gone."""
    return digest(decision) == decision.digest and opens(to_row(decision), gone)


def _holds_in_clear(decision: Decision, erased: ErasedRow | None) -> bool:
    if erased is None:
        return digest(decision) == decision.digest
    # Its own digest cannot be made again: what is left is pinned by the erasure.
    row = to_row(decision)
    return all(is_tombstone(row, part) for part in erased.parts)


class Walk:
    """Walks a record from its first link on.

    `erased` is what all its erasures together say is gone; see `bot.domain.erasure.latest`. It is
    believed here, for the walk comes to the erasures that say so and looks at them too.
    """

    def __init__(self, erased: Mapping[int, ErasedRow] | None = None) -> None:
        self._erased = erased or {}
        self.decisions: int = 0
        self.erasures: int = 0
        self.head = GENESIS

    def accepts(self, link: Link) -> bool:
        """Whether this is the next link, as it was recorded; then the walk goes on from it."""
        if link.previous != self.head:
            return False
        if isinstance(link, Erasure):
            return self._passes_erasure(link)
        if link.id != self.decisions + 1 or not holds(link, self._erased.get(link.id)):
            return False
        self.decisions, self.head = link.id, link.digest
        return True

    def _passes_erasure(self, link: Erasure) -> bool:
        known = link.after == self.decisions and link.id == self.erasures + 1
        if not known or not link.is_of_earlier or digest_of(link) != link.digest:
            return False
        self.erasures, self.head = link.id, link.digest
        return True
