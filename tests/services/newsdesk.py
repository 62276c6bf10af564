"""A desk with a watcher for report spikes, an editors' channel and another road, turned by hand."""

from dataclasses import dataclass, field, replace

from bot.cards import alert_answers
from bot.domain.alert import Alert, AlertView, Message
from bot.domain.alert_rules import Reach
from bot.domain.comment import Story
from bot.domain.errors import BoardRefused, CardGone, PagerDown
from bot.domain.ids import SiteId
from bot.domain.spikes.incidents import Kind
from bot.services import inform, outbox_worker
from bot.services.watch import Watcher, turn
from tests.services.desks import Bench

BOTH = Reach(channel=True, roads=True)
SITE = SiteId("courier")


@dataclass
class FakeBoard:
    """An editors' channel that remembers what was done in it."""

    cards: dict[int, AlertView] = field(default_factory=dict)
    silent: list[bool] = field(default_factory=list)
    replies: list[Kind] = field(default_factory=list)
    loud_replies: list[Kind] = field(default_factory=list)
    bulletins: dict[str, str] = field(default_factory=dict)
    trouble: Exception | None = None
    threads: int = 0
    refuses_threads: bool = False

    async def ready(self) -> None:
        pass

    async def post(self, view, *, silent, **_):
        if self.trouble:
            raise self.trouble
        number = 100 + len(self.cards)
        self.cards[number] = view
        self.silent.append(silent)
        return Message(channel_id=5, message_id=number)

    async def redraw(self, view, message):
        if message.message_id not in self.cards:
            raise CardGone("It is gone.")
        self.cards[message.message_id] = view

    async def find(self, *_):
        return None

    async def reply(self, _view, kind, *, silent, **_):
        self.replies.append(kind)
        if not silent:
            self.loud_replies.append(kind)

    async def bulletin(self, name, body, at, **_):
        self.bulletins[name] = alert_answers.bulletin(name, body)
        return at or Message(channel_id=5, message_id=900 + len(self.bulletins))

    async def thread(self, *_args, **_):
        if self.refuses_threads:
            raise BoardRefused("The bot may not open threads there.")
        self.threads += 1
        return 77


@dataclass
class FakeRoads:
    """Another road to editors that remembers what went along it, title and text in one."""

    sent: list[str] = field(default_factory=list)
    down: bool = False

    async def send(self, title, body):
        if self.down:
            raise PagerDown("No answer.")
        self.sent.append(f"{title} {body}".strip())


@dataclass
class Newsdesk:
    """A desk with a watcher, a channel and another road, all turned by hand."""

    bench: Bench
    state: Watcher
    board: FakeBoard = field(default_factory=FakeBoard)
    roads: FakeRoads = field(default_factory=FakeRoads)

    async def settle(self, **later: float) -> None:
        self.bench.clock.pass_by(**later)
        while await turn(self.state):
            pass
        await turn(self.state)
        for _ in range(20):
            shown = await outbox_worker.turn(inform.alert_lane(self.bench.desk, self.board))
            roads = inform.road_lane(self.bench.desk, self.roads, self._plain)
            sent = await outbox_worker.turn(roads)
            if not shown and not sent:
                break

    def _plain(self, view: AlertView | None, body: str | None) -> tuple[str, str]:
        if view is None:
            return alert_answers.bulletin_plain(body or "{}")
        over = "" if view.alert.is_live else ", over"
        return "spike", f"{view.alert.key} {view.tally.reports}{over}"

    def rules(self, **changes) -> None:
        """Change what the newsroom decided about alerts."""
        rules = replace(self.bench.policy.alerts, **changes)
        self.bench.policy = replace(self.bench.policy, alerts=rules)
        self.state.desk = self.bench.desk

    async def burst(self, readers: int = 12, story: str = "s1", **more: object) -> None:
        for number in range(readers):
            self.bench.clock.pass_by(seconds=2)
            await self.bench.take(
                comment=f"{story}-{number % 4}",
                author=f"{story}-a{number}",
                story=Story(external_id=story, title=f"Story {story}", url="https://c.example"),
                **more,
            )

    async def alerts(self) -> list[Alert]:
        return list(await self.bench.store.read(lambda tx: tx.alerts.recent(limit=99)))

    @property
    def shown(self) -> list[AlertView]:
        return list(self.board.cards.values())
