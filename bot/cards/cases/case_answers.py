"""What a person is told after a press or a command, mostly for their eyes only.

Every function returns a view to be sent with `allowed_mentions=AllowedMentions.none()`. Where
there is something to press, `site_can` keeps off what the case's site could not honour.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.cases import facts, proposals
from bot.cards.cases.reading import details, full_text, notes, queue
from bot.cards.parts import Item, SiteCan, anything
from bot.cards.presses.cases import AddReason, CiteInstead, OtherRule
from bot.cards.presses.persistent_items import PressButton, button, menu
from bot.cards.presses.scheme import on_decision
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import decisions as decision_text
from bot.cards.text import staff as staff_text
from bot.cards.text import two_person as two_person_text
from bot.domain.bans import NOTHING_ELSE, Aftermath, Ban
from bot.domain.cases import CaseView
from bot.domain.decisions import Action, Decision, Proposal, Verdict
from bot.domain.effects import Delivery, EffectState
from bot.domain.errors import AlreadyClaimed, AlreadyDecided, DeskError
from bot.domain.policy import Policy
from bot.domain.triage import Claim
from bot.services.cases.lines import Done

__all__ = [
    "Ruled",
    "already_decided",
    "amended",
    "details",
    "done",
    "edited",
    "full_text",
    "notes",
    "other_rule",
    "queue",
    "ruled",
    "saying",
    "trouble",
    "typed",
    "undone",
]

_ERROR: Final = 600
_TYPED_TEXT: Final = 3800
_UNDO_SHOWN: Final = 5
_EDITED_TEXT: Final = 600
_FIRST_WORDS: Final = 60


class Ruled(discord.ui.LayoutView):
    """What a verdict or an undo came to, with what has to be said anew if its site does not do it."""

    def __init__(self, shown: discord.ui.LayoutView, done: Done) -> None:
        super().__init__(timeout=None)
        for item in shown.children:
            self.add_item(item)
        self.done = done


def ruled(
    ruling: Decision | Proposal,
    policy: Policy,
    *,
    site_can: SiteCan = anything,
    after: Aftermath = NOTHING_ELSE,
    a_lot: int | None = None,
) -> discord.ui.LayoutView:
    """Say what a verdict or an undo came to: done, or waiting for a second person.

    `a_lot` is how many cases the person decided today, where that is to be said.
    """
    if isinstance(ruling, Proposal):
        return proposals.proposed(ruling, policy)
    line = Done(case_id=ruling.case_id, outcome=ruling, after=after)
    if ruling.reverses is not None:
        return Ruled(undone(ruling, policy, after=after), line)
    said = Ruled(done(ruling, policy, site_can=site_can, after=after), line)
    if a_lot is not None:
        said.add_item(parts.text(staff_text.rest(a_lot)))
    return said


def done(
    decision: Decision,
    policy: Policy,
    *,
    site_can: SiteCan = anything,
    after: Aftermath = NOTHING_ELSE,
) -> discord.ui.LayoutView:
    """Say on one line what a keep, hide or ban did, with Undo and other rules for who may."""
    corrections = _corrections(decision, policy, site_can) if after.may_change else ()
    return parts.plain(parts.text(" ".join(_said(decision, policy, after))), *_row_of(corrections))


def undone(
    decision: Decision, policy: Policy, *, after: Aftermath = NOTHING_ELSE
) -> discord.ui.LayoutView:
    """Say what an undo did; `decision` is the reversal."""
    return parts.plain(parts.text(" ".join(_said(decision, policy, after))))


def lifted(decision: Decision, after: Aftermath, *, author: str = "") -> discord.ui.LayoutView:
    """Say that an author's ban was lifted by itself, and whether another goes on."""
    out = after.banned
    goes_on = decision_text.still_banned(out.until, decision.at, out.case_id) if out else None
    said = decision_text.lifted(parts.name(author), decision.case_id)
    return parts.plain(parts.text(said, goes_on))


def amended(
    decision: Decision, policy: Policy, *, site_can: SiteCan = anything
) -> discord.ui.LayoutView:
    """Say which rule is cited now."""
    rule = parts.rule(policy, decision) or ""
    return parts.plain(
        parts.text(decision_text.amended(decision.case_id, rule)),
        *_row_of(_corrections(decision, policy, site_can)),
    )


def other_rule(
    decision: Decision, policy: Policy, token: str, *, site_can: SiteCan = anything
) -> discord.ui.LayoutView:
    """Show what else a decision could cite or tell the author; `token` is its case's."""
    rule = parts.rule(policy, decision) or ""
    return parts.plain(
        parts.text(decision_text.cites_now(decision.case_id, rule)),
        *_menus(decision, policy),
        parts.row(
            *parts.undo(decision, site_can(decision.site)), parts.back(decision.case_id, token)
        ),
    )


def already_decided(
    current: Decision,
    policy: Policy,
    *,
    site_can: SiteCan = anything,
    asked_by: int | None = None,
    may_change: bool = True,
) -> discord.ui.LayoutView:
    """Say who decided first and what, with Undo for who may; nothing was changed.

    `asked_by` is who asks, for nobody likes to be told that they were beaten by themselves.
    """
    undo = parts.undo(current, site_can(current.site)) if may_change else []
    own = asked_by == current.verdict.by.id
    return parts.plain(parts.text(_first_was(current, policy, own=own)), *_row_of(undo))


def edited(
    view: CaseView, policy: Policy, *, site_can: SiteCan = anything
) -> discord.ui.LayoutView:
    """Show the old and the new text, with buttons that decide on the new one."""
    now = parts.quote(view, policy, view.comment.text, _EDITED_TEXT)
    return parts.plain(
        parts.text(decision_text.EDITED_ASK),
        parts.text(now),
        *([parts.text(before)] if (before := facts.edited(view, policy, _EDITED_TEXT)) else []),
        parts.row(*parts.verdicts(view, policy, site_can(view.case.site))),
    )


def trouble(error: DeskError, policy: Policy) -> discord.ui.LayoutView:
    """Say what went wrong, what it means for the comment, and what to do."""
    return parts.plain(parts.text(_explained(error, policy)))


def saying(words: str) -> discord.ui.LayoutView:
    """Say one of our own sentences; what a reader wrote must never be passed here."""
    return parts.plain(parts.text(words))


def typed(
    lines: Sequence[Done],
    policy: Policy,
    *,
    site_can: SiteCan = anything,
    asked_by: int | None = None,
) -> discord.ui.LayoutView:
    """Repeat in words what was made of a typed line, order by order, with Undo to press.

    `asked_by` is who typed it.
    """
    said = list(_first_few(_typed_line(line, policy, asked_by) for line in lines))
    left = len(lines) - len(said)
    offered = [*_undos(list(_changeable(lines)), site_can), *_taking_over(lines)]
    return parts.plain(
        parts.text(*said, decision_text.more_orders(left) if left else None),
        *_row_of(offered[:_UNDO_SHOWN]),
    )


def _changeable(lines: Iterable[Done]) -> Iterator[Decision]:
    for line in lines:
        if isinstance(line.outcome, Decision) and line.after.may_change and not line.overtaken:
            yield line.outcome


def _taking_over(lines: Iterable[Done]) -> Iterator[PressButton]:
    for line in lines:
        if isinstance(line.outcome, AlreadyClaimed):
            yield facts.take_over(line.outcome)


def _undos(decisions: Sequence[Decision], site_can: SiteCan) -> Iterator[PressButton]:
    several = len(decisions) > 1
    for made in decisions:
        label = decision_text.undo_case(made.case_id) if several else case_text.UNDO
        yield from parts.undo(made, site_can(made.site), label)


def _first_few(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines for as long as they fit in one message."""
    room = _TYPED_TEXT
    for line in lines:
        room -= escape.units(line) + 1
        if room < 0:
            return
        yield line


def _typed_line(line: Done, policy: Policy, asked_by: int | None) -> str:
    said = _outcome(line, policy, asked_by)
    if line.view is None:
        return said
    words = parts.quote(line.view, policy, line.view.comment.text, _FIRST_WORDS, lines=1)
    return f"{said} {decision_text.by_position(parts.name(line.view.author.name), words)}"


def _outcome(line: Done, policy: Policy, asked_by: int | None) -> str:
    match line.outcome:
        case Decision() if line.overtaken:
            return decision_text.overtaken(line.outcome.action, line.case_id)
        case Decision():
            return " ".join(
                _said(line.outcome, policy, line.after, line.delivery, line.view is None)
            )
        case Proposal():
            return proposals.in_words(line.outcome, policy)
        case Claim():
            return staff_text.claimed(line.case_id, line.outcome.until)
        case DeskError():
            return _explained(line.outcome, policy, asked_by)
        case None:
            return decision_text.skipped(line.case_id)


def _said(
    decision: Decision,
    policy: Policy,
    after: Aftermath,
    delivery: Delivery | None = None,
    named: bool = True,
) -> Iterator[str]:
    cited = decision.action in {Action.HIDE, Action.BAN, Action.KEEP}
    rule = parts.rule(policy, decision) if cited else None
    author = parts.name(after.author) if named and after.author is not None else None
    yield decision_text.done(_done(decision, after), decision.case_id, rule, author)
    yield from _banned(decision, after.banned)
    if cited:
        yield from _why(decision.verdict)
    yield _by_site(decision, delivery) if delivery else _what_follows(decision, policy, after)


def _done(decision: Decision, after: Aftermath) -> str:
    unbans = decision.action is Action.UNBAN
    did = Action.UNHIDE if unbans and after.banned else decision.action
    said = decision_text.DONE[did]
    return decision_text.BACK_ON_HOLD.get(did, said) if after.held_again else said


def _banned(decision: Decision, banned: Ban | None) -> Iterator[str]:
    if decision.action is Action.BAN:
        yield decision_text.author_banned(banned.until if banned else decision.until, decision.at)
    elif decision.action is Action.UNBAN and banned:
        yield decision_text.still_banned(banned.until, decision.at, banned.case_id)


def _why(verdict: Verdict) -> Iterator[str]:
    if verdict.note:
        yield common_text.ended(common_text.note(escape.line(verdict.note, 120)))
    if verdict.reason:
        yield common_text.ended(staff_text.also_told(escape.line(verdict.reason, 100)))


def _by_site(decision: Decision, delivery: Delivery) -> str:
    """Say how the site's part in it ended."""
    if delivery.state is EffectState.DONE:
        return common_text.ended(common_text.capital(case_text.SITE_DONE[decision.did]))
    words = escape.line(delivery.trouble or "", _FIRST_WORDS * 2) or case_text.SITE_SILENT
    return case_text.site_failed(words, delivery.attempts)


def _what_follows(decision: Decision, policy: Policy, after: Aftermath) -> str:
    if after.held_again:
        return decision_text.HELD_AGAIN
    if decision.is_hold:
        return two_person_text.held_instead(policy.brake.within // timedelta(minutes=1))
    return decision_text.PUT_BACK if after.put_back else decision_text.SITE_NEXT[decision.action]


def _first_was(current: Decision, policy: Policy, *, own: bool = False) -> str:
    rule = parts.rule(policy, current)
    what = case_text.decided(current.action)
    said = f"{what}, {decision_text.citing(rule)}" if rule else what
    if own:
        return decision_text.already_yours(current.case_id, said, current.at)
    return decision_text.already(
        parts.name(current.verdict.by.name), current.case_id, said, current.at
    )


def _explained(error: DeskError, policy: Policy, asked_by: int | None = None) -> str:
    if isinstance(error, AlreadyDecided):
        return _first_was(error.decision, policy, own=asked_by == error.decision.verdict.by.id)
    if isinstance(error, AlreadyClaimed):
        return facts.in_words(error)
    # An error's sentence may repeat what somebody typed, or how they are called.
    return escape.prose(str(error), _ERROR) or decision_text.NOTHING_DONE


def _row_of(buttons: Sequence[PressButton]) -> list[Item]:
    return [parts.row(*buttons)] if buttons else []


def _corrections(decision: Decision, policy: Policy, site_can: SiteCan) -> Sequence[PressButton]:
    """Undo, and what else the decision could cite, if it cites anything."""
    can = site_can(decision.site)
    found = parts.undo(decision, can)
    if decision.action in can and any(_menus(decision, policy)):
        found.append(button(on_decision(OtherRule, decision), case_text.CHANGE_RULE))
    return found


def _menus(decision: Decision, policy: Policy) -> Iterator[Item]:
    if decision.action not in {Action.HIDE, Action.BAN}:
        return
    others = parts.rule_options(policy.at(decision.site), without=decision.verdict.rule)
    if others:
        yield parts.row(menu(on_decision(CiteInstead, decision), case_text.OTHER_RULE, others))
    if decision.verdict.rule is not None and decision.verdict.reason is None:
        reasons = parts.reason_options(policy, first=decision.verdict.rule, only=True)
        if reasons:
            yield parts.row(menu(on_decision(AddReason, decision), staff_text.REASON, reasons))
