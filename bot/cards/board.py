"""The moderators' channel: posts and edits cards, and puts Discord's troubles into our words."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import aiohttp
import discord

from bot.cards import story_card
from bot.cards.buttons import Kind, parse
from bot.cards.case_card import render
from bot.domain.case import CardRef, Case, CaseView
from bot.domain.decision import Action
from bot.domain.errors import BoardDown, BoardRefused, CardGone
from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.ports import Clock

log = logging.getLogger(__name__)

_PATIENCE = 60.0
"""Seconds for one call: aiohttp's own limit is five minutes, and the message may have landed."""

_LOOK_BACK = 200
"""Messages searched for a card whose posting was not seen to end."""


class Presence:
    """Whether Discord can be spoken to, and through which client."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None
        self._here = asyncio.Event()

    @property
    def is_here(self) -> bool:
        """Whether a client is connected."""
        return self._here.is_set()

    def arrive(self, client: discord.Client) -> None:
        """A client has connected and knows its guild."""
        self._client = client
        self._here.set()

    def leave(self) -> None:
        """The client is gone; who waits, waits for the next one."""
        self._client = None
        self._here.clear()

    async def client(self) -> discord.Client:
        """Return the connected client, waiting for one if need be."""
        while self._client is None:
            await self._here.wait()
        return self._client


class DiscordBoard:
    """The `Board` port over a channel."""

    def __init__(
        self,
        presence: Presence,
        channel_id: int,
        policy: Callable[[], Policy],
        clock: Clock,
        site_can: Callable[[SiteId], frozenset[Action]],
    ) -> None:
        self._presence = presence
        self._channel_id = channel_id
        self._policy = policy
        self._clock = clock
        self._site_can = site_can

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._presence.client()

    @property
    def channel_id(self) -> int:
        """The desk's own channel."""
        return self._channel_id

    async def post(self, view: CaseView, *, nonce: str, channel_id: int) -> CardRef:
        """Post the card in a channel."""
        now = self._clock()
        channel = await self._channel(channel_id)
        async with _in_a_channel(), in_our_words():
            message = await channel.send(
                view=self._drawn(view, posted=now),
                nonce=nonce,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return _ref(view, message.id, channel.id)

    async def seed(self, ref: CardRef) -> None:
        """Put the reactions to press under a card."""
        client = await self._presence.client()
        message = client.get_partial_messageable(ref.channel_id).get_partial_message(ref.message_id)
        emoji = self._policy().emoji
        try:
            async with in_our_words():
                for one in (emoji.keep, emoji.hide, emoji.ban):
                    await message.add_reaction(one)
        except (BoardDown, BoardRefused, CardGone) as trouble:
            log.warning("the card has no reactions to press: %s", trouble)

    async def unseed(self, ref: CardRef) -> None:
        """Take all reactions off a card, in one request."""
        client = await self._presence.client()
        message = client.get_partial_messageable(ref.channel_id).get_partial_message(ref.message_id)
        try:
            async with in_our_words():
                await message.clear_reactions()
        except (BoardDown, BoardRefused, CardGone) as trouble:
            log.warning("the reactions stay on a card: %s", trouble)

    async def retire(self, ref: CardRef, channel_id: int) -> None:
        """Put in a card's place that it stands in another channel now."""
        client = await self._presence.client()
        message = client.get_partial_messageable(ref.channel_id).get_partial_message(ref.message_id)
        with suppress(CardGone):
            async with in_our_words():
                await message.edit(
                    view=story_card.moved(ref.case_id, channel_id),
                    allowed_mentions=discord.AllowedMentions.none(),
                )
        if ref.seeded:
            await self.unseed(ref)

    async def redraw(self, view: CaseView, ref: CardRef) -> None:
        """Edit the card to show the case as it now is."""
        client = await self._presence.client()
        message = client.get_partial_messageable(ref.channel_id).get_partial_message(ref.message_id)
        posted = discord.utils.snowflake_time(ref.message_id)
        async with in_our_words():
            await message.edit(
                view=self._drawn(view, posted=posted),
                allowed_mentions=discord.AllowedMentions.none(),
            )

    def _drawn(self, view: CaseView, *, posted: datetime) -> discord.ui.LayoutView:
        return render(
            view,
            self._policy(),
            now=self._clock(),
            posted=posted,
            site_can=self._site_can(view.case.site),
        )

    async def find(self, case: Case, since: datetime, *, channel_id: int) -> CardRef | None:
        """Look through our own newest messages for the card of a case."""
        client = await self._presence.client()
        channel = await self._channel(channel_id)
        mine = client.user.id if client.user else None
        async with in_our_words():
            after = since - timedelta(minutes=1)
            async for message in channel.history(limit=_LOOK_BACK, after=after):
                if message.author.id == mine and _shows(message, case):
                    return CardRef(
                        case_id=case.id,
                        channel_id=channel.id,
                        message_id=message.id,
                        revision=1,
                    )
        return None

    async def _channel(self, channel_id: int) -> discord.PartialMessageable:
        client = await self._presence.client()
        return client.get_partial_messageable(channel_id)


def _ref(view: CaseView, message_id: int, channel_id: int) -> CardRef:
    return CardRef(
        case_id=view.case.id,
        channel_id=channel_id,
        message_id=message_id,
        revision=view.case.revision,
    )


def _shows(message: discord.Message, case: Case) -> bool:
    """Whether a message is the case's card; our answers name the case too, but only cards open."""
    pressed = map(parse, custom_ids(message.components))
    return any(
        press is not None
        and (press.case_id, press.token) == (case.id, case.token)
        and press.kind in {Kind.MORE, Kind.OPEN}
        for press in pressed
    )


def custom_ids(components: object) -> Iterator[str]:
    """Yield the custom ids of a message's buttons and menus, however deep they lie."""
    if not isinstance(components, list):
        return
    for component in components:  # pyright: ignore[reportUnknownVariableType] - discord.py's union has no common type
        custom_id = getattr(component, "custom_id", None)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(custom_id, str):
            yield custom_id
        yield from custom_ids(getattr(component, "children", None))  # pyright: ignore[reportUnknownArgumentType]


@asynccontextmanager
async def _in_a_channel() -> AsyncGenerator[None]:
    """Say of a missing channel what it is; it is tried again, as somebody may mend it."""
    try:
        yield
    except CardGone as error:
        raise BoardDown(
            "The channel is not there, or the bot cannot see it: check the settings and the "
            "policy's [[routes]]."
        ) from error


@asynccontextmanager
async def in_our_words() -> AsyncGenerator[None]:
    """Translate what discord.py and aiohttp raise; a dropped connection is not discord.py's."""
    try:
        async with asyncio.timeout(_PATIENCE):
            yield
    except discord.NotFound as error:
        raise CardGone("The card's message or channel is gone.") from error
    except discord.RateLimited as error:
        raise BoardDown(
            "Discord asks for fewer requests.", timedelta(seconds=error.retry_after)
        ) from error
    except discord.HTTPException as error:
        if error.status == 429 or error.status >= 500:  # noqa: PLR2004 - HTTP status classes
            raise BoardDown(f"Discord answered {error.status}.") from error
        raise BoardRefused(f"Discord refused: {error.text or error.status}") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise BoardDown(f"Discord cannot be reached: {type(error).__name__}.") from error
