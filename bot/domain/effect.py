"""Changes asked of the outside world: their durable list, and each attempt's outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.comment import Comment
from bot.domain.decision import Action
from bot.domain.ids import CaseId, DecisionId, EffectId, RuleNumber, SiteId


class EffectKind(StrEnum):
    """What is changed: the card in Discord, or the comment at its site."""

    CARD = "card"
    SITE = "site"


class EffectState(StrEnum):
    """How far an effect has got."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One change asked for. `attempts` counts those made; `due_at` is when the next may be."""

    id: EffectId
    kind: EffectKind
    case_id: CaseId
    site: SiteId
    decision_id: DecisionId | None
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a card says about the site's side: state, tries made, the next one, and what failed."""

    state: EffectState
    attempts: int = 0
    due_at: datetime | None = None
    done_at: datetime | None = None
    trouble: str | None = None
    effect_id: EffectId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a case's newest order asks for, as in `Order`.

    `was_visible` is how the earlier ones that were carried out left the comment.
    """

    visible: bool | None
    banned: bool | None
    was_visible: bool


class Verb(StrEnum):
    """How an attempt at a site ended."""

    DONE = "done"
    LATER = "later"
    """Nothing happened, or it is not known; trying again may help."""
    REFUSED = "refused"
    """The site will not do this one thing, such as hiding what its own staff wrote."""
    GONE = "gone"
    """The comment or its author is not there any more, or the site wants no more orders."""
    CHANGED = "changed elsewhere"
    """Somebody decided at the site meanwhile, and that was left as it is."""
    MISCONFIGURED = "misconfigured"
    """Nothing will work until an admin mends the set-up; then it should go on by itself."""


ASK_AGAIN = frozenset({Verb.LATER, Verb.MISCONFIGURED})
"""After these an order waits: what is refused now may be granted later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One attempt's end.

    `words` is a sentence for the card where it is not done; `after` is how long the site asked
    to be left alone. `found` is the comment as it stands there, where it was edited.
    """

    verb: Verb
    words: str | None = None
    after: timedelta | None = None
    found: Comment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a site is asked to do: the state it should be in afterwards.

    `key` is the same at every attempt and never used for another order. `notice` is what the
    author may be told. `visible` and `banned` say what should be true; `None` is "leave it".

    `text_sha256` is the hash of the text that was judged, as the site sent it, and `text_key` as
    `bot.domain.comment.text_key` makes it. Both are `None` where it does not matter what the text
    is. `resent` says that the hash is the site's own, after it refused another of the same text.
    """

    key: str
    decision_id: DecisionId
    case_id: CaseId
    site: SiteId
    action: Action
    comment_id: str
    revision_key: str
    permalink: str | None
    author_id: str
    visible: bool | None
    banned: bool | None
    until: datetime | None
    rule: RuleNumber | None
    rule_name: str | None
    notice: str | None
    at: datetime
    text_sha256: str | None = None
    text_key: str | None = None
    resent: bool = False


TRIES = 80
"""Attempts before an effect is given up and shown as failed: nine to eighteen hours of them.

A site that is down for a night is caught up with by itself. Meanwhile the card says that it is
tried again, and offers to do it now.
"""

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=15)
_DOUBLINGS = 16
"""More than enough to reach that; no time is doubled a hundred times."""


def wait_before(attempt: int, *, jitter: float, asked: timedelta | None = None) -> timedelta:
    """Return how long to wait before the given attempt (2 is the first retry).

    Doubles from 2 s up to 15 min; `jitter` in [0, 1) takes off up to half, so that many effects
    that failed together do not come back together. What the site asked for is never undercut.
    """
    doubled = min(_FIRST_WAIT * 2 ** min(max(0, attempt - 2), _DOUBLINGS), _LONGEST_WAIT)
    wait = doubled * (1 - jitter / 2)
    return max(wait, asked) if asked is not None else wait
