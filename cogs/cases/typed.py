"""Deciding by typing: a reply to what the desk said, or a line that mentions it."""

import asyncio
import logging
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.cards.cases import case_answers
from bot.cards.presses.persistent_items import presses_on
from bot.cards.presses.scheme import OfCase
from bot.cards.staff.help_pages import help_page
from bot.cards.text import decisions as decision_text
from bot.cards.text import help as help_text
from bot.client import DeskClient
from bot.domain.errors import DeskError, NotUnderstood, apart
from bot.domain.foreign import whole
from bot.domain.grammar import asks_help
from bot.domain.staff import Person
from bot.services.cases import lines
from bot.services.cases.lines import Done
from bot.services.cases.routing import channels
from bot.services.desk import Desk
from bot.store.errors import StoreTrouble
from cogs import failures
from cogs.cases import site_news
from cogs.cases.reading import Reading
from cogs.cases.typed_message import WRITTEN, check_mentions, line_of
from cogs.gate import check_press
from cogs.people import person, with_roles

log = logging.getLogger(__name__)

_READ_AGAIN_FOR = timedelta(minutes=2)
_REMEMBERED = 500
_BETWEEN_TRIES = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a line is answered. `understood` says that an edit of it is not read again."""

    view: discord.ui.LayoutView
    understood: bool
    done: tuple[Done, ...] = ()


class TypedLines(commands.Cog):
    """Turns a typed line into verdicts, and repeats in words what was understood."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._desk: Desk = client.desk
        self._seen: OrderedDict[int, discord.Message | None] = OrderedDict()
        self._ahead: float | None = None
        self.reading = Reading(client.desk)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Read a line that is meant for the desk."""
        place = message.channel.id
        self.reading.begin(place, message.id)
        late = self._came_late(message)
        if not await self.is_line(message):
            self.reading.passed(place, message.id)
            return
        told = await self.handle(message, late=late)
        try:
            await self.reading.done(place, message.id)
        except StoreTrouble as trouble:
            log.warning("how far the lines were read is kept later: %s", trouble)
        if told is not None:
            await site_news.tell(self._client, *told, message.author.id)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Read a line again that was not understood and then put right."""
        answer = self._seen.get(payload.message_id)
        message = payload.message
        if answer is None or discord.utils.utcnow() - message.created_at > _READ_AGAIN_FOR:
            return
        # Forgotten first: two edits in one moment must not carry a line out twice.
        self._seen[message.id] = None
        new = await self._answer(message, late=False)
        if not new.understood:
            self._seen[message.id] = answer
        await answer.edit(view=new.view)
        await self._keep(message, answer, new)

    async def is_line(self, message: discord.Message) -> bool:
        """Whether a person wrote a message for the desk, where the desk reads."""
        by_person = not message.author.bot and message.webhook_id is None
        if not by_person or message.type not in WRITTEN or not self._mentions_us(message):
            return False
        return self.is_read(message.channel) or await lines.belongs(self._desk, message.channel.id)

    def is_read(self, channel: object) -> bool:
        """Whether lines are read in a channel: those of the staff, and the threads in them."""
        own = self.channels()
        return getattr(channel, "id", 0) in own or getattr(channel, "parent_id", 0) in own

    def channels(self) -> frozenset[int]:
        """Return the channels where lines are read."""
        place = self._client.place
        return channels(self._desk.policy(), place.channel_id) | place.also

    async def handle(
        self, message: discord.Message, *, late: bool
    ) -> tuple[discord.Message, tuple[Done, ...]] | None:
        """Carry out a line and answer it, once; return the answer, and what was done."""
        if message.id in self._seen:
            return None
        self._remember(message.id, None)
        answer = _Answer(view=case_answers.saying(decision_text.FAILED), understood=True)
        with apart() as part:  # whoever typed it must hear of it
            answer = await self._answer(message, late=late)
        if part.fault is not None:
            log.error("a typed line failed", exc_info=part.fault)
        try:
            sent = await message.reply(
                view=answer.view, mention_author=False, nonce=f"line-{message.id}"
            )
        except failures.UNHEARD as error:
            log.warning("the answer to a typed line did not arrive: %s", error)
            return None
        if not answer.understood:
            self._remember(message.id, sent)
        try:
            await self._keep(message, sent, answer)
        except StoreTrouble as trouble:
            log.warning("that a line was answered is not kept: %s", trouble)
        return sent, answer.done

    async def answer_again(self) -> None:
        """Tell people what came of lines that a crash or an outage left unanswered."""
        for line, done in await lines.unanswered(self._desk):
            if line.message_id in self._seen:
                continue
            self._remember(line.message_id, None)
            place = self._client.get_partial_messageable(line.channel_id)
            policy, can = self._desk.policy(), self._desk.site_can
            view = case_answers.typed(done, policy, site_can=can, asked_by=line.by_id)
            sent = 0
            try:
                message = await place.get_partial_message(line.message_id).reply(
                    view=view, mention_author=False, nonce=f"line-{line.message_id}"
                )
                sent = message.id
            except (discord.NotFound, discord.Forbidden) as error:
                log.warning("nobody is left to answer about a typed line: %s", error)
            await lines.answered(self._desk, line.message_id, sent, done if sent else ())

    async def _keep(self, message: discord.Message, sent: discord.Message, new: _Answer) -> None:
        if new.done:
            await lines.answered(self._desk, message.id, sent.id, new.done)

    def _remember(self, message_id: int, answer: discord.Message | None) -> None:
        """Keep that a line was read, with the answer to replace if it was not understood."""
        self._seen[message_id] = answer
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _came_late(self, message: discord.Message) -> bool:
        """Whether a message is older than the newest news of Discord by more than is prompt.

        Events that were missed are told again after a disturbance. By Discord's own times, so
        that a wrong clock of this machine makes nothing late.
        """
        ahead = message.created_at.timestamp() - time.monotonic()
        self._ahead = max(ahead, self._ahead if self._ahead is not None else ahead)
        return self._ahead - ahead > self._desk.policy().channel.late_after.total_seconds()

    def _mentions_us(self, message: discord.Message) -> bool:
        is_named = any(self._client.is_me(user.id) for user in message.mentions)
        return is_named or self._role_mentioned(message)

    def _role_mentioned(self, message: discord.Message) -> bool:
        """Whether the role that Discord made for the bot is mentioned, which bears its name."""
        guild = self._client.get_guild(self._client.place.guild_id)
        role = guild.self_role if guild else None
        return role is not None and role.id in message.raw_role_mentions

    async def _answer(self, message: discord.Message, *, late: bool) -> _Answer:
        """Carry a line out and return the answer, though the database be held for a while."""
        begun, arrived = time.monotonic(), self._desk.clock()
        prompt = self._desk.policy().channel.late_after.total_seconds()
        while True:
            try:
                return await self._carried_out(message, arrived, late=late)
            except StoreTrouble as trouble:
                if time.monotonic() - begun > prompt:
                    log.warning("a typed line was not carried out: %s", trouble)
                    return _Answer(
                        view=case_answers.saying(decision_text.NOT_KEPT), understood=True
                    )
                await asyncio.sleep(_BETWEEN_TRIES)

    async def _carried_out(
        self, message: discord.Message, arrived: datetime, *, late: bool
    ) -> _Answer:
        policy = self._desk.policy()
        author = await with_roles(self._client, self._client.place.guild_id, message.author)
        text = self._text(message)
        help_asked = self._help_for(text, message, person(author))
        if help_asked is not None:
            return _Answer(view=help_asked, understood=False)
        line = line_of(message, person(author), arrived, late=late)
        try:
            check_mentions(text)
            await self._check_answered(message, line.by)
            done = await lines.carry_out(self._desk, line, text)
        except StoreTrouble:
            raise
        except NotUnderstood as error:
            return _Answer(view=case_answers.trouble(error, policy), understood=False)
        except DeskError as error:
            view = await failures.explain(self._desk, error, author)
            return _Answer(view=view, understood=True)
        can = self._desk.site_can
        view = case_answers.typed(done, policy, site_can=can, asked_by=line.by.id)
        return _Answer(view=view, understood=True, done=done)

    def _help_for(
        self, text: str, message: discord.Message, by: Person
    ) -> discord.ui.LayoutView | None:
        """Return what helps on whoever typed no order, `None` if they may have."""
        if not text and self._role_mentioned(message):
            return case_answers.saying(decision_text.ROLE_MENTIONED)
        if asks_help(text):
            rank = self._desk.authority.rank(by)
            return help_page(help_text.Topic.TYPING, rank, self._desk.policy(), ())
        return None

    async def _check_answered(self, message: discord.Message, by: Person) -> None:
        """Refuse what is about a card of another record: its number is another comment's here.

        Raises:
            ForeignCard: The line answers one, or stands in its thread.
        """
        answered = message.reference.resolved if message.reference is not None else None
        if answered is None:
            answered = await self._above(message.channel)
        if not isinstance(answered, discord.Message) or not self._client.is_me(answered.author.id):
            return
        press = next(presses_on(answered), None)
        if isinstance(press, OfCase):
            await check_press(self._desk, press, by, answered.id)

    async def _above(self, channel: object) -> discord.Message | None:
        """Return the message that a thread of the desk's own began at, unless it is well known."""
        if not isinstance(channel, discord.Thread) or not self._client.is_me(channel.owner_id):
            return None
        if await lines.belongs(self._desk, channel.id):
            return None
        place = self._client.get_partial_messageable(channel.parent_id)
        try:
            return await place.fetch_message(channel.id)
        except failures.UNHEARD:
            return None

    def _text(self, message: discord.Message) -> str:
        """Return what was typed besides the desk's own mention."""
        guild = self._client.get_guild(self._client.place.guild_id)
        role = guild.self_role if guild else None
        ours = [f"<@!?{self._client.user.id}>"] if self._client.user else []
        ours += [f"<@&{role.id}>"] if role else []
        text = re.sub("|".join(ours), " ", message.content) if ours else message.content
        return whole(text.strip())


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(TypedLines(client))
