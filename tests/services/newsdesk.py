"""A desk with a watcher for report spikes, an editors' channel and another road, turned by hand."""

from dataclasses import dataclass, field, replace

from bot.cards.alerts import alert_answers
from bot.domain.alerts import Alert, AlertView, Reach
from bot.domain.comments import Story
from bot.domain.detection.incidents import Kind
from bot.domain.ids import SiteId
from bot.domain.sayings import AlertNews, Bulletin, Paged
from bot.services import outbox_worker
from bot.services.alerts import delivery
from bot.services.alerts.spike_worker import Watcher, turn
from tests.services.desks import Bench
from tests.services.outside import Channel, Phone

BOTH = Reach(channel=True, roads=True)
SITE = SiteId("courier")


class Editors(Channel):
    """The channels, as editors see them."""

    @property
    def cards(self) -> dict[int, AlertView]:
        return {
            number: shown.what
            for number, shown in self.messages.items()
            if isinstance(shown.what, AlertView)
        }

    @property
    def silent(self) -> list[bool]:
        return [one.silent for one in self.said if isinstance(one.what, AlertView)]

    @property
    def replies(self) -> list[Kind]:
        return [one.what.kind for one in self.said if isinstance(one.what, AlertNews)]

    @property
    def loud_replies(self) -> list[Kind]:
        loud = [one.what for one in self.said if not one.silent]
        return [what.kind for what in loud if isinstance(what, AlertNews)]

    @property
    def bulletins(self) -> dict[str, str]:
        found = [one.what for one in self.messages.values()]
        return {
            what.name: alert_answers.bulletin(what.name, what.body)
            for what in found
            if isinstance(what, Bulletin)
        }


class Roads(Phone):
    """Another road to editors, with what went along it as title and text in one."""

    @property
    def texts(self) -> list[str]:
        return [" ".join(_plain(what)).strip() for what in self.sent]


def _plain(what: Paged) -> tuple[str, str]:
    if isinstance(what, Bulletin):
        return alert_answers.bulletin_plain(what.body)
    assert isinstance(what, AlertView)
    over = "" if what.alert.is_live else ", over"
    return "spike", f"{what.alert.key} {what.tally.reports}{over}"


@dataclass
class Newsdesk:
    """A desk with a watcher, a channel and another road, all turned by hand."""

    bench: Bench
    state: Watcher
    roads: Roads = field(default_factory=Roads)

    def __post_init__(self) -> None:
        self.board = Editors(self.bench.clock)

    async def settle(self, **later: float) -> None:
        self.bench.clock.pass_by(**later)
        while await turn(self.state):
            pass
        await turn(self.state)
        for _ in range(20):
            shown = await outbox_worker.turn(delivery.alert_lane(self.bench.desk, self.board))
            roads = delivery.road_lane(self.bench.desk, self.roads)
            sent = await outbox_worker.turn(roads)
            if not shown and not sent:
                break

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
