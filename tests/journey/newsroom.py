"""A whole newsroom for the journeys: the stand-in for Discord, the desk, and a site that obeys."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from standardwebhooks import Webhook

from bot.app import RunningDesk, running
from bot.domain.comments import sha256_of
from bot.domain.decisions import Decision
from bot.sites.settings import SiteSettings
from bot.standin import ids
from bot.standin.permissions import EVERYONE, Permission
from bot.standin.wire import MessageFlag
from bot.store.opening import place_of
from bot.store.store import Place
from config.settings import (
    AlertSettings,
    DiscordSettings,
    NewsroomSettings,
    PublicSettings,
    Settings,
    WebSettings,
)
from tests.support.cards import Card
from tests.support.databases import where_tests_say
from tests.support.driver import Actor, Result
from tests.support.fresh import new_desk
from tests.support.sandbox import Sandbox
from tests.support.waiting import PATIENCE, eventually, until

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT.parent / "shared" / "discord" / "openapi.json"

IN_SECRET = "whsec_" + "aW5jb21pbmctc2VjcmV0LWZvci10aGUtam91cm5leXM="
OUT_SECRET = "whsec_" + "b3V0Z29pbmctc2VjcmV0LWZvci10aGUtam91cm5leXM="
SITE = "courier"
JANITOR = "Janitor"


class ObedientSite:
    """A comment platform that does what it is told, once, and can be made to fail."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.hidden: set[str] = set()
        self.banned: dict[str, str | None] = {}
        self.texts: dict[str, str] = {}
        """The texts of comments that were edited without anybody reporting it."""
        self.attempts = 0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.answers = asyncio.Event()
        """Cleared, it takes orders in and answers none."""
        self.answers.set()
        self._keys: set[str] = set()
        self._webhook = Webhook(OUT_SECRET)
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        order = self._verified(body, request.headers)
        self.attempts += 1
        await self.answers.wait()
        if self.status != 200:
            return web.Response(status=self.status, headers=self.headers)
        key = request.headers["webhook-id"]
        comment = order["data"]["comment"]
        text, judged = self.texts.get(comment["id"]), comment["text_sha256"]
        if text and key not in self._keys and judged not in {None, sha256_of(text)}:
            return web.json_response({"comment": {"revision": "new", "text": text}}, status=409)
        if key not in self._keys:
            self._keys.add(key)
            self._apply(order)
        return web.json_response({"comment": {"visible": self._visible(order)}})

    def _verified(self, body: str, headers: Mapping[str, str]) -> dict[str, Any]:
        """Check the signature by our own clock, which a test may have set forward."""
        stamp = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert abs(self.clock() - stamp) < timedelta(minutes=5)
        signature = self._webhook.sign(headers["webhook-id"], stamp, body)
        assert signature in headers["webhook-signature"].split()
        return json.loads(body)

    def _visible(self, order: dict[str, Any]) -> bool:
        return order["data"]["comment"]["id"] not in self.hidden

    def _apply(self, order: dict[str, Any]) -> None:
        self.orders.append(order)
        comment, author = order["data"]["comment"], order["data"]["author"]
        if comment["visible"] is False:
            self.hidden.add(comment["id"])
        elif comment["visible"] is True:
            self.hidden.discard(comment["id"])
        if author["banned"] is True:
            self.banned[author["id"]] = author["until"]
        elif author["banned"] is False:
            self.banned.pop(author["id"], None)

    @property
    def actions(self) -> list[str]:
        return [order["data"]["action"] for order in self.orders]


class Newsroom:
    """Everything running; `stop` and `start` are a restart of the desk alone."""

    def __init__(self, sandbox: Sandbox, site: ObedientSite, site_url: str, data: Path) -> None:
        self.sandbox = sandbox
        self.site = site
        site.clock = self.clock
        self.database = data / "desk.db"
        self.server: SecretStr | None = None
        self.http = aiohttp.ClientSession()
        self.site_url = site_url
        self._running: AsyncExitStack | None = None
        self._desk: RunningDesk | None = None
        self._numbers = itertools.count(1)
        self.later = timedelta()
        self.roads: list[str] = []
        self.public: PublicSettings | None = None
        self.policy = data / "policy.toml"
        self.further: dict[str, NewsroomSettings] = {}
        self.further_sites: dict[str, SiteSettings] = {}
        self.behind = 0.0
        """Seconds by which what is posted now looks older than it is; set before the start."""
        sandbox.world.ids = ids.Ids(lambda: time.time() - self.behind)
        # How fast the desk answers is for the bench to say, not for a crowded machine in a test.
        sandbox.interactions.deadline = PATIENCE

    @property
    def place(self) -> Place:
        """Where the record is."""
        return place_of(self.database, self.server.get_secret_value() if self.server else None)

    @property
    def desk(self) -> RunningDesk:
        assert self._desk is not None, "the desk is not running"
        return self._desk

    def clock(self) -> datetime:
        """The desk's clock; `later` sets it forward."""
        return datetime.now(UTC) + self.later

    def settings(self, **discord: Any) -> Settings:
        world = self.sandbox.world
        roles = {role["name"]: int(role_id) for role_id, role in world.roles.items()}
        return Settings(
            _env_file=None,  # type: ignore[call-arg]
            discord=DiscordSettings(
                **{
                    "token": world.token,
                    "guild_id": int(world.guild_id),
                    "channel_id": int(world.place("moderation")),
                    "editors_channel_id": int(world.place("editors")),
                    "moderator_roles": [roles["Moderator"]],
                    "senior_roles": [roles["Senior moderator"]],
                    "editor_roles": [roles["Editor"]],
                    "api_url": self.sandbox.url,
                    "gateway_url": self.sandbox.gateway_url,
                    **discord,
                }
            ),
            sites={
                SITE: SiteSettings(
                    secrets=[IN_SECRET],
                    reporter_salt="a salt of more than sixteen characters",
                    url=self.site_url,
                    outgoing_secrets=[OUT_SECRET],
                    allow_private=True,
                )
            }
            | self.further_sites,
            newsrooms=self.further,
            web=WebSettings(port=0),
            public=self.public,
            alerts=AlertSettings(urls=self.roads),
            database=self.database,
            database_url=self.server,
            policy=self.policy if self.policy.exists() else None,
        )

    def write_policy(self, *changes: tuple[str, str], before: str = "") -> None:
        """Give the desk the delivered policy, changed here and there; `before` stands first."""
        text = (ROOT / "config" / "policy.toml").read_text()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        self.policy.write_text(before + text)

    def add_channel(self, name: str, like: str = "moderation") -> int:
        """Add a channel that the same people see as another, the moderators' by default."""
        world = self.sandbox.world
        rights = world.channels[world.place(like)]["permission_overwrites"]
        return int(world.add_channel(name, deepcopy(rights)))

    async def start(self, *, wait: bool = True, **discord: Any) -> None:
        self._running = AsyncExitStack()
        self._desk = await self._running.enter_async_context(
            running(self.settings(**discord), ready_timeout=0.05, clock=self.clock)
        )
        if wait:
            await until(lambda: self.desk.presence.is_here, what="the desk to be connected")

    async def stop(self) -> None:
        if self._running is not None:
            await self._running.aclose()
        self._running = self._desk = None

    async def close(self) -> None:
        await self.stop()
        await self.http.close()

    # ---- readers

    def report_body(self, **changes: Any) -> dict[str, Any]:
        comment = {
            "id": "c1",
            "text": "You are all bought, every one of you.",
            "permalink": "https://courier.example/story#c1",
            "author": {"id": "a1", "name": "salty_dog", "since": "2019-03-01T00:00:00Z"},
            "created": "2026-11-01T10:00:00Z",
        } | changes.pop("comment", {})
        return {
            "site": SITE,
            "comment": comment,
            "story": {
                "id": "s1",
                "title": "Three charged after Colchester raids",
                "url": "https://courier.example/story",
            },
            "reporter": f"reader-{next(self._numbers)}",
            "reason": "harassment",
        } | changes

    async def report(self, **changes: Any) -> int:
        """Report as a reader of the site does; returns the case's number."""
        status, answer = await self.post("/v1/reports", self.report_body(**changes))
        assert status == 202, answer
        return answer["case"]

    async def post(
        self,
        path: str,
        body: dict[str, Any],
        key: str | None = None,
        *,
        to: str = "",
        secret: str = IN_SECRET,
    ) -> Any:
        """Send as the site does, to the desk of this process unless another address is given."""
        text = json.dumps(body)
        key = key or f"msg_{next(self._numbers)}"
        now = self.clock()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(msg_id=key, timestamp=now, data=text),
        }
        url = (to or self.desk.address) + path
        async with self.http.post(url, data=text, headers=headers) as response:
            return response.status, await response.json()

    # ---- what people type

    def read_cards(self) -> None:
        """Let what was posted so far be some seconds old, as people take them to read it."""
        self.behind = 0.0

    async def type(self, who: str, words: str, *, to: Card | None = None, place: str = "") -> Card:
        """Mention the desk, in reply to a message if one is given; returns the person's line."""
        channel = to.channel_id if to is not None else place or "moderation"
        line = f"<@{self.sandbox.world.bot_id}> {words}" if to is None else words
        return await self.sandbox.as_user(who).send(channel, line, reply_to=to)

    async def answer(self, line: Card) -> Card:
        """Wait for what the desk replies to a line."""

        def there() -> Card | None:
            seen = self.sandbox.as_user("ana").sees(line.channel_id) or []
            replies = [
                one
                for one in seen
                if (one.raw.get("message_reference") or {}).get("message_id") == line.id
                and one.raw["author"]["id"] == self.sandbox.world.bot_id
            ]
            return replies[0] if replies else None

        return await until(there, what=f"an answer to {line.text!r}")

    # ---- what people see

    def cards(self, case: int | None = None, *, user: str = "ana") -> list[Card]:
        """Return the cards in the channel; neither answers nor the overview are among them."""
        found = self.sandbox.as_user(user).sees("moderation") or []
        number = f"#{case}"
        return [
            card
            for card in found
            if card.raw["author"]["id"] == self.sandbox.world.bot_id
            and card.buttons
            and not card.raw["flags"] & MessageFlag.EPHEMERAL
            and "Next" not in card.labels
            and not card.raw.get("message_reference")
            and (case is None or number in card.text.split())
        ]

    async def card(self, case: int, saying: str = "") -> Card:
        def there() -> Card | None:
            found = [card for card in self.cards(case) if saying in card.text]
            return found[0] if found else None

        try:
            return await until(there, what=f"the card of case {case} saying {saying!r}")
        except AssertionError as error:
            seen = [card.text for card in self.cards(case)]
            raise AssertionError(f"{error} The cards say: {seen}") from None

    async def decisions(self) -> list[Decision]:
        store = self.desk.desk.store
        return list(await store.read(lambda tx: tx.decisions.after(0, limit=500)))

    async def settled(self) -> None:
        """Wait until the site was told everything."""

        async def told() -> bool:
            return await self.desk.desk.store.read(
                lambda tx: not tx.outbox.due_orders(SITE, datetime.max.replace(tzinfo=UTC), limit=1)
            )

        await eventually(told, "the site to be told everything")


async def send_ban(who: Actor, form: Result, **filled_in: Any) -> Result:
    """Fill the ban form in, look it over, and send it off."""
    shown = await who.submit(form, **filled_in)
    assert shown.message is not None, shown
    assert "Not sent yet." in shown.text
    return await who.press(shown.message, "Send")


@asynccontextmanager
async def open_newsroom(sandbox: Sandbox, data: Path) -> AsyncGenerator[Newsroom]:
    """Run the sandbox and a site, and make an empty database; the desk is started by the caller."""
    site = ObedientSite()
    app = web.Application()
    app.router.add_post("/desk", site.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    port = runner.addresses[0][1]
    # Discord offers her the commands, so that the desk's own gate is tried.
    sandbox.world.add_role(JANITOR, EVERYONE | Permission.MANAGE_MESSAGES)
    sandbox.owner.put_into("olly", JANITOR)
    new_desk(data / "desk.db")
    async with sandbox:
        newsroom = Newsroom(sandbox, site, f"http://127.0.0.1:{port}/desk", data)
        try:
            async with where_tests_say() as server:
                newsroom.server = SecretStr(server.url) if server else None
                yield newsroom
                await newsroom.stop()
        finally:
            await newsroom.close()
            await runner.cleanup()
