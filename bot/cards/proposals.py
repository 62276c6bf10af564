"""What waits for a second person: on the card, and in the answer to who proposed it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import discord

from bot.cards import escape, parts
from bot.cards.buttons import Kind, button, on_case
from bot.cards.text import brake as brake_text
from bot.cards.text import common as common_text
from bot.domain import durations
from bot.domain.case import CaseView
from bot.domain.decision import Action
from bot.domain.policy import Policy
from bot.domain.proposal import Proposal

_NOTE = 120

AGREE = "Agree"
DECLINE = "Decline"


def proposed(proposal: Proposal, policy: Policy) -> discord.ui.LayoutView:
    """Tell the person who asked that somebody else has to agree."""
    return parts.plain(parts.text(in_words(proposal, policy)))


def in_words(proposal: Proposal, policy: Policy) -> str:
    """Say what is proposed and what it waits for."""
    what = f"on #{proposal.case_id} you propose {_what(proposal, policy)}"
    if proposal.braked:
        why = brake_text.too_many(policy.brake.within // timedelta(minutes=1))
        return (
            f"{why} {what}. Nothing is done yet: somebody else has to agree, and the card asks for "
            f"that until {_until(proposal)}. {brake_text.CALLED}"
        )
    return (
        f"{common_text.capital(what)}. Nothing is done yet: this takes two people, and the card asks "
        f"for the second until {_until(proposal)}."
    )


def declined(proposal: Proposal, policy: Policy) -> discord.ui.LayoutView:
    """Say that what waited is off the table."""
    what = _what(proposal, policy)
    return parts.plain(parts.text(f"Declined on #{proposal.case_id}: {what}. Nothing was done."))


def waiting(view: CaseView, policy: Policy, now: datetime) -> Iterator[parts.Item]:
    """Yield the lines and buttons for what waits on a case, if anything does."""
    proposal = view.proposal
    if proposal is None or proposal.expires_at <= now:
        return
    who = parts.name(proposal.by_name)
    note = common_text.note(escape.line(proposal.note, _NOTE)) if proposal.note else None
    yield parts.text(
        f"⏳ **Waiting for a second pair of eyes.** {who} proposes {_what(proposal, policy)}.",
        note,
        parts.small(f"Somebody else has to agree by {_until(proposal)}."),
    )
    yield parts.row(
        button(
            on_case(Kind.AGREE, view.case, extra=proposal.number),
            AGREE,
            discord.ButtonStyle.danger,
        ),
        button(on_case(Kind.DECLINE, view.case), DECLINE),
    )


def _what(proposal: Proposal, policy: Policy) -> str:
    rule = policy.rule(proposal.rule) if proposal.rule is not None else None
    citing = f", citing *{parts.button_name(common_text.rule(rule))}*" if rule else ""
    if proposal.action is Action.BAN:
        length = durations.in_words(proposal.lasting)
        return f"a ban {length if proposal.lasting is None else f'for {length}'}{citing}"
    return {
        Action.KEEP: "to keep the comment",
        Action.HIDE: f"to hide the comment{citing}",
        Action.REOPEN: "to take the decision to keep it back",
        Action.UNBAN: f"to show the comment again and lift the ban{citing}",
    }.get(proposal.action, f"to show the comment again{citing}")


def _until(proposal: Proposal) -> str:
    return f"<t:{int(proposal.expires_at.timestamp())}:t>"
