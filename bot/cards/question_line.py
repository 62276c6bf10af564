"""The lines under cards in which the desk asks what a reaction means."""

from collections.abc import Collection, Iterator
from typing import Final

import discord

from bot.cards import escape, facts, parts
from bot.cards.case_presses import BanAsAsked, BanNobody, BanOtherwise
from bot.cards.persistent_items import PressButton, button
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import reactions as reaction_text
from bot.domain import durations
from bot.domain.case import CaseView
from bot.domain.decision import Action
from bot.domain.policy import Policy
from bot.domain.reaction import Question, QuestionKind

_TEXT: Final = 500
_EMOJI: Final = 60
_MOST: Final = 20
"""People named in one line."""


def question_line(
    question: Question, view: CaseView, policy: Policy, can: Collection[Action]
) -> discord.ui.LayoutView:
    """Draw the line; send it with `allowed_mentions=AllowedMentions.none()`."""
    if question.kind is QuestionKind.BAN:
        return _ban(question, view, policy)
    return parts.plain(
        *_late(question, view, policy), parts.row(*parts.verdicts(view, policy, can))
    )


def plainly(question: Question) -> discord.ui.LayoutView:
    """Ask without a word that a reader wrote, and nothing to press: the card has the buttons."""
    return parts.plain(parts.text(reaction_text.plainly(common_text.case(question.case_id))))


def _ban(question: Question, view: CaseView, policy: Policy) -> discord.ui.LayoutView:
    [given] = question.given
    who = parts.name(given.by_name)
    cited = policy.rule(question.rule if question.rule is not None else view.case.top_rule)
    asked = reaction_text.ban_question(
        parts.name(view.author.name),
        durations.in_words(question.lasting),
        escape.line(common_text.rule(cited), _TEXT),
    )
    return parts.plain(
        parts.text(
            asked,
            parts.small(
                reaction_text.only(who, escape.line(given.emoji, _EMOJI), question.expires_at)
            ),
        ),
        parts.row(
            _answer(BanAsAsked, question, view, case_text.BAN_NOW, discord.ButtonStyle.danger),
            _answer(BanOtherwise, question, view, reaction_text.CHANGE),
            _answer(BanNobody, question, view, reaction_text.CANCEL),
        ),
    )


def _answer(
    kind: type[BanAsAsked | BanOtherwise | BanNobody],
    question: Question,
    view: CaseView,
    label: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> PressButton:
    press = kind(case=question.case_id, token=view.case.token, question=question.id)
    return button(press, label, style)


def _late(question: Question, view: CaseView, policy: Policy) -> Iterator[parts.Item]:
    given = ", ".join(
        reaction_text.given(parts.name(one.by_name), escape.line(one.emoji, _EMOJI), one.action)
        for one in question.given[:_MOST]
    )
    case = common_text.case(question.case_id)
    if question.card.revision == view.case.revision:
        yield parts.text(reaction_text.differ(case, given))
        return
    yield parts.text(reaction_text.before_edit(case, given))
    yield parts.text(parts.quote(view, policy, view.comment.text, _TEXT))
    before = facts.edited(view, policy, _TEXT)
    if before:
        yield parts.text(before)
