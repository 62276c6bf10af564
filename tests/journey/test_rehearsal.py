"""A recorded day again, in a channel of its own, beside the desk that goes on."""

import asyncio
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.rehearse import Options, RehearsalTrouble, rehearse
from bot.domain.decisions import Action
from bot.store.errors import StoreTrouble
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import PATIENCE, until

WHERE = "general"


@pytest.fixture
async def rehearsing(quiet_newsroom: Newsroom) -> Newsroom:
    place = int(quiet_newsroom.sandbox.world.place(WHERE))
    await quiet_newsroom.start(rehearsal_channel_id=place)
    return quiet_newsroom


def settings_of(newsroom: Newsroom, **changes):
    place = int(newsroom.sandbox.world.place(WHERE))
    return newsroom.settings(**{"rehearsal_channel_id": place} | changes)


def options_of(newsroom: Newsroom, **changes) -> Options:
    place = int(newsroom.sandbox.world.place(WHERE))
    fields = {"recording": newsroom.place, "channel_id": place, "speed": 10_000}
    return Options(**fields | changes)


def rehearsed(newsroom: Newsroom) -> list[Card]:
    seen = newsroom.sandbox.as_user("ana").sees(WHERE) or []
    return [card for card in seen if "Rehearsal" in card.text]


def said(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def console() -> Console:
    return Console(file=io.StringIO(), soft_wrap=True)


async def test_a_day_is_replayed_beside_the_desk_without_touching_it(rehearsing: Newsroom):
    newsroom, ana = rehearsing, rehearsing.sandbox.as_user("ana")
    first = await newsroom.report()
    second = await newsroom.report(comment={"id": "c2", "text": "Nice bike."})
    await ana.press(await newsroom.card(first), "Hide")
    await newsroom.card(first, "Hidden")
    await ana.press(await newsroom.card(second), "Keep")
    await newsroom.card(second, "Kept")
    await newsroom.settled()
    before = (await newsroom.decisions(), list(newsroom.site.orders))
    out = console()

    task = asyncio.create_task(rehearse(settings_of(newsroom), options_of(newsroom), out))
    await until(lambda: len(rehearsed(newsroom)) == 2, what="the cards of the rehearsal")
    bought, bike = sorted(rehearsed(newsroom), key=lambda card: "bike" in card.text)
    assert "nothing here reaches the site" in bought.text
    await ana.press(bought, "Keep")
    hidden = await ana.press(bike, "Hide")
    assert hidden.message is not None
    other = await ana.press(hidden.message, "Other rule")
    assert other.message is not None
    await ana.select(other.message, "desk:amend", ["1"])
    async with asyncio.timeout(PATIENCE):
        await task

    assert (await newsroom.decisions(), newsroom.site.orders) == before
    words = said(out)
    assert "2 reports on 2 comments" in words
    assert "2 comments decided in this rehearsal" in words
    assert "They would have been told:" in words
    assert "0 came out the same and 2 otherwise" in words
    assert "then hide under rule 3 by Ana, now keep by Ana" in words
    assert "then keep by Ana, now hide under rule 1 by Ana" in words


async def test_the_desk_goes_on_while_others_rehearse(rehearsing: Newsroom):
    newsroom, ana = rehearsing, rehearsing.sandbox.as_user("ana")
    await newsroom.report()
    out = console()
    task = asyncio.create_task(rehearse(settings_of(newsroom), options_of(newsroom), out))
    await until(lambda: len(rehearsed(newsroom)) == 1, what="the card of the rehearsal")

    real = await newsroom.report(comment={"id": "c2"})
    card = await newsroom.card(real)
    assert "Rehearsal" not in card.text
    answer = await ana.press(card, "Hide")
    assert "Hidden" in answer.text
    in_rehearsal = await ana.slash(WHERE, "queue")
    here = await ana.slash("moderation", "queue")
    assert "1 open case" in in_rehearsal.text
    assert "1 open case" in here.text
    assert [made.action for made in await newsroom.decisions()] == [Action.HIDE]

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "0 comments decided in this rehearsal" in said(out)


async def test_a_changed_policy_is_tried_dry(rehearsing: Newsroom, tmp_path: Path):
    newsroom = rehearsing
    spam = {"id": "c1", "text": "Buy my watches."}
    await newsroom.report(comment=spam, reason="spam")
    await newsroom.report(comment={"id": "c2", "text": "You fool."}, reason="abuse")
    shipped = (Path(__file__).parents[2] / "config" / "policy.toml").read_text(encoding="utf-8")
    head, rest = shipped.split('code = "spam"')
    changed = tmp_path / "changed.toml"
    changed.write_text(
        head + 'code = "spam"' + rest.replace('severity = "low"', 'severity = "critical"'),
        encoding="utf-8",
    )
    out = console()

    options = options_of(newsroom, policy=changed, dry=True, channel_id=None)
    await rehearse(settings_of(newsroom), options, out)

    assert "under the changed policy: 2" in said(out)
    assert "from place 2 up to 1:  “Buy my watches.”" in said(out)
    assert rehearsed(newsroom) == []


async def test_reports_are_read_from_a_file_too(rehearsing: Newsroom, tmp_path: Path):
    file = tmp_path / "day.jsonl"
    bodies = [
        rehearsing.report_body(comment={"id": f"c{n}"}, at=f"2026-11-2{n}T10:00:00Z")
        for n in range(3)
    ]
    file.write_text("\n".join(map(json.dumps, bodies)), encoding="utf-8")
    out = console()
    await rehearse(settings_of(rehearsing), options_of(rehearsing, recording=file, dry=True), out)
    assert "1 report on 1 comment, of 22 November 2026" in said(out)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"not json", "neither a desk's database nor JSON"),
        (b'{"site": "courier"}', "Report 1 in .* comment is required"),
        (b"[]", "no reports of any day"),
        (None, "cannot be read"),
    ],
)
async def test_a_recording_that_is_none_is_refused(
    rehearsing: Newsroom, tmp_path: Path, content: bytes | None, told: str
):
    file = tmp_path / "day.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(RehearsalTrouble, match=told):
        await rehearse(settings_of(rehearsing), options_of(rehearsing, recording=file), console())


async def test_an_empty_database_has_no_day(rehearsing: Newsroom):
    with pytest.raises(StoreTrouble, match="Nothing was ever reported"):
        await rehearse(settings_of(rehearsing), options_of(rehearsing), console())


async def test_it_does_not_begin_where_presses_would_be_taken_for_real(rehearsing: Newsroom):
    await rehearsing.report()
    own = int(rehearsing.sandbox.world.place("moderation"))
    for changes, known, told in [
        ({"channel_id": own}, {}, "the desk's own channel"),
        ({"channel_id": 7}, {}, "does not know that 7 is for rehearsing"),
        ({"channel_id": None}, {"rehearsal_channel_id": None}, "which channel to rehearse in"),
    ]:
        with pytest.raises(RehearsalTrouble, match=told):
            await rehearse(
                settings_of(rehearsing, **known), options_of(rehearsing, **changes), console()
            )
