"""What waits for a second person: on the card, and in the answer to who proposed it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import discord

from bot.cards import escape, parts
from bot.cards.case_presses import Agree, Decline
from bot.cards.persistent_items import button
from bot.cards.presses import on_case
from bot.cards.text import common as common_text
from bot.cards.text import second as second_text
from bot.domain.case import CaseView
from bot.domain.policy import Policy
from bot.domain.proposal import Proposal

_NOTE = 120


def proposed(proposal: Proposal, policy: Policy) -> discord.ui.LayoutView:
    """Tell the person who asked that somebody else has to agree."""
    return parts.plain(parts.text(in_words(proposal, policy)))


def in_words(proposal: Proposal, policy: Policy) -> str:
    """Say what is proposed and what it waits for."""
    case, what = common_text.case(proposal.case_id), _what(proposal, policy)
    if proposal.braked:
        minutes = policy.brake.within // timedelta(minutes=1)
        return second_text.braked(case, what, proposal.expires_at, minutes)
    return second_text.proposed(case, what, proposal.expires_at)


def declined(proposal: Proposal, policy: Policy) -> discord.ui.LayoutView:
    """Say that what waited is off the table."""
    said = second_text.declined(common_text.case(proposal.case_id), _what(proposal, policy))
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
        second_text.waiting(who, _what(proposal, policy)),
        note,
        parts.small(second_text.agree_by(proposal.expires_at)),
    )
    case = view.case
    agree = Agree(case=case.id, token=case.token, seen=case.revision, proposal=proposal.number)
    yield parts.row(
        button(agree, second_text.AGREE, discord.ButtonStyle.danger),
        button(on_case(Decline, case), second_text.DECLINE),
    )


def _what(proposal: Proposal, policy: Policy) -> str:
    verdict = proposal.verdict
    rule = policy.rule(verdict.rule) if verdict.rule is not None else None
    named = parts.button_name(common_text.rule(rule)) if rule else None
    return second_text.what(verdict.action, verdict.lasting, named)
