"""Set-up's last part: one marked card is posted, decided, undone and taken away again."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import discord

from bot.app import now
from bot.cards.attempts import Presence
from bot.cards.messenger import DiscordMessenger
from bot.cards.text import cases as case_text
from bot.client import INTENTS, point_at
from bot.domain.cases import CardRef
from bot.domain.comments import Author, Comment, Report, Story
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.errors import DeskError
from bot.domain.ids import CaseId, PersonId, ReporterKey, SiteId
from bot.domain.site import Finding
from bot.domain.staff import Person
from bot.ports import Messenger
from bot.services.cases.decide import decide
from bot.services.cases.receive import receive
from bot.services.cases.reverse import reverse
from bot.services.deliver import card_lane, order_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import turn
from bot.sites.rehearsal import RehearsalSite
from bot.store.sqlite import open_store
from config.discord import authority, places_of
from config.policy import load_policy
from config.settings import Settings

_SITE = SiteId("set-up")
_PATIENCE = 20.0
_LEFT_BEHIND = 100
"""Messages among which the card of an interrupted set-up is looked for."""

_NAME = "Test card"


async def try_a_card(settings: Settings) -> Finding:
    """Post a card, decide it, undo that, and delete it; nothing of it is kept.

    It is drawn by the desk's own parts over a store that is thrown away, and read back from
    Discord after each step.
    """
    try:
        async with _stage(settings) as (desk, messenger, client):
            channel = client.get_partial_messageable(settings.discord.channel_id)
            await _tidy(channel)
            await _play(desk, messenger, channel, settings)
    except (DeskError, discord.DiscordException, OSError, TimeoutError) as error:
        return Finding(
            name=_NAME,
            good=False,
            words=f"it could not be posted, decided and undone: {error}",
            mend=("Run comment-desk check, mend what is crossed, and run set-up again.",),
        )
    return Finding(name=_NAME, good=True, words="posted, decided, undone and taken away again")


@asynccontextmanager
async def _stage(settings: Settings) -> AsyncGenerator[tuple[Desk, Messenger, discord.Client]]:
    """Connect, and open a desk whose record is thrown away."""
    where, channel_id = settings.discord, settings.discord.channel_id
    if where.api_url and where.gateway_url:
        point_at(where.api_url, where.gateway_url, allow_remote=where.allow_remote_api)
    policy = replace(load_policy(settings.policy), routes=())
    with TemporaryDirectory(prefix="comment-desk-") as folder:
        async with (
            open_store(Path(folder) / "trial.db") as store,
            _connected(where.token.get_secret_value()) as client,
        ):
            presence = Presence()
            presence.arrive(client)
            desk = Desk(store=store, policy=lambda: policy, authority=authority(where), clock=now)
            messenger = DiscordMessenger(
                presence,
                desk,
                places_of(where),
                lambda: {channel_id: f"{where.variables}CHANNEL_ID"},
                mark=case_text.TRIAL,
            )
            yield desk, messenger, client


@asynccontextmanager
async def _connected(token: str) -> AsyncGenerator[discord.Client]:
    client = discord.Client(intents=INTENTS, allowed_mentions=discord.AllowedMentions.none())
    async with client:
        await client.login(token)
        running = asyncio.create_task(client.connect(reconnect=False))
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait(
                (running, ready), timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED
            )
            if running.done():
                running.result()
            if not ready.done():
                raise TimeoutError("Discord's gateway did not answer in time")
            yield client
        finally:
            await client.close()
            ready.cancel()
            await asyncio.gather(running, ready, return_exceptions=True)


async def _tidy(channel: discord.PartialMessageable) -> None:
    """Delete what a set-up left behind that was interrupted at this very point."""
    async for message in channel.history(limit=_LEFT_BEHIND):
        if is_trial(message):
            await message.delete()


async def _play(
    desk: Desk, messenger: Messenger, channel: discord.PartialMessageable, settings: Settings
) -> None:
    [receipt] = await receive(desk, [_report(desk)])
    card = await _drawn(desk, messenger, channel, receipt.case_id, decided=False)
    try:
        by = _somebody(settings)
        hide = Verdict(action=Action.HIDE, by=by, door=Door.BUTTON)
        await decide(desk, receipt.case_id, hide)
        await _drawn(desk, messenger, channel, receipt.case_id, decided=True)
        await reverse(desk, receipt.case_id, by=by, door=Door.BUTTON)
        await _drawn(desk, messenger, channel, receipt.case_id, decided=False)
    finally:
        with suppress(discord.NotFound):
            await channel.get_partial_message(card.message_id).delete()


async def _drawn(
    desk: Desk,
    messenger: Messenger,
    channel: discord.PartialMessageable,
    case_id: CaseId,
    *,
    decided: bool,
) -> CardRef:
    """Draw what is due, and see in Discord that the card stands there as it should.

    Raises:
        DeskError: It does not.
    """
    for lane in (order_lane(desk, _SITE, RehearsalSite()), card_lane(desk, messenger)):
        while await turn(lane):
            pass
    ref = await desk.store.read(lambda tx: tx.cards.get(case_id))
    if ref is None or ref.decided is not decided:
        said = " ".join(trouble.said for trouble in desk.troubles.current)
        raise DeskError(f"the card is not in Discord as it should be. {said}".rstrip())
    if not is_trial(await channel.fetch_message(ref.message_id)):
        raise DeskError("Discord shows another message in its place.")
    return ref


def _report(desk: Desk) -> Report:
    at = desk.clock()
    return Report(
        site=_SITE,
        delivery="set-up",
        comment=Comment(
            external_id="set-up",
            revision="1",
            text="This is no reader's comment: it shows that cards arrive here.",
            permalink="https://example.org/",
            created=at,
        ),
        author=Author(external_id="set-up", name="Comment Desk"),
        story=Story(external_id="set-up", title="Set-up", url="https://example.org/"),
        reporter=ReporterKey(b"set-up"),
        rule=desk.policy().rules[0].number,
        note=None,
        at=at,
    )


def _somebody(settings: Settings) -> Person:
    """Return a stand-in for a moderator: nobody's name is put to it."""
    discord_ = settings.discord
    roles = {*discord_.moderator_roles, *discord_.senior_roles, *discord_.editor_roles}
    return Person(id=PersonId(1), name="Set-up", roles=frozenset(roles))


def is_trial(message: discord.Message) -> bool:
    """Whether a message of the desk's own is such a card."""
    return any(text.startswith(case_text.TRIAL) for text in _texts(message.components))


def _texts(components: object) -> Iterator[str]:
    if not isinstance(components, list):
        return
    for component in components:  # pyright: ignore[reportUnknownVariableType] - discord.py's union has no common type
        content = getattr(component, "content", None)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(content, str):
            yield content
        yield from _texts(getattr(component, "children", None))  # pyright: ignore[reportUnknownArgumentType]
