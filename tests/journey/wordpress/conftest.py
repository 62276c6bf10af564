"""A newsroom whose site is a real WordPress, and a way between them that can be made to fail."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.demo.scenario import newsroom as people
from bot.domain.cases import Case
from bot.domain.ids import SiteId
from bot.sites.settings import SiteSettings
from bot.sites.wordpress import WordPressSettings
from config.settings import Settings
from tests.contract.wordpress.real import RealWordPress, missing, running_wordpress
from tests.journey.newsroom import IN_SECRET, OPENAPI, SITE, Newsroom, ObedientSite
from tests.support.cards import Card
from tests.support.sandbox import Sandbox
from tests.support.waiting import eventually, until

Fault = Callable[[web.Request], web.Response | None]


class Way:
    """Between the desk and WordPress: passes everything on, unless told to fail.

    `before` may answer in WordPress' place. `cut` drops the connection after WordPress has done
    what it was asked to write.
    """

    def __init__(self, site: RealWordPress) -> None:
        self.url = ""
        self.before: Fault | None = None
        self.cut = False
        self.writes = 0
        self._site = site
        self._session: ClientSession | None = None

    async def pass_on(self, request: web.Request) -> web.Response:
        assert self._session is not None
        answer = self.before(request) if self.before else None
        if answer is not None:
            return answer
        body = await request.read()
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in {"Authorization", "Content-Type", "User-Agent", "Accept"}
        }
        async with self._session.request(
            request.method, self._site.url + request.path_qs, data=body, headers=headers
        ) as got:
            answer = web.Response(
                status=got.status, body=await got.read(), content_type=got.content_type
            )
        if request.method == "POST":
            self.writes += 1
            if self.cut and request.transport:
                request.transport.close()
        return answer

    async def open(self) -> web.AppRunner:
        self._session = ClientSession()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def close(self, runner: web.AppRunner) -> None:
        assert self._session is not None
        await runner.cleanup()
        await self._session.close()


class WordPressNewsroom(Newsroom):
    """A newsroom that moderates a WordPress."""

    def __init__(self, sandbox: Sandbox, site: RealWordPress, way: Way, data: Path) -> None:
        super().__init__(sandbox, ObedientSite(), way.url, data)
        self.wordpress = site
        self.way = way
        self.password = site.password
        self.story = site.add_story()
        site.set_up(url="http://127.0.0.1:9", site=SITE, secrets=IN_SECRET, link=1)
        site.php(
            """
            global $wpdb;
            $wpdb->query( 'TRUNCATE ' . CommentDesk\\table() );
            return delete_option( 'comment_desk_trouble' );
            """
        )

    def settings(self, **discord: Any) -> Settings:
        site = SiteSettings(
            kind="wordpress",
            secrets=[SecretStr(IN_SECRET)],
            reporter_salt=SecretStr("a salt of more than sixteen characters"),
            url=self.way.url,
            allow_private=True,
            poll_seconds=3600,
            # The desk knows it by the way's address, and readers by its own.
            origins=[self.wordpress.url],
            other_rule="abuse",
            wordpress=WordPressSettings(login="desk", password=SecretStr(self.password)),
        )
        return super().settings(**discord).model_copy(update={"sites": {SITE: site}})

    async def start(self, *, wait: bool = True, **discord: Any) -> None:
        await super().start(wait=wait, **discord)
        self.wordpress.php(
            "return update_option( 'comment_desk', array( 'url' => $given['url'] ) + CommentDesk\\settings() );",
            url=self.desk.address,
        )

    async def case_of(self, comment: str) -> int:
        """Return the number of a comment's case, once there is one."""

        async def found() -> Case | None:
            return await self.desk.desk.store.read(lambda tx: tx.cases.find(SiteId(SITE), comment))

        return (await eventually(found, "the report to become a case")).id

    async def reported(self, comment: str) -> Card:
        """Report a comment with the site's own hand, and return its card."""
        # In a thread, for the plugin sends to the desk that runs in this one.
        await asyncio.to_thread(
            self.wordpress.php,
            """
            CommentDesk\\enqueue( get_comment( $given['id'] ), 'harassment', 'reader-' . $given['id'] );
            CommentDesk\\send_due();
            return true;
            """,
            id=int(comment),
        )
        return await self.card(await self.case_of(comment))

    def stands(self, comment: str) -> str:
        kept = self.wordpress.kept(comment)
        assert kept is not None
        return kept["status"]

    async def until_stands(self, comment: str, status: str) -> None:
        await until(lambda: self.stands(comment) == status, what=f"the comment to be {status}")


@pytest.fixture(scope="session")
def real_wordpress() -> Iterator[RealWordPress]:
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    with running_wordpress() as site:
        yield site
        assert site.troubles() == ""


@pytest_asyncio.fixture(loop_scope="session")
async def newsroom(
    real_wordpress: RealWordPress, tmp_path: Path
) -> AsyncGenerator[WordPressNewsroom]:
    sandbox = Sandbox(people(), openapi=OPENAPI if OPENAPI.exists() else None)
    way = Way(real_wordpress)
    runner = await way.open()
    async with sandbox:
        newsroom = WordPressNewsroom(sandbox, real_wordpress, way, tmp_path)
        try:
            await newsroom.start()
            yield newsroom
        finally:
            way.before, way.cut = None, False
            await newsroom.close()
            await way.close(runner)
    assert sandbox.crashes == []
    assert sandbox.violations == []
