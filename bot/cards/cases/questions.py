"""The lines under cards in which the desk asks what a reaction means, and how they go again."""

import logging
from collections.abc import Collection, Iterator
from typing import Final

import aiohttp
import discord

from bot.cards import escape, parts
from bot.cards.attempts import Presence
from bot.cards.cases import facts
from bot.cards.presses.cases import BanAsAsked, BanNobody, BanOtherwise
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import decisions as decision_text
from bot.domain import bans
from bot.domain.cases import CaseView
from bot.domain.decisions import Action
from bot.domain.errors import BoardDown, CardGone
from bot.domain.ids import MessageRef
from bot.domain.policy import Policy
from bot.domain.reactions import Question, QuestionKind, Reaction
from bot.domain.sayings import QuestionLine
from bot.ports import Messenger
from bot.services.cases.lookup import look
from bot.services.cases.reacting import refused
from bot.services.desk import Desk
from bot.services.outbox_worker import keep_on
from bot.store.tx import Tx

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
    return parts.plain(parts.text(decision_text.plainly(common_text.case(question.case_id))))


def _ban(question: Question, view: CaseView, policy: Policy) -> discord.ui.LayoutView:
    [given] = question.given
    who = parts.name(given.by_name)
    cited = policy.rule(question.rule if question.rule is not None else view.case.top_rule)
    asked = decision_text.ban_question(
        parts.name(view.author.name),
        bans.in_words(question.lasting),
        escape.line(common_text.rule(cited), _TEXT),
    )
    return parts.plain(
        parts.text(
            asked,
            parts.small(
                decision_text.only(who, escape.line(given.emoji, _EMOJI), question.expires_at)
            ),
        ),
        parts.row(
            _answer(BanAsAsked, question, view, case_text.BAN_NOW, discord.ButtonStyle.danger),
            _answer(BanOtherwise, question, view, decision_text.CHANGE),
            _answer(BanNobody, question, view, decision_text.CANCEL),
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
        decision_text.given(parts.name(one.by_name), escape.line(one.emoji, _EMOJI), one.action)
        for one in question.given[:_MOST]
    )
    case = common_text.case(question.case_id)
    if question.card.revision == view.case.revision:
        yield parts.text(decision_text.differ(case, given))
        return
    yield parts.text(decision_text.before_edit(case, given))
    yield parts.text(parts.quote(view, policy, view.comment.text, _TEXT))
    before = facts.edited(view, policy, _TEXT)
    if before:
        yield parts.text(before)


log = logging.getLogger(__name__)

_LOOK_EVERY = 1.0
"""Seconds between looks when nothing new is asked; lines go by time."""


class Questioner:
    """Keeps the lines in the channels as the record says they should be."""

    def __init__(self, desk: Desk, messenger: Messenger, presence: Presence) -> None:
        self._desk = desk
        self._presence = presence
        self._messenger = messenger

    async def keep_asking(self) -> None:
        """Post and take away lines, for ever."""
        await keep_on(self._desk, self.turn, look_every=_LOOK_EVERY)

    async def turn(self) -> bool:
        """Post and take away what is due; false if that was nothing, or Discord is in trouble."""
        await self._messenger.ready()
        now = self._desk.clock()
        over = await self._desk.store.read(lambda tx: tx.questions.to_take_away(now))
        new = await self._desk.store.read(lambda tx: tx.questions.to_post(now))
        gone = {question.id for question in over}
        try:
            for question in over:
                await self._take_away(question)
            for question in new:
                if question.id not in gone:
                    await self._post(question)
        except BoardDown as trouble:
            log.warning("a question under a card is posted or taken away later: %s", trouble)
            return False
        return bool(over or new)

    async def _post(self, question: Question) -> None:
        desk, card = self._desk, question.card
        view = await look(desk, question.case_id)
        try:
            posted = await self._messenger.post(
                card.channel_id,
                QuestionLine(question=question, view=view),
                nonce=f"ask-{question.id}-{int(question.at.timestamp() * 1000)}",
                under=card.at,
                noted=False,
            )
        except CardGone:
            await desk.store.write(lambda tx: tx.questions.drop(question.id))
            return
        await desk.store.write(lambda tx: tx.questions.posted(question.id, posted.at.message_id))

    async def _take_away(self, question: Question) -> None:
        channel_id = question.card.channel_id
        if question.message_id is not None:
            line = MessageRef(channel_id=channel_id, message_id=question.message_id)
            await self._messenger.delete(line, noted=False)
        if question.reaction is not None and await self._still_stands(question):
            client = await self._presence.client()
            await take_off(self._desk, client, channel_id, question.reaction)
        await self._desk.store.write(lambda tx: tx.questions.drop(question.id))

    async def _still_stands(self, over: Question) -> bool:
        """Whether the reaction is the one that was asked about.

        Whoever took it back may have given it again since, and that one is another question's.
        """

        def stands(tx: Tx) -> bool:
            asked = tx.questions.open_of(over.case_id)
            again = any(one.id != over.id and one.reaction == over.reaction for one in asked)
            return over.reaction in tx.reactions.handled(over.card.message_id) and not again

        return await self._desk.store.read(stands)


async def take_off(desk: Desk, client: discord.Client, channel_id: int, reaction: Reaction) -> None:
    """Take a reaction off its message; where that cannot be, it is kept that it was handled."""
    channel = client.get_partial_messageable(channel_id)
    message = channel.get_partial_message(reaction.message_id)
    try:
        await message.remove_reaction(reaction.emoji, discord.Object(reaction.by_id))
    except discord.NotFound:
        pass  # it is gone already, or its message is
    except (discord.DiscordException, aiohttp.ClientError, OSError) as trouble:
        log.warning("a reaction was not taken off: %s", trouble)
        await refused(desk, reaction)
        return
    by_id, emoji = reaction.by_id, reaction.emoji
    await desk.store.write(lambda tx: tx.reactions.forget(reaction.message_id, by_id, emoji))
