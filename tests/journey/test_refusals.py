"""What Discord refuses now comes later: cards, calls and lines wait, and staff hear why."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.domain.ids import MessageKind
from bot.services.staff import refused
from bot.standin.permissions import Permission
from tests.journey.newsroom import Newsroom
from tests.support.cards import Card
from tests.support.waiting import PATIENCE, eventually, until

POSTS = "/channels/*/messages"


async def discord_part(newsroom: Newsroom) -> dict[str, Any]:
    async with newsroom.http.get(f"{newsroom.desk.address}/readyz") as response:
        return (await response.json())["parts"]["discord"]


async def refused_with(newsroom: Newsroom, words: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def said() -> bool:
        found.update(await discord_part(newsroom))
        return words in found["detail"]

    await eventually(said, f"/readyz to say {words!r}")
    return found


async def well(newsroom: Newsroom) -> None:
    async def said() -> bool:
        return (await discord_part(newsroom))["ok"]

    await eventually(said, "/readyz to say that Discord is well")


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize(
    "refusal",
    [
        {"status": 403, "code": 50013},
        {"status": 403, "code": 50001},
        {"status": 403, "code": 0},
        {"status": 401},
        {"status": 404, "code": 10003},
        {"status": 404},
        {"status": 400, "code": 50083},
        {"status": 400, "code": 160005},
        {"status": 400, "code": 30046},
        {"status": 400, "code": 50024},
        {"status": 403, "body": "<html>Attention Required! Cloudflare</html>"},
        {"status": 429, "via": False},
        {"status": 503},
    ],
    ids=lambda refusal: "-".join(str(part) for part in refusal.values())[:20],
)
async def test_what_is_refused_for_a_while_comes_afterwards(
    newsroom: Newsroom, refusal: dict[str, Any]
):
    newsroom.sandbox.rest.fault("POST", POSTS, times=3, **refusal)

    case = await newsroom.report()

    await newsroom.card(case)
    assert len(newsroom.cards()) == 1
    await well(newsroom)


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize("right", [Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL])
async def test_a_card_comes_as_soon_as_the_right_is_back(newsroom: Newsroom, right: Permission):
    owner = newsroom.sandbox.owner
    owner.take("moderation", right)
    case = await newsroom.report()
    lacking = "View Channel" if right is Permission.VIEW_CHANNEL else "Send Messages"
    part = await refused_with(newsroom, lacking)
    assert not part["ok"]
    assert "#moderation" in part["detail"]
    before = newsroom.sandbox.rest.invalid_requests

    seen = await newsroom.sandbox.as_user("ed").wait_for("editors", lacking)
    assert "#moderation" in seen.text.replace("\\", "")
    assert newsroom.sandbox.rest.invalid_requests - before < 10

    owner.give("moderation", right)
    began = time.monotonic()
    await newsroom.card(case)
    assert time.monotonic() - began < PATIENCE / 2
    await newsroom.sandbox.as_user("ed").wait_for("editors", "again")
    await well(newsroom)


@pytest.mark.usefixtures("in_haste")
async def test_a_trouble_is_told_once_though_the_desk_is_started_anew(newsroom: Newsroom):
    owner, ed = newsroom.sandbox.owner, newsroom.sandbox.as_user("ed")
    owner.take("moderation", Permission.SEND_MESSAGES)
    case = await newsroom.report()
    await ed.wait_for("editors", "Send Messages")

    await newsroom.stop()
    await newsroom.start()
    await refused_with(newsroom, "Send Messages")
    await newsroom.report(comment={"id": "another"})
    owner.give("moderation", Permission.SEND_MESSAGES)
    await newsroom.card(case)
    await ed.wait_for("editors", "again")

    told = [one.text for one in ed.sees("editors") or [] if "Send Messages" in one.text]
    assert len(told) == 1


async def test_a_right_that_comes_back_unheard_of_is_found_out(newsroom: Newsroom):
    """The overwrites change without an event, as when it was lost with the connection."""
    world = newsroom.sandbox.world
    newsroom.sandbox.owner.take("moderation", Permission.SEND_MESSAGES)
    case = await newsroom.report()
    await refused_with(newsroom, "Send Messages")

    for overwrite in world.channels[world.place("moderation")]["permission_overwrites"]:
        if overwrite["id"] == world.bot_id:
            overwrite["deny"] = "0"

    await newsroom.card(case)


@pytest.mark.usefixtures("in_haste")
async def test_what_an_earlier_version_gave_up_is_taken_up_again(newsroom: Newsroom):
    newsroom.sandbox.rest.fault("POST", POSTS, times=None, status=403, code=50013)
    case = await newsroom.report()
    store = newsroom.desk.desk.store

    def give_up(tx: Any) -> None:
        tx.run("UPDATE outbox SET state = 'failed' WHERE kind = 'card'")

    await store.write(give_up)
    await newsroom.stop()
    newsroom.sandbox.rest.clear_faults()
    await newsroom.start()

    await newsroom.card(case)


async def test_open_cases_get_cards_in_the_channel_that_is_named_now(newsroom: Newsroom):
    first = await newsroom.report(comment={"id": "c1"})
    await newsroom.card(first)
    await newsroom.stop()
    elsewhere = newsroom.add_channel("moderation-2")

    await newsroom.start(channel_id=elsewhere)

    ana = newsroom.sandbox.as_user("ana")
    await ana.wait_for("moderation-2", f"#{first}")
    await until(
        lambda: any("is now in" in one.text for one in ana.sees("moderation") or []),
        what="the old card to say where the case went",
    )


async def test_a_channel_that_was_deleted_holds_up_nothing_once_another_is_named(
    newsroom: Newsroom,
):
    case = await newsroom.report()
    await newsroom.card(case)
    newsroom.sandbox.owner.delete_channel("moderation")
    another = await newsroom.report(comment={"id": "c2"})
    part = await refused_with(newsroom, "DESK_DISCORD__CHANNEL_ID")
    assert "no such channel" in part["detail"]
    await newsroom.stop()
    elsewhere = newsroom.add_channel("moderation", like="editors")

    await newsroom.start(channel_id=elsewhere)

    ed = newsroom.sandbox.as_user("ed")
    await ed.wait_for("moderation", f"#{case}")
    await ed.wait_for("moderation", f"#{another}")


@pytest.mark.parametrize(
    "content",
    [
        {"status": 400, "code": 50035, "body": "Invalid Form Body"},
        {"status": 400, "code": 200000},
        {"status": 400, "code": 240000},
        {"status": 400, "code": 50006},
        {"status": 413, "body": "Request Entity Too Large"},
    ],
    ids=lambda content: str(content.get("code", content["status"])),
)
async def test_a_comment_that_discord_refuses_to_show_gets_a_plain_card(
    newsroom: Newsroom, content: dict[str, Any]
):
    await until(lambda: newsroom.sandbox.as_user("ana").sees("moderation"), what="the overview")
    newsroom.sandbox.rest.fault("POST", POSTS, times=1, **content)
    case = await newsroom.report()

    card = await newsroom.card(case, "refuses to show")

    assert "bought" not in card.text
    assert card.labels == ["More"]
    answer = await newsroom.sandbox.as_user("ana").press(card, "More")
    assert "bought" in answer.text
    assert len(newsroom.cards()) == 1


async def plain_card(newsroom: Newsroom) -> tuple[int, Card]:
    """Return a case whose text Discord refuses in the channel, and its card."""
    await until(lambda: newsroom.sandbox.as_user("ana").sees("moderation"), what="the overview")
    newsroom.sandbox.rest.fault("POST", POSTS, times=1, status=400, code=200000)
    case = await newsroom.report()
    card = await newsroom.card(case, "refuses to show")
    store = newsroom.desk.desk.store

    async def recorded() -> bool:
        return await store.read(lambda tx: tx.cards.at(int(card.id))) is not None

    await eventually(recorded, "the card to be recorded")
    return case, card


@pytest.mark.parametrize("door", ["✅", "🙈", "🔨", "h 3", "k", "ban 7d 5", "/hide", "h #"])
async def test_nobody_decides_what_a_plain_card_does_not_show(newsroom: Newsroom, door: str):
    case, card = await plain_card(newsroom)
    ana = newsroom.sandbox.as_user("ana")
    if door == "/hide":
        assert "cannot show" in (await ana.slash("moderation", "hide", case=case)).text
    elif door.isascii():
        by_number = door.endswith("#")
        line = await newsroom.type(
            "ana", f"{door}{case}" if by_number else door, to=None if by_number else card
        )
        assert "Press More" in (await newsroom.answer(line)).text
    else:
        await ana.react(card, door)
        await ana.wait_for("moderation", "cannot show its comment")
    assert await newsroom.decisions() == []
    assert not any(card.reactions.values())

    more = await ana.press(card, "More")
    assert more.message is not None
    await ana.press(more.message, "Keep")
    assert len(await newsroom.decisions()) == 1


async def test_a_card_that_comes_to_be_plain_loses_its_reactions_and_gets_them_no_more(
    newsroom: Newsroom,
):
    case = await newsroom.report()
    card = await newsroom.card(case)
    await until(lambda: len(card.reactions) == 3, what="the reactions to press")
    edit = f"/channels/{card.channel_id}/messages/{card.id}"
    newsroom.sandbox.rest.fault("PATCH", edit, status=400, code=200000, times=1)
    await newsroom.report(comment={"text": "Worse words.", "revision": "2"})
    await newsroom.card(case, "refuses to show")
    await until(lambda: not card.reactions, what="the reactions to go")

    await newsroom.report(comment={"text": "Kinder words.", "revision": "3"})
    card = await newsroom.card(case, "Kinder words.")
    await newsroom.answer(await newsroom.type("ana", "h 3", to=card))
    assert [made.revision for made in await newsroom.decisions()] == [3]


async def test_a_reaction_to_a_plain_card_while_the_desk_was_down_decides_nothing(
    newsroom: Newsroom,
):
    case, card = await plain_card(newsroom)
    await newsroom.stop()
    await newsroom.sandbox.as_user("ana").react(card, "✅")
    await newsroom.sandbox.as_user("ben").react(card, "🙈")

    await newsroom.start()

    await newsroom.sandbox.as_user("ana").wait_for("moderation", "cannot show its comment")
    await until(lambda: not any(card.reactions.values()), what="the reactions to go")
    assert await newsroom.decisions() == []
    assert len(newsroom.cards(case)) == 1


@pytest.mark.usefixtures("in_haste")
async def test_the_roads_tell_what_no_channel_can(quiet_newsroom: Newsroom):
    newsroom, told = quiet_newsroom, []

    async def take(request: web.Request) -> web.Response:
        told.append(json.dumps(await request.json()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/road", take)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    newsroom.roads = [f"json://127.0.0.1:{runner.addresses[0][1]}/road"]
    await newsroom.start(editors_channel_id=None)
    newsroom.sandbox.owner.take("moderation", Permission.SEND_MESSAGES)

    case = await newsroom.report()

    await until(lambda: [one for one in told if "Send Messages" in one], what="the road")
    newsroom.sandbox.owner.give("moderation", Permission.SEND_MESSAGES)
    await newsroom.card(case)
    await until(lambda: [one for one in told if "again" in one], what="the end by the road")
    assert len(told) == 2
    await newsroom.stop()
    await runner.cleanup()


@pytest.mark.usefixtures("in_haste")
async def test_a_hand_over_waits_for_the_right_and_comes_once(newsroom: Newsroom):
    owner = newsroom.sandbox.owner
    case = await newsroom.report()
    card = await newsroom.card(case)
    owner.take("editors", Permission.SEND_MESSAGES)
    ana, ed = newsroom.sandbox.as_user("ana"), newsroom.sandbox.as_user("ed")
    more = await ana.press(card, "More")
    form = await ana.press(more.message, "To the editors")  # type: ignore[arg-type]
    await ana.submit(form)
    seen = await ana.wait_for("moderation", "#editors")
    assert "Send Messages" in seen.text

    owner.give("editors", Permission.SEND_MESSAGES)

    handed = await ed.wait_for("editors", f"#{case}")
    assert [one.id for one in ed.sees("editors") or [] if f"#{case}" in one.text] == [handed.id]


async def test_the_log_waits_for_the_right_and_loses_no_line(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    log_channel = newsroom.add_channel("log")
    await newsroom.start(log_channel_id=log_channel)
    newsroom.sandbox.owner.take("log", Permission.SEND_MESSAGES)
    case = await newsroom.report()
    await newsroom.sandbox.as_user("ana").press(await newsroom.card(case), "Keep")
    await refused_with(newsroom, "#log")

    newsroom.sandbox.owner.give("log", Permission.SEND_MESSAGES)

    line = await newsroom.sandbox.as_user("ana").wait_for("log", f"#{case}")
    assert "Kept" in line.text or "kept" in line.text


@pytest.mark.usefixtures("in_haste")
async def test_a_token_refused_while_running_is_told_and_survived(newsroom: Newsroom):
    newsroom.sandbox.rest.token_refused = True
    case = await newsroom.report()
    part = await refused_with(newsroom, "token")
    assert "restart" in part["detail"]

    newsroom.sandbox.rest.token_refused = False

    await newsroom.card(case)
    await well(newsroom)


@pytest.mark.usefixtures("in_haste")
async def test_a_token_refused_at_the_start_is_tried_again(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.sandbox.rest.token_refused = True
    await newsroom.start(wait=False)
    case = await newsroom.report()
    await refused_with(newsroom, "token")

    newsroom.sandbox.rest.token_refused = False

    await newsroom.card(case)
    await well(newsroom)


async def test_a_deleted_application_leaves_cards_that_are_posted_anew(newsroom: Newsroom):
    """Its cards are another bot's now, which nobody may edit."""
    case = await newsroom.report()
    card = await newsroom.card(case)
    newsroom.sandbox.rest.fault("PATCH", f"{POSTS}/{card.id}", times=1, status=403, code=50005)

    await newsroom.report()

    await until(lambda: len(newsroom.cards(case)) == 2, what="the new card")


@pytest.mark.usefixtures("in_haste")
async def test_missing_history_posts_no_second_card(quiet_newsroom: Newsroom):
    """Without Read Message History Discord says that there are no messages."""
    newsroom = quiet_newsroom
    await newsroom.start()
    # The overview stands, so that it is the card whose answer is lost.
    overview = await eventually(
        lambda: newsroom.desk.desk.store.read(lambda tx: tx.messages.at(MessageKind.OVERVIEW)),
        "the overview to stand",
    )
    assert overview.channel_id
    newsroom.sandbox.owner.take("moderation", Permission.READ_MESSAGE_HISTORY)
    newsroom.sandbox.rest.fault("POST", POSTS, drop="after", times=1)
    case = await newsroom.report()
    await refused_with(newsroom, "Read Message History")
    assert len(newsroom.cards()) == 1

    newsroom.sandbox.owner.give("moderation", Permission.READ_MESSAGE_HISTORY)
    await well(newsroom)

    await newsroom.report()
    await newsroom.card(case, "2 readers")
    assert len(newsroom.cards()) == 1


# ---- commands


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize(
    ("status", "more"),
    [(403, {"code": 50001}), (400, {"code": 30034}), (400, {"code": 50035}), (503, {}), (401, {})],
)
async def test_refused_commands_do_not_stop_the_desk(
    quiet_newsroom: Newsroom, status: int, more: dict[str, Any]
):
    newsroom = quiet_newsroom
    newsroom.sandbox.rest.fault(
        "PUT", "/applications/*/commands", status=status, times=None, **more
    )
    await newsroom.start()
    case = await newsroom.report()
    card = await newsroom.card(case)
    await refused_with(newsroom, "slash commands")
    answer = await newsroom.sandbox.as_user("ana").press(card, "Keep")
    assert "Kept" in answer.text

    newsroom.sandbox.rest.clear_faults()

    await well(newsroom)
    slash = await newsroom.sandbox.as_user("ana").slash("moderation", "queue")
    assert not slash.failed


async def test_commands_that_get_no_answer_do_not_stop_the_desk(quiet_newsroom: Newsroom):
    newsroom = quiet_newsroom
    newsroom.sandbox.rest.fault("PUT", "/applications/*/commands", delay=600.0)
    await newsroom.start()
    await newsroom.card(await newsroom.report())
    newsroom.sandbox.rest.clear_faults()


@pytest.mark.parametrize("hang_ups", [1, 3])
async def test_a_gateway_that_hangs_up_before_hello_is_tried_again(
    quiet_newsroom: Newsroom, hang_ups: int
):
    quiet_newsroom.sandbox.gateway.hang_ups = hang_ups

    await quiet_newsroom.start()

    await quiet_newsroom.card(await quiet_newsroom.report())


# ---- limits


@pytest.mark.usefixtures("in_haste")
async def test_a_long_global_limit_ends_and_the_desk_speaks_again(newsroom: Newsroom):
    await newsroom.card(await newsroom.report())
    newsroom.sandbox.rest.limit_globally(4)
    case = await newsroom.report(comment={"id": "c2"})
    part = await refused_with(newsroom, "holds the desk back until")
    assert not part["ok"]
    assert not part["needed"]

    await newsroom.card(case)
    await well(newsroom)


@pytest.mark.parametrize("seconds", [3.0, 35.0])
async def test_a_call_cancelled_during_a_global_limit_leaves_no_lock_behind(
    newsroom: Newsroom, seconds: float
):
    """discord.py clears an event, and never sets it again if it is cancelled in its sleep."""
    client = await newsroom.desk.presence.client()
    hold = newsroom.desk.presence.hold
    newsroom.sandbox.rest.limit_globally(seconds)
    call = asyncio.create_task(client.http.get_channel(newsroom.settings().discord.channel_id))
    await until(lambda: hold.left, what="the limit")
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    newsroom.sandbox.rest.clear_faults()
    if seconds > 30:
        hold.__init__()  # the minutes pass

    await newsroom.card(await newsroom.report())


async def test_one_route_held_for_long_holds_up_no_other(newsroom: Newsroom):
    first = await newsroom.report()
    await newsroom.card(first)
    newsroom.sandbox.rest.fault(
        "PATCH", "/channels/*/messages/*", status=429, retry_after=600.0, times=1
    )
    await newsroom.report()
    await until(
        lambda: any(status == 429 for *_, status in newsroom.sandbox.rest.log), what="the limit"
    )

    await newsroom.card(await newsroom.report(comment={"id": "c2"}))


async def test_the_desk_stops_in_time_while_discord_holds_it_back(newsroom: Newsroom):
    newsroom.sandbox.rest.limit_globally(75)
    await newsroom.report()
    await until(lambda: newsroom.desk.presence.hold.left, what="the limit")

    began = time.monotonic()
    await newsroom.stop()

    assert time.monotonic() - began < PATIENCE


async def test_a_comparison_asks_for_every_card_that_is_missing(newsroom: Newsroom):
    case = await newsroom.report()
    card = await newsroom.card(case)
    store = newsroom.desk.desk.store
    newsroom.sandbox.owner.delete_message(card)

    await eventually(lambda: _settled(newsroom), "the card to be drawn")
    await store.write(lambda tx: tx.cards.lost(case))
    named = {newsroom.settings().discord.channel_id}
    asked = await refused.compare(newsroom.desk.desk, named)

    assert asked <= 1
    await newsroom.card(case)


async def _settled(newsroom: Newsroom) -> bool:
    due = newsroom.desk.desk.clock() + timedelta(days=1)
    return not await newsroom.desk.desk.store.read(lambda tx: tx.outbox.due_cards(due, limit=1))
