"""The form that answers a contest: the reasons, and what a changed decision needs besides."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import discord

from bot.cards import parts
from bot.cards.press_table import Fields, first
from bot.cards.presses.readers import ContestForm
from bot.cards.text import contests as contest_text
from bot.domain.cases import Answer
from bot.domain.decisions import Action
from bot.domain.ids import RuleNumber
from bot.domain.policy import Policy
from bot.domain.readers.contest import LONGEST_TEXT, About, ContestView

ANSWERS: Final = tuple(Answer)
"""The answers in the order by which the form names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was filled in."""

    answer: Answer
    reasons: str
    rule: RuleNumber | None
    lasting: timedelta | None


class ContestModal(discord.ui.Modal):
    """The form, for one contest and answer; it is read by `read`, so nothing is kept."""

    def __init__(self, seen: ContestView, answer: Answer, policy: Policy) -> None:
        case, contest = seen.view.case, seen.contest
        form = ContestForm(
            case=case.id, token=case.token, contest=contest.id, answer=ANSWERS.index(answer)
        )
        title = contest_text.form_title(answer, contest.id)
        super().__init__(title=title, custom_id=form.custom_id)
        of_comment = seen.contest.about is About.DECISION and seen.stands
        kept = seen.decision.action is Action.KEEP
        hides = answer is Answer.OVERTURNED and kept and of_comment
        if hides:
            options = parts.rule_options(policy.at(case.site), chosen=case.top_rule)
            picked: discord.ui.Select[Any] = discord.ui.Select(custom_id="rule", options=options)
            self._ask(contest_text.RULE_FIELD, picked)
        if answer is Answer.SHORTENED:
            days: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="days", max_length=4)
            self._ask(contest_text.DAYS_FIELD, days, contest_text.DAYS_HELP)
        reasons: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reasons", style=discord.TextStyle.paragraph, max_length=LONGEST_TEXT
        )
        self._ask(contest_text.REASONS_FIELD, reasons, contest_text.REASONS_HELP)
        self.stop()

    def _ask(self, label: str, component: discord.ui.Item[Any], hint: str | None = None) -> None:
        self.add_item(discord.ui.Label(text=label, description=hint, component=component))


def read(form: ContestForm, fields: Fields) -> Filled | None:
    """Return what was filled in, `None` if it cannot be read."""
    rule, days = first(fields, "rule"), first(fields, "days")
    if form.answer >= len(ANSWERS) or (rule and not _is_number(rule)):
        return None
    return Filled(
        answer=ANSWERS[form.answer],
        reasons=first(fields, "reasons"),
        rule=RuleNumber(int(rule)) if rule else None,
        # What is no number is no length either, and the answer says what one is.
        lasting=timedelta(days=int(days)) if _is_number(days) else None,
    )


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}", value) is not None
