"""What the EU's database is told: one statement for each restriction, of nobody by name."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest

from bot.cards.documents.dsa import rows_as_csv, statements_as_json
from bot.domain.cases import NoticeKind
from bot.domain.decisions import Action, Door
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.readers.contest import Answer
from bot.domain.site import Seen
from bot.domain.stories import StoryState
from bot.services.authors.bans import lift
from bot.services.cases.receive import receive
from bot.services.cases.reverse import amend, reverse
from bot.services.readers.contest import answer_contest
from bot.services.readers.dsa import read_statements
from bot.services.sites.site_sync import follow
from bot.services.stories.story import StateChange, mark
from tests.services.desks import ANA, BEN, SAM, Bench
from tests.services.readers.test_month_figures import (
    START,
    contested,
    counted,
    decided,
    noticed,
    taken,
)
from tests.support.dsa_schema import CALL

HOUR = timedelta(hours=1)
SITE = SiteId("courier")


async def told(bench: Bench) -> list[dict[str, Any]]:
    facts = await counted(bench)
    made = await bench.store.read(lambda tx: read_statements(tx, facts, bench.policy))
    calls = [json.loads(line) for line in statements_as_json(made, bench.policy).splitlines()]
    for call in calls:
        jsonschema_rs.validate(CALL, call)
    found = [one for call in calls for one in call["statements"]]
    assert len({one["puid"] for one in found}) == len(found)
    return found


async def test_a_hide_in_the_databases_own_words(bench: Bench):
    case = await taken(bench, "c", START, text="I know where Jane Doe lives")
    made = await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(4), note="Jane again")

    [said] = await told(bench)

    rule = bench.policy.rule(RuleNumber(4))
    assert said == {
        "puid": f"decision-1-{made.digest[:12]}",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        "decision_facts": "Readers of the site reported the comment under the publisher's house "
        "rules. A moderator read it, found that it breaks the rule named here, and hid it.",
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "House rule 4: Hate",
        "incompatible_content_explanation": f"The comment breaks this house rule: {rule.text}",
        "category": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "category_specification": ["KEYWORD_HATE_SPEECH"],
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": "2026-11-01",
        "application_date": "2026-11-01",
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    }


async def test_nothing_that_anybody_wrote_is_told(bench: Bench):
    """Not the comment, its author or its address, not a note, a name, or a reason of their own."""
    case = await taken(
        bench,
        "secret-comment",
        START,
        text="secret text",
        note="secret report",
    )
    made = await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(3), note="secret note")
    await reverse(bench.desk, made.case_id, by=SAM, door=Door.BUTTON, note="secret undo")
    words = json.dumps(await told(bench))
    for secret in ("secret", "salty", "Ana", "Sam", "courier", "author of"):
        assert secret not in words


async def test_a_reason_that_the_policy_does_not_know_any_more_is_left_out(bench: Bench):
    for number, reason in enumerate(bench.policy.rule(RuleNumber(3)).reasons):
        case = await taken(bench, f"c{number}", START)
        await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(3), reason=reason)
    first, second = await told(bench)
    assert first["incompatible_content_explanation"].endswith(
        "It is aimed at a victim or their family."
    )
    rules = [replace(rule, reasons=rule.reasons[:1]) for rule in bench.policy.rules]
    bench.policy = replace(bench.policy, rules=tuple(rules))
    first, second = await told(bench)
    assert "aimed at a victim" in first["incompatible_content_explanation"]
    assert "from story to story." not in second["incompatible_content_explanation"][-30:]


async def test_when_a_ban_ends_and_when_it_does_not(bench: Bench):
    case = await taken(bench, "c", START)
    await decided(bench, case, HOUR, Action.BAN, lasting=timedelta(days=7))
    [said] = await told(bench)
    assert said["decision_provision"] == "DECISION_PROVISION_PARTIAL_SUSPENSION"
    assert said["end_date_service_restriction"] == "2026-11-08"
    assert "end_date_visibility_restriction" not in said


async def test_a_ban_for_good_has_no_end(bench: Bench):
    bench.policy = replace(bench.policy, two_people=frozenset())
    case = await taken(bench, "c", START)
    await decided(bench, case, HOUR, Action.BAN, lasting=None)
    [said] = await told(bench)
    assert said["decision_provision"] == "DECISION_PROVISION_PARTIAL_TERMINATION"
    assert not [name for name in said if name.startswith("end_date")]


async def test_a_lifted_ban_ends_and_its_comment_stays_hidden(bench: Bench):
    case = await taken(bench, "c", START)
    ban = await decided(bench, case, HOUR, Action.BAN, lasting=timedelta(days=90))
    bench.clock.pass_by(days=3)
    await lift(bench.desk, ban.id, by=SAM)
    [said] = await told(bench)
    assert said["end_date_service_restriction"] == "2026-11-04"
    assert "end_date_visibility_restriction" not in said


async def test_an_undone_ban_ends_with_its_hide(bench: Bench):
    case = await taken(bench, "c", START)
    await decided(bench, case, HOUR, Action.BAN, lasting=timedelta(days=90))
    bench.clock.pass_by(days=2)
    await reverse(bench.desk, case, by=SAM, door=Door.BUTTON)
    [said] = await told(bench)
    assert said["end_date_service_restriction"] == "2026-11-03"
    assert said["end_date_visibility_restriction"] == "2026-11-03"


async def test_a_shortened_ban_is_the_same_one_and_ends_sooner(bench: Bench):
    contest = await contested(bench, "c", Action.BAN, lasting=timedelta(days=60))
    bench.clock.pass_by(days=1)
    await answer_contest(
        bench.desk, contest.id, Answer.SHORTENED, by=BEN, reasons="So", lasting=timedelta(days=9)
    )
    [said] = await told(bench)
    assert said["end_date_service_restriction"] == "2026-11-10"
    assert "end_date_visibility_restriction" not in said


async def test_a_corrected_rule_is_the_one_that_is_told(bench: Bench):
    case = await taken(bench, "c", START)
    await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(4))
    await amend(bench.desk, case, RuleNumber(7), by=ANA, door=Door.BUTTON)
    [said] = await told(bench)
    assert said["incompatible_content_ground"] == "House rule 7: Defamation"
    assert said["category_specification"] == ["KEYWORD_DEFAMATION"]


async def test_a_hold_is_automated_until_somebody_decides(bench: Bench):
    bench.clock.now = START
    await bench.take(comment="first")
    marked = StateChange(site=SITE, story_id="s1", state=StoryState.PROTECTED)
    await mark(bench.desk, marked, by=SAM)
    case = await taken(bench, "c", START + HOUR, rule=RuleNumber(9))
    await decided(bench, case, timedelta(days=2), Action.HIDE, rule=RuleNumber(9))
    first, hold, hide = await told(bench)
    assert "end_date_visibility_restriction" not in first
    assert hold["automated_decision"] == "AUTOMATED_DECISION_FULLY"
    assert hold["end_date_visibility_restriction"] == "2026-11-03"
    assert hold["category_specification_other"] == "Spam"
    assert "nothing had been decided" in hold["decision_facts"]
    assert hide["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"


async def test_what_restricts_nobody_is_not_told(bench: Bench):
    """A comment that was kept, what only one of two asked for, and what the site did by itself."""
    case = await taken(bench, "kept", START)
    await decided(bench, case, HOUR, Action.KEEP)
    case = await taken(bench, "asked for", START)
    await decided(bench, case, HOUR, Action.BAN, lasting=None)
    await taken(bench, "at the site", START)
    bench.clock.pass_by(hours=1)
    seen = Seen(comment_id="at the site", visible=False, at=bench.clock.now)
    assert await follow(bench.desk, SITE, seen)
    assert await told(bench) == []


async def test_what_was_undone_and_hidden_again_is_told_twice(bench: Bench):
    case = await taken(bench, "c", START)
    await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(4))
    await reverse(bench.desk, case, by=SAM, door=Door.BUTTON)
    await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(5))
    first, second = await told(bench)
    assert first["end_date_visibility_restriction"] == "2026-11-01"
    assert "end_date_visibility_restriction" not in second


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (datetime(2026, 10, 3, 23, 30, tzinfo=UTC), "2026-10-04"),
        (datetime(1970, 1, 1, tzinfo=UTC), "2026-11-01"),
        (datetime(2199, 1, 1, tzinfo=UTC), "2026-11-01"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2026-11-01"),
        (None, "2026-11-01"),
    ],
)
async def test_since_when_the_comment_was_there(
    bench: Bench, created: datetime | None, expected: str
):
    bench.clock.now = START
    report = bench.report(comment="c")
    report = replace(report, comment=replace(report.comment, created=created))
    [receipt] = await receive(bench.desk, [report])
    await decided(bench, receipt.case_id, HOUR, Action.HIDE, rule=RuleNumber(4))
    [said] = await told(bench)
    assert said["content_date"] == expected


@pytest.mark.parametrize(
    ("kind", "after", "expected"),
    [
        (NoticeKind.ILLEGAL, timedelta(), "SOURCE_ARTICLE_16"),
        (NoticeKind.ILLEGAL, 2 * HOUR, "SOURCE_TYPE_OTHER_NOTIFICATION"),
        (NoticeKind.NEWSROOM, timedelta(), "SOURCE_TYPE_OTHER_NOTIFICATION"),
    ],
)
async def test_only_a_notice_of_illegal_content_that_came_before_is_one_of_article_16(
    bench: Bench, kind: NoticeKind, after: timedelta, expected: str
):
    case = await taken(bench, "c", START)
    await noticed(bench, kind, START + after, case)
    await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(4))
    [said] = await told(bench)
    assert said["source_type"] == expected
    found = await rows(bench)
    on_notice = found["3", "Measures taken on notices, under the terms", "all"]
    assert (on_notice == "1") == (expected == "SOURCE_ARTICLE_16")
    assert int(on_notice) + int(found["4", "Measures taken", "all"]) == 1


async def test_more_than_a_hundred_make_more_than_one_call(bench: Bench):
    bench.policy = replace(bench.policy, brake=replace(bench.policy.brake, hides=1000))
    for number in range(101):
        case = await taken(bench, f"c{number}", START)
        await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(4))
    assert len(await told(bench)) == 101
    facts = await counted(bench)
    made = await bench.store.read(lambda tx: read_statements(tx, facts, bench.policy))
    sizes = [
        len(json.loads(line)["statements"])
        for line in statements_as_json(made, bench.policy).splitlines()
    ]
    assert sizes == [100, 1]


async def test_a_month_without_any_is_an_empty_call(bench: Bench):
    await taken(bench, "c", START)
    assert await told(bench) == []


async def rows(bench: Bench) -> dict[tuple[str, str, str], str]:
    facts = await counted(bench)
    made = await bench.store.read(lambda tx: read_statements(tx, facts, bench.policy))
    written = rows_as_csv(facts, made, bench.policy)
    assert "\r\n" in written
    table = list(csv.reader(io.StringIO(written)))
    assert table[0] == ["section", "indicator", "scope", "value"]
    assert all(len(row) == 4 for row in table)
    return {(section[:1], what, scope): value for section, what, scope, value in table[1:]}


async def test_the_rows_of_the_harmonised_report_are_exact(bench: Bench):
    """Two hides, a ban, one contest that was upheld after three days: no row hides anybody."""
    for number, rule in enumerate((4, 7)):
        case = await taken(bench, f"c{number}", START)
        await decided(bench, case, HOUR, Action.HIDE, rule=RuleNumber(rule))
    contest = await contested(bench, "ban", Action.BAN, lasting=timedelta(days=30))
    bench.clock.pass_by(days=3)
    await answer_contest(bench.desk, contest.id, Answer.UPHELD, by=BEN, reasons="So")

    found = await rows(bench)

    assert found["1", "Reporting period, start", ""] == "2026-11-01"
    assert found["1", "Reporting period, end", ""] == "2026-11-30"
    assert found["4", "Measures taken", "all"] == "3"
    speech = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
    assert found["4", "Measures taken, by category", speech] == "3"
    assert (
        found["4", "Measures taken, by restriction", "provision of the service, suspended"] == "1"
    )
    assert found["5", "Complaints received", "by the author"] == "1"
    assert found["5", "Complaints decided", "decision upheld"] == "1"
    assert found["5", "Median time to decide a complaint, in hours", "all"] == "72.0"
    assert (
        found["6", "Measures decided by automated means alone", "until somebody had looked"] == "0"
    )
    assert found["2", "Orders to act against illegal content", ""] == ""
