"""What becomes of a case, line by line of its record: how it is counted, published and undone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.cases import Answer, NoticeKind, Party
from bot.domain.decisions import (
    REVERSAL,
    Action,
    Decision,
    Door,
    Verdict,
    original,
    verdicts,
    was_on_hold,
)
from bot.domain.ids import CaseId, DecisionId, PersonId, RuleNumber, SiteId
from bot.domain.readers import dsa, figures, months
from bot.domain.readers.contest import Contest
from bot.domain.staff import Person
from tests.support.plainly import NOON

LONDON = ZoneInfo("Europe/London")
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
ANA, BEN, NOBODY = (Person(id=PersonId(n), name=name) for n, name in enumerate("ABC", start=1))
Sums = Iterator[tuple[str, Any]]

VERDICTS: dict[str, tuple[Action, Door, Person]] = {
    "keep": (Action.KEEP, Door.BUTTON, ANA),
    "hide": (Action.HIDE, Door.BUTTON, ANA),
    "ban": (Action.BAN, Door.SLASH, ANA),
    "hold": (Action.HOLD, Door.DESK, NOBODY),
    "old-hold": (Action.HIDE, Door.DESK, NOBODY),
    "site": (Action.HIDE, Door.SITE, NOBODY),
    "site-keeps": (Action.KEEP, Door.SITE, NOBODY),
    "deleted": (Action.HIDE, Door.AUTHOR, NOBODY),
    "run": (Action.HIDE, Door.RUN, BEN),
    "shorter": (Action.BAN, Door.CONTEST, BEN),
    "stays": (Action.HIDE, Door.BUTTON, BEN),
}
UNDOES: dict[str, tuple[Door, Person]] = {
    "undo": (Door.BUTTON, ANA),
    "other": (Door.SLASH, BEN),
    "fails": (Door.DESK, NOBODY),
    "overturn": (Door.CONTEST, BEN),
}
CORRECTS = "correct"
AT_ONCE = frozenset({"shorter", "stays"})
"""What is recorded in the same moment as the line before."""

LONGER = (
    *("hide correct correct undo", "hide correct other hide", "hide correct fails keep"),
    *("hide undo hide", "hide undo hide other", "keep undo hide undo keep", "keep keep undo"),
    *("ban overturn shorter", "ban overturn shorter undo", "ban correct overturn shorter other"),
    *("ban other stays", "ban other stays undo", "ban undo stays correct", "ban edited undo"),
    *("hold keep undo", "hold hide undo", "hold hide correct undo", "hold undo hold", "hold site"),
    *(
        "old-hold hide undo keep",
        "hold ban other stays",
        "hold fails hold hide",
        "hold edited keep",
    ),
    *("site undo hide", "hide site undo", "deleted undo", "run undo", "hide other run"),
    *("ban ban other", "hide ban undo undo", "ban edited other stays", "ban fails ban fails"),
)


def history(words: str) -> list[Decision]:
    """Return a case's record from what was done, in words, an hour after another."""
    lines: list[Decision] = []
    at, revision = datetime(2026, 11, 24, 21, tzinfo=UTC), 1
    for word in words.split():
        at += timedelta() if word in AT_ONCE else HOUR
        if word == "edited":
            revision += 1
            continue
        lines.append(replace(_line(word, lines, at), revision=revision))
    return lines


def _line(word: str, before: list[Decision], at: datetime) -> Decision:
    number = DecisionId(len(before) + 1)
    undone = {line.reverses for line in before}
    last = next((line for line in reversed(before) if line.reverses is None), None)
    if word in UNDOES or word == CORRECTS:
        door, by = UNDOES.get(word, (Door.BUTTON, ANA))
        assert last is not None
        action = last.action if word == CORRECTS else REVERSAL[last.action]
        made = _decision(number, Verdict(action=action, by=by, door=door), at)
        if word != CORRECTS:
            return replace(made, reverses=None if last.id in undone else last.id)
        cited = replace(last.verdict, by=by, door=door, rule=RuleNumber(9), reason="Was spam.")
        return replace(made, verdict=cited, amends=last.id)
    action, door, by = VERDICTS[word]
    lasting = WEEK if action is Action.BAN else None
    rule = RuleNumber(3) if action in (Action.HIDE, Action.BAN) else None
    said = Verdict(action=action, by=by, door=door, rule=rule, lasting=lasting, reason=word)
    return _decision(number, said, at)


def _decision(number: DecisionId, said: Verdict, at: datetime) -> Decision:
    return Decision(
        id=number,
        case_id=CaseId(7),
        site=SiteId("courier"),
        comment_id="c7",
        author_id="a1",
        verdict=said,
        revision=1,
        at=at,
    )


def told_in_words() -> list[str]:
    """Return all that is tried: each thing by itself, each after each other, and longer ones."""
    each = (*VERDICTS, *UNDOES, CORRECTS)
    pairs = [f"{one} {other}" for one, other in product(VERDICTS, each)]
    # A hold cites no rule that could be corrected.
    some = [pair for pair in pairs if not pair.endswith(f"hold {CORRECTS}")]
    return [*VERDICTS, *some, *LONGER]


def facts(number: int, lines: list[Decision], *, reported: bool = True) -> figures.CaseFacts:
    """Return a case of a month."""
    mine = tuple(replace(line, case_id=CaseId(number)) for line in lines)
    opened = NOON + HOUR * (number % 30)
    return figures.CaseFacts(id=CaseId(number), opened_at=opened, reported=reported, lines=mine)


def cases() -> Sums:
    """Yield how cases stand, who set them going, and what of them is taken from an author."""
    for words in told_in_words():
        lines = history(words)
        case = facts(7, lines)
        yield f"{words}: stands", [figures.outcome(lines), figures.starter(case)]
        firsts = [original(line, lines).id for line in lines]
        held = [was_on_hold(lines, line) for line in lines]
        yield f"{words}: counts", [[one.id for one in verdicts(lines)], firsts, held]
        yield f"{words}: new", [[figures.is_new(line), line.rest(NOON)] for line in lines]
        yield f"{words}: takes", [_restriction(line, lines) for line in lines]
    yield "not reported", figures.starter(facts(1, [], reported=False))
    yield "nothing done", figures.starter(facts(1, []))


def _restriction(line: Decision, lines: list[Decision]) -> dsa.Restriction | None:
    if not dsa.restricts(line, lines):
        return None
    source = dsa.Source.NOTICE if line.verdict.rule else dsa.Source.NOBODY
    return dsa.restriction(
        line,
        lines,
        # It is midnight there, and only there, at the second line.
        zone=ZoneInfo("Europe/Paris"),
        source=source,
        top_rule=RuleNumber(1),
        written=datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
    )


def counted_months() -> Sums:
    """Yield what a month of such cases comes to."""
    said = told_in_words()
    for start in range(0, len(said), 9):
        made = [facts(n, history(words)) for n, words in enumerate(said[start : start + 9], 1)]
        numbered = [
            replace(case, lines=tuple(_renumbered(line, 100 * case.id) for line in case.lines))
            for case in made
        ]
        yield f"month of {said[start]}", _counts(numbered)


def _renumbered(line: Decision, by: int) -> Decision:
    return replace(
        line,
        id=DecisionId(line.id + by),
        reverses=DecisionId(line.reverses + by) if line.reverses else None,
        amends=DecisionId(line.amends + by) if line.amends else None,
    )


def _counts(some: list[figures.CaseFacts]) -> list[Any]:
    lines = [line for case in some for line in case.lines]
    answers = [*Answer, None, Answer.UPHELD]
    contests = [
        Contest(
            id=number,
            case_id=CaseId(number),
            decision_id=DecisionId(1),
            party=[*Party][number % len(Party)],
            report_id=None,
            text="No.",
            locale="en",
            at=NOON,
            answer=answer,
        )
        for number, answer in enumerate(answers)
    ]
    month = figures.MonthFacts(
        month=months.month_of(NOON, LONDON),
        until=NOON + 30 * HOUR,
        reports={},
        cases=some,
        lines=lines[len(lines) // 2 :],
        earlier=lines[: len(lines) // 2],
        standing_bans=0,
        received=contests,
        answered=contests[1:],
        notices=dict.fromkeys(NoticeKind, 1),
        head=None,
    )
    bans = [line.id for line in month.bans]
    counted = [month.outcomes, month.starters, month.taken_back, month.contests, month.answers]
    return [*counted, *month.waits(), month.held, bans]


def calendar() -> Sums:
    """Yield when months and years begin and are over, and of which there is something to count."""
    zones = [UTC, LONDON, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Asuncion")]
    for zone, written in product(zones, ("2026-10", "2026-11", "2026-12", "2026-03", "2026")):
        month = months.read_period(written, zone)
        yield f"{written} in {zone}", [month.start, month.end, month.written, month.name]
        ends = [month.end - timedelta(microseconds=1), month.end]
        yield f"{written} in {zone} is over", [month.is_over(one) for one in ends]
        first = [month.start - timedelta(microseconds=1), month.start]
        yield (
            f"{written} in {zone} counted",
            [
                _passes(month, one, now)
                for one in (None, *first, ends[0], month.end)
                for now in (*first, month.end)
            ],
        )
        inside = [months.month_of(one, zone).written for one in (*first, *ends)]
        yield f"{written} in {zone} holds", inside
    for written in ("0001-05", "0002-05", "9998-05", "9999-05", "0001", "9998", "9999"):
        try:
            yield f"month {written}", months.read_period(written, UTC).name
        except months.NotUnderstood as refused:
            yield f"month {written}", refused


def _passes(month: months.Month, first: datetime | None, now: datetime) -> object:
    try:
        return months.check_month(month, first, now)
    except months.NotUnderstood as refused:
        return refused
