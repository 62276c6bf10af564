"""What every adapter is given by the desk, and how it makes reports of what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from bot.domain.comments import Report
from bot.domain.ids import ReporterKey, RuleNumber, SiteId
from bot.domain.policy import Policy, Severity
from bot.domain.site import About, SiteKeys
from bot.ports import Clock

_LONGEST_NOTE = 500


HearTime = Callable[[str | None], None]
"""Is told what time a site says it is, as its header has it, with each of its answers."""

ReadReport = Callable[[bytes, str], Report | None]
"""Makes a report of a body in the desk's own form and the id it came under, as the intake does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext:
    """What it takes to open sites: a running desk has it, and so has a command without one.

    `read_report` is how the intake reads a signed body, here of one that a site kept meanwhile:
    the body, the site, the id it came under, the site's keys, the house rules and the time now.
    It returns none of what the intake would refuse. `readers_url` is where the readers' pages are.
    """

    policy: Callable[[], Policy]
    clock: Clock
    read_report: Callable[[bytes, SiteId, str, SiteKeys, Policy, datetime], Report | None]
    readers_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteContext:
    """The desk as an adapter sees it.

    `url` is the platform's own address. `reader` makes the key that stands for a reader, `read`
    a report of a body in the desk's own form. `secrets` are what orders in that form are signed
    with.
    `reasons` says, by codes, which house rule each of the platform's reasons stands for;
    `other` is the rule for the rest. `readers_url` is the address of the readers' pages, `None`
    where there are none.
    """

    site: SiteId
    url: str
    clock: Clock
    policy: Callable[[], Policy]
    reader: Callable[[str], ReporterKey]
    read: ReadReport
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    other: str | None = None
    allow_private: bool = False
    secrets: Sequence[str] = field(default=(), repr=False)
    hear_time: HearTime | None = None
    readers_url: str | None = None

    def rule(self, reason: str, usual: Mapping[str, str]) -> RuleNumber:
        """Return the house rule that a platform's reason stands for.

        `usual` are the codes of the rules that ship with the desk; a newsroom with other rules
        sets its own.
        """
        policy = self.policy()
        for code in (self.reasons.get(reason), usual.get(reason), self.other):
            if code and code in policy.by_code:
                return policy.by_code[code].number
        return _middling(policy)

    def code(self, rule: RuleNumber | None) -> str:
        """Return a rule's code; empty for none."""
        return self.policy().rule(rule).code if rule is not None else ""

    def report(self, *, delivery: str, about: About, by: str, why: "Why") -> Report:
        """Return a report of what was just read; `delivery` is the same whenever it is found again."""
        return Report(
            site=self.site,
            delivery=delivery[:200],
            comment=replace(about.comment, read_at=self.clock()),
            author=about.author,
            story=about.story,
            reporter=self.reader(by),
            rule=why.rule,
            note=why.note[:_LONGEST_NOTE] or None,
            at=min(why.at, self.clock()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What a reader had against it, and when."""

    rule: RuleNumber
    at: datetime
    note: str = ""


def revision_of(text: str) -> str:
    """Return a revision's name where the platform has none: it changes with the text."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _middling(policy: Policy) -> RuleNumber:
    """Return the rule that says least wrong of a complaint whose reason is not known."""
    for rule in policy.rules:
        if rule.code == "other":
            return rule.number
    middling = (rule.number for rule in policy.rules if rule.severity <= Severity.MEDIUM)
    return next(middling, policy.rules[0].number)
