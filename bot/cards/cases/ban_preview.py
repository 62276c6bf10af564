"""What a ban would do and what its author would read, before it is sent off."""

from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.presses.cases import CancelBan, ChangeBan, SendBan
from bot.cards.presses.persistent_items import button
from bot.cards.text import common as common_text
from bot.cards.text import decisions as decision_text
from bot.domain.bans import BanDraft
from bot.domain.cases import CaseView
from bot.domain.policy import Policy

_NOTICE: Final = 2000
_REASON: Final = 300
_NOTE: Final = 500


def preview(draft: BanDraft, view: CaseView, policy: Policy) -> discord.ui.LayoutView:
    """Show the exact words that the author will read, to send off, change or cancel."""
    rule = policy.rule(draft.rule)
    fits = rule.may_add(draft.reason)
    told = escape.prose(rule.told(draft.reason if fits else None), _NOTICE, lines=20)
    return parts.plain(
        parts.text(
            decision_text.would_ban(
                parts.name(view.author.name),
                common_text.ban_length_of(draft.lasting),
                draft.case_id,
                escape.line(common_text.rule(rule), 80),
            ),
            decision_text.AUTHOR_READS,
            common_text.quoted(told),
        ),
        *([] if fits else [parts.text(_misfit(draft))]),
        *([parts.text(_note(draft.note))] if draft.note else []),
        parts.row(
            button(_press(SendBan, draft, view), decision_text.SEND, discord.ButtonStyle.danger),
            button(_press(ChangeBan, draft, view), decision_text.CHANGE),
            button(_press(CancelBan, draft, view), decision_text.CANCEL),
        ),
    )


def _misfit(draft: BanDraft) -> str:
    return decision_text.does_not_fit(escape.line(draft.reason or "", _REASON))


def _note(words: str) -> str:
    return parts.small(common_text.note(escape.line(words, _NOTE)))


def _press(
    kind: type[SendBan | ChangeBan | CancelBan], draft: BanDraft, view: CaseView
) -> SendBan | ChangeBan | CancelBan:
    return kind(case=draft.case_id, token=view.case.token, draft=draft.number)
