"""The parts of the EU's harmonised report: the template's heads to the letter, and what adds up."""

import csv
import io
from datetime import datetime, timedelta

import pytest

from bot.cards.documents.dsa_parts import PARTS, Reported, part_as_csv
from bot.cli.transparency import wanted
from bot.domain.cases import NoticeKind
from bot.domain.decisions import Action
from bot.domain.errors import NotUnderstood
from bot.domain.ids import RuleNumber
from bot.domain.readers.contest import Answer
from bot.services.readers.contest import answer_contest
from bot.services.readers.dsa import read_contested, read_statements
from bot.services.readers.transparency import read_facts
from tests.services.desks import BEN, Bench
from tests.services.readers.test_month_figures import (
    LATER,
    START,
    contested,
    decided,
    noticed,
    taken,
)

HOUR = timedelta(hours=1)
_MEASURES = (
    "Number of measures taken at the provider's own initiative ,"
    "Number of measures taken after detection with solely automated means ,"
    "Visibility restriction Removal,Visibility restriction Disable,Visibility restriction Demoted,"
    "Visibility restriction Age restricted,Visibility restriction Interaction restricted,"
    "Visibility restriction Labelled ,Visibility restriction Other,"
    "Monetary restriction Suspension,Monetary restriction Termination,Monetary restriction Other,"
    "Provision of the service Suspension,Provision of the service Termination,"
    "Account restriction Suspension,Account restriction Termination"
)
_NOTICES = (
    "Number of notices received ,Number of notices received from Trusted flaggers,"
    "Number of specific items of information included in the total number of notices,"
    "Number of specific items of information included in the total number of notices by Trusted "
    "Flaggers (Trusted Flagger notices),Median time to take action,"
    "Median time to take action (Trusted Flagger notices),"
    "Number of actions taken on the basis of the law,"
    "Number of actions taken on the basis of the law (Trusted Flagger notices),"
    "Number of actions taken on the basis of the terms and conditions of the service,"
    "Number of actions taken on the basis of the terms and conditions of the service (Trusted "
    "Flagger notices)"
)


def _with_context(heads: str, word: str) -> str:
    return ",".join([heads, *(f"Contextual {word} on {one}" for one in heads.split(","))])


_FILED = "Applicability,Service,Reporting period"
_OTHER = '"Description of the sub-category ""Other"""'
HEADS = {
    1: "Applicability,Service,Indicator,Value",
    4: f"{_FILED},Category of illegal content,{_OTHER},{_with_context(_NOTICES, 'information')}",
    5: f"{_FILED},Category of illegal content,{_OTHER},{_with_context(_MEASURES, 'Information')}",
    6: f"{_FILED},Category of incompatibility with the provider's terms and conditions,{_OTHER},"
    f"{_with_context(_MEASURES, 'Information')}",
    7: f"{_FILED},Section,Indicator,Scope,Value,Contextual Information",
    8: f"{_FILED},Section,Indicator,Scope,Value,Contextual Information",
}
LINES = {1: 5, 4: 91, 5: 90, 6: 98, 7: 47, 8: 20}
"""How many the template has, without those for very large platforms."""


async def reported(bench: Bench, period: str = "2026-11", now: datetime = LATER) -> Reported:
    zone = bench.policy.alerts.zone

    def read(tx):  # type: ignore[no-untyped-def]
        facts = read_facts(tx, period, zone, now, years=True)
        return Reported(
            facts=facts,
            restrictions=read_statements(tx, facts, bench.policy),
            contested=read_contested(tx, facts),
            policy=bench.policy,
        )

    return await bench.store.read(read)


async def part(
    bench: Bench, number: int, period: str = "2026-11", now: datetime = LATER
) -> list[dict[str, str]]:
    written = part_as_csv(number, await reported(bench, period, now))
    return list(csv.DictReader(io.StringIO(written)))


@pytest.mark.parametrize("number", PARTS)
async def test_each_part_has_the_templates_head_and_lines(bench: Bench, number: int):
    await taken(bench, "c", START)
    written = part_as_csv(number, await reported(bench))
    head, *lines = written.split("\r\n")[:-1]
    assert head == HEADS[number]
    assert len(lines) == LINES[number]
    widths = {len(line) for line in csv.reader(io.StringIO(written))}
    assert len(widths) == 1


async def test_measures_stand_under_their_category_and_keywords_and_add_up(bench: Bench):
    for number, rule in enumerate((4, 7, 5)):  # hate, defamation, abuse
        case = await taken(bench, f"c{number}", START)
        await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(rule))
    case = await taken(bench, "ban", START)
    await decided(bench, case, HOUR, Action.BAN, rule=RuleNumber(3), lasting=timedelta(days=30))

    found = await part(bench, 6)
    own = "Number of measures taken at the provider's own initiative "
    kind = "Category of incompatibility with the provider's terms and conditions"
    counts = {line[kind]: int(line[own]) for line in found if line[kind] != "KEYWORD_OTHER"}
    assert counts["TOTAL"] == 4
    assert counts["STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"] == 2
    assert counts["KEYWORD_HATE_SPEECH"] == counts["KEYWORD_DEFAMATION"] == 1
    assert counts["STATEMENT_CATEGORY_CYBER_VIOLENCE"] == counts["KEYWORD_CYBER_HARASSMENT"] == 1
    categories = [count for name, count in counts.items() if name.startswith("STATEMENT_")]
    assert sum(categories) == 4
    [other] = [line for line in found if line[kind] == "KEYWORD_OTHER" and line[own] == "1"]
    assert other['Description of the sub-category "Other"'] == "Abusive language"
    total = found[0]
    assert total["Reporting period"] == "2026-11-01/2026-11-30"
    assert total["Visibility restriction Disable"] == "4"
    assert total["Provision of the service Suspension"] == "1"
    assert total["Provision of the service Termination"] == "0"
    law = await part(bench, 5)
    assert {line[own] for line in law} == {"0"}, "nothing rests on the law"


async def test_what_was_done_on_a_notice_is_no_initiative_of_ones_own(bench: Bench):
    case = await taken(bench, "c", START)
    await noticed(bench, NoticeKind.ILLEGAL, START, case)
    await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(4))

    lines = {line["Category of illegal content"]: line for line in await part(bench, 4)}
    acted = "Number of actions taken on the basis of the terms and conditions of the service"
    for name in ("TOTAL", "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"):
        assert lines[name]["Number of notices received "] == "1"
    for name in ("TOTAL", "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH", "KEYWORD_HATE_SPEECH"):
        assert lines[name][acted] == "1"
    own = "Number of measures taken at the provider's own initiative "
    assert (await part(bench, 6))[0][own] == "0"


async def test_complaints_are_counted_by_what_they_are_against(bench: Bench):
    hide = await contested(bench, "hide", Action.HIDE)
    ban = await contested(bench, "ban", Action.BAN, lasting=timedelta(days=30))
    bench.clock.pass_by(days=3)
    await answer_contest(bench.desk, hide.id, Answer.OVERTURNED, by=BEN, reasons="So")
    shorter = timedelta(days=20)
    await answer_contest(
        bench.desk, ban.id, Answer.SHORTENED, by=BEN, reasons="So", lasting=shorter
    )

    found = {(one["Indicator"], one["Scope"]): one["Value"] for one in await part(bench, 7)}
    submitted = "Number of complaints submitted to the internal-complaints mechanism"
    visibility = (
        "Complaint regarding a decision to remove or disable access to or restrict visibility of "
        "information"
    )
    service = "Complaint regarding a decision to suspend or terminate the provision of the service"
    assert found[submitted, "Total number"] == "2"
    assert found[submitted, "Decisions partially reversed"] == "1"
    assert found[visibility, "Decisions reversed"] == "1"
    assert found[service, "Decisions partially reversed"] == "1"
    assert found[service, "Decisions reversed"] == "0"
    assert float(found[submitted, "Median time"]) >= 72
    disputes = "Number of disputes submitted to out-of-court dispute settlement bodies"
    assert found[disputes, "Total number"] == "", "for the publisher to fill in"


async def test_a_report_is_of_a_year_as_the_regulation_asks(bench: Bench):
    await taken(bench, "c", START)
    [*_, starts, ends] = await part(bench, 1, "2026", START + timedelta(days=9, hours=1))
    assert starts["Value"] == "2026-01-01"
    assert ends["Value"] == "2026-11-10", "the year is not over"
    [*_, starts, ends] = await part(bench, 1, "2026", START + timedelta(days=99))
    assert ends["Value"] == "2026-12-31"
    with pytest.raises(NotUnderstood):
        await part(bench, 1, "2028")


@pytest.mark.parametrize("number", [0, 2, 3, 9, 10, 11, 12, -1])
def test_a_part_that_the_desk_does_not_fill_in_is_refused(number: int):
    with pytest.raises(NotUnderstood, match="fills in the parts 1, 4, 5, 6, 7, 8"):
        wanted("html", dsa=False, statements=False, part=number)


def test_one_thing_is_asked_for_at_a_time():
    with pytest.raises(NotUnderstood, match="one at a time"):
        wanted("html", dsa=True, statements=False, part=6)
