"""`comment-desk rehearse`: a recorded day again, in a test channel, with nothing coming of it."""

import asyncio
import json
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.markup import escape

from bot.app import now
from bot.cards.attempts import Presence
from bot.cards.cases.questions import Questioner
from bot.cards.messenger import DiscordMessenger
from bot.cards.text import cases as case_text
from bot.client import DeskClient, Place, point_at, stay_connected
from bot.domain.comments import Report
from bot.domain.errors import DeskError
from bot.domain.ids import Places, SiteId
from bot.domain.lines import count
from bot.domain.policy import Policy
from bot.domain.rehearsal import CommentKey, Moved, Recording, Settled, compare, counted
from bot.domain.site import SiteKeys
from bot.services.cases import rehearse as rehearsing
from bot.services.deliver import card_lane, order_lane
from bot.services.desk import Desk
from bot.services.outbox_worker import work
from bot.sites.rehearsal import RehearsalSite
from bot.store.recording import read_recording
from bot.store.sqlite import open_store
from bot.store.store import Place as StorePlace
from bot.web.problems import Problem
from bot.web.reading import Unreadable, read_report
from bot.web.shape import read_single
from bot.web.signature import Sender
from config.discord import authority
from config.policy import load_policy
from config.settings import Settings

_SQLITE = b"SQLite format 3\x00"
_SHOWN = 20
_TEXT = 50


class RehearsalTrouble(DeskError):
    """The rehearsal cannot begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is rehearsed, where, and how fast. `day` is `None` for the last one recorded."""

    recording: StorePlace
    channel_id: int | None
    day: date | None = None
    speed: float = 60
    policy: Path | None = None
    dry: bool = False


async def rehearse(settings: Settings, options: Options, out: Console) -> None:
    """Replay the day until every case is decided or the task is cancelled; then say what came of it.

    Raises:
        DeskError: The recording, the policy or the channel is wrong; the sentence says how.
    """
    after, recording = await look_through(settings.policy, options, out)
    if options.dry:
        return
    channel_id = _channel(settings, options)
    async with _rehearsal(settings, channel_id, after, recording) as (desk, sites):
        out.print(
            "The cards are coming into the test channel now, marked as a rehearsal. Decide them as you "
            "would. It ends when all are decided; Ctrl-C ends it early."
        )
        try:
            await rehearsing.feed(desk, recording.reports, speed=options.speed, sleep=asyncio.sleep)
            await rehearsing.all_decided(desk)
        finally:
            _say_compared(recording, await rehearsing.settled(desk.store), sites, out)


async def look_through(
    policy: Path | None, options: Options, out: Console
) -> tuple[Policy, Recording]:
    """Say what the day held and what a changed policy would change; needs no Discord and no secret.

    Raises:
        DeskError: The recording or a policy is wrong; the sentence says how.
    """
    before = load_policy(policy)
    after = load_policy(options.policy) if options.policy else before
    recording = read(options, before)
    out.print(
        f"{count(len(recording.reports), 'report')} on {count(len(recording.texts), 'comment')}, "
        f"of {recording.reports[0].at.astimezone(before.alerts.zone):%d %B %Y}."
    )
    if options.policy or options.dry:
        await _say_moved(before, after, recording, out)
    return after, recording


def read(options: Options, policy: Policy) -> Recording:
    """Return the day that a database or a file of reports holds.

    Raises:
        DeskError: There is none, or it cannot be read; the sentence says where.
    """
    path = options.recording
    if not isinstance(path, Path):
        return read_recording(path, options.day, policy.alerts.zone)
    try:
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        raise RehearsalTrouble(f"{path} cannot be read: {error.strerror}.") from error
    if is_database:
        return read_recording(path, options.day, policy.alerts.zone)
    return _recording(_reports(path, policy), options, policy.alerts.zone)


def _recording(reports: Sequence[Report], options: Options, zone: tzinfo) -> Recording:
    """Return the reports of the day that was named, or of the last one."""

    def day_of(report: Report) -> date:
        return report.at.astimezone(zone).date()

    day = options.day or max(map(day_of, reports), default=None)
    chosen = [report for report in reports if day_of(report) == day]
    if not chosen:
        raise RehearsalTrouble(
            f"There are no reports of {day or 'any day'} in {options.recording}."
        )
    return Recording(reports=sorted(chosen, key=lambda report: report.at), settled={})


def _reports(path: Path, policy: Policy) -> list[Report]:
    """Read bodies as sites send them, one a line or in one list."""
    written = path.read_text(encoding="utf-8")
    try:
        bodies: list[object] = (
            json.loads(written)
            if written.lstrip().startswith("[")
            else [json.loads(line) for line in written.splitlines() if line.strip()]
        )
    except ValueError as error:
        raise RehearsalTrouble(
            f"{path} is neither a desk's database nor JSON, one report a line: {error}."
        ) from error
    return [_report(number, body, path, policy) for number, body in enumerate(bodies, start=1)]


def _report(number: int, body: object, path: Path, policy: Policy) -> Report:
    keys = SiteKeys(secrets=(), salt=b"rehearsal")
    try:
        sent = read_single(json.dumps(body).encode())
        delivery = f"rehearsal-{number}"
        sender = Sender(site=SiteId(sent.site), delivery=delivery)
        return read_report(sent, sender, delivery, keys, policy, now())
    except Unreadable as trouble:
        words = f"{trouble.error.field} {trouble.error.problem}"
    except Problem as trouble:
        fields = "; ".join(f"{one.field} {one.problem}" for one in trouble.errors)
        words = fields or trouble.detail
    raise RehearsalTrouble(f"Report {number} in {path} cannot be read: {words}.")


def _channel(settings: Settings, options: Options) -> int:
    """Return the test channel, if the running desk is known to leave it alone."""
    chosen, known = options.channel_id, settings.discord.rehearsal_channel_id
    if chosen is None:
        raise RehearsalTrouble(
            "Say which channel to rehearse in: set DESK_DISCORD__REHEARSAL_CHANNEL_ID to the id of "
            "a private test channel, and restart the desk so that it leaves that channel alone."
        )
    if chosen == settings.discord.channel_id:
        raise RehearsalTrouble(
            "That is the desk's own channel, where real cards are. Rehearse in another one."
        )
    if chosen != known:
        raise RehearsalTrouble(
            f"The running desk does not know that {chosen} is for rehearsing, and would take the "
            "presses there for real. Set DESK_DISCORD__REHEARSAL_CHANNEL_ID to it and restart the "
            "desk first."
        )
    return chosen


@asynccontextmanager
async def _rehearsal(
    settings: Settings, channel_id: int, policy: Policy, recording: Recording
) -> AsyncGenerator[tuple[Desk, Mapping[SiteId, RehearsalSite]]]:
    """Run a desk over a store that is thrown away, with sites that do nothing."""
    # All cards stand in the one test channel, whatever the policy's routes say.
    played = replace(policy, routes=())
    sites = {report.site: RehearsalSite() for report in recording.reports}
    discord = settings.discord
    if discord.api_url and discord.gateway_url:
        point_at(discord.api_url, discord.gateway_url, allow_remote=discord.allow_remote_api)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="comment-desk-"))
        store = await stack.enter_async_context(open_store(Path(folder) / "rehearsal.db"))
        desk = Desk(store=store, policy=lambda: played, authority=authority(discord), clock=now)
        presence = Presence()
        place = Place(guild_id=discord.guild_id, channel_id=channel_id, rehearsing=True)
        make = partial(DeskClient, desk, place, presence)
        places = Places(guild_id=discord.guild_id, channel_id=channel_id)
        messenger = DiscordMessenger(
            presence,
            desk,
            places,
            lambda: {channel_id: "the rehearsal"},
            mark=case_text.REHEARSAL,
        )
        connecting = stay_connected(
            make, discord.token.get_secret_value(), [desk.troubles], give_up=True
        )
        asking = [work(order_lane(desk, name, site)) for name, site in sites.items()]
        drawing = [
            work(card_lane(desk, messenger)),
            Questioner(desk, messenger, presence).keep_asking(),
        ]
        await stack.enter_async_context(_running([connecting, *drawing, *asking], presence))
        yield desk, sites


@asynccontextmanager
async def _running(
    jobs: Sequence[Coroutine[Any, Any, None]], presence: Presence
) -> AsyncGenerator[None]:
    """Run the jobs, of which the first connects, once that is done and until the block ends."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    here = asyncio.ensure_future(presence.client())
    try:
        await asyncio.wait([here, *tasks], return_when=asyncio.FIRST_COMPLETED)
        if not here.done():
            raise RehearsalTrouble(
                "Discord did not let the bot in. Run comment-desk check to see why."
            )
        yield
    finally:
        for task in (here, *tasks):
            task.cancel()
        await asyncio.gather(here, *tasks, return_exceptions=True)


async def _say_moved(before: Policy, after: Policy, recording: Recording, out: Console) -> None:
    with TemporaryDirectory(prefix="comment-desk-") as folder:
        async with (
            open_store(Path(folder) / "before.db") as first,
            open_store(Path(folder) / "after.db") as second,
        ):
            found = await rehearsing.moved_by((first, second), before, after, recording)
    gone = {report.rule for report in recording.reports} - after.by_number.keys()
    if gone:
        rules = ", ".join(str(number) for number in sorted(gone))
        out.print(f"Readers cited rules that the changed policy does not have: {rules}.")
    if not found:
        out.print("Under the changed policy every case stands where it stood in the queue.")
        return
    _say_elsewhere(found, recording.texts, out)


def _say_elsewhere(found: Sequence[Moved], texts: Mapping[CommentKey, str], out: Console) -> None:
    out.print(f"Cases that stand elsewhere in the queue under the changed policy: {len(found)}")
    for one in found[:_SHOWN]:
        out.print(f"  {_place(one)}  {_quoted(texts, one.comment)}")
    if len(found) > _SHOWN:
        out.print(f"  and {len(found) - _SHOWN} more.")


def _place(one: Moved) -> str:
    return f"from place {one.before} {'up' if one.after < one.before else 'down'} to {one.after}:"


def _orders(sites: Mapping[SiteId, RehearsalSite]) -> str:
    actions = [order.action for site in sites.values() for order in site.orders]
    return ", ".join(f"{action} {number}" for action, number in counted(actions).items())


def _were(number: int) -> str:
    return f"{number} {'was' if number == 1 else 'were'}"


def _say_compared(
    recording: Recording,
    decided: Mapping[CommentKey, Settled],
    sites: Mapping[SiteId, RehearsalSite],
    out: Console,
) -> None:
    found, texts = compare(recording.settled, decided), recording.texts
    out.print(f"{count(len(decided), 'comment')} decided in this rehearsal.")
    asked = _orders(sites) or "nothing"
    out.print(f"No site was told anything. They would have been told: {asked}.")
    if recording.settled:
        out.print(
            f"Of those that were decided then too, {found.same} came out the same and "
            f"{len(found.other)} otherwise. {_were(found.only_then)} decided then only."
        )
    for one in found.other[:_SHOWN]:
        out.print(f"  {_quoted(texts, one.comment)}")
        out.print(f"      then {_said(one.then)}, now {_said(one.now)}")


def _said(settled: Settled) -> str:
    rule = f" under rule {settled.rule}" if settled.rule else ""
    return escape(f"{settled.action}{rule} by {settled.by_name}")


def _quoted(texts: Mapping[CommentKey, str], comment: CommentKey) -> str:
    flat = " ".join(texts.get(comment, "").split())
    return escape(f"“{flat[:_TEXT]}{'…' if len(flat) > _TEXT else ''}”")
