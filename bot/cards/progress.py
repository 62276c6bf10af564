"""What has become of a case: who decided what, and whether the site has carried it out."""

from typing import Final

from bot.cards import escape, wording
from bot.cards.parts import joined, name, rule
from bot.domain.case import CaseState, CaseView
from bot.domain.decision import SOMEBODY_THERE, Action, Decision, Door, original
from bot.domain.effect import TRIES, EffectState
from bot.domain.policy import Policy

_TROUBLE: Final = 160


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
        return wording.SITE_DONE[view.history[-1].action]
    return wording.SITE_WAITING


def trouble(view: CaseView) -> str | None:
    """Say what the site did not do, and what happens next."""
    delivery = view.delivery
    if delivery is None or not is_troubled(view):
        return None
    words = escape.line(delivery.trouble or "", _TROUBLE) or wording.SITE_SILENT
    if delivery.state is EffectState.WAITING and delivery.due_at is not None:
        return wording.site_retrying(words, delivery.due_at, delivery.attempts, TRIES)
    return wording.site_failed(words, delivery.attempts)


def verdict(view: CaseView, decision: Decision, policy: Policy) -> str:
    """Say what was decided, under which rule, by whom and when."""
    length = _ban(view, decision) if decision.action is Action.BAN else None
    mark = wording.mark(decision.action, policy.emoji)
    first = original(decision, view.history)
    corrected = first.by_id != decision.by_id
    return joined(
        f"**{mark}** {length}" if length else f"**{mark}**",
        rule(policy, decision),
        _by(first),
        wording.rule_corrected(name(decision.by_name)) if corrected else None,
    )


def _ban(view: CaseView, decision: Decision) -> str:
    """Say for how long the author is out, which another ban may make longer than this one."""
    until = view.record.banned_until if view.record.banned else decision.until
    return wording.ban_length(until, decision.at)


def _by(decision: Decision) -> str:
    if decision.door is not Door.SITE:
        return wording.by(name(decision.by_name), decision.at)
    known = decision.by_name != SOMEBODY_THERE
    return wording.by_site(name(decision.by_name) if known else None, decision.at)


def reopened(view: CaseView) -> str | None:
    """Say why a case that was decided is open again."""
    if view.case.state is not CaseState.REOPENED or not view.history:
        return None
    last = view.history[-1]
    who = name(last.by_name)
    if last.reverses is not None:
        before = next((made for made in view.history if made.id == last.reverses), None)
        was = wording.decided(before.action if before else Action.KEEP)
        return wording.reopened_by_undo(who, last.at, was)
    if view.case.revision > last.revision:
        return wording.reopened_by_edit(who, last.at, wording.decided(last.action))
    return wording.reopened_by_report(who, last.at)
