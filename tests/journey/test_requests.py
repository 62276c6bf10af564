"""How much the desk asks of Discord for one case, from its first report to the decided card."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import MessageKind
from bot.standin.rest import Rest
from bot.store.tx import Tx
from tests.journey.newsroom import Newsroom
from tests.support.waiting import eventually, until

AT_MOST = 4


def _overview(tx: Tx) -> int | None:
    at = tx.messages.at(MessageKind.OVERVIEW)
    return at.message_id if at else None


def _was_read(rest: Rest, channel: int) -> bool:
    return any(path == f"/channels/{channel}/messages" for _, path, _ in rest.log)


def _has_settled(rest: Rest, log: int) -> bool:
    """Whether the desk read what it missed, and took the notice of the pinned overview away."""
    return _was_read(rest, log) and any(method == "DELETE" for method, _, _ in rest.log)


class Hand:
    """A clock that stands still unless it is moved, so that nothing depends on the machine."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_a_case_with_ten_reports_takes_four_requests(
    quiet_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
):
    """Counted is what the desk asks for the case: its card, each edit of it, and the log's line.

    Not counted are reactions, and answers to what people press, which Discord does not limit with
    the rest; the pinned overview, which one edit a minute keeps for all cases together; and the
    alert to editors, which a report spike has and a case has not.
    """
    newsroom, clock = quiet_newsroom, Hand()
    monkeypatch.setattr(newsroom, "clock", clock)
    log = newsroom.add_channel("log")
    await newsroom.start(log_channel_id=log)
    store, rest = newsroom.desk.desk.store, newsroom.sandbox.rest
    overview = await eventually(lambda: store.read(_overview), "the overview to stand")
    await until(lambda: _has_settled(rest, log), what="the desk to have settled in")
    rest.log.clear()

    case = await newsroom.report()
    for _ in range(9):
        await newsroom.report()
    await newsroom.card(case)
    clock.now += timedelta(seconds=8)
    card = await newsroom.card(case, "10 readers")
    await newsroom.sandbox.as_user("ana").press(card, "Hide")
    await newsroom.card(case, "taken down on the site")
    ana = newsroom.sandbox.as_user("ana")
    await until(lambda: ana.sees("log"), what="the line in the log")

    places = (f"/channels/{card.channel_id}/", f"/channels/{log}/")
    asked = [
        (method, path)
        for method, path, _ in rest.log
        if path.startswith(places) and "/reactions" not in path and str(overview) not in path
    ]
    assert [method for method, _ in asked].count("POST") == 2, asked
    assert len(asked) <= AT_MOST, asked
