"""Two titles in one desk: each has its own server, and a moderator of one sees nothing of the other.

As with those who have no role, the doors are found from the desk itself: the commands from what
Discord was told, the presses from every kind of custom id, the forms from every form.
"""

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.demo.scenario import newsroom as people
from bot.domain.ids import CaseId
from bot.services.about import newsroom_now
from bot.services.desk import Desk
from bot.services.readers.contest import contest_by_author
from bot.services.readers.statement import hash_of
from bot.sites.settings import SiteSettings
from bot.standin import membership
from bot.standin.permissions import EVERYONE, Permission, allow, deny
from bot.standin.pins import pinned
from bot.standin.wire import Asked
from bot.standin.world import World
from config.settings import NewsroomSettings
from tests.journey.attackers import (
    NEXT_DOOR,
    REFUSED,
    SECRETS,
    Scene,
    ask,
    filled_in,
    forms,
    kept,
    leaves,
    pressed,
    presses,
    told,
)
from tests.journey.newsroom import OPENAPI, OUT_SECRET, SITE, Newsroom, open_newsroom
from tests.support.cards import Card
from tests.support.databases import where_tests_say
from tests.support.driver import Result
from tests.support.fresh import new_desk
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

HERALD_SECRET = "whsec_" + "aGVyYWxkLXNlY3JldC1mb3ItdGhlLWpvdXJuZXlzLTI="
GAZETTE_SECRET = "whsec_" + "Z2F6ZXR0ZS1zZWNyZXQtZm9yLXRoZS1qb3VybmV5cy0="
PLACES = ("desk", "editors", "appeals", "log")
"""The Gazette's channels."""
OURS = "The harbour is ours"
"""What only the Herald's reader was told of."""


def herald() -> World:
    """Return the Herald's server: hana is an editor there, and ben of the Courier no staff."""
    world = World(guild_name="Harwich Herald")
    staff = EVERYONE | Permission.MANAGE_MESSAGES | Permission.MANAGE_GUILD
    editor = world.add_role("Herald editor", staff)
    world.add_person("hana", [editor])
    guest = world.add_role("Guest", EVERYONE | Permission.MANAGE_MESSAGES)
    world.add_person("ben", [guest])
    hidden = deny(world.guild_id, Permission.VIEW_CHANNEL)
    shown = [allow(role, Permission.VIEW_CHANNEL) for role in (editor, guest, world.bot_role)]
    world.add_channel(NEXT_DOOR, [hidden, *shown])
    return world


def add_gazette(newsroom: Newsroom, data: Path) -> None:
    """Add a newsroom in the Courier's own server, whose channels all of that see by mistake.

    gus is an editor there, and vera manages the server and has no role at either desk.
    """
    world = newsroom.sandbox.world
    role = world.add_role("Gazette", EVERYONE | Permission.MANAGE_MESSAGES)
    world.add_person("gus", [role])
    world.add_person("vera", [world.add_role("Manager", EVERYONE | Permission.MANAGE_GUILD)])
    own = {name: int(world.add_channel(f"gazette-{name}")) for name in PLACES}
    (data / "gazette.toml").write_text((data / "herald.toml").read_text())
    new_desk(data / "desk-gazette.db")
    newsroom.further_sites["gazette"] = site(newsroom, GAZETTE_SECRET)
    newsroom.further["gazette"] = NewsroomSettings(
        guild_id=int(world.guild_id),
        channel_id=own["desk"],
        editors_channel_id=own["editors"],
        appeals_channel_id=own["appeals"],
        log_channel_id=own["log"],
        editor_roles=[int(role)],
        sites=["gazette"],
        policy=data / "gazette.toml",
    )


def site(newsroom: Newsroom, secret: str) -> SiteSettings:
    """Return the settings of a site, for all of which the same obedient one stands."""
    return SiteSettings(
        secrets=[secret],
        reporter_salt="a salt of more than sixteen characters",
        url=newsroom.site_url,
        outgoing_secrets=[OUT_SECRET],
        allow_private=True,
    )


def add_herald(newsroom: Newsroom, world: World, data: Path) -> None:
    newsroom.write_policy()
    rules = data / "herald.toml"
    text = newsroom.policy.read_text()
    assert 'name = "Harassment"' in text
    text = text.replace('name = "Harassment"', 'name = "Rudeness"')
    # A slip of the pen: the channel is the Courier's.
    wrong = newsroom.sandbox.world.place("moderation")
    rules.write_text(f'{text}\n[[routes]]\nsection = "Docks"\nchannel = {wrong}\n')
    new_desk(data / "desk-herald.db")
    newsroom.further_sites["herald"] = site(newsroom, HERALD_SECRET)
    newsroom.further["herald"] = NewsroomSettings(
        guild_id=int(world.guild_id),
        channel_id=int(world.place(NEXT_DOOR)),
        editor_roles=[int(role) for role in world.members[world.person("hana")]["roles"]],
        sites=["herald"],
        policy=rules,
    )


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> set[tuple[str, str]]:
    """What is logged from now on, each line with the newsroom that it names."""
    said = set[tuple[str, str]]()
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(lambda one: said.add((newsroom_now(), one.getMessage())) or True)
    return said


@asynccontextmanager
async def own_databases(newsroom: Newsroom) -> AsyncGenerator[None]:
    """Give each title a database of its own, where the tests are to run on a server."""
    async with AsyncExitStack() as made:
        for name, one in newsroom.further.items():
            server = await made.enter_async_context(where_tests_say())
            url = SecretStr(server.url) if server else None
            newsroom.further[name] = one.model_copy(update={"database_url": url})
        yield


@pytest.fixture
async def newsroom(tmp_path: Path, logged: set[tuple[str, str]]) -> AsyncGenerator[Newsroom]:
    assert not logged
    sandbox = Sandbox(
        people(), openapi=OPENAPI if OPENAPI.exists() else None, neighbours=[herald()]
    )
    async with open_newsroom(sandbox, tmp_path) as made:
        add_herald(made, sandbox.neighbours[0].world, tmp_path)
        add_gazette(made, tmp_path)
        log, appeals = made.add_channel("log"), made.add_channel("appeals")
        async with own_databases(made):
            await made.start(log_channel_id=log, appeals_channel_id=appeals)
            yield made
            await made.stop()
    assert (sandbox.crashes, sandbox.unknown_routes, sandbox.violations) == ([], [], [])


async def report_to_herald(
    newsroom: Newsroom, title: str = "herald", secret: str = HERALD_SECRET, **changes: Any
) -> int:
    comment = {
        "id": "h1",
        "text": OURS,
        "permalink": "https://herald.example/ferry#h1",
        "author": {"id": "a9", "name": "gull"},
    } | changes.pop("comment", {})
    story = {"id": "s9", "title": "Ferry late", "url": "https://herald.example/ferry"}
    body = newsroom.report_body(**{"site": title, "comment": comment, "story": story, **changes})
    status, answer = await newsroom.post("/v1/reports", body, secret=secret)
    assert status == 202, answer
    return answer["case"]


def of_people(newsroom: Newsroom) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the Courier's record has of what people did; the desk notes what it showed."""
    shown = {"said", "revisions"}
    return {name: rows for name, rows in kept(newsroom).items() if name not in shown}


async def fetched(newsroom: Newsroom, path: str) -> str:
    async with newsroom.http.get(newsroom.desk.health_address + path) as answer:
        return await answer.text()


def said_in(world: World) -> str:
    """Return all that was ever said in a server and still stands there, to whomever."""
    return json.dumps([list(channel.values()) for channel in world.messages.values()])


async def read(result: Result) -> str:
    if result.modal is not None:
        return str(result.modal)
    await until(lambda: result.message and result.text, what="an answer")
    return f"{result.text} {result.labels}"


async def everything_tried(scene: Scene) -> AsyncGenerator[str]:
    """Yield what came of each press, form, command, list and line."""
    for custom_id, kind, values in presses(scene):
        asked = await pressed(scene, custom_id, kind, values)
        assert not asked.late, custom_id
        yield told(asked)
    for form in forms(scene):
        yield told(await ask(scene, Asked.MODAL, form))
    commands = [one for one in scene.there.world.commands.values() if one["type"] == 1]
    assert len(commands) > 20
    for path, leaf in (pair for one in commands for pair in leaves(one)):
        options = leaf.get("options", [])
        required = {one["name"]: filled_in(scene, one) for one in options if one.get("required")}
        everything = {one["name"]: filled_in(scene, one) for one in options}
        for given in (required, everything):
            yield await read(await scene.olly.slash(NEXT_DOOR, path, **given))
        for option in options:
            if option.get("autocomplete"):
                typed = {option["name"]: ""}
                offered = await scene.olly.autocomplete(NEXT_DOOR, path, option["name"], **typed)
                yield str(offered)
    for number, verb in product(scene.cases, ("hide", "ban", "undo", "claim")):
        words = f"<@{scene.there.world.bot_id}> {verb} #{number}"
        yield await answer_to(scene, await scene.olly.send(NEXT_DOOR, words))


async def answer_to(scene: Scene, line: Card) -> str:
    def there() -> Card | None:
        for one in scene.olly.sees(NEXT_DOOR) or []:
            if (one.raw.get("message_reference") or {}).get("message_id") == line.id:
                return one
        return None

    return (await until(there, what=f"an answer to {line.text}")).text


async def test_a_moderator_of_one_title_sees_and_does_nothing_at_any_door_of_another(
    newsroom: Newsroom,
):
    sandbox, ana = newsroom.sandbox, newsroom.sandbox.as_user("ana")
    [there] = sandbox.neighbours
    hana = sandbox.next_door("hana")

    # Each title's report becomes a card in its own server, with its own rules' names and numbers.
    cases = [
        await newsroom.report(comment={"id": f"c{number}"}, note="I overheard him boast of it")
        for number in range(5)
    ]
    assert await report_to_herald(newsroom) == 1
    card = await hana.wait_for(NEXT_DOOR, OURS)
    assert "Rudeness" in card.text
    assert "Harassment" in (await newsroom.card(cases[4])).text
    await ana.slash("moderation", "hide", case=cases[2])
    await ana.slash("moderation", "ban", case=cases[3], duration=7)
    await ana.slash("moderation", "ban", case=cases[4], duration=0)
    await newsroom.card(cases[4], "second pair of eyes")
    await ana.slash("moderation", "author note", name=f"#{cases[1]}", text="staff only")
    await newsroom.settled()

    # An editor of the Herald, who may do everything there, tries every door with the Courier's
    # numbers; the Herald has the one case.
    scene = Scene(
        newsroom=newsroom,
        olly=hana,
        open_case=cases[1],
        decided=cases[2],
        banned=cases[3],
        waiting=cases[4],
        next_door=there,
    )
    before = of_people(newsroom)
    met = [said async for said in everything_tried(scene)]
    assert sum("There is no case" in said for said in met) > 20
    assert sum("This card is from another record" in said for said in met) > 200
    # The search's own example has a name like that of the author.
    secrets = [one.replace("salty", "_dog") for one in SECRETS]
    assert [(one, said) for said in met for one in secrets if one in said] == []
    assert of_people(newsroom) == before

    # Nothing of either was ever said in the other's server.
    assert [one for one in (*secrets, SITE) if one in said_in(there.world)] == []
    assert OURS not in said_in(sandbox.world)
    # Who is staff at the Courier is nobody at the Herald.
    ben = sandbox.next_door("ben")
    for path, options in (("queue", {}), ("case", {"case": 1}), ("hide", {"case": 1})):
        assert REFUSED in await read(await ben.slash(NEXT_DOOR, path, **options)), path
    assert "#1" in await read(await sandbox.as_user("ben").slash("moderation", "queue"))

    # What the Herald decides is its own, in its own record.
    await hana.slash(NEXT_DOOR, "hide", case=1)
    await until(lambda: newsroom.site.orders[-1]["data"]["comment"]["id"] == "h1", what="the order")
    assert of_people(newsroom) == before

    # A channel of the Courier's in the Herald's rules is as one that the bot is not let into.
    story = {"id": "s8", "title": OURS, "url": "https://herald.example/d", "section": "Docks"}
    await report_to_herald(newsroom, comment={"id": "h2"}, story=story)
    herald_desk = newsroom.desk.others["herald"]
    await until(lambda: herald_desk.troubles.current, what="the desk to be refused")
    assert OURS not in said_in(sandbox.world)

    # How each newsroom is, is told under its name, and every figure once.
    figures = await fetched(newsroom, "/metrics")
    found = {
        (sample.labels["newsroom"], sample.value)
        for family in text_string_to_metric_families(figures)
        for sample in family.samples
        if sample.name == "comment_desk_queue_oldest_seconds"
    }
    assert {name for name, _ in found} == {"first", "herald", "gazette"}
    assert 'comment_desk_alerts_live{newsroom="herald"' in figures
    assert set(json.loads(await fetched(newsroom, "/readyz"))["parts"]) >= {
        *("first: store", "first: discord", "herald: store", "herald: discord")
    }

    # The bot is thrown out of one server: its reports wait, and the other goes on.
    membership.leave(there.world)
    assert await report_to_herald(newsroom, comment={"id": "h3"}) == 3
    await newsroom.card(await newsroom.report(comment={"id": "c9"}))


def said_at(world: World, name: str) -> str:
    """Return all that was ever said in a channel."""
    return json.dumps(list(world.messages.get(world.place(name), {}).values()))


async def contested(desk: Desk, why: str) -> None:
    """Have the author contest the first decision, as from the page about it."""
    [made] = await desk.store.read(lambda tx: tx.decisions.of_case(CaseId(1)))
    await desk.store.write(lambda tx: tx.contests.state(made.id, hash_of("s"), desk.clock()))
    await contest_by_author(desk, "s", why, "en")


async def each_speaks_at_home(newsroom: Newsroom) -> None:
    """Look at all that speaks by itself: logs, contests, alerts, overviews."""
    sandbox = newsroom.sandbox
    ana, gus = sandbox.as_user("ana"), sandbox.as_user("gus")
    here, there = newsroom.desk.desk, newsroom.desk.others["gazette"]
    await contested(here, "It was @everyone a joke")
    await contested(there, "We did not know")
    for number in range(12):
        comment = {"id": f"g{number % 3}"}
        await report_to_herald(newsroom, "gazette", GAZETTE_SECRET, comment=comment)
    await gus.wait_for("gazette-editors", "reports by")
    ours = {"desk": "moderation", "editors": "editors", "appeals": "appeals", "log": "log"}
    await ana.wait_for("log", "Harassment")
    await gus.wait_for("gazette-log", "Rudeness")
    await ana.wait_for("appeals", "a joke")
    await gus.wait_for("gazette-appeals", "We did not know")
    for place, names in (("Courier", ours.values()), ("Gazette", map("gazette-{}".format, PLACES))):
        said = "".join(said_at(sandbox.world, name) for name in names)
        others = ("Rudeness", "gull", OURS) if place == "Courier" else ("Harassment", "salty")
        assert [one for one in others if one in said] == [], place
    assert said_at(sandbox.world, "editors") == "[]"

    # Each has its own figures, its own contests, and its own packs.
    shown = await read(await gus.slash("gazette-desk", "contests"))
    assert "We did not know" in shown
    assert "a joke" not in shown
    for who, channel, wanted, unwanted in (
        (gus, "gazette-desk", "3 cases are open", "salty"),
        (ana, "moderation", "No case is open", "gull"),
    ):
        shown = await read(await who.slash(channel, "status"))
        assert wanted in shown
        assert unwanted not in shown
        place = sandbox.world.place(channel)
        await until(lambda place=place: len(pinned(sandbox.world, place)) == 1, what="an overview")


async def set_up_and_reloaded(newsroom: Newsroom) -> None:
    """Let the server's manager pick another newsroom's channels, and an editor break the rules."""
    sandbox = newsroom.sandbox
    vera, gus, ed = (sandbox.as_user(one) for one in ("vera", "gus", "ed"))
    for here, others in (
        ("gazette-desk", ("moderation", "editors", "log", "appeals")),
        ("general", [f"gazette-{one}" for one in PLACES]),  # nobody's, so the first is meant
    ):
        for other in others:
            shown = await vera.slash(here, "setup")
            picked = [str(sandbox.world.place(other))]
            refused = await vera.select(shown.message, "Where cards are posted", picked)
            assert "That channel belongs to another newsroom of this desk" in refused.text, other
    desks = newsroom.desk.desk, newsroom.desk.others["gazette"]
    before = [desk.policy() for desk in desks]
    rules = newsroom.policy.with_name("gazette.toml")
    rules.write_text("emoji = 1")
    refused = await gus.slash("gazette-desk", "policy reload")
    assert "the one from before stays in force" in await read(refused)
    assert "what it said before" in await read(await ed.slash("moderation", "policy reload"))
    assert [desk.policy() for desk in desks] == before


async def test_two_titles_in_one_server_are_apart_by_their_channels(
    newsroom: Newsroom, logged: set[tuple[str, str]]
):
    sandbox = newsroom.sandbox
    ana, gus = sandbox.as_user("ana"), sandbox.as_user("gus")
    here, there = newsroom.desk.desk, newsroom.desk.others["gazette"]
    assert await newsroom.report() == 1
    assert await report_to_herald(newsroom, "gazette", GAZETTE_SECRET) == 1
    card = await gus.wait_for("gazette-desk", OURS)
    assert "Rudeness" in card.text
    await newsroom.card(1)
    before = of_people(newsroom)

    # Each sees its own, in its own channel: the numbers are the same, and the cases are not.
    for path, options in (("queue", {}), ("case", {"case": 1}), ("next", {})):
        said = await read(await gus.slash("gazette-desk", path, **options))
        assert "bought" not in said, path
        for who, place in ((ana, "gazette-desk"), (gus, "general")):
            assert REFUSED in await read(await who.slash(place, path, **options)), path
    offered = await gus.autocomplete("gazette-desk", "case", "case", case="")
    assert [OURS in one["name"] for one in offered] == [True]

    # A press, a reaction and a typed line mean the case of the channel that they are made in.
    assert REFUSED in await read(await ana.press(card, "Keep"))
    assert REFUSED not in await read(await gus.press(card, "More"))
    line = await gus.send("gazette-desk", f"<@{sandbox.world.bot_id}> hide #1")
    await until(lambda: newsroom.site.orders, what="the order")
    assert newsroom.site.orders[0]["data"]["comment"]["id"] == "h1"
    await gus.delete(line)
    assert of_people(newsroom) == before
    assert await there.store.read(lambda tx: len(list(tx.decisions.after(0, limit=9)))) == 1

    # What is done in the Courier's channel is the Courier's.
    await ana.react((newsroom.cards(1))[0], here.policy().emoji.hide)
    await until(lambda: len(newsroom.site.orders) == 2, what="the Courier's order")
    assert newsroom.site.orders[1]["data"]["comment"]["id"] == "c1"
    assert await there.store.read(lambda tx: len(list(tx.decisions.after(0, limit=9)))) == 1
    assert "bought" not in str(sandbox.world.messages[sandbox.world.place("gazette-desk")])
    assert OURS not in str(sandbox.world.messages[sandbox.world.place("moderation")])

    # What the authors are told, each by the rules of their own paper.
    assert [one["data"]["rule"]["name"] for one in newsroom.site.orders] == [
        "Rudeness",
        "Harassment",
    ]

    await each_speaks_at_home(newsroom)
    await set_up_and_reloaded(newsroom)

    # Each line of the log that is about a newsroom names it, whichever way it came to be said.
    names = ("first", "herald", "gazette")
    assert {(one, "connected to Discord") for one in names} <= logged
    carried_out = {
        ("first", "case 1: site courier says done"),
        ("gazette", "case 1: site gazette says done"),
    }
    await until(lambda: carried_out <= logged, what="the lines about both orders")
    assert {one for one in logged if one[1].startswith("case 1: site ")} == carried_out
