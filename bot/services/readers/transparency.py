"""Count a month from the record, for the figures that a newsroom publishes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, tzinfo

from bot.domain.decisions import Decision
from bot.domain.ids import CaseId
from bot.domain.readers.figures import CaseFacts, MonthFacts
from bot.domain.readers.months import Month, check_month, read_month, read_period
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.store.tx import Tx


async def month_facts(desk: Desk, said: str, by: Person) -> MonthFacts:
    """Return what is on record of a month, for an editor.

    Raises:
        NotAllowed: The person is no editor.
        NotUnderstood: It is no month, or none of which there is anything to count.
    """
    desk.require(by, Rank.EDITOR)
    zone, now = desk.policy().alerts.zone, desk.clock()
    return await desk.store.read(lambda tx: read_facts(tx, said, zone, now))


def read_facts(
    tx: Tx, said: str, zone: tzinfo, now: datetime, *, years: bool = False
) -> MonthFacts:
    """Return what is on record of a month, within a transaction; with `years`, also of a year.

    Raises:
        NotUnderstood: It is no month, or none of which there is anything to count.
    """
    month = read_period(said, zone) if years else read_month(said, zone)
    check_month(month, tx.figures.first(), now)
    start, end = month.start, month.end
    lines = tx.decisions.between(start, end)
    until = min(now, end)
    return MonthFacts(
        month=month,
        until=until,
        reports=tx.figures.reports(start, end),
        cases=_cases(tx, month),
        lines=lines,
        earlier=_undone_in(tx, lines, end),
        standing_bans=tx.figures.banned(end, until),
        received=tx.contests.received(start, end),
        answered=tx.contests.answered(start, end),
        notices=tx.figures.notices(start, end),
        head=tx.decisions.last_before(end),
    )


def _cases(tx: Tx, month: Month) -> tuple[CaseFacts, ...]:
    lines = defaultdict[CaseId, list[Decision]](list)
    for line in tx.decisions.of_opened(month.start, month.end):
        lines[line.case_id].append(line)
    return tuple(
        CaseFacts(id=number, opened_at=at, reported=reported, lines=tuple(lines[number]))
        for number, at, reported in tx.figures.opened(month.start, month.end)
    )


def _undone_in(tx: Tx, lines: Iterable[Decision], end: datetime) -> list[Decision]:
    cases = {line.case_id for line in lines if line.reverses is not None}
    return [
        line for number in sorted(cases) for line in tx.decisions.of_case(number) if line.at < end
    ]
