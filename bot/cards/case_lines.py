"""One case on one line, as in an author's record and among found cases."""

from collections.abc import Mapping

from bot.cards import escape, parts, progress
from bot.cards.text import authors as author_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import contests as contest_text
from bot.cards.text import decisions as decision_text
from bot.domain.case import CaseView
from bot.domain.decision import Decision, original
from bot.domain.ids import CaseId
from bot.domain.policy import Policy

_RULE = 40
_TITLE = 40


def case_line(
    view: CaseView,
    policy: Policy,
    links: Mapping[CaseId, str],
    *,
    text: str,
    length: int,
    author: bool = True,
) -> str:
    """Return what became of a case and when, and so much of a text of it."""
    case, decision = view.case, view.decision
    title = escape.line(view.story.title, _TITLE)
    head = parts.joined(
        f"**{decision_text.queue_number(case.id, links.get(case.id))}**",
        progress.lag(view)
        or (case_text.mark(decision.action, policy.emoji) if decision else author_text.STILL_OPEN),
        (parts.rule(policy, decision) if decision else None)
        or author_text.reported_for(escape.line(policy.rule(case.top_rule).name, _RULE)),
        f"**{parts.name(view.author.name)}**" if author else None,
        common_text.ago(case.opened_at),
        f"by {_people(view, decision)}" if decision else None,
        case_text.ON_HOLD if progress.is_held(view) else None,
        contest_text.newest(view.contests[-1]) if view.contests else None,
    )
    quoted = parts.quote(view, policy, text, length, lines=1)
    return f"{head}\n{parts.small(parts.joined(quoted, title))}"


def _people(view: CaseView, decision: Decision) -> str:
    first = original(decision, view.history)
    return common_text.people(parts.name(first.verdict.by.name), progress.second(first))
