"""The house rules and what a newsroom decided about deciding."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Final

from bot.domain.alerts import AlertRules
from bot.domain.brake import BrakeRules
from bot.domain.cases import SHOWING
from bot.domain.decisions import Action
from bot.domain.dsa_terms import NO_TERMS, DsaTerms
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.reporters import UnfoundedRules
from bot.domain.retention import RetentionRules
from bot.domain.routing import ChannelRules, Route
from bot.domain.staff import ShiftRules
from bot.domain.stories import HoldRules, StoryRules, StoryState

_MARKS: Final = frozenset("\ufe0e\ufe0f\u200d♀♂")
"""Variation selectors, and what joins a sign of a person's sex to an emoji."""

_OWN_EMOJI: Final = re.compile(r"<?a?:\w+:([0-9]+)>?")

LADDER = tuple(timedelta(days=days) for days in (1, 3, 7, 30, 90))
"""The lengths of ban that are recommended, one step further a strike."""


class Severity(IntEnum):
    """How bad breaking a rule is; the higher, the further up the queue."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """What people read, the same as in the policy file."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One house rule.

    `code` is what sites send and `name` what people read; `notice` is what the author is told
    when the rule is cited; `spoiler` keeps the comment's text behind a click; `legal` says that
    a court may care; `wording` that it is about the words and not about what they say, so that the
    author is invited to say it differently; `life` that somebody may be in danger, so that editors are called at once.
    `reasons` are short texts that a moderator may add to the notice. `sites` are those where it counts,
    in small letters, all if there are none. `dsa` says under what the EU's
    transparency database files restrictions by it.
    """

    number: RuleNumber
    code: str
    name: str
    text: str
    severity: Severity
    notice: str
    spoiler: bool = False
    legal: bool = False
    wording: bool = False
    life: bool = False
    reasons: tuple[str, ...] = ()
    sites: tuple[SiteId, ...] = ()
    dsa: DsaTerms = NO_TERMS

    def counts_at(self, site: SiteId) -> bool:
        """Whether it is among a site's house rules, however the site's name is written."""
        return not self.sites or site.lower() in self.sites

    def may_add(self, reason: str | None) -> bool:
        """Whether a text may be added to the notice: it has to be one of the rule's own, or none."""
        return reason is None or reason in self.reasons

    def told(self, reason: str | None = None) -> str:
        """Return what the author is told, with what a moderator added."""
        return f"{self.notice} {reason}" if reason else self.notice


class TwoPeople(StrEnum):
    """What may take a second person's agreement."""

    BAN_FOR_GOOD = "ban_for_good"
    UNHIDE_LEGAL = "unhide_legal"
    """Showing again what was hidden under a rule marked as legal."""


class ReactionBan(StrEnum):
    """What the reaction that stands for a ban does."""

    ASK = "ask"
    AT_ONCE = "at once"
    OFF = "off"


def bare(emoji: str) -> str:
    """Return an emoji without what only changes its looks; a server's own by its number."""
    own = _OWN_EMOJI.fullmatch(emoji)
    if own is not None:
        return own[1]
    return "".join(char for char in emoji if char not in _MARKS and not "🏻" <= char <= "🏿")


@dataclass(frozen=True, slots=True, kw_only=True)
class Emoji:
    """Which reaction stands for which action."""

    keep: str = "✅"
    hide: str = "🙈"
    ban: str = "🔨"

    def action(self, emoji: str) -> Action | None:
        """Return what a reaction asks for, written as Discord writes it in texts.

        Skin tones and variation marks make no difference, nor does how a server's own emoji is
        called at the moment.
        """
        named = {
            bare(self.keep): Action.KEEP,
            bare(self.hide): Action.HIDE,
            bare(self.ban): Action.BAN,
        }
        return named.get(bare(emoji))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything a newsroom may set about rules, strikes and reactions.

    `blurred` are words that are shown behind a click wherever they stand in a reader's text.
    `contests_alone` lets whoever decided answer those who contest it, as there is nobody else; a
    decision can be contested for `contests_for`, and is to be answered within `contests_within`,
    `None` for no such time. `off` are rules that are switched off: none is cited any more, and
    what a site still sends under one is taken. `elsewhere` are rules of other sites, where the policy
    is the one `at` a site.
    """

    rules: tuple[Rule, ...]
    emoji: Emoji = Emoji()
    reaction_ban: ReactionBan = ReactionBan.ASK
    strike_days: int = 365
    undo_minutes: int = 10
    contests_alone: bool = False
    contests_for: timedelta = timedelta(days=184)
    contests_within: timedelta | None = timedelta(hours=72)
    unfounded: UnfoundedRules = field(default_factory=UnfoundedRules)
    calm_backlog: int = 5
    ladder: tuple[timedelta, ...] = LADDER
    two_people: frozenset[TwoPeople] = frozenset(TwoPeople)
    agree_within: timedelta = timedelta(hours=12)
    brake: BrakeRules = field(default_factory=BrakeRules)
    alerts: AlertRules = field(default_factory=AlertRules)
    stories: StoryRules = field(default_factory=StoryRules)
    routes: tuple[Route, ...] = ()
    channel: ChannelRules = field(default_factory=ChannelRules)
    retention: RetentionRules = field(default_factory=RetentionRules)
    shift: ShiftRules = field(default_factory=ShiftRules)
    blurred: tuple[str, ...] = ()
    off: tuple[Rule, ...] = ()
    elsewhere: tuple[Rule, ...] = field(default=(), compare=False)
    differs: bool = field(init=False, repr=False, compare=False)
    """Whether not every site has the same house rules."""
    _by_site: dict[SiteId, "Policy"] = field(
        init=False, repr=False, compare=False, default_factory=dict[SiteId, "Policy"]
    )
    by_number: Mapping[RuleNumber, Rule] = field(init=False, repr=False, compare=False)
    by_code: Mapping[str, Rule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_number", {rule.number: rule for rule in self.rules})
        named = {rule.code: rule for rule in (*self.off, *self.rules)}
        object.__setattr__(self, "by_code", named)
        differs = any(rule.sites for rule in (*self.rules, *self.off))
        object.__setattr__(self, "differs", differs)

    def at(self, site: SiteId) -> "Policy":
        """Return what counts at one site: its own house rules, and all else as it is here.

        A site that is left without any has them all, as every decision cites one.
        """
        if not self.differs:
            return self
        if site not in self._by_site:
            own = tuple(rule for rule in self.rules if rule.counts_at(site))
            off = tuple(rule for rule in self.off if rule.counts_at(site))
            others = [one for one in (*self.rules, *self.off) if not one.counts_at(site)]
            there = replace(self, rules=own or self.rules, off=off, elsewhere=tuple(others))
            self._by_site[site] = there
        return self._by_site[site]

    @property
    def mildest(self) -> Rule:
        """The rule that stands for what none names, which is no reason for haste."""
        return min(self.rules, key=lambda rule: (rule.severity, -rule.number))

    def takes_two(self, action: Action, *, for_good: bool, legal: bool) -> bool:
        """Whether an action waits for somebody else to agree.

        `legal` says that it shows what was hidden under a rule that a court may care about,
        whatever the action is called.
        """
        if action is Action.BAN:
            return for_good and TwoPeople.BAN_FOR_GOOD in self.two_people
        if action in SHOWING:
            return legal and TwoPeople.UNHIDE_LEGAL in self.two_people
        return False

    def holding(self, state: StoryState) -> tuple[Rule, ...]:
        """Return the house rules of which one report puts a comment under such a story on hold."""
        return tuple(rule for rule in self.rules if self._holds(state, rule))

    def holds(self, state: StoryState, cited: Iterable[RuleNumber]) -> bool:
        """Whether reports under these rules put a comment under such a story on hold."""
        return any(self._holds(state, self.rule(number)) for number in cited)

    def _holds(self, state: StoryState, rule: Rule) -> bool:
        match self.stories.of(state).hold_rules:
            case HoldRules.ALL:
                return True
            case HoldRules.SERIOUS:
                return rule.legal or rule.severity is Severity.CRITICAL
            case HoldRules.NONE:
                return False
            case listed:
                return rule.number in listed

    def recommended(self, rule: RuleNumber, strikes: int) -> timedelta:
        """Return the length of ban to offer first.

        One step up the ladder a strike, and one more for a critical rule. Never for good: that
        is somebody's own choice.
        """
        step = max(strikes, 0) + (self.rule(rule).severity is Severity.CRITICAL)
        return self.ladder[min(step, len(self.ladder) - 1)]

    def rule(self, number: RuleNumber) -> Rule:
        """Return the rule of that number.

        A rule that was struck from the policy since a report cited it stands in by its number,
        so that an old case can still be read and decided.
        """
        known = self.by_number.get(number) or self.switched_off(number) or self.other(number)
        if known is not None:
            return known
        return Rule(
            number=number,
            code=f"rule-{number}",
            name=f"Former rule {number}",
            text="This rule is no longer among the house rules.",
            severity=Severity.LOW,
            notice="Your comment broke a house rule.",
        )

    def cited(self, number: RuleNumber | None) -> Rule | None:
        """Return the rule that something cites, `None` where it cites none."""
        return self.rule(number) if number is not None else None

    def other(self, number: RuleNumber) -> Rule | None:
        """Return the rule of that number if it counts at other sites only."""
        return next((rule for rule in self.elsewhere if rule.number == number), None)

    def switched_off(self, number: RuleNumber) -> Rule | None:
        """Return the rule of that number if it is switched off."""
        return next((rule for rule in self.off if rule.number == number), None)
