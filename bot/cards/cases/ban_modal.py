"""The form behind Ban: which rule, for how long, and an optional note."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import discord

from bot.cards import escape, parts
from bot.cards.press_table import Fields, first
from bot.cards.presses.cases import BanForm
from bot.cards.presses.scheme import on_text
from bot.cards.text import common as common_text
from bot.cards.text import decisions as decision_text
from bot.cards.text import staff as staff_text
from bot.domain import bans
from bot.domain.bans import BanDraft
from bot.domain.cases import CaseView
from bot.domain.ids import RuleNumber
from bot.domain.policy import Policy

NOTE_LENGTH: Final = 500

_FOR_GOOD: Final = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """What was filled in; `lasting` is `None` for good."""

    rule: RuleNumber
    lasting: timedelta | None
    note: str | None
    reason: str | None = None


class BanModal(discord.ui.Modal):
    """The form, for one case and one revision of its comment.

    What was filled in is read from what is sent off, by `read`: discord.py keeps open forms in
    memory only, by custom id, so that a form opened before a restart, or by two people at once,
    would be lost to it. So nothing is kept: the modal is stopped before it is sent, and all that
    a submission means is in the submission. `draft` is what it is filled in with.
    """

    def __init__(self, view: CaseView, policy: Policy, draft: BanDraft | None = None) -> None:
        case, policy = view.case, policy.at(view.case.site)
        rule = draft.rule if draft and draft.rule in policy.by_number else case.top_rule
        super().__init__(
            title=decision_text.ban_title(_author(view), case.id),
            custom_id=on_text(BanForm, case).custom_id,
        )
        self.add_item(_rules(policy, rule))
        self.add_item(_lengths(view, policy, draft))
        reasons = parts.reason_options(policy, first=rule)
        if reasons:
            self.add_item(_reasons(reasons, draft.reason if draft else None))
        self.add_item(_note(draft.note if draft else None))
        self.stop()


def read(fields: Fields) -> Ban | None:
    """Return what was filled in, `None` if it cannot be read."""
    rule, days = first(fields, "rule"), first(fields, "days")
    if not _is_number(rule) or not _is_number(days):
        return None
    return Ban(
        rule=RuleNumber(int(rule)),
        lasting=None if days == _FOR_GOOD else timedelta(days=int(days)),
        note=first(fields, "note") or None,
        reason=first(fields, "reason") or None,
    )


def _author(view: CaseView) -> str:
    """The name as far as it fits: what people count as one sign may be many for Discord."""
    room = decision_text.room_for_name(view.case.id)
    shorter = (escape.label(view.author.name, length) for length in range(room, 0, -1))
    return (
        next((name for name in shorter if escape.units(name) <= room), "")
        or decision_text.THE_AUTHOR
    )


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}", value) is not None


def _rules(policy: Policy, chosen: RuleNumber) -> discord.ui.Label[Any]:
    """The rules to cite; at first the one most readers gave is chosen already."""
    options = parts.rule_options(policy, chosen=chosen)
    return discord.ui.Label(
        text=decision_text.BAN_RULE,
        component=discord.ui.Select(custom_id="rule", options=options),
    )


def _reasons(options: list[discord.SelectOption], chosen: str | None) -> discord.ui.Label[Any]:
    """The texts that may be added to the notice; at first none is chosen already."""
    for option in options:
        option.default = option.value == chosen
    return discord.ui.Label(
        text=staff_text.REASON_FIELD,
        description=staff_text.REASON_HELP,
        component=discord.ui.Select(
            custom_id="reason", options=options, required=False, min_values=0
        ),
    )


def _note(written: str | None) -> discord.ui.Label[Any]:
    """What is kept for the record; nobody but staff reads it."""
    return discord.ui.Label(
        text=decision_text.BAN_NOTE,
        description=decision_text.BAN_NOTE_HELP,
        component=discord.ui.TextInput(
            custom_id="note",
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=NOTE_LENGTH,
            default=written[:NOTE_LENGTH] if written else None,
        ),
    )


def _lengths(view: CaseView, policy: Policy, draft: BanDraft | None) -> discord.ui.Label[Any]:
    """The lengths to pick from; at first the suggested one is chosen, and the label says why."""
    strikes = view.record.strikes
    suggested = policy.recommended(view.case.top_rule, strikes)
    chosen = draft.lasting if draft is not None else suggested
    offered = {*bans.OFFERED, suggested}
    if chosen is not None:
        offered.add(chosen)
    options = [
        discord.SelectOption(
            label=common_text.capital(bans.in_words(lasting)),
            value=str(lasting.days),
            default=lasting == chosen,
        )
        for lasting in sorted(offered)
    ]
    for_good = discord.SelectOption(label=decision_text.FOR_GOOD, value=_FOR_GOOD)
    for_good.default = chosen is None
    options.append(for_good)
    return discord.ui.Label(
        text=decision_text.BAN_LENGTH,
        description=decision_text.ban_suggestion(suggested, strikes),
        component=discord.ui.Select(custom_id="days", options=options),
    )
