"""What keeps a comment from its readers, as the record tells it."""

from collections.abc import Sequence
from itertools import zip_longest

from bot.domain.decision import DOWN, Action, Decision, Door, original

SHOWING = frozenset({Action.KEEP, Action.UNHIDE, Action.UNBAN})
"""After these readers see the comment, unless a ban is lifted alone."""


def hidden_by(history: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return what has kept a comment from view since it was last seen, oldest first.

    Empty if readers see it. Whatever else was decided of a comment that stayed hidden, and under
    whatever rule, is part of that.
    """
    made = _carried_out(history)
    hiding: list[Decision] = []
    for one, after in zip_longest(made, made[1:]):
        if one.action in DOWN:
            hiding.append(one)
        elif not _leaves_hidden(one, after, history):
            hiding.clear()
    return tuple(hiding)


def _carried_out(history: Sequence[Decision]) -> list[Decision]:
    """Leave out what the desk itself took back, as the site did not do it, and the taking back."""
    back = {
        one.reverses: one.id for one in history if one.verdict.door is Door.DESK and one.reverses
    }
    # What was corrected before it was carried out was never carried out either.
    first = {original(one, history).id for one in history if one.id in back}
    return [
        one
        for one in history
        if one.id not in back.values() and original(one, history).id not in first
    ]


def _leaves_hidden(one: Decision, after: Decision | None, history: Sequence[Decision]) -> bool:
    """Whether an undoing leaves a comment hidden: on hold again, or where a ban is lifted alone."""
    if after is not None and after.at == one.at and after.action in DOWN:
        return after.is_hold or (
            one.action is Action.UNBAN and after.verdict.by.id == one.verdict.by.id
        )
    if one.action is not Action.UNBAN:
        return False
    # It was edited since the ban, and that text is looked at for itself.
    return any(ban.id == one.reverses and ban.revision != one.revision for ban in history)
