"""The parts of the EU's harmonised report, with the heads of its template, as RFC 4180 has CSV.

A value that the desk does not know is left empty, for the publisher to fill in.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from bot.cards.text import dsa_template as words
from bot.domain.cases import Answer, NoticeKind
from bot.domain.decisions import Action
from bot.domain.ids import DecisionId
from bot.domain.policy import Policy, Rule
from bot.domain.readers.contest import Contest, Party
from bot.domain.readers.dsa import Restriction, Source
from bot.domain.readers.figures import MonthFacts

Line = Sequence[str]

_NOT_KNOWN: Final = ""
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a report is made of: a period, its restrictions, and what each contest was against."""

    facts: MonthFacts
    restrictions: Sequence[Restriction]
    contested: Mapping[DecisionId, Action]
    policy: Policy

    @property
    def on_notice(self) -> list[Restriction]:
        """What was done on a notice of illegal content."""
        return [one for one in self.restrictions if one.source is Source.NOTICE]

    @property
    def own(self) -> list[Restriction]:
        """What was done without one."""
        return [one for one in self.restrictions if one.source is not Source.NOTICE]

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        month = self.facts.month
        last = (self.facts.until - timedelta(microseconds=1)).astimezone(month.zone)
        return month.start.astimezone(month.zone).date().isoformat(), last.date().isoformat()

    @property
    def period(self) -> str:
        """Both, as each line says them."""
        return "/".join(self.days)


def part_as_csv(number: int, said: Reported) -> str:
    """Return one of `PARTS` with its head and every line that such a publisher fills in."""
    out = io.StringIO()
    csv.writer(out).writerows(PARTS[number](said))
    return out.getvalue()


def _identification(said: Reported) -> Iterator[Line]:
    yield words.IDENTIFICATION
    first, last = said.days
    for name, value in (
        (words.PROVIDER, _NOT_KNOWN),
        (words.PUBLISHED, _NOT_KNOWN),
        (words.PUBLISHED_BEFORE, _NOT_KNOWN),
        (words.STARTS, first),
        (words.ENDS, last),
    ):
        yield words.ALL, _NOT_KNOWN, name, value


def _notices(said: Reported) -> Iterator[Line]:
    yield words.notices_head()
    received = said.facts.notices[NoticeKind.ILLEGAL]

    def values(count: int, acted: Sequence[Restriction]) -> list[str]:
        # Each notice names one comment; by trusted flaggers there is none that the desk knows of.
        known = (count, _NOT_KNOWN, count, _NOT_KNOWN, _NOT_KNOWN, _NOT_KNOWN, 0, _NOT_KNOWN)
        return [*map(str, known), str(len(acted)), _NOT_KNOWN, *[""] * len(words.NOTICES)]

    start = (words.HOSTS, _NOT_KNOWN, said.period)
    yield *start, words.TOTAL, "", *values(received, said.on_notice)
    for line, acted in _filed(said.on_notice, said.policy, words.CATEGORIES):
        yield *start, *line, *values(0, acted)
    # Whoever gives notice says it in words of their own.
    yield *start, words.NOT_SPECIFIED, "", *values(received, [])


def _against_the_law(said: Reported) -> Iterator[Line]:
    """Yield nothing but zeros: what the desk does, it does under the house rules."""
    yield words.measures_head(words.ILLEGAL)
    yield from _measures(said, [], words.CATEGORIES)


def _against_the_terms(said: Reported) -> Iterator[Line]:
    yield words.measures_head(words.INCOMPATIBLE)
    yield from _measures(said, said.own, {**words.CATEGORIES, **words.OF_TERMS})


def _measures(
    said: Reported, taken: Sequence[Restriction], categories: Mapping[str, str]
) -> Iterator[Line]:
    start = (words.ALL, _NOT_KNOWN, said.period)
    context = [""] * len(words.MEASURES)
    yield *start, words.TOTAL, "", *_kinds(taken), *context
    for line, found in _filed(taken, said.policy, categories):
        yield *start, *line, *_kinds(found), *context


def _kinds(taken: Sequence[Restriction]) -> list[str]:
    """Return the numbers of a line, in the order of the head."""
    bans = [one for one in taken if one.action is Action.BAN]
    for_good = sum(one.banned_until is None for one in bans)
    counted = {
        words.OWN_MEASURES: len(taken),
        # Each hides the comment; a ban keeps its author from commenting besides.
        words.DISABLED: len(taken),
        words.SUSPENDED: len(bans) - for_good,
        words.TERMINATED: for_good,
    }
    return [str(counted.get(name, 0)) for name in words.MEASURES]


def _filed(
    taken: Iterable[Restriction], policy: Policy, categories: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], list[Restriction]]]:
    """Yield each category and each of its keywords, with what is filed under it."""
    ruled = [(policy.rule(one.rule), one) for one in taken if one.rule is not None]
    for category, keywords in categories.items():
        of_it = [(rule, one) for rule, one in ruled if rule.dsa.category == category]
        yield (f"STATEMENT_CATEGORY_{category}", ""), [one for _, one in of_it]
        for keyword in keywords.split():
            yield _under(keyword, of_it)


def _under(
    keyword: str, of_it: Iterable[tuple[Rule, Restriction]]
) -> tuple[tuple[str, str], list[Restriction]]:
    """Return a keyword, with the names of the rules where it says none, and what is under it."""
    found = [(rule, one) for rule, one in of_it if keyword in rule.dsa.keywords]
    names = dict.fromkeys(rule.name for rule, _ in found) if keyword == "OTHER" else ()
    return (f"KEYWORD_{keyword}", ", ".join(names)), [one for _, one in found]


def _complaints(said: Reported) -> Iterator[Line]:
    yield words.INDICATORS
    facts, about = said.facts, said.contested

    def of(*actions: Action) -> Callable[[Contest], bool]:
        return lambda one: one.party is Party.AUTHOR and about.get(one.decision_id) in actions

    yield from _outcomes(said, words.SUBMITTED, lambda _: True, first=words.ALL)
    yield _indicator(said, words.COMPLAINTS, words.SUBMITTED, words.OMITTED, "0")
    imposed = [one for one in facts.answered if one.party is Party.REPORTER]
    hidden = sum(one.answer is Answer.OVERTURNED for one in imposed)
    yield _indicator(said, words.COMPLAINTS, words.IMPOSED, words.EVERY, str(hidden))
    yield from _outcomes(said, words.OF_VISIBILITY, of(Action.HIDE))
    yield from _outcomes(said, words.OF_SERVICE, of(Action.BAN))
    for nothing in (words.OF_ACCOUNT, words.OF_MONEY, words.OF_NOTICE, words.OF_FLAGGER):
        # A report under the house rules is no notice of Article 16.
        yield from _outcomes(said, nothing, lambda _: False)
    for scope in (
        *(words.EVERY, words.UPHELD, words.PARTLY, words.REVERSED, words.MEDIAN, words.OMITTED),
        words.IMPLEMENTED,
    ):
        yield _indicator(said, words.DISPUTES, words.DISPUTED, scope, _NOT_KNOWN)
    for which in (words.FOR_CONTENT, words.FOR_NOTICES, words.FOR_COMPLAINTS):
        yield _indicator(said, words.SUSPENSIONS, which, words.EVERY, _NOT_KNOWN)


def _outcomes(
    said: Reported, name: str, which: Callable[[Contest], bool], *, first: str = words.PLATFORMS
) -> Iterator[Line]:
    received = sum(map(which, said.facts.received))
    answered = [one for one in said.facts.answered if which(one)]
    came = Counter(one.answer for one in answered)
    took = [one.answered_at - one.at for one in answered if one.answered_at is not None]
    middle = f"{median(one / _HOUR for one in took):.1f}" if took else _NOT_KNOWN
    yield _indicator(said, words.COMPLAINTS, name, words.EVERY, str(received), to=first)
    yield _indicator(said, words.COMPLAINTS, name, words.UPHELD, str(came[Answer.UPHELD]))
    yield _indicator(said, words.COMPLAINTS, name, words.PARTLY, str(came[Answer.SHORTENED]))
    yield _indicator(said, words.COMPLAINTS, name, words.REVERSED, str(came[Answer.OVERTURNED]))
    context = words.IN_HOURS if took else ""
    yield _indicator(said, words.COMPLAINTS, name, words.MEDIAN, middle, context=context)


def _automated(said: Reported) -> Iterator[Line]:
    yield words.INDICATORS
    for scope, taken in ((words.EVERY, said.restrictions), (words.OWN_INITIATIVE, said.own)):
        held = sum(one.action is Action.HOLD for one in taken)
        for name, count in (
            (words.BY_MACHINE, held),
            (words.NOT_BY_MACHINE, len(taken) - held),
        ):
            yield _indicator(said, words.AUTOMATED, name, scope, str(count), to=words.ALL)
        for name in words.ACCURACY:
            yield _indicator(said, words.AUTOMATED, name, scope, _NOT_KNOWN, to=words.ALL)
    received = str(said.facts.notices[NoticeKind.ILLEGAL])
    for scope, to, by_people in (
        (words.NAM, words.HOSTS, received),
        (words.NAM_FLAGGER, words.PLATFORMS, _NOT_KNOWN),
    ):
        by_machine = "0" if by_people else _NOT_KNOWN
        yield _indicator(said, words.AUTOMATED, words.NOTICES_BY_MACHINE, scope, by_machine, to=to)
        yield _indicator(
            said, words.AUTOMATED, words.NOTICES_NOT_BY_MACHINE, scope, by_people, to=to
        )
        for name in words.ACCURACY:
            yield _indicator(said, words.AUTOMATED, name, scope, _NOT_KNOWN, to=to)


def _indicator(
    said: Reported,
    section: str,
    name: str,
    scope: str,
    value: str,
    *,
    to: str = words.PLATFORMS,
    context: str = "",
) -> Line:
    return to, _NOT_KNOWN, said.period, section, name, scope, value, context


PARTS: Final[Mapping[int, Callable[[Reported], Iterator[Line]]]] = {
    1: _identification,
    4: _notices,
    5: _against_the_law,
    6: _against_the_terms,
    7: _complaints,
    8: _automated,
}
"""Those that the desk can fill in, by the template's numbers. The others are the publisher's own:
2 is a list of names, 3 are orders of authorities, 9 and 10 are of very large platforms, 11 is in
free words."""
