"""What waits for a second person, and what is read of somebody's run beyond the brake."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.presses.cases import Agree, Decline, TakeRunBack
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.presses.scheme import on_case
from bot.cards.text import common as common_text
from bot.cards.text import two_person as two_person_text
from bot.domain.brake import Run, TakenBack
from bot.domain.cases import CaseView
from bot.domain.decisions import Proposal
from bot.domain.policy import Policy

_NOTE = 120


def proposed(proposal: Proposal, policy: Policy) -> discord.ui.LayoutView:
    """Tell the person who asked that somebody else has to agree."""
    return parts.plain(parts.text(in_words(proposal, policy)))


def in_words(proposal: Proposal, policy: Policy) -> str:
    """Say what is proposed and what it waits for."""
    case, what = common_text.case(proposal.case_id), _what(proposal, policy)
    if proposal.braked:
        minutes = policy.brake.within // timedelta(minutes=1)
        return two_person_text.braked(case, what, proposal.expires_at, minutes)
    return two_person_text.proposed(case, what, proposal.expires_at)


def declined(proposal: Proposal, policy: Policy) -> discord.ui.LayoutView:
    """Say that what waited is off the table."""
    said = two_person_text.declined(common_text.case(proposal.case_id), _what(proposal, policy))
    return parts.plain(parts.text(said))


def waiting(view: CaseView, policy: Policy, now: datetime) -> Iterator[parts.Item]:
    """Yield the lines and buttons for what waits on a case, if anything does."""
    proposal = view.proposal
    if proposal is None or proposal.expires_at <= now:
        return
    verdict = proposal.verdict
    who = parts.name(verdict.by.name)
    note = common_text.note(escape.line(verdict.note, _NOTE)) if verdict.note else None
    yield parts.text(
        two_person_text.waiting(who, _what(proposal, policy)),
        note,
        parts.small(two_person_text.agree_by(proposal.expires_at)),
    )
    case = view.case
    agree = Agree(case=case.id, token=case.token, seen=case.revision, proposal=proposal.number)
    yield parts.row(
        button(agree, two_person_text.AGREE, discord.ButtonStyle.danger),
        button(on_case(Decline, case), two_person_text.DECLINE),
    )


def _what(proposal: Proposal, policy: Policy) -> str:
    verdict = proposal.verdict
    rule = policy.rule(verdict.rule) if verdict.rule is not None else None
    named = parts.button_name(common_text.rule(rule)) if rule else None
    return two_person_text.what(verdict.action, verdict.lasting, named)


_NAME: Final = 40
_MINUTE: Final = timedelta(minutes=1)


def call(run: Run, policy: Policy, *, roles: tuple[int, ...]) -> discord.ui.LayoutView:
    """Call them, with one press that takes all of it back."""
    called = " ".join(f"<@&{role}>" for role in roles)
    return parts.plain(
        parts.text(
            f"⛔ {called} **{_beyond(run, policy)}**",
            two_person_text.WHAT_WAITS,
            two_person_text.WHAT_TO_DO,
        ),
        parts.row(_button(run, discord.ButtonStyle.danger)),
    )


def over(
    run: Run, policy: Policy, by: str, taken: TakenBack, at: datetime
) -> discord.ui.LayoutView:
    """Say under the call who took the run back; the button stays, as the person may go on."""
    return parts.plain(
        parts.text(
            f"⛔ {_beyond(run, policy)}",
            f"**{two_person_text.taken_back_by(parts.name(by), taken, at)}**",
            parts.small(two_person_text.MORE_SINCE),
        ),
        parts.row(_button(run, discord.ButtonStyle.secondary)),
    )


def _beyond(run: Run, policy: Policy) -> str:
    return two_person_text.beyond(
        parts.name(run.name), run.act, run.most, policy.brake.within // _MINUTE
    )


def _button(run: Run, style: discord.ButtonStyle) -> PressButton:
    return button(TakeRunBack(run=run.id, token=run.token), two_person_text.TAKE_BACK, style)


def plain(run: Run, policy: Policy) -> tuple[str, str]:
    """Return the same as a title and a text for the roads besides Discord."""
    name = escape.bare(run.name, _NAME)
    title = two_person_text.beyond(name, run.act, run.most, policy.brake.within // _MINUTE)
    return title, f"{two_person_text.WHAT_WAITS} {two_person_text.PLAIN_WHAT_TO_DO}"


def taken_back(taken: TakenBack) -> discord.ui.LayoutView:
    """Say what was taken back."""
    return parts.plain(parts.text(two_person_text.taken_back(taken)))
