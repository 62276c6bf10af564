"""Changes asked of the outside world: their durable list, and each attempt's outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.alerts import AlertId
from bot.domain.comments import Comment
from bot.domain.decisions import REVERSAL, Action
from bot.domain.ids import CaseId, DecisionId, EffectId, RuleNumber, SiteId


class EffectKind(StrEnum):
    """What is asked for."""

    CARD = "card"
    """Draw a case's card."""
    SITE = "site"
    """Have a site carry out a decision."""
    CLOSING = "closing"
    """Have a site close a story for comments, or open it."""
    STAFF = "staff"
    """Say something to staff, or begin a case's thread."""
    REMINDER = "reminder"
    """Say what the desk has to say of its own accord."""
    ALERT = "alert"
    """Draw an alert's card."""
    REPLY = "reply"
    """Put a line under an alert's card."""
    BULLETIN = "bulletin"
    """Post or edit the editors' summary, or the line for alerts that are too many."""
    THREAD = "thread"
    """Begin a thread about an alert with the moderators."""
    ROAD = "road"
    """Tell editors of an alert by e-mail, Slack, a telephone."""
    MAIL = "mail"
    """Write to a reader about their own report or notice."""
    FORGET = "forget"
    """Take a message of the desk's away, as what it says is not kept any more."""


class EffectState(StrEnum):
    """How far an effect has got."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


_NO_CASE: Final = CaseId(0)
_NO_SITE: Final = SiteId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One change asked for. `attempts` counts those made; `due_at` is when the next may be.

    `key` is what it is asked for by once. `payload` says the rest as text, in the way of its
    kind. `case_id` is 0 and `site` empty where it is about none.
    """

    id: EffectId
    kind: EffectKind
    attempts: int
    due_at: datetime
    key: str | None = None
    case_id: CaseId = _NO_CASE
    site: SiteId = _NO_SITE
    decision_id: DecisionId | None = None
    alert_id: AlertId | None = None
    payload: str = ""
    asked_at: datetime | None = None
    tried_as: str | None = None

    @property
    def nonce(self) -> str:
        """What its message is called, so that one that was posted before is found.

        `tried_as` is what an earlier version called it.
        """
        return self.tried_as or f"effect-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a card says about the site's side: state, tries made, the next one, and what failed.

    `placed` says that the comment is as was asked, whatever became of the rest.
    """

    state: EffectState
    attempts: int = 0
    due_at: datetime | None = None
    done_at: datetime | None = None
    trouble: str | None = None
    effect_id: EffectId | None = None
    placed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a case's newest order asks for, as in `Order`.

    `was_visible` is how the earlier ones that were carried out left the comment.
    """

    visible: bool | None
    banned: bool | None
    was_visible: bool


class Verb(StrEnum):
    """How an attempt ended."""

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
    FAULT = "fault"
    """The desk itself failed at it, and nothing is known of the other side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One attempt's end.

    `words` is a sentence for the card where it is not done; `after` is how long the site asked
    to be left alone. `found` is the comment as it stands there, where it was edited. `placed` says
    that the comment is as was asked, though the rest is not.
    """

    verb: Verb
    words: str | None = None
    after: timedelta | None = None
    found: Comment | None = None
    placed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a site is asked to do: the state it should be in afterwards.

    `key` is the same at every attempt and never used for another order. `notice` is what the
    author may be told. `visible` and `banned` say what should be true; `None` is "leave it".

    `text_sha256` is the hash of the text that was judged, as the site sent it, and `text_key` as
    `bot.domain.comments.text_key` makes it. Both are `None` where it does not matter what the text
    is. `resent` says that the hash is the site's own, after it refused another of the same text.

    `statement_url` is where the author reads why and may contest it; it is added when the order
    is given, as nobody who reads the list of orders is to have it.
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
    statement_url: str | None = None

    @property
    def takes_back(self) -> bool:
        """Whether it undoes what an earlier order did."""
        return self.action in REVERSAL.values()

    @property
    def ban_ends(self) -> datetime | None:
        """When the ban ends that is asked for; `None` if it does not, or if none is asked for."""
        return self.until if self.banned else None


TRIES = 80
"""Attempts before an effect is given up and shown as failed: nine to eighteen hours of them.

A site that is down for a night is caught up with by itself. Meanwhile the card says that it is
tried again, and offers to do it now.
"""

_DOUBLINGS = 16
"""More than enough to reach the longest wait; no time is doubled a hundred times."""

FOR_GOOD: Final = frozenset({Verb.REFUSED, Verb.GONE, Verb.CHANGED})
"""What the other side will say again however often it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How long an effect waits after an attempt, how often it is tried, and what ends it.

    It waits for `first`, then twice as long each time, up to `longest`; up to `jitter` of that
    is taken off by chance, so that many that failed together do not come back together. `tries`
    are made in all while the other side cannot, `faults` while the desk itself fails at it;
    `None` is as many as it takes. `ends` are the answers after which it is not tried again.
    """

    tries: int | None = None
    faults: int | None = None
    ends: frozenset[Verb] = FOR_GOOD
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=15)
    jitter: float = 0.5

    def goes_on(self, verb: Verb, tried: int) -> bool:
        """Whether it is tried again after so many attempts, of which the last ended so."""
        most = self.faults if verb is Verb.FAULT else self.tries
        return verb not in self.ends and (most is None or tried < most)

    def wait(self, attempt: int, *, chance: float, asked: timedelta | None = None) -> timedelta:
        """Return how long to wait before the given attempt (2 is the first retry).

        `chance` is in [0, 1). What the other side asked for is never undercut.
        """
        doubled = min(self.first * 2 ** min(max(0, attempt - 2), _DOUBLINGS), self.longest)
        wait = doubled * (1 - chance * self.jitter)
        return max(wait, asked) if asked is not None else wait


RETRY: Final[Mapping[EffectKind, Retry]] = {
    # Where people decide. Nothing ends it, for a case without a card is one that nobody sees;
    # what Discord will not take is put plainly the next time.
    EffectKind.CARD: Retry(ends=frozenset()),
    # What was decided. A site that is down for a night is caught up with. Then, or when the site
    # says no, a person has to look: the card says so and offers to try again.
    EffectKind.SITE: Retry(tries=TRIES, faults=TRIES),
    # As an order, but shown on the story's and the alert's cards.
    EffectKind.CLOSING: Retry(tries=TRIES, faults=TRIES),
    # Calls to people, which matter as long as what they are about; that is asked when they are
    # made. Only a fault of ours ends them, as hours of trying do not mend that.
    EffectKind.STAFF: Retry(faults=TRIES, ends=frozenset()),
    # As calls, and some are about a life. Those that go by other roads than Discord as well.
    EffectKind.REMINDER: Retry(faults=TRIES, ends=frozenset()),
    # A card that every change asks for anew, so that trying for ever costs one place in the list.
    # Refused is what is about nothing: an alert that is no more, or has nothing to show.
    EffectKind.ALERT: Retry(),
    EffectKind.REPLY: Retry(),
    EffectKind.BULLETIN: Retry(),
    # Somebody waits for it. The alert's card says that it has failed, and it may be asked again.
    EffectKind.THREAD: Retry(),
    # A mail or a text of yesterday's alert wakes people for nothing; the channel has it anyway.
    EffectKind.ROAD: Retry(tries=TRIES, faults=TRIES),
    # News of days ago is still news to whoever waits for it, and the page says it in any case. A
    # server that is down for a night is caught up with; an address that it refuses is not tried.
    EffectKind.MAIL: Retry(tries=TRIES, faults=TRIES),
    # Somebody has a right to it. A message that is gone is done with.
    EffectKind.FORGET: Retry(faults=TRIES, ends=frozenset()),
}
"""Of each kind, how it is tried again. What Discord refuses for now, waits, whatever the kind."""


def wait_before(attempt: int, *, jitter: float, asked: timedelta | None = None) -> timedelta:
    """Return how long to wait before an attempt at what is in no list."""
    return Retry().wait(attempt, chance=jitter, asked=asked)
