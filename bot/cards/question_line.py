"""The lines under cards in which the desk asks what a reaction means."""

from collections.abc import Collection, Iterator
from typing import Final

import discord

from bot.cards import escape, facts, parts, wording
from bot.cards import wording_reactions as told
from bot.cards.buttons import Kind, Press, button
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
    return parts.plain(parts.text(told.plainly(wording.case(question.case_id))))


def _ban(question: Question, view: CaseView, policy: Policy) -> discord.ui.LayoutView:
    [given] = question.given
    who = parts.name(given.by_name)
    cited = policy.rule(question.rule if question.rule is not None else view.case.top_rule)
    asked = told.ban_question(
        parts.name(view.author.name),
        durations.in_words(question.lasting),
        escape.line(wording.rule(cited), _TEXT),
    )
    return parts.plain(
        parts.text(
            asked,
            parts.small(told.only(who, escape.line(given.emoji, _EMOJI), question.expires_at)),
        ),
        parts.row(
            button(
                _press(Kind.HAMMER, question, view), wording.BAN_NOW, discord.ButtonStyle.danger
            ),
            button(_press(Kind.HAMMER_CHANGE, question, view), told.CHANGE),
            button(_press(Kind.HAMMER_CANCEL, question, view), told.CANCEL),
        ),
    )


def _press(kind: Kind, question: Question, view: CaseView) -> Press:
    return Press(
        kind=kind,
        case_id=question.case_id,
        seen=question.card.revision,
        extra=question.id,
        token=view.case.token,
    )


def _late(question: Question, view: CaseView, policy: Policy) -> Iterator[parts.Item]:
    given = ", ".join(
        told.given(parts.name(one.by_name), escape.line(one.emoji, _EMOJI), one.action)
        for one in question.given[:_MOST]
    )
    case = wording.case(question.case_id)
    if question.card.revision == view.case.revision:
        yield parts.text(told.differ(case, given))
        return
    yield parts.text(told.before_edit(case, given))
    yield parts.text(parts.quote(view, policy, view.comment.text, _TEXT))
    before = facts.edited(view, policy, _TEXT)
    if before:
        yield parts.text(before)
