"""The figures of a month: a page to publish, a table for a spreadsheet, and JSON."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.cards.documents.page import page
from bot.cards.text import common as common_text
from bot.cards.text import figures as figure_text
from bot.domain.cells import BOM, inert
from bot.domain.ids import RuleNumber
from bot.domain.policy import Policy
from bot.domain.readers.months import Month
from bot.domain.readers.published import Published
from bot.domain.readers.small_groups import Told
from bot.domain.readers.waits import Wait

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One table of the page: its lines as label and what is said, and the sum of them."""

    title: str
    rows: tuple[tuple[str, str], ...]
    total: tuple[str, str] | None = None
    heads: tuple[str, str] = (figure_text.WHAT, figure_text.HOW_MANY)
    notes: tuple[str, ...] = ()


def as_page(found: Published, policy: Policy) -> str:
    """Return a page in HTML that stands by itself."""
    month = found.month
    head = found.head
    return page(
        "figures.html",
        {
            "title": figure_text.title(month.name),
            "period": figure_text.period(month.start, month.end, month.zone),
            "not_over": _not_over(found),
            "tables": tuple(_tables(found, policy)),
            "record_title": figure_text.RECORD,
            "record": (
                (figure_text.decisions_so_far(head.number), figure_text.HOW_TO_CHECK)
                if head
                else (figure_text.NO_DECISIONS,)
            ),
            "digest": head.digest if head else "",
            "notes_title": figure_text.NOTES,
            "notes": figure_text.COUNTED,
        },
    )


def as_table(found: Published, policy: Policy) -> str:
    """Return the figures as CSV: section, what, and how many, as the page says them."""
    out = io.StringIO()
    out.write(BOM)
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerow(("month", "section", "what", "value"))
    for one in _tables(found, policy):
        for label, value in (*one.rows, *((one.total,) if one.total else ())):
            table.writerow((found.month.written, inert(one.title), inert(label), inert(value)))
    if found.head is not None:
        record = (("last decision", str(found.head.number)), ("digest", f"'{found.head.digest}"))
        for label, value in record:
            table.writerow((found.month.written, figure_text.RECORD, label, value))
    return out.getvalue()


def as_json(found: Published, policy: Policy) -> str:
    """Return the figures as JSON; a count that is null is from 1 to 4."""

    def rule(number: RuleNumber) -> str:
        return policy.rule(number).code

    head = found.head
    said = {
        **_period(found.month),
        "is_over": found.is_over,
        "counted_until": found.until.isoformat(),
        "null_means": figure_text.FEWER,
        "reports": _breakdown(found.reports, rule),
        "cases": _breakdown(found.outcomes, str),
        "cases_by_start": _breakdown(found.starters, str),
        "time_to_decide": {"median": _wait(found.median), "p90": _wait(found.slowest_tenth)},
        "holds": found.held,
        "bans_given": found.bans,
        "authors_banned": found.standing_bans,
        "undone": _breakdown(found.taken_back, str),
        "contests": _breakdown(found.contests, str),
        "contests_answered": _breakdown(found.answers, str),
        "notices": _breakdown(found.notices, str),
        "record": {"decision": head.number, "digest": head.digest} if head else None,
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _tables(found: Published, policy: Policy) -> Iterator[_Table]:
    def rule(number: RuleNumber) -> str:
        return common_text.rule(policy.rule(number))

    yield _table(figure_text.REPORTS, found.reports, rule)
    yield _table(figure_text.CASES, found.outcomes, figure_text.OUTCOMES.__getitem__)
    yield _table(figure_text.STARTERS, found.starters, figure_text.STARTED.__getitem__)
    yield _Table(
        title=figure_text.TIMES,
        rows=(
            (figure_text.HALF, figure_text.wait(found.median)),
            (figure_text.NINE_TENTHS, figure_text.wait(found.slowest_tenth)),
        ),
        heads=(figure_text.WHAT, figure_text.WITHIN),
        notes=figure_text.TIME_NOTES,
    )
    yield _Table(
        title=figure_text.MEASURES,
        rows=(
            (figure_text.HELD, figure_text.number(found.held)),
            (figure_text.BANS, figure_text.number(found.bans)),
            (
                figure_text.standing_bans(found.is_over),
                figure_text.number(found.standing_bans),
            ),
        ),
    )
    yield _table(figure_text.TAKEN_BACK, found.taken_back, figure_text.UNDONE.__getitem__)
    yield _table(figure_text.CONTESTS, found.contests, figure_text.PARTIES.__getitem__)
    yield _table(figure_text.ANSWERS, found.answers, figure_text.ANSWERED.__getitem__)
    yield _table(figure_text.NOTICES, found.notices, figure_text.KINDS.__getitem__)


def _table(title: str, found: Told[T], label: Callable[[T], str]) -> _Table:
    rows = [(label(row), figure_text.number(count)) for row, count in found.rows.items()]
    if found.together and found.rows:
        names = [label(row) for row in found.together]
        rows.append((figure_text.together(names), figure_text.number(found.rest)))
    return _Table(
        title=title,
        rows=tuple(rows),
        total=(figure_text.TOTAL, figure_text.number(found.total)),
    )


def _breakdown(found: Told[T], name: Callable[[T], str]) -> dict[str, Any]:
    return {
        "total": found.total,
        "rows": {name(row): count for row, count in found.rows.items()},
        "together": [name(row) for row in found.together],
        "together_count": found.rest if found.together else 0,
    }


def _wait(found: Wait | None) -> Mapping[str, Any] | None:
    if found is None:
        return None
    return {"seconds": int(found.time.total_seconds()), "more_than": found.longer}


def _period(month: Month) -> dict[str, str]:
    zone = month.zone
    return {
        "month": month.written,
        "time_zone": str(zone),
        "from": month.start.astimezone(zone).isoformat(),
        "to": month.end.astimezone(zone).isoformat(),
    }


def _not_over(found: Published) -> str:
    if found.is_over:
        return ""
    return figure_text.not_over(found.month.name, found.until, found.month.zone)
