"""What new accounts are compared with, and the hints that came of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.domain.account_similarity import (
    AuthorRef,
    BannedAccount,
    Hint,
    NewAccount,
    Profile,
    Similarity,
    name_grams,
    skeleton,
    target,
)
from bot.domain.comments import AuthorKey
from bot.domain.ids import CaseId, SiteId
from bot.store.engine.connection import Connection, places
from bot.store.times import moment_if, stored

_TOO_COMMON: Final = 30
"""Accounts with one key, from which it says nothing: a library, or a telephone company."""
_MOST_KEYS: Final = 20
_MOST_OF_A_KIND: Final = 20

_LOOKED_BACK: Final = 2_000
"""Cases looked at when a desk begins to look."""

_NEWEST: Final = "SELECT COALESCE(MAX(id), 0) FROM cases"
_UPTO: Final = "SELECT upto FROM looked WHERE what = ?"
_LOOK: Final = """
INSERT INTO looked (what, upto) VALUES (?, ?) ON CONFLICT (what) DO UPDATE SET upto = excluded.upto
"""
_BANS_AFTER: Final = """
SELECT id, site, author_id, action FROM decisions WHERE id > ? ORDER BY id LIMIT ?
"""
_CASES_AFTER: Final = "SELECT id, site, author_id FROM cases WHERE id > ? ORDER BY id LIMIT ?"
_NAME: Final = "SELECT name FROM authors WHERE site = ? AND external_id = ?"
_TEXTS: Final = """
SELECT text, parent_author FROM cases
CROSS JOIN revisions
WHERE revisions.case_id = cases.id AND revisions.revision = cases.revision
AND site = ? AND author_id = ? ORDER BY cases.id DESC LIMIT ?
"""
_KEYS: Final = "SELECT kind, key FROM author_keys WHERE site = ? AND author_id = ? LIMIT ?"
ADD_KEY: Final = """
INSERT INTO author_keys (site, author_id, kind, key) VALUES (?, ?, ?, ?)
ON CONFLICT (site, key, author_id) DO NOTHING
"""
_SAMPLE: Final = """
SELECT text FROM (SELECT id, revision FROM cases WHERE site = ? ORDER BY id DESC LIMIT ?) AS newest
CROSS JOIN revisions
WHERE revisions.case_id = newest.id AND revisions.revision = newest.revision
"""
_BAR: Final = """
INSERT INTO barred (site, author_id, skeleton, profile) VALUES (?, ?, ?, ?)
ON CONFLICT (site, author_id) DO UPDATE SET
    skeleton = excluded.skeleton, profile = excluded.profile
RETURNING id
"""
_ADD_GRAM: Final = """
INSERT INTO barred_grams (site, gram, barred_id) VALUES (?, ?, ?)
ON CONFLICT (site, gram, barred_id) DO NOTHING
"""
_ADD_TARGET: Final = """
INSERT INTO barred_targets (site, target, barred_id) VALUES (?, ?, ?)
ON CONFLICT (site, target, barred_id) DO NOTHING
"""

_SAME_KEY: Final = "SELECT author_id FROM author_keys WHERE site = ? AND key = ? LIMIT ?"
_SAME_GRAMS: Final = """
SELECT barred_id FROM barred_grams WHERE site = ? AND gram IN ({wanted})
GROUP BY barred_id ORDER BY COUNT(*) DESC, barred_id LIMIT ?
"""
_SAME_TARGETS: Final = """
SELECT barred_id, target FROM barred_targets WHERE site = ? AND target IN ({wanted})
ORDER BY target, barred_id LIMIT 500
"""
_LATEST: Final = "SELECT id FROM barred WHERE site = ? ORDER BY id DESC LIMIT ?"
_BARRED: Final = "SELECT id FROM barred WHERE site = ? AND author_id = ?"
_BAN: Final = """
SELECT until FROM standing WHERE site = ? AND author_id = ? AND action = 'ban'
ORDER BY until IS NULL DESC, until DESC LIMIT 1
"""
_CANDIDATE: Final = """
SELECT author_id, authors.name, skeleton, profile,
    (SELECT MAX(id) FROM cases WHERE cases.site = barred.site AND cases.author_id = barred.author_id)
FROM barred CROSS JOIN authors
WHERE authors.site = barred.site AND authors.external_id = author_id AND barred.id = ?
"""
_KEEP_HINT: Final = """
INSERT INTO hints (site, author_id, other_id, strength, reasons, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (site, author_id, other_id) DO UPDATE SET
    strength = excluded.strength, reasons = excluded.reasons
WHERE hints.denied_by IS NULL AND hints.reasons <> excluded.reasons
"""
_HINTS: Final = """
SELECT other_id, authors.name, strength, reasons,
    (SELECT MAX(id) FROM cases WHERE cases.site = hints.site AND cases.author_id = other_id)
FROM hints CROSS JOIN authors
WHERE authors.site = hints.site AND authors.external_id = other_id
AND hints.site = ? AND hints.author_id = ? AND denied_by IS NULL
ORDER BY strength DESC, other_id LIMIT 5
"""
_DENY: Final = """
UPDATE hints SET denied_by = ? WHERE site = ? AND author_id = ? AND denied_by IS NULL
"""


def same_grams(wanted: int) -> str:
    """Return the SQL that finds who is barred by so many groups of letters of a name."""
    return _SAME_GRAMS.format(wanted=places(wanted))


def same_targets(wanted: int) -> str:
    """Return the SQL that finds who is barred by so many of those they answered."""
    return _SAME_TARGETS.format(wanted=places(wanted))


class BanEvasion:
    """Who may be somebody who is banned."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def upto(self, what: str) -> int:
        """Return up to which number something was looked at, 0 at first."""
        row = self._run(_UPTO, (what,)).fetchone()
        return int(row[0]) if row else 0

    def look(self, what: str, upto: int) -> None:
        """Record up to which number it was looked at."""
        self._run(_LOOK, (what, upto))

    def bans_after(self, decision_id: int, *, limit: int) -> tuple[int, Sequence[AuthorRef]]:
        """Return who was banned by the next decisions, and the number of the last one read."""
        rows = self._run(_BANS_AFTER, (decision_id, limit)).fetchall()
        banned = [AuthorRef(site=site, id=author) for _, site, author, did in rows if did == "ban"]
        return (rows[-1][0] if rows else decision_id), banned

    def cases_after(self, case_id: int, *, limit: int) -> tuple[int, Sequence[AuthorRef]]:
        """Return the authors of the next cases, and the number of the last case.

        From 0 it begins with the newest ones: who wrote years ago is not new.
        """
        if case_id == 0:
            newest = self._run(_NEWEST).fetchone()[0]
            case_id = max(0, newest - _LOOKED_BACK)
        rows = self._run(_CASES_AFTER, (case_id, limit)).fetchall()
        refs = [AuthorRef(site=site, id=author) for _, site, author in rows]
        return (rows[-1][0] if rows else case_id), list(dict.fromkeys(refs))

    def writings(self, ref: AuthorRef, *, limit: int) -> NewAccount | None:
        """Return an account with its newest texts and whom they answered."""
        name = self._run(_NAME, (ref.site, ref.id)).fetchone()
        if name is None:
            return None
        rows = self._run(_TEXTS, (ref.site, ref.id, limit)).fetchall()
        own = target(name[0])
        return NewAccount(
            ref=ref,
            name=name[0],
            texts=tuple(row[0] for row in rows),
            targets=frozenset(target(row[1]) for row in rows if row[1]) - {own, ""},
            keys=tuple(
                AuthorKey(kind=kind, digest=key)
                for kind, key in self._run(_KEYS, (ref.site, ref.id, _MOST_KEYS)).fetchall()
            ),
        )

    def keep_barred(self, newcomer: NewAccount, bones: str, written: Profile) -> None:
        """Keep what new accounts are compared with of somebody banned."""
        ref = newcomer.ref
        kept = json.dumps({gram: round(weight, 4) for gram, weight in written.items()})
        number = self._run(_BAR, (ref.site, ref.id, bones, kept)).fetchone()[0]
        if bones:
            for gram in name_grams(bones):
                self._run(_ADD_GRAM, (ref.site, gram, number))
        for answered in newcomer.targets:
            self._run(_ADD_TARGET, (ref.site, answered, number))

    def candidates(self, newcomer: NewAccount, now: datetime) -> Sequence[BannedAccount]:
        """Return who of those banned now shares something with the account, found by index."""
        site = newcomer.ref.site
        kinds = self._by_keys(newcomer)
        answered = self._by_targets(newcomer)
        numbers = dict.fromkeys([*kinds, *answered])
        if bones := skeleton(newcomer.name):
            grams = sorted(name_grams(bones))
            numbers |= self._numbers(same_grams(len(grams)), (site, *grams, _MOST_OF_A_KIND))
        numbers |= self._numbers(_LATEST, (site, _MOST_OF_A_KIND))
        found = (
            self._candidate(number, site, kinds.get(number, ()), answered.get(number, ()))
            for number in numbers
        )
        banned = (other for other in found if other is not None and other.is_banned_at(now))
        return [other for other in banned if other.ref != newcomer.ref]

    def sample(self, site: SiteId, *, limit: int) -> Sequence[str]:
        """Return the newest texts of a site, as what is usual there."""
        return [row[0] for row in self._run(_SAMPLE, (site, limit)).fetchall()]

    def keep_hint(self, ref: AuthorRef, other: AuthorRef, found: Similarity, at: datetime) -> bool:
        """Keep a hint; false if it is known, or somebody said that it is wrong."""
        reasons = json.dumps(found.reasons)
        row = (ref.site, ref.id, other.id, found.strength, reasons, stored(at))
        return self._run(_KEEP_HINT, row).rowcount == 1

    def hints(self, ref: AuthorRef) -> Sequence[Hint]:
        """Return the hints on an account whose other one is banned, strongest first."""
        found: list[Hint] = []
        for other, name, strength, reasons, case in self._run(
            _HINTS, (ref.site, ref.id)
        ).fetchall():
            ban = self._run(_BAN, (ref.site, other)).fetchone()
            if ban is not None:
                found.append(
                    Hint(
                        other=AuthorRef(site=ref.site, id=other),
                        name=name,
                        case_id=CaseId(case),
                        strength=strength,
                        reasons=tuple(json.loads(reasons)),
                        until=moment_if(ban[0]),
                    )
                )
        return found

    def deny(self, ref: AuthorRef, by_name: str) -> int:
        """Record that an account is none of those it was likened to; return how many."""
        return self._run(_DENY, (by_name, ref.site, ref.id)).rowcount

    def _numbers(self, statement: str, values: tuple[object, ...]) -> dict[int, None]:
        return dict.fromkeys(row[0] for row in self._run(statement, values).fetchall())

    def _by_keys(self, newcomer: NewAccount) -> Mapping[int, tuple[str, ...]]:
        site, found = newcomer.ref.site, dict[int, tuple[str, ...]]()
        for key in newcomer.keys:
            others = self._run(_SAME_KEY, (site, key.digest, _TOO_COMMON)).fetchall()
            if len(others) == _TOO_COMMON:
                continue
            for (other,) in others:
                row = self._run(_BARRED, (site, other)).fetchone()
                if row is not None:
                    found[row[0]] = (*found.get(row[0], ()), key.kind)
        return found

    def _by_targets(self, newcomer: NewAccount) -> Mapping[int, tuple[str, ...]]:
        wanted, found = sorted(newcomer.targets), dict[int, tuple[str, ...]]()
        rows = self._run(same_targets(len(wanted)), (newcomer.ref.site, *wanted)).fetchall()
        for number, answered in rows:
            found[number] = (*found.get(number, ()), answered)
        return found

    def _candidate(
        self, number: int, site: SiteId, kinds: tuple[str, ...], answered: tuple[str, ...]
    ) -> BannedAccount | None:
        row = self._run(_CANDIDATE, (number,)).fetchone()
        ban = self._run(_BAN, (site, row[0])).fetchone() if row else None
        if ban is None:
            return None
        author, name, bones, written, case = row
        return BannedAccount(
            ref=AuthorRef(site=site, id=author),
            name=name,
            case_id=CaseId(case),
            until=moment_if(ban[0]),
            skeleton=bones,
            profile=json.loads(written),
            shared_keys=kinds,
            shared_targets=answered,
        )
