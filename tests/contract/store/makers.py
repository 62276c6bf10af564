"""Reports, cases and decisions to put into a store, and the engines to put them into."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings

from bot.domain.cases import Case, CaseState
from bot.domain.chain import GENESIS, seal
from bot.domain.comments import Author, Comment, Parent, Report, Story
from bot.domain.decisions import Action, Decision, Door, from_row
from bot.domain.effects import Order
from bot.domain.ids import CaseId, DecisionId, PersonId, ReporterKey, RuleNumber, SiteId
from bot.store.tx import Tx
from tests.support.databases import ENGINE, new_store

NOW = datetime(2026, 3, 2, 18, 4, 5, 678_901, tzinfo=UTC)
SITE = SiteId("courier")
LONG_AGO = NOW - timedelta(days=365)


ON_DISK = settings(
    max_examples=60,
    deadline=None,  # each example waits for the disk
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""For properties tried on one store, which grows from example to example."""


ENGINES = {ENGINE: new_store}
"""What a store is opened with, by the engine's name."""


def make_report(comment_id: str = "c-1", *, reader: int = 1, **changes: Any) -> Report:
    author = changes.pop("author_id", "u-1")
    comment: dict[str, Any] = {
        "external_id": comment_id,
        "revision": "rev-1",
        "text": "You are all fools.",
        "permalink": f"https://courier.example/story#{comment_id}",
        "created": NOW - timedelta(hours=2),
        "parent": Parent(author="ann", text="Is it?"),
    }
    comment |= changes.pop("comment", {})
    fields: dict[str, Any] = {
        "site": SITE,
        "delivery": f"msg-{comment_id}-{reader}",
        "comment": Comment(**comment),
        "author": Author(external_id=author, name="salty_dog", since=NOW - timedelta(days=900)),
        "story": Story(
            external_id="s-1",
            title="Bridge closed",
            url="https://courier.example/story",
            section="news",
            published=NOW - timedelta(hours=5),
        ),
        "reporter": ReporterKey(reader.to_bytes(16, "big")),
        "rule": RuleNumber(3),
        "note": None,
        "at": NOW,
    }
    return Report(**(fields | changes))


def make_case(report: Report, **changes: Any) -> Case:
    case = Case(
        id=CaseId(0),
        site=report.site,
        comment_id=report.comment.external_id,
        author_id=report.author.external_id,
        state=CaseState.OPEN,
        revision=1,
        revision_key=report.comment.revision,
        touched=1,
        reports=1,
        reporters=1,
        reasons={report.rule: 1},
        strikes=0,
        priority=200,
        opened_at=NOW,
        reported_at=NOW,
    )
    return replace(case, **changes)


def opening(comment_id: str = "c-1", *, author_id: str = "u-1", **changes: Any) -> Callable:
    """Return a work that opens a case by its first report and returns it."""
    report = make_report(comment_id, author_id=author_id)

    def work(tx: Tx) -> Case:
        case = tx.cases.open(report, make_case(report, **changes))
        tx.reports.add(case.id, report)
        return case

    return work


def decide(tx: Tx, case: Case, action: Action, **changes: Any) -> Decision:
    """Append the next decision on a case and let it stand, as the services do."""
    last = tx.decisions.last()
    decision = dict[str, Any](
        id=DecisionId(last.id + 1 if last else 1),
        case_id=case.id,
        site=case.site,
        comment_id=case.comment_id,
        author_id=case.author_id,
        action=action,
        rule=RuleNumber(3),
        note=None,
        by_id=PersonId(2**53 + 1),
        by_name="Mo",
        door=Door.BUTTON,
        revision=case.revision,
        at=NOW,
    )
    sealed = seal(from_row(decision | changes), last.digest if last else GENESIS)
    tx.decisions.append(sealed)
    stands = sealed.reverses is None
    tx.cases.save(
        replace(
            tx.cases.get(case.id) or case,
            state=CaseState.DECIDED if stands else CaseState.REOPENED,
            decision_id=sealed.id if stands else None,
            decided_at=sealed.at if stands else None,
        )
    )
    return sealed


def make_order(decision: Decision, **changes: Any) -> Order:
    order = Order(
        key=f"decision-{decision.id}",
        decision_id=decision.id,
        case_id=decision.case_id,
        site=decision.site,
        action=decision.action,
        comment_id=decision.comment_id,
        revision_key="rev-1",
        permalink=None,
        author_id=decision.author_id,
        visible=False,
        banned=None,
        until=decision.until,
        rule=decision.verdict.rule,
        rule_name="Abuse",
        notice="Your comment “…” broke rule 3.",
        at=decision.at,
    )
    return replace(order, **changes)
