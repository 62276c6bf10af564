"""Cases to draw, one for each thing that can be said about one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.cases import AuthorRecord, Case, CaseState, CaseView
from bot.domain.comments import Author, Comment, Parent, Story
from bot.domain.decisions import SOMEBODY_THERE, Action, Decision, Door, from_row
from bot.domain.effects import Delivery, EffectState
from bot.domain.ids import CaseId, DecisionId, PersonId, RuleNumber, SiteId
from bot.domain.policy import Policy, Rule, Severity

NOW = datetime(2026, 11, 24, 14, 6, tzinfo=UTC)
SITE = SiteId("courier")


def _rule(number: int, name: str, severity: Severity, *, spoiler: bool = False) -> Rule:
    return Rule(
        number=RuleNumber(number),
        code=name.lower().replace(" ", "-"),
        name=name,
        text=f"No {name.lower()}.",
        severity=severity,
        notice=f"Your comment was removed: {name.lower()}.",
        spoiler=spoiler,
    )


POLICY = Policy(
    rules=(
        _rule(1, "Threats", Severity.CRITICAL),
        _rule(2, "Private details", Severity.CRITICAL),
        _rule(3, "Harassment", Severity.HIGH),
        _rule(4, "Hate", Severity.HIGH, spoiler=True),
        _rule(5, "Abusive language", Severity.MEDIUM),
        _rule(6, "Contempt of court", Severity.HIGH),
        _rule(7, "Defamation", Severity.MEDIUM),
        _rule(8, "Graphic content", Severity.MEDIUM, spoiler=True),
        _rule(9, "Spam", Severity.LOW),
    )
)

CASE = Case(
    id=CaseId(1042),
    site=SITE,
    comment_id="c-77",
    author_id="u-9",
    state=CaseState.OPEN,
    revision=1,
    revision_key="r1",
    touched=1,
    reports=8,
    reporters=7,
    reasons={RuleNumber(3): 5, RuleNumber(1): 2, RuleNumber(9): 1},
    strikes=1,
    priority=400,
    opened_at=NOW - timedelta(minutes=3),
    reported_at=NOW - timedelta(minutes=1),
)

VIEW = CaseView(
    case=CASE,
    comment=Comment(
        external_id="c-77",
        revision="r1",
        text="You are all bought, every one of you. I know where the editor lives.",
        permalink="https://courier.example/story/raids#c-77",
        parent=Parent(author="maryk", text="My son walked past there ten minutes before."),
    ),
    author=Author(external_id="u-9", name="salty_dog", since=datetime(2019, 5, 1, tzinfo=UTC)),
    story=Story(
        external_id="raids",
        title="Three charged after Colchester raids",
        url="https://courier.example/story/raids",
        section="Crime",
    ),
    record=AuthorRecord(reported=41, hidden=3, strikes=1),
    notes=3,
    why=("harassment is a serious rule", "7 readers", "1 strike"),
)


def decision(action: Action = Action.HIDE, **changes: Any) -> Decision:
    fields: dict[str, Any] = {
        "id": DecisionId(57),
        "case_id": CaseId(1042),
        "site": SITE,
        "comment_id": "c-77",
        "author_id": "u-9",
        "action": action,
        "rule": None if action is Action.KEEP else RuleNumber(3),
        "note": None,
        "by_id": PersonId(1),
        "by_name": "Ana",
        "door": Door.BUTTON,
        "revision": 1,
        "at": NOW - timedelta(seconds=30),
    }
    return from_row(fields | changes)


def view(text: str | None = None, **changes: Any) -> CaseView:
    """Return the usual case; changes to fields of the case itself are given by their names."""
    case_fields = {key: changes.pop(key) for key in list(changes) if key in Case.__slots__}
    found = replace(VIEW, case=replace(CASE, **case_fields), **changes)
    if text is None:
        return found
    return replace(found, comment=replace(found.comment, text=text))


def decided(made: Decision, **changes: Any) -> CaseView:
    return view(
        state=CaseState.DECIDED,
        decision_id=made.id,
        decided_at=made.at,
        decision=made,
        **{
            "history": (made,),
            "delivery": Delivery(state=EffectState.DONE, attempts=1, done_at=NOW),
            **changes,
        },
    )


def reopened(*history: Decision, **changes: Any) -> CaseView:
    return view(state=CaseState.REOPENED, history=history, **changes)


_LONG = " ".join(
    ["The council was told in March and again in June, and each time it looked away."] * 26
)
_HIDE = decision()
_CORRECTED = decision(
    id=DecisionId(58),
    by_id=PersonId(2),
    by_name="Ben",
    rule=RuleNumber(1),
    amends=DecisionId(57),
)
_WEEK = NOW + timedelta(days=7)

STATES: dict[str, Callable[[], CaseView]] = {
    "open": view,
    "open, one reader": lambda: view(
        reasons={RuleNumber(9): 1},
        reporters=1,
        reports=1,
        record=AuthorRecord(reported=1, hidden=0, strikes=0),
        why=(),
    ),
    "many reports": lambda: view(
        reporters=1280, reasons={RuleNumber(n): 300 - n for n in range(1, 10)}
    ),
    "claimed": lambda: view(state=CaseState.CLAIMED),
    "escalated": lambda: view(state=CaseState.ESCALATED),
    "long text": lambda: view(_LONG),
    "paragraphs": lambda: view("One.\n\nTwo.\n\n\n\nThree.\n" + "\n".join("abcdefghijklmnopqrst")),
    "edited since": lambda: view(
        "You are all lovely, every one of you.", revision=2, before=VIEW.comment.text
    ),
    "kept": lambda: decided(decision(Action.KEEP)),
    "hidden": lambda: decided(_HIDE),
    "hidden, site being told": lambda: decided(
        _HIDE, delivery=Delivery(state=EffectState.WAITING, due_at=NOW)
    ),
    "banned": lambda: decided(decision(Action.BAN, until=_WEEK)),
    "banned for good": lambda: decided(decision(Action.BAN)),
    "rule corrected": lambda: decided(_CORRECTED, history=(_HIDE, _CORRECTED)),
    "site failing": lambda: decided(
        _HIDE,
        delivery=Delivery(
            state=EffectState.WAITING,
            attempts=3,
            due_at=NOW + timedelta(minutes=2),
            trouble="The site did not answer within 10 seconds.",
        ),
    ),
    "site failed": lambda: decided(
        _HIDE,
        delivery=Delivery(state=EffectState.FAILED, attempts=10, trouble="The site answered 500."),
    ),
    "reported after the decision": lambda: decided(_HIDE, reported_at=NOW, again=5),
    "reported once after it": lambda: decided(_HIDE, reported_at=NOW, again=1),
    "hidden at the site": lambda: decided(
        decision(by_id=PersonId(0), by_name="Pat at Coral", door=Door.SITE)
    ),
    "hidden at the site by somebody": lambda: decided(
        decision(by_id=PersonId(0), by_name=SOMEBODY_THERE, door=Door.SITE)
    ),
    "undone": lambda: reopened(
        _HIDE,
        decision(
            Action.UNHIDE,
            id=DecisionId(58),
            by_name="Ben",
            reverses=DecisionId(57),
            at=NOW - timedelta(seconds=5),
        ),
        delivery=Delivery(state=EffectState.DONE, attempts=1, done_at=NOW),
    ),
    "undone, site failing": lambda: reopened(
        _HIDE,
        decision(Action.UNHIDE, id=DecisionId(58), reverses=DecisionId(57)),
        delivery=Delivery(state=EffectState.FAILED, attempts=10),
    ),
    "kept, reported again": lambda: reopened(decision(Action.KEEP)),
    "hidden, edited": lambda: reopened(
        _HIDE, text="I take it back.", revision=2, before=VIEW.comment.text
    ),
    "behind a spoiler": lambda: view(reasons={RuleNumber(4): 3}),
    "hidden, behind a spoiler": lambda: decided(
        decision(rule=RuleNumber(4)), reasons={RuleNumber(4): 3}
    ),
    "received late": lambda: view(opened_at=NOW - timedelta(hours=2)),
    "no title": lambda: view(
        story=Story(external_id="x", title="", url="https://courier.example/news/2026/11/a-b")
    ),
    "no title, no address": lambda: view(story=Story(external_id="x", title=" ", url="")),
    "nameless author": lambda: view(author=Author(external_id="u-0", name="\u200b \u202e")),
    "banned author": lambda: view(
        record=AuthorRecord(reported=9, hidden=6, strikes=4, banned=True, banned_until=_WEEK)
    ),
    "right to left": lambda: view(
        "أنتم جميعا مأجورون، كل واحد منكم. (أعرف أين يسكن المحرر)",
        author=Author(external_id="u-1", name="كاتب غاضب"),
    ),
    "emoji only": lambda: view("🤬🤬🖕🏽👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    "10,000 marks": lambda: view("Z" + "\u0335\u0341\u0360" * 3400 + "algo"),
    "nothing to see": lambda: view("\u200b\u200d\u2060 \u3164\n\n"),
    "formatting": lambda: view(
        "# SHOUT\n- one\n1. two\n> quote\n-# small\n**bold** ||secret|| `code`\n"
        "[click](http://evil.example) http://evil.example/x discord.gg/abc\n"
        "@everyone <@123> <#1> </ban:1> <t:0:R> <:x:1> <id:guide>"
    ),
    "masses of escapes": lambda: view("<@" * 2000, before="<@" * 2000, revision=2),
}
