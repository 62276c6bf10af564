"""The moderators' channel: posts, edits and finds cards."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

import discord

from bot.cards import story_card
from bot.cards.case_card import render, unshowable
from bot.cards.case_presses import OpenCase
from bot.cards.outlet import Outlet
from bot.cards.presses import read
from bot.cards.refusals import Deed
from bot.domain.case import CardRef, Case, CaseView
from bot.domain.decision import Action
from bot.domain.errors import BoardBarred, BoardDown, BoardRefused, CardGone
from bot.domain.ids import CaseId, SiteId
from bot.domain.policy import Policy, ReactionBan
from bot.ports import Clock

log = logging.getLogger(__name__)


class DiscordBoard:
    """The `Board` port over the desk's channels."""

    def __init__(
        self,
        outlet: Outlet,
        channel_id: int,
        policy: Callable[[], Policy],
        clock: Clock,
        site_can: Callable[[SiteId], frozenset[Action]],
    ) -> None:
        self._outlet = outlet
        self._channel_id = channel_id
        self._policy = policy
        self._clock = clock
        self._site_can = site_can

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        await self._outlet.ready()

    @property
    def channel_id(self) -> int:
        """The desk's own channel."""
        return self._channel_id

    async def post(self, view: CaseView, *, nonce: str, channel_id: int) -> CardRef:
        """Post the card in a channel, without its text where Discord refuses that."""
        drawn, plain = self._drawn(view, posted=self._clock()), unshowable(view)
        post, shows = partial(self._outlet.post, channel_id, nonce=nonce, looked=True), True
        try:
            sent = await post(drawn, plainly=None)
        except BoardRefused as refused:
            log.warning("a card is put plainly: %s", refused)
            sent, shows = await post(plain, plainly=plain), False
        return _ref(view.case.id, _shown(view, text=shows), sent, channel_id)

    async def seed(self, ref: CardRef) -> None:
        """Put the reactions to press under a card."""
        policy = self._policy()
        emoji, off = policy.emoji, policy.reaction_ban is ReactionBan.OFF
        try:
            async with self._outlet.doing(Deed.REACT, ref.channel_id) as client:
                message = _message(client, ref)
                for one in (emoji.keep, emoji.hide, *(() if off else (emoji.ban,))):
                    await message.add_reaction(one)
        except (BoardDown, BoardRefused, CardGone) as trouble:
            log.warning("the card has no reactions to press: %s", trouble)

    async def unseed(self, ref: CardRef) -> None:
        """Take all reactions off a card, in one request."""
        try:
            async with self._outlet.doing(Deed.UNREACT, ref.channel_id) as client:
                await _message(client, ref).clear_reactions()
        except (BoardDown, BoardRefused, CardGone) as trouble:
            log.warning("the reactions stay on a card: %s", trouble)

    async def retire(self, ref: CardRef, channel_id: int) -> None:
        """Put in a card's place that it stands in another channel now.

        Where the desk may not change it any more it stays as it is: the case needs its card.
        """
        moved = story_card.moved(ref.case_id, channel_id)
        try:
            await self._outlet.edit(ref.channel_id, ref.message_id, moved, plainly=moved)
        except CardGone:
            return
        except BoardBarred as barred:
            log.warning("the card of case %s stays where it was: %s", ref.case_id, barred)
            return
        if ref.seeded:
            await self.unseed(ref)

    async def redraw(self, view: CaseView, ref: CardRef) -> CardRef:
        """Edit the card to show the case as it now is, without its text if Discord refuses that."""
        drawn = self._drawn(view, posted=discord.utils.snowflake_time(ref.message_id))
        shows = await self._outlet.edit(
            ref.channel_id, ref.message_id, drawn, plainly=unshowable(view)
        )
        return replace(ref, revision=_shown(view, text=shows))

    def _drawn(self, view: CaseView, *, posted: datetime) -> discord.ui.LayoutView:
        return render(
            view,
            self._policy(),
            now=self._clock(),
            posted=posted,
            site_can=self._site_can(view.case.site),
        )

    async def find(self, case: Case, since: datetime, *, channel_id: int) -> CardRef | None:
        """Look through our own messages since then for the card of a case."""
        async for message in self._outlet.ours_since(channel_id, since):
            if _shows(message, case):
                return _ref(case.id, 1, message.id, channel_id)
        return None


def _shown(view: CaseView, *, text: bool) -> int:
    """Return which revision a card shows; 0 where its text stands elsewhere, or nowhere."""
    return view.case.revision if text and view.withheld is None else 0


def _message(client: discord.Client, ref: CardRef) -> discord.PartialMessage:
    return client.get_partial_messageable(ref.channel_id).get_partial_message(ref.message_id)


def _ref(case_id: CaseId, revision: int, message_id: int, channel_id: int) -> CardRef:
    return CardRef(case_id=case_id, channel_id=channel_id, message_id=message_id, revision=revision)


def _shows(message: discord.Message, case: Case) -> bool:
    """Whether a message is the case's card; our answers name the case too, but only cards open."""
    opens = OpenCase(case=case.id, token=case.token)
    return opens in map(read, custom_ids(message.components))


def custom_ids(components: object) -> Iterator[str]:
    """Yield the custom ids of a message's buttons and menus, however deep they lie."""
    if not isinstance(components, list):
        return
    for component in components:  # pyright: ignore[reportUnknownVariableType] - discord.py's union has no common type
        custom_id = getattr(component, "custom_id", None)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(custom_id, str):
            yield custom_id
        yield from custom_ids(getattr(component, "children", None))  # pyright: ignore[reportUnknownArgumentType]
