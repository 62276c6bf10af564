"""What the EU asks for: statements for its database, and rows of the harmonised report."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median
from typing import Any, Final

from bot.cards.text import dsa as dsa_text
from bot.domain.cases import NoticeKind
from bot.domain.decisions import Action
from bot.domain.policy import Policy, Rule
from bot.domain.readers.contest import Answer, Party
from bot.domain.readers.dsa import AT_ONCE, Restriction, Source
from bot.domain.readers.figures import MonthFacts

_LONGEST_GROUND: Final = 500
_LONGEST_EXPLANATION: Final = 2000
_HOUR: Final = timedelta(hours=1)

Row = tuple[int, str, str, str]
"""Section, indicator, scope and value."""


def statements_as_json(found: Sequence[Restriction], policy: Policy) -> str:
    """Return a line for each call to the database, with up to a hundred statements in it."""
    said = [statement(one, policy) for one in found]
    calls = [said[at : at + AT_ONCE] for at in range(0, len(said), AT_ONCE)] or [[]]
    return "".join(f"{json.dumps({'statements': call}, ensure_ascii=False)}\n" for call in calls)


def statement(made: Restriction, policy: Policy) -> dict[str, Any]:
    """Return a statement in the fields of the database's schema of 1 July 2025.

    Its words are of the policy and of the desk: nothing that a reader, an author or a moderator
    wrote, and nobody's name.
    """
    rule = policy.rule(made.rule) if made.rule is not None else policy.rules[0]
    reason = made.reason if made.reason in rule.reasons else None
    explained = dsa_text.explanation(rule, reason)
    said: dict[str, Any] = {
        "puid": made.puid,
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        **_ends(made),
        "decision_facts": dsa_text.facts(made.action, made.source),
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": dsa_text.ground(rule)[:_LONGEST_GROUND],
        "incompatible_content_explanation": explained[:_LONGEST_EXPLANATION],
        **_filed(rule),
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": min(made.content_date, made.application_date).isoformat(),
        "application_date": made.application_date.isoformat(),
        "source_type": f"SOURCE_{made.source}",
        "automated_detection": "No",
        "automated_decision": (
            "AUTOMATED_DECISION_FULLY"
            if made.action is Action.HOLD
            else "AUTOMATED_DECISION_NOT_AUTOMATED"
        ),
    }
    if made.action is Action.BAN:
        ends = made.banned_until is not None
        kind = "SUSPENSION" if ends else "TERMINATION"
        said["decision_provision"] = f"DECISION_PROVISION_PARTIAL_{kind}"
    return said


def rows_as_csv(facts: MonthFacts, restrictions: Sequence[Restriction], policy: Policy) -> str:
    """Return rows for the harmonised report, exact, by its sections; as RFC 4180 has CSV.

    An empty value is for the publisher to fill in.
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("section", "indicator", "scope", "value"))
    for section, indicator, scope, value in _rows(facts, restrictions, policy):
        table.writerow((dsa_text.SECTIONS[section], indicator, scope, value))
    return out.getvalue()


def _ends(made: Restriction) -> dict[str, str]:
    ends = {
        "end_date_visibility_restriction": made.hidden_until,
        "end_date_service_restriction": made.banned_until,
    }
    return {name: day.isoformat() for name, day in ends.items() if day is not None}


def _filed(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {"category": f"STATEMENT_CATEGORY_{rule.dsa.category}"}
    if rule.dsa.keywords:
        said["category_specification"] = [f"KEYWORD_{one}" for one in rule.dsa.keywords]
    if "OTHER" in rule.dsa.keywords:
        said["category_specification_other"] = rule.name
    return said


def _rows(facts: MonthFacts, restrictions: Sequence[Restriction], policy: Policy) -> Iterator[Row]:
    month = facts.month
    yield 1, dsa_text.PUBLISHER, "", dsa_text.FILL_IN
    yield 1, dsa_text.SERVICE, "", dsa_text.FILL_IN
    yield 1, dsa_text.PERIOD_START, "", month.start.astimezone(month.zone).date().isoformat()
    last = (facts.until - timedelta(microseconds=1)).astimezone(month.zone)
    yield 1, dsa_text.PERIOD_END, "", last.date().isoformat()
    yield 2, dsa_text.ORDERS_TO_ACT, "", dsa_text.FILL_IN
    yield 2, dsa_text.ORDERS_TO_INFORM, "", dsa_text.FILL_IN
    on_notice = [one for one in restrictions if one.source is Source.NOTICE]
    yield 3, dsa_text.NOTICES, "all", str(facts.notices[NoticeKind.ILLEGAL])
    yield 3, dsa_text.NOTICES, "by trusted flaggers", dsa_text.FILL_IN
    yield 3, dsa_text.NOTICES_AUTOMATED, "all", "0"
    yield 3, dsa_text.ON_NOTICES, "all", str(len(on_notice))
    yield 3, dsa_text.NOTICE_TIME, "all", dsa_text.FILL_IN
    own = [one for one in restrictions if one.source is not Source.NOTICE]
    yield from _measures(own, policy)
    yield from _complaints(facts)
    yield from _automated(facts, restrictions)


def _measures(restrictions: Sequence[Restriction], policy: Policy) -> Iterator[Row]:
    yield 4, dsa_text.MEASURES, "all", str(len(restrictions))
    filed = Counter(_filed(policy.rule(one.rule))["category"] for one in restrictions if one.rule)
    for category, count in sorted(filed.items()):
        yield 4, dsa_text.BY_CATEGORY, category, str(count)
    yield 4, dsa_text.BY_DETECTION, "automated", "0"
    yield 4, dsa_text.BY_DETECTION, "not automated", str(len(restrictions))
    kinds = Counter(one.action for one in restrictions)
    bans = [one for one in restrictions if one.action is Action.BAN]
    for_good = sum(one.banned_until is None for one in bans)
    yield 4, dsa_text.BY_RESTRICTION, "visibility, access disabled", str(sum(kinds.values()))
    yield 4, dsa_text.BY_RESTRICTION, "monetary payments", "0"
    yield (
        4,
        dsa_text.BY_RESTRICTION,
        "provision of the service, suspended",
        str(len(bans) - for_good),
    )
    yield 4, dsa_text.BY_RESTRICTION, "provision of the service, terminated", str(for_good)
    yield 4, dsa_text.BY_RESTRICTION, "account", "0"


def _complaints(facts: MonthFacts) -> Iterator[Row]:
    yield 5, dsa_text.COMPLAINTS, "all", str(len(facts.received))
    yield 5, dsa_text.COMPLAINTS, "by the author", str(facts.contests[Party.AUTHOR])
    yield 5, dsa_text.COMPLAINTS, "by a reporter", str(facts.contests[Party.REPORTER])
    answers = facts.answers
    yield 5, dsa_text.COMPLAINTS_DECIDED, "all", str(len(facts.answered))
    yield 5, dsa_text.COMPLAINTS_DECIDED, "decision upheld", str(answers[Answer.UPHELD])
    changed = answers[Answer.OVERTURNED] + answers[Answer.SHORTENED]
    yield 5, dsa_text.COMPLAINTS_DECIDED, "decision reversed in whole or in part", str(changed)
    took = [one.answered_at - one.at for one in facts.answered if one.answered_at is not None]
    middle = f"{median(one / _HOUR for one in took):.1f}" if took else ""
    yield 5, dsa_text.COMPLAINT_TIME, "all", middle
    yield 5, dsa_text.DISPUTES, "all", dsa_text.FILL_IN
    yield 5, dsa_text.SUSPENSIONS, "all", dsa_text.FILL_IN


def _automated(facts: MonthFacts, restrictions: Sequence[Restriction]) -> Iterator[Row]:
    held = sum(one.action is Action.HOLD for one in restrictions)
    yield 6, dsa_text.AUTOMATED, "until somebody had looked", str(held)
    cases = {line.case_id for line in facts.lines if line.is_hold}
    kept = {
        line.case_id
        for line in facts.lines
        if line.case_id in cases and line.did is Action.KEEP and line.is_verdict
    }
    yield 6, dsa_text.AUTOMATED_WRONGLY, "", str(len(kept))
