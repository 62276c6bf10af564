"""What was reported, as it stood when it was reported, and the readers' complaints about it."""

import hashlib
import math
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.foreign import evenly_spaced
from bot.domain.ids import CaseId, ReporterKey, RuleNumber, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorKey:
    """A hash by which a site says that accounts may be one person's.

    `kind` says of what: ``network``, ``email``, ``device``, or nothing.
    """

    kind: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a comment, as the site names them. `since` is when the account was opened."""

    external_id: str
    name: str
    since: datetime | None = None
    keys: tuple[AuthorKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The article under which a comment stands. An empty title is shown as its address."""

    external_id: str
    title: str
    url: str
    section: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The comment that was answered, shown for context only."""

    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment in one revision. `text` is plain text; HTML was taken off at the door.

    `sent` is the SHA-256 of the text as the site sent it, `None` where that is `text` itself.
    `read_at` is when the desk read it at the site; `None` says that it came with a report, and
    stood so when that was made.
    """

    external_id: str
    revision: str
    text: str
    permalink: str | None = None
    created: datetime | None = None
    parent: Parent | None = None
    sent: str | None = None
    read_at: datetime | None = None

    @property
    def text_sha256(self) -> str:
        """The hash by which the site can tell whether it still has this text."""
        return self.sent or sha256_of(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMark:
    """Which text is a comment's now.

    `key` is the same for texts that a reader could not tell apart. `at` is as of when the site
    said so, by its own clock; `taken_at` is when the desk heard of it, by the desk's.
    """

    key: str
    at: datetime
    taken_at: datetime


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def text_key(text: str) -> str:
    """Return a hash that texts share which differ in white space or in how letters are written."""
    normal = text if text.isascii() else unicodedata.normalize("NFC", text)
    return sha256_of(evenly_spaced(normal))[:32]


def is_newer(
    comment: Comment, at: datetime, now: datetime, stands: TextMark, revision: str
) -> bool:
    """Whether a text of the time `at` is to be taken for newer than the one that stands.

    A clock that runs ahead holds nothing up: a time that is still to come counts as when it was
    heard of, but for those that are to come as well. Where the times are level, the revisions'
    own order decides if they have one, and otherwise what came last.
    """
    since = stands.taken_at if stands.at > now >= at else stands.at
    if at.microsecond != since.microsecond and not (at.microsecond and since.microsecond):
        # One of them says no more than the second.
        at, since = at.replace(microsecond=0), since.replace(microsecond=0)
    if at != since:
        return at > since
    return comment.revision == revision or not _comes_before(comment.revision, revision)


def _comes_before(one: str, other: str) -> bool:
    """Whether two revisions' names are numbers, and the first the lower one."""
    numbers = one.isascii() and one.isdigit() and other.isascii() and other.isdigit()
    return numbers and (len(one.lstrip("0")), one.lstrip("0")) < (
        len(other.lstrip("0")),
        other.lstrip("0"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A complaint, parsed and checked at the door.

    `at` is when the reader sent it, by the site's clock; `delivery` is the webhook id it came
    under, with the index in its batch, so that a repeated delivery is answered as before.
    `referrer` is the host from which the reader came to the page, `None` if that is not known or
    is the paper's own. `missed` says that it was made while the desk was not there to take it,
    and found later. `digest` is of the request's whole body, `None` for what was not sent but
    asked for.
    """

    site: SiteId
    delivery: str
    comment: Comment
    author: Author
    story: Story
    reporter: ReporterKey
    rule: RuleNumber
    note: str | None
    at: datetime
    referrer: str | None = None
    missed: bool = False
    digest: bytes | None = field(default=None, compare=False)

    @property
    def request(self) -> str:
        """The webhook id, which all reports of a batch share."""
        return request_of(self.delivery)


def request_of(delivery: str) -> str:
    """Return the webhook id of a request that brought a report, which may be one of a batch."""
    return delivery.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is answered: the case, and whether the report was counted now or before."""

    case_id: CaseId
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A reporter's own words; hostile until read, never shown unasked."""

    rule: RuleNumber
    text: str
    at: datetime


REMEMBERED = 100.0
"""Judged reports that count; beyond that, older ones fade."""

_ENOUGH = 5.0
"""Up to this many judged reports say nothing yet about a reader."""

_PIVOT = 0.7
"""The share of reports that must be right for a reader to weigh more than a stranger.

Discourse's figure, whose bonus this follows: (share - 0.7) / 0.3 times log4 of how many.
"""

_MOST = 3.0
"""A reader never weighs more than this many strangers, so that no small group runs the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRecord:
    """How many of a reader's judged reports were right and wrong."""

    agreed: float = 0.0
    disagreed: float = 0.0

    def judged(self, *, right: bool) -> "ReaderRecord":
        """Return the record with one more report judged; old ones fade beyond a hundred."""
        return _within(self.agreed + right, self.disagreed + (not right))

    def taken_back(self, *, right: bool) -> "ReaderRecord":
        """Return the record without one judgement, as its decision was undone."""
        return ReaderRecord(
            agreed=max(0.0, self.agreed - right), disagreed=max(0.0, self.disagreed - (not right))
        )


def _within(agreed: float, disagreed: float) -> ReaderRecord:
    total = agreed + disagreed
    share = min(1.0, REMEMBERED / total) if total else 1.0
    return ReaderRecord(agreed=agreed * share, disagreed=disagreed * share)


def weight(record: ReaderRecord) -> float:
    """Return what one report of this reader counts, in strangers: from 0 to 3, 1 at first."""
    total = record.agreed + record.disagreed
    if total <= _ENOUGH:
        return 1.0
    share = record.agreed / total
    span = 1 - _PIVOT if share >= _PIVOT else _PIVOT
    bonus = (share - _PIVOT) / span * math.log(total, 4)
    return min(_MOST, max(0.0, 1.0 + bonus))
