"""What has become of a case: who decided what, and whether the site has carried it out."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.cards import escape
from bot.cards.parts import joined, name, rule
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import contests as contest_text
from bot.cards.text import decisions as decision_text
from bot.cards.text import notices as notice_text
from bot.cards.text import stories as story_text
from bot.domain.cases import CaseState, CaseView, Contested, NoticeMark
from bot.domain.decisions import DOWN, SOMEBODY_THERE, Action, Decision, Door, original
from bot.domain.effects import TRIES, Delivery, EffectState
from bot.domain.policy import Policy

_TROUBLE: Final = 160
_NOTICES: Final = 4


def is_troubled(view: CaseView) -> bool:
    """Whether the site was asked and did not do it."""
    delivery = view.delivery
    if delivery is None or delivery.state is EffectState.DONE:
        return False
    return delivery.state is EffectState.FAILED or delivery.attempts > 0


def site(view: CaseView) -> str | None:
    """Say in a few words how far the site has got, if it does as it is asked."""
    if view.delivery is None or is_troubled(view) or not view.history:
        return None
    if view.delivery.state is EffectState.DONE:
        return case_text.SITE_DONE[view.history[-1].did]
    return case_text.SITE_WAITING


def lag(view: CaseView) -> str | None:
    """Say in what the comment or its author is still as before, as the site did not obey."""
    if not is_troubled(view) or not view.history:
        return None
    visible, banned = _to_do(view)
    if banned:
        return case_text.asked_to_ban(_ban(view, view.history[-1]), visible=visible is False)
    to_hide = case_text.ASKED_TO_HOLD if is_held(view) else case_text.ASKED_TO_HIDE
    asked: Mapping[tuple[bool | None, bool | None], str] = {
        (True, False): case_text.ASKED_TO_SHOW_AND_LIFT,
        (False, False): case_text.ASKED_TO_LIFT,
        (None, False): case_text.ASKED_TO_LIFT,
        (True, None): case_text.ASKED_TO_SHOW,
        (False, None): to_hide,
    }
    return asked.get((visible, banned))


def _to_do(view: CaseView) -> tuple[bool | None, bool | None]:
    """Return what the newest order wants that is still to be done.

    What was carried out already, by an earlier order or by part of this, is not.
    """
    visible, banned = _asked(view)
    is_placed = view.delivery is not None and view.delivery.placed
    return None if is_placed or visible is _was_visible(view) else visible, banned


def _asked(view: CaseView) -> tuple[bool | None, bool | None]:
    """Return whether the newest order wants the comment to be seen, and its author banned."""
    if view.asked is not None:
        return view.asked.visible, view.asked.banned
    action = view.history[-1].action
    return action not in DOWN, {Action.BAN: True, Action.UNBAN: False}.get(action)


def _was_visible(view: CaseView) -> bool:
    """Whether the comment could be seen before the newest order, as far as is known here."""
    before = view.history[-2] if len(view.history) > 1 else None
    if before is not None and (before.verdict.door is Door.SITE or view.asked is None):
        return before.action not in DOWN
    return view.asked is None or view.asked.was_visible


def trouble(view: CaseView) -> str | None:
    """Say what the site did not do, and what happens next."""
    delivery = view.delivery
    if delivery is None or not is_troubled(view):
        return None
    words = _site_says(view, delivery)
    if delivery.state is EffectState.WAITING and delivery.due_at is not None:
        return case_text.site_retrying(words, delivery.due_at, delivery.attempts, TRIES)
    return case_text.site_failed(words, delivery.attempts)


def verdict(view: CaseView, decision: Decision, policy: Policy) -> str:
    """Say what was decided, under which rule, by whom and when."""
    first = original(decision, view.history)
    corrected = first.verdict.by.id != decision.verdict.by.id
    return joined(
        standing(view, decision, policy),
        rule(policy, decision),
        _by(first),
        case_text.rule_corrected(name(decision.verdict.by.name)) if corrected else None,
    )


def standing(view: CaseView, decision: Decision, policy: Policy) -> str:
    """Say how the comment stands: as was decided, unless the site did not obey."""
    still = lag(view)
    if still is not None:
        return f"**{still}**"
    if decision.verdict.door is Door.AUTHOR:
        return f"**{common_text.capital(case_text.GONE)}**"
    mark = f"**{case_text.mark(decision.action, policy.emoji)}**"
    return f"{mark} {_ban(view, decision)}" if decision.action is Action.BAN else mark


def _ban(view: CaseView, decision: Decision) -> str:
    """Say for how long the author is out, which another ban may make longer than this one."""
    until = view.record.banned_until if view.record.banned else decision.until
    return common_text.ban_length(until, decision.at)


def _by(decision: Decision) -> str:
    if decision.verdict.door is not Door.SITE:
        return by(decision)
    known = decision.verdict.by.name != SOMEBODY_THERE
    return case_text.by_site(name(decision.verdict.by.name) if known else None, decision.at)


def by(made: Decision) -> str:
    """Say who decided and when, with who agreed where it took two."""
    return case_text.by(name(made.verdict.by.name), made.at, second(made))


def second(made: Decision) -> str | None:
    """Return who agreed, as inert text."""
    return name(made.second.name) if made.second else None


def _site_says(view: CaseView, delivery: Delivery) -> str:
    words = escape.line(delivery.trouble or "", _TROUBLE) or case_text.SITE_SILENT
    # Of a comment that is to be on hold, its card says so first.
    still = lag(view) if view.decision is None and not is_held(view) else None
    return f"{still}. {words}" if still else words


def _without_holds(history: Sequence[Decision]) -> Sequence[Decision]:
    """Return what people decided, and not what put on hold or took that back."""
    holds = {made.id for made in history if made.is_hold}
    return [made for made in history if not holds & {made.id, made.reverses}]


def reopened(view: CaseView) -> str | None:
    """Say why a case that was decided is open again."""
    decided = _without_holds(view.history)
    if view.case.state is not CaseState.REOPENED or not decided:
        return None
    last = decided[-1]
    who = common_text.people(name(last.verdict.by.name), second(last))
    if last.reverses is not None:
        said = _undone(view, last)
        return said if view.history[-1].reverses != last.id else case_text.NOT_SHOWN_AGAIN
    if view.case.revision > last.revision:
        return case_text.reopened_by_edit(who, last.at, case_text.decided(last.action))
    return case_text.reopened_by_report(who, last.at)


def _undone(view: CaseView, last: Decision) -> str:
    """Say who took a decision back, or that the site did not carry it out."""
    before = next((made for made in view.history if made.id == last.reverses), None)
    was = case_text.decided(before.action if before else Action.KEEP)
    if last.verdict.door is Door.DESK and before is not None:
        by = common_text.people(name(before.verdict.by.name), second(before))
        return case_text.not_carried_out(by, before.at, was)
    who = common_text.people(name(last.verdict.by.name), second(last))
    return case_text.reopened_by_undo(who, last.at, was)


def recorded(made: Decision, policy: Policy, then: Decision | None = None) -> str:
    """Say on one line what the record has; what the desk held by itself is no decision.

    `then` is the next line about the same comment.
    """
    if made.is_hold and made.verdict.door is Door.DESK:
        return joined(common_text.capital(case_text.HELD_BY_DESK), common_text.clock(made.at))
    return joined(
        common_text.capital(decision_text.RULE_CORRECTED if made.amends else did(made, then)),
        rule(policy, made) if made.reverses is None else None,
        by(made),
    )


def did(made: Decision, then: Decision | None) -> str:
    """Name what a line of the record did; what went back on hold at once was not shown again."""
    is_back = then is not None and then.is_hold and then.at == made.at
    if made.reverses is not None and is_back:
        return case_text.BACK_ON_HOLD[made.action]
    return case_text.GONE if made.verdict.door is Door.AUTHOR else case_text.decided(made.did)


def is_held(view: CaseView) -> bool:
    """Whether the comment is on hold, or is to be once the site has done what it was asked."""
    return view.case.is_held and view.case.is_open


def hold(view: CaseView) -> Decision | None:
    """Return the hold under which the comment is, if it is on hold."""
    if not is_held(view):
        return None
    return next((made for made in view.history if made.id == view.case.hold_id), None)


def story(view: CaseView, policy: Policy) -> str | None:
    """Say on a case's card how its story stands, and whether the comment is on hold."""
    mark = story_mark(view)
    said = [f"**{mark}**" if mark else None, _on_hold(view, policy)]
    return "\n".join(line for line in said if line) or None


def story_mark(view: CaseView) -> str | None:
    """Name the state of a case's story, if it is not a normal one."""
    return story_text.mark(view.story_status.state, view.closing) if view.story_status else None


def _on_hold(view: CaseView, policy: Policy) -> str | None:
    """Say that the comment is on hold; only once its site has done it."""
    held = hold(view)
    if held is None:
        return None
    still = lag(view)
    if still is not None:
        return story_text.not_on_hold(still)
    done = view.delivery is not None and view.delivery.state is EffectState.DONE
    status = view.story_status
    two = status is not None and policy.stories.of(status.state).second_pair
    return story_text.on_hold(held.at, two=two) if done else story_text.GOING_ON_HOLD


def notices(marks: Sequence[NoticeMark]) -> str | None:
    """Return the lines by which a case's card tells of its notices, those that wait first."""
    shown = sorted(marks, key=lambda one: (one.act_by is None, one.act_by or 0, one.id))[:_NOTICES]
    lines = [
        notice_text.on_card(one.kind, one.id, common_text.ago(one.act_by) if one.act_by else None)
        for one in shown
    ]
    more = len(marks) - len(shown)
    return "\n".join([*lines, *([notice_text.more_on_card(more)] if more else [])]) or None


def contested_line(made: Contested) -> str:
    """Say on one line who contested a decision, and what came of it."""
    answered = None
    if made.answer is not None and made.answered_at is not None:
        by = name(made.by_name or "")
        answered = contest_text.came_of_it(made.answer, by, made.answered_at)
    said = contest_text.contested_by(made.number, made.party, made.at, answered)
    return f"{said} {contest_text.OF_REPORTS}" if made.of_reports else said
