"""The paper on a socket of its own, with the desk's real intake behind it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import ClientSession, CookieJar, web

from bot.demo.paper.paper import Paper
from bot.domain.comments import Receipt, Report
from bot.domain.decisions import Action
from bot.domain.effects import Order
from bot.domain.ids import CaseId, SiteId
from bot.domain.site import SiteKeys
from bot.sites.webhook.site import WebhookSite
from bot.store.sqlite import open_store
from bot.store.tx import Tx
from bot.web.app import make_app
from config.policy import load_policy
from tests.contract.public.readers import Readers, open_readers
from tests.contract.sites.far_end import make_order as any_order
from tests.services.desks import Bench, Clock
from tests.support.fresh import new_desk

INTAKE_SECRET = "whsec_aW50YWtlIHNlY3JldCBvZiB0aGUgcGFwZXIgaW4gdGVzdHM="
DESK_SECRET = "whsec_b3V0Z29pbmcgc2VjcmV0IG9mIHRoZSBkZXNrIGluIHRlc3Rz"
SITE = SiteId("courier")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Intake:
    """The desk's door, with what came through it.

    `troubles` more reports cannot be stored, and none of the comments in `ailing`.
    """

    url: str = ""
    troubles: int = 0
    ailing: set[str] = field(default_factory=set)
    reports: list[Report] = field(default_factory=list)

    async def receive(self, reports: Sequence[Report]) -> Sequence[Receipt]:
        if self.troubles:
            self.troubles -= 1
            raise OSError("the disk is full")
        if any(report.comment.external_id in self.ailing for report in reports):
            raise OSError("a page of the file is broken")
        self.reports += reports
        return [Receipt(case_id=CaseId(1), counted=True) for _ in reports]


@dataclass
class Stand:
    """The paper, a browser without JavaScript, and the desk's hand."""

    paper: Paper
    url: str
    session: ClientSession
    intake: Intake
    desk: WebhookSite
    readers: Readers | None = None

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def post(
        self, path: str, headers: dict[str, str] | None = None, **form: str
    ) -> tuple[int, str]:
        """Send a form, as a browser does, and follow where it leads."""
        sent = {"Origin": self.url} if headers is None else headers
        async with self.session.post(self.url + path, data=form, headers=sent) as answer:
            return answer.status, await answer.text()

    async def filed(self) -> list[tuple[str, int, str]]:
        """Return the reports that the desk has taken: comment, rule and note."""
        assert self.readers is not None

        def work(tx: Tx) -> list[tuple[str, int, str]]:
            made = [tx.cases.get(CaseId(number)) for number in range(1, 20)]
            return [
                (case.comment_id, rule, " ".join(note.text for note in tx.reports.notes(case.id)))
                for case in made
                if case is not None
                for rule in case.reasons
            ]

        return await self.readers.bench.store.read(work)

    async def read_as(self, reader: str) -> None:
        await self.post("/story/reading-as", reader=reader)


async def served(app: web.Application, stack: AsyncExitStack) -> str:
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


async def open_intake(stack: AsyncExitStack) -> Intake:
    intake = Intake()

    async def well():
        return ()

    app = make_app(
        desk_ready=well,
        receive=intake.receive,
        sites={SITE: SiteKeys(secrets=(INTAKE_SECRET,), salt=b"a salt for the tests only")},
        policy=load_policy,
        clock=now,
    )
    intake.url = await served(app, stack) + "/v1/reports"
    return intake


async def open_pages(folder: Path, url: str, stack: AsyncExitStack) -> Readers:
    """Open the desk's pages for the readers of a paper at this address."""
    store = await stack.enter_async_context(open_store(new_desk(folder / "desk.db")))
    bench = Bench(store, clock=Clock(now()))
    return await stack.enter_async_context(open_readers(bench, origins={url}, secret=INTAKE_SECRET))


@asynccontextmanager
async def newsstand(
    folder: Path,
    *,
    intake_url: str | None = None,
    clock: Callable[[], datetime] = now,
    with_form: bool = False,
) -> AsyncIterator[Stand]:
    async with AsyncExitStack() as stack:
        intake = await open_intake(stack)
        paper = Paper(
            folder=folder,
            policy=load_policy(),
            clock=clock,
            site=SITE,
            site_url="",
            intake_url=intake_url or intake.url,
            intake_secret=INTAKE_SECRET,
            desk_secret=DESK_SECRET,
        )
        app = web.Application()
        paper.add_to(app)
        paper.site_url = url = await served(app, stack)
        desk = await stack.enter_async_context(
            WebhookSite(url + "/paper/desk", [DESK_SECRET], clock=now, allow_private=True)
        )
        session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        readers = await open_pages(folder, url, stack) if with_form else None
        paper.readers_url = readers.url if readers else "https://reports.courier.example"
        yield Stand(paper, url, session, intake, desk, readers)


def make_order(action: Action, comment_id: str, key: str, **changes: object) -> Order:
    given = {"until": None, "notice": "It goes after a person."} | changes
    return any_order(action, key, comment_id=comment_id, **given)
