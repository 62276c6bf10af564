"""Find what the EU's transparency database is told of a month."""

from collections.abc import Iterator

from bot.domain.decisions import Action, Decision
from bot.domain.ids import CaseId, DecisionId
from bot.domain.policy import Policy
from bot.domain.readers.dsa import Restriction, Source, restriction, restricts
from bot.domain.readers.figures import MonthFacts
from bot.store.tx import Tx

_FIRST_YEAR, _LAST_YEAR = 2000, 2037
"""Between these the database believes that something was written."""


def read_statements(tx: Tx, facts: MonthFacts, policy: Policy) -> list[Restriction]:
    """Return the month's restrictions, oldest first, as they stood when it was over."""
    return list(_restrictions(tx, facts, policy))


def read_contested(tx: Tx, facts: MonthFacts) -> dict[DecisionId, Action]:
    """Return what was contested in the month, or answered in it: what each of these had done."""
    contests = (*facts.received, *facts.answered)
    made = (tx.decisions.get(one.decision_id) for one in contests)
    return {line.id: line.did for line in made if line is not None}


def _restrictions(tx: Tx, facts: MonthFacts, policy: Policy) -> Iterator[Restriction]:
    known = dict[CaseId, list[Decision]]()
    for line in facts.lines:
        if line.case_id not in known:
            history = tx.decisions.of_case(line.case_id)
            known[line.case_id] = [one for one in history if one.at < facts.month.end]
        if restricts(line, known[line.case_id]):
            yield _stated(tx, line, known[line.case_id], policy)


def _stated(tx: Tx, line: Decision, history: list[Decision], policy: Policy) -> Restriction:
    case = tx.cases.get(line.case_id)
    written = tx.cases.written_at(line.case_id)
    if written is None or not _FIRST_YEAR <= written.year <= _LAST_YEAR:
        written = case.opened_at if case else line.at
    return restriction(
        line,
        history,
        zone=policy.alerts.zone,
        source=_source(tx, line),
        top_rule=case.top_rule if case else policy.rules[0].number,
        written=written,
    )


def _source(tx: Tx, line: Decision) -> Source:
    if tx.figures.noticed(line.case_id, line.at):
        return Source.NOTICE
    return Source.REPORT if tx.reports.any_before(line.case_id, line.at) else Source.NOBODY
