"""Several platforms at one desk: each by its own way in, with its own secrets, and back."""

import hmac
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.cases import Case
from bot.sites.settings import SiteSettings
from config.settings import Settings
from tests.contract.sites.fake_coral import TOKEN, FakeCoral
from tests.contract.sites.fake_ghost import KEY_ID, SECRET, FakeGhost
from tests.contract.sites.stage import Fake
from tests.journey.newsroom import Newsroom
from tests.support.waiting import eventually, until

CORAL_SECRET = "whsec_" + "5e" * 32
SALT = "a salt of more than sixteen characters"


class Wall:
    """The fakes' clock: now, as the whole desk runs by it."""

    now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Row:
    """A newsroom with two platforms besides the one it has."""

    newsroom: Newsroom
    coral: FakeCoral = field(default_factory=lambda: FakeCoral(clock=Wall()))  # type: ignore[arg-type]
    ghost: FakeGhost = field(default_factory=lambda: FakeGhost(clock=Wall()))  # type: ignore[arg-type]
    urls: dict[str, str] = field(default_factory=dict)

    def settings(self, plain: Settings) -> Settings:
        common = {"reporter_salt": SALT, "allow_private": True, "poll_seconds": 600}
        more = {
            "reef": SiteSettings.model_validate(
                common
                | {
                    "kind": "coral",
                    "url": self.urls["coral"],
                    "secrets": [CORAL_SECRET],
                    "coral": {"token": TOKEN},
                }
            ),
            "haunt": SiteSettings.model_validate(
                common
                | {
                    "kind": "ghost",
                    "url": self.urls["ghost"],
                    "ghost": {"admin_key": f"{KEY_ID}:{SECRET}"},
                }
            ),
        }
        return plain.model_copy(update={"sites": {**plain.sites, **more}})

    async def ping(self, secret: str = CORAL_SECRET) -> int:
        body = b'{"id": "1", "type": "COMMENT_ENTERED_MODERATION_QUEUE"}'
        signature = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
        url = f"{self.newsroom.desk.address}/v1/sites/reef/events"
        headers = {"X-Coral-Signature": signature}
        async with self.newsroom.http.post(url, data=body, headers=headers) as answer:
            return answer.status

    async def case_at(self, site: str) -> Case:
        async def found() -> Case | None:
            store = self.newsroom.desk.desk.store
            cases = await store.read(lambda tx: list(tx.cases.queue(limit=50)))
            return next((case for case in cases if case.site == site), None)

        return await eventually(found, f"a case at {site}")


@pytest.fixture
async def row(quiet_newsroom: Newsroom) -> AsyncGenerator[Row]:
    row = Row(quiet_newsroom)
    plain = quiet_newsroom.settings
    async with AsyncExitStack() as stack:
        for name, fake in (("coral", row.coral), ("ghost", row.ghost)):
            server = await stack.enter_async_context(TestServer(app_of(fake)))
            row.urls[name] = str(server.make_url("/"))
        quiet_newsroom.settings = lambda **discord: row.settings(plain(**discord))  # type: ignore[method-assign]
        yield row
        await quiet_newsroom.stop()


def app_of(fake: Fake) -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.handle)
    return app


async def test_a_report_at_coral_becomes_a_card_and_hide_and_undo_reach_coral(row: Row):
    newsroom, coral = row.newsroom, row.coral
    await newsroom.start()
    coral.report("He does this daily.")
    assert await row.ping() == 202
    case = await row.case_at("reef")
    card = await newsroom.card(case.id)
    assert "You are all bought & sold." in card.text

    await newsroom.sandbox.as_user("ana").press(card, "Hide")
    await until(lambda: not coral.visible(), what="the comment to be rejected")

    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case.id, "Hidden"), "Undo")
    await until(coral.visible, what="the comment to be back")


async def test_what_is_decided_in_corals_own_console_shows_on_the_card(row: Row):
    newsroom, coral = row.newsroom, row.coral
    await newsroom.start()
    coral.report()
    await row.ping()
    case = await row.case_at("reef")
    await newsroom.card(case.id)

    coral.decide("com-1", "REJECTED")
    await row.ping()

    card = await newsroom.card(case.id, "Jane")
    assert "Hidden" in card.text
    assert coral.writes == []


async def test_what_was_reported_while_the_desk_was_down_is_found_at_start(row: Row):
    row.coral.report("nobody was there")
    row.ghost.report()

    await row.newsroom.start()

    for site in ("reef", "haunt"):
        case = await row.case_at(site)
        await row.newsroom.card(case.id)


async def test_several_sites_are_served_at_once_and_none_opens_anothers_door(row: Row):
    newsroom = row.newsroom
    row.ghost.report()
    await newsroom.start()
    ours = await newsroom.report()
    theirs = (await row.case_at("haunt")).id
    assert await row.ping("whsec_aW5jb21pbmctc2VjcmV0LWZvci10aGUtam91cm5leXM=") == 401

    for case in (ours, theirs):
        await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Hide")

    await until(lambda: not row.ghost.visible(), what="Ghost to hide it")
    await until(lambda: newsroom.site.hidden == {"c1"}, what="the courier to hide it")
    assert row.coral.writes == []


async def test_a_platform_that_does_not_answer_is_named_and_hinders_nothing(row: Row):
    row.coral.locked_out = True
    newsroom = row.newsroom
    await newsroom.start()

    async def unwell() -> dict[str, Any] | None:
        async with newsroom.http.get(f"{newsroom.desk.address}/readyz") as answer:
            assert answer.status == 200
            parts = (await answer.json())["parts"]
            return None if parts["site reef"]["ok"] else parts

    parts = await eventually(unwell, "the site to be named")
    assert "token" in parts["site reef"]["detail"]
    assert parts["site haunt"]["ok"]
    await newsroom.card(await newsroom.report())
