"""Notices of another kind than a report under the house rules, from anybody, by any road.

Illegal content with what Art. 16(2) of the DSA asks for, a notice of complaint under SI 2013/3028,
a complaint about personal data (s. 164A of the Data Protection Act 2018), and a complaint to the
newsroom about a comment. Not legal advice.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.domain import foreign
from bot.domain.cases import NoticeKind
from bot.domain.decisions import Action, Decision
from bot.domain.ids import CaseId, MessageRef, RuleNumber
from bot.domain.legal import LegalNotice, Stage, due_in_48_hours

LONGEST_WORDS: Final = 2_000
"""Characters of each of the longer fields."""

LONGEST_LINE: Final = 200
LONGEST_ADDRESS: Final = 2_000


class Road(StrEnum):
    """How it came."""

    PAGE = "page"
    EMAIL = "e-mail"
    TELEPHONE = "telephone"
    LETTER = "letter"


RULE_CODES: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.LEGAL: "libel",
    NoticeKind.DATA: "private",
}
"""The codes of the rules under which a comment that was never reported becomes a case."""

CLOCKS: Final[Mapping[NoticeKind, timedelta]] = {
    # Art. 16(6) says "in a timely manner"; a day is what Germany asked for what is manifest.
    NoticeKind.ILLEGAL: timedelta(days=1),
    # It is acknowledged by its receipt at once; the Act names 30 days for that, and these are
    # taken for the answer, which it wants without undue delay.
    NoticeKind.DATA: timedelta(days=30),
    # A press regulator takes a complaint over after 28 days.
    NoticeKind.NEWSROOM: timedelta(days=28),
}
"""How long there is for an answer. A legal notice has the clocks of `bot.domain.legal`."""


class Outcome(StrEnum):
    """What somebody answered."""

    ACTED = "acted"
    DECLINED = "declined"


class NoticeStage(StrEnum):
    """What whoever gave notice is told of it."""

    RECEIVED = "received"
    DEFECTIVE = "defective"
    """It lacks what a notice of complaint must say."""
    POSTER_ASKED = "poster asked"
    INSISTED = "insisted"
    """The poster stands by the statement."""
    KEPT = "kept"
    REMOVED = "removed"
    ACTED = "acted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """What a notice says; empty where it does not say it.

    `address` is where the comment is read. `text` says why: for a legal notice what the statement
    means, `falsity` what in it is untrue, `unknown` that they know too little of the poster to
    sue; `may_name` and `may_email` whether the poster may be told who complains, and be given
    their address, `None` where that is not said. `minor` says that it is about an offence against
    a minor, so that nobody has to give a name; `good_faith` that they believe what they say.
    """

    kind: NoticeKind
    address: str = ""
    name: str = ""
    email: str = ""
    text: str = ""
    falsity: str = ""
    unknown: bool = False
    may_name: bool | None = None
    may_email: bool | None = None
    minor: bool = False
    good_faith: bool = False

    def missing(self) -> Iterator[str]:
        """Yield the names of the fields that a notice of its kind has to fill in and does not."""
        nameless = self.minor and self.kind is NoticeKind.ILLEGAL
        unasked = {"name", "email"} if nameless else frozenset[str]()
        for name in _NEEDED[self.kind]:
            # That the poster may not be told is an answer; that nothing is believed is none.
            empty = (None, "", False) if name == "good_faith" else (None, "")
            if name not in unasked and getattr(self, name) in empty:
                yield name

    @property
    def lacking(self) -> tuple[str, ...]:
        """The names of the fields without which a legal notice is not what the law means by one."""
        return (*self.missing(), *(() if self.unknown else ("unknown",)))


_NEEDED: Final[Mapping[NoticeKind, tuple[str, ...]]] = {
    NoticeKind.ILLEGAL: ("address", "text", "name", "email", "good_faith"),
    NoticeKind.LEGAL: ("address", "text", "falsity", "name", "email", "may_name", "may_email"),
    NoticeKind.DATA: ("text",),
    NoticeKind.NEWSROOM: ("address", "text"),
}
"""In the order in which the page asks. That they cannot sue the poster need not be so: a legal
notice which does not say it has a clock of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as it is kept.

    `case_id` is the comment's case, `None` as long as none is known; `legal_id` is the legal
    notice whose clocks it started. `taken_by` is who entered what came by another road, empty for
    the page. `act_by` is until when it is to be answered, `answered_at` when it was. `seek_at` is
    when its comment is to be looked for, `None` where it was.
    """

    id: int
    reference: str
    said: NoticeText
    road: Road
    locale: str
    received_at: datetime
    act_by: datetime | None
    case_id: CaseId | None = None
    legal_id: int | None = None
    taken_by: str = ""
    outcome: Outcome | None = None
    answer: str = ""
    by_name: str = ""
    answered_at: datetime | None = None
    token: str = ""
    seek_at: datetime | None = None
    at: MessageRef | None = None
    """Where its card stands."""

    @property
    def kind(self) -> NoticeKind:
        """What it gives notice of."""
        return self.said.kind

    def is_settled_by(self, current: Decision) -> bool:
        """Whether what was decided since it came is what whoever gave it asked for."""
        decides = self.kind in (NoticeKind.ILLEGAL, NoticeKind.NEWSROOM)
        return decides and current.at > self.received_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How far a notice has got, for whoever gave it: states and the answer, nobody's name."""

    stage: NoticeStage
    at: datetime | None = None
    rule: RuleNumber | None = None
    answer: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it has an outcome."""
        return self.stage not in _PENDING


_PENDING: Final = frozenset({NoticeStage.RECEIVED, NoticeStage.DEFECTIVE, NoticeStage.POSTER_ASKED})
_OF_ANSWER: Final[Mapping[Outcome, NoticeStage]] = {
    Outcome.ACTED: NoticeStage.ACTED,
    Outcome.DECLINED: NoticeStage.DECLINED,
}
_OF_LEGAL: Final[Mapping[Stage, NoticeStage]] = {
    Stage.ANSWERED: NoticeStage.DEFECTIVE,
    Stage.POSTER_TOLD: NoticeStage.POSTER_ASKED,
    Stage.POSTER_SILENT: NoticeStage.POSTER_ASKED,
    Stage.POSTER_AGREES: NoticeStage.POSTER_ASKED,
    Stage.POSTER_INSISTS: NoticeStage.POSTER_ASKED,
    Stage.REMOVED: NoticeStage.REMOVED,
    Stage.HANDED_ON: NoticeStage.INSISTED,
}


def told(notice: Notice, current: Decision | None, legal: LegalNotice | None) -> Told:
    """Return how far a notice has got, by the decision that stands and its legal notice.

    Nothing that was so before it came is told, for anybody may give notice of any address: whoever
    does must not learn from the answer whether a comment, a case or a decision was there.
    """
    if notice.outcome is not None:
        stage = _OF_ANSWER[notice.outcome]
        return Told(stage=stage, at=notice.answered_at, answer=notice.answer)
    if legal is not None and legal.stage in _OF_LEGAL:
        return Told(stage=_OF_LEGAL[legal.stage], at=legal.stage_at)
    if notice.kind is NoticeKind.LEGAL:
        # By the notice alone, as it is so whether its comment is known here or not.
        lacks = bool(notice.said.lacking)
        return Told(stage=NoticeStage.DEFECTIVE if lacks else NoticeStage.RECEIVED)
    if current is not None and notice.is_settled_by(current):
        return _told_by(current)
    return Told(stage=NoticeStage.RECEIVED)


def _told_by(current: Decision) -> Told:
    removed = current.action in (Action.HIDE, Action.BAN)
    return Told(
        stage=NoticeStage.REMOVED if removed else NoticeStage.KEPT,
        at=current.at,
        rule=current.verdict.rule if removed else None,
    )


def act_by(kind: NoticeKind, since: datetime) -> datetime:
    """Return until when a notice is to be answered."""
    return due_in_48_hours(since) if kind is NoticeKind.LEGAL else since + CLOCKS[kind]


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page."""
    if len(text) > LONGEST_ADDRESS or re.search(r"[\s\x00-\x1f\x7f]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and not {".", ":"}.isdisjoint(host)


def is_same_page(one: str, other: str) -> bool:
    """Whether two addresses lead to the same page, whatever they name on it."""

    def page(address: str) -> tuple[str, str]:
        parts = urlsplit(address)
        host = foreign.host_in_ascii(parts.hostname or "").removeprefix("www.")
        return host, unquote(parts.path).rstrip("/")

    try:
        return page(one) == page(other)
    except ValueError:
        return False


def spellings(address: str) -> tuple[str, ...]:
    """Return the ways in which a site may have written an address that somebody copied.

    With and without encryption, a ``www``, a slash at the end of its path, and what follows ``?``;
    where it has letters beyond ASCII, also with those of its host and path as each program writes
    them.
    """
    try:
        parts = urlsplit(foreign.address(address))
        hosts, port = _hosts(parts.hostname or ""), f":{parts.port}" if parts.port else ""
    except ValueError:
        return (address,)
    written = {
        urlunsplit((scheme, f"{www}{host}{port}", path, query, parts.fragment))
        for scheme in ("https", "http")
        for www in ("", "www.")
        for host in hosts
        for trunk in _encoded(parts.path.rstrip("/"))
        for path in (trunk, f"{trunk}/")
        for query in {parts.query, ""}
    }
    return (address, *sorted(written - {address}))


def _hosts(host: str) -> set[str]:
    """Return a host as it is written, and in ASCII, without a ``www``.

    Raises:
        ValueError: It has no form in ASCII.
    """
    plain = foreign.host_in_ascii(host)
    written = {host, plain, foreign.host_in_letters(plain)}
    # An address of IPv6 stands in brackets.
    return {f"[{one}]" if ":" in one else one.removeprefix("www.") for one in written}


def _encoded(path: str) -> set[str]:
    """Return a path with what is percent-encoded in small and in large letters."""
    return {
        re.sub("%[0-9A-Fa-f]{2}", lambda found: found[0].lower(), path),
        re.sub("%[0-9A-Fa-f]{2}", lambda found: found[0].upper(), path),
    }
