"""Restrictions as the EU's transparency database asks for them: its words, and what each line says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Final

from bot.domain.decisions import (
    DOWN,
    VERDICTS,
    Action,
    Decision,
    Door,
    is_edited_since,
    line_of,
    original,
)
from bot.domain.ids import RuleNumber

AT_ONCE: Final = 100
"""Statements that the database takes in one call."""


class Source(StrEnum):
    """What led to a restriction; the first that fits."""

    NOTICE = "ARTICLE_16"
    """Somebody gave notice that the comment is illegal."""
    REPORT = "TYPE_OTHER_NOTIFICATION"
    """A reader reported it under a house rule, which is no such notice."""
    NOBODY = "VOLUNTARY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One statement of reasons, without its words.

    Args:
        puid: What the desk calls it, for good.
        action: A hide, a ban or a hold.
        rule: The house rule that it rests on, as it was last corrected.
        reason: What a moderator chose to add to the rule's notice.
        source: What led to it.
        content_date: When the comment was written, or came to the desk first.
        application_date: Since when it holds.
        hidden_until: When the comment was shown again, `None` if it was not.
        banned_until: When a ban ends or was lifted, `None` for good.
    """

    puid: str
    action: Action
    rule: RuleNumber | None
    reason: str | None
    source: Source
    content_date: date
    application_date: date
    hidden_until: date | None = None
    banned_until: date | None = None


def restricts(line: Decision, history: Sequence[Decision]) -> bool:
    """Whether a line takes something from an author that they had before.

    Not what was decided in the site's own console, which the site has to state itself; what its
    author deleted; what was never carried out there; what only cites another rule; what stays
    hidden as a ban is lifted; and what goes on, but shorter.
    """
    if not _takes_something(line) or _goes_on(line, history):
        return False
    back = _undoing(line, history)
    return back is None or not back.takes_back or line.is_hold


def _takes_something(line: Decision) -> bool:
    """Whether a line by itself takes something at this desk, whatever came before and after it."""
    door = line.verdict.door
    shortens = line.action is Action.BAN and door is Door.CONTEST
    at_site = door in (Door.SITE, Door.AUTHOR)
    return line.did in DOWN and line.amends is None and not shortens and not at_site


def restriction(
    line: Decision,
    history: Sequence[Decision],
    *,
    zone: tzinfo,
    source: Source,
    top_rule: RuleNumber,
    written: datetime,
) -> Restriction:
    """Return what a line says; `history` is its case's record, up to when it is told.

    `top_rule` stands in for the rule of a hold, which cites none.
    """
    last = _corrected(line, history)

    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(zone).date() if moment is not None else None

    return Restriction(
        puid=f"decision-{line.id}-{line.digest[:12]}",
        action=line.did,
        rule=top_rule if line.is_hold else last.verdict.rule,
        reason=last.verdict.reason,
        source=source,
        content_date=written.astimezone(zone).date(),
        application_date=line.at.astimezone(zone).date(),
        hidden_until=day(_shown_at(line, history)),
        banned_until=day(_let_in_at(line, history)) if line.action is Action.BAN else None,
    )


def _corrected(line: Decision, history: Sequence[Decision]) -> Decision:
    """Return the line, or the newest that cites another rule for it."""
    return [one for one in history if original(one, history).id == line.id][-1]


def _undoing(line: Decision, history: Sequence[Decision]) -> Decision | None:
    chain = {one.id for one in history if original(one, history).id == line.id}
    return next((one for one in history if one.reverses in chain), None)


def _shown_at(line: Decision, history: Sequence[Decision]) -> datetime | None:
    """Return when the comment was seen again, or a hold gave way to a decision."""
    back = _undoing(line, history)
    if line.is_hold:
        return min((one.at for one in (back, _decided_after(line, history)) if one), default=None)
    return None if back is None or _stays_hidden(back, history) else back.at


def _decided_after(line: Decision, history: Sequence[Decision]) -> Decision | None:
    return next((one for one in history if one.id > line.id and one.did in VERDICTS), None)


def _stays_hidden(back: Decision, history: Sequence[Decision]) -> bool:
    """Whether a ban was lifted and the comment left as it was."""
    if back.action is not Action.UNBAN:
        return False
    following = line_of(history, back.id + 1)
    goes_on = following is not None and _goes_on(following, history)
    return goes_on or is_edited_since(back, history)


def _let_in_at(line: Decision, history: Sequence[Decision]) -> datetime | None:
    back = _undoing(line, history)
    if back is None:
        return line.until
    shorter = line_of(history, back.id + 1)
    if shorter is not None and shorter.action is Action.BAN and shorter.at == back.at:
        return shorter.until
    return back.at


def _goes_on(line: Decision, history: Sequence[Decision]) -> bool:
    """Whether a comment stays hidden by a line as a ban is lifted, both by one act of a person."""
    before = line_of(history, line.id - 1)
    if before is None or before.action is not Action.UNBAN or line.is_hold:
        return False
    return line.hides_at(before.at) and line.verdict.by.id == before.verdict.by.id
