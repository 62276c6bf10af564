"""Slash commands, autocompletion and context menus, through the real discord.py."""

import time
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.demo.scenario import newsroom
from bot.standin import commands, ids
from bot.standin.errors import ApiError
from bot.standin.permissions import Permission
from tests.contract.standin.desk import Desk
from tests.support.driver import Actor
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

connected = pytest.mark.usefixtures("desk")


@connected
async def test_a_command_gets_its_options(ana: Actor) -> None:
    result = await ana.slash("moderation", "lookup", name="al", who=ana, limit=4)

    assert result.text == "al/Ana/4"
    assert result.ephemeral


@connected
async def test_options_are_checked_before_they_are_sent(ana: Actor) -> None:
    for options, complaint in (
        ({}, "needs the option 'name'"),
        ({"name": "a", "colour": "red"}, "no option 'colour'"),
        ({"name": "a", "limit": 11}, "between 1 and 10"),
        ({"name": "a", "limit": "many"}, "must be a number"),
        ({"name": "a", "who": "1"}, "no user, role or channel"),
    ):
        with pytest.raises(LookupError, match=complaint):
            await ana.slash("moderation", "lookup", **options)


@connected
async def test_choices_are_offered_while_typing(ana: Actor) -> None:
    found = await ana.autocomplete("moderation", "lookup", "name", name="al")
    assert [choice["value"] for choice in found] == ["alpha", "alps"]


@connected
async def test_subcommands_are_found_by_their_path(sandbox: Sandbox, ana: Actor) -> None:
    sandbox.owner.change_role("Moderator", take=Permission.MANAGE_MESSAGES)
    with pytest.raises(LookupError, match="not offered"):
        await ana.slash("moderation", "queue pause", minutes=5)

    membership = sandbox.world.members[ana.id]
    membership["roles"].append(sandbox.world.add_role("Chief", 1 << 13))
    assert (await ana.slash("moderation", "queue pause", minutes=5)).text == "paused 5"
    with pytest.raises(LookupError, match="needs a subcommand"):
        await ana.slash("moderation", "queue")
    with pytest.raises(LookupError, match="no part 'resume'"):
        await ana.slash("moderation", "queue resume")
    with pytest.raises(LookupError, match="no command 'quit'"):
        await ana.slash("moderation", "quit")


@connected
async def test_a_message_menu_carries_the_text_without_the_intent(
    sandbox: Sandbox, ana: Actor
) -> None:
    message = await sandbox.as_user("ben").send("moderation", "rude words")
    assert (await ana.context(message, "Flag")).text == "flagged 'rude words'"


@connected
async def test_a_person_menu_carries_the_person(sandbox: Sandbox, ana: Actor) -> None:
    result = await ana.context_on(sandbox.as_user("olly"), "general", "History")
    assert result.text == "history of olly"


async def test_commands_keep_their_ids_when_synced_again(sandbox: Sandbox, desk: Desk) -> None:
    before = {one["name"]: one["id"] for one in sandbox.world.commands.values()}
    await desk.tree.sync(guild=discord.Object(int(sandbox.world.guild_id)))
    assert {one["name"]: one["id"] for one in sandbox.world.commands.values()} == before
    assert len(before) == 5


async def test_commands_can_be_listed_changed_and_removed(sandbox: Sandbox, desk: Desk) -> None:
    guild = discord.Object(int(sandbox.world.guild_id))
    listed = {one.name: one for one in await desk.tree.fetch_commands(guild=guild)}
    await listed["slow"].edit(description="Quick")
    fetched = await desk.tree.fetch_command(listed["slow"].id, guild=guild)
    assert fetched.description == "Quick"
    await listed["slow"].delete()
    with pytest.raises(discord.NotFound):
        await desk.tree.fetch_command(listed["slow"].id, guild=guild)


async def test_an_error_in_a_command_reaches_the_person_as_a_failure(
    sandbox: Sandbox, desk: Desk, ana: Actor
) -> None:
    sandbox.interactions.deadline = 0.1
    guild = discord.Object(int(sandbox.world.guild_id))

    @desk.tree.command(name="broken", description="Breaks", guild=guild)
    async def broken(_interaction: discord.Interaction) -> None:
        raise RuntimeError

    await desk.tree.sync(guild=guild)
    assert (await ana.slash("moderation", "broken")).failed
    await until(lambda: desk.failures)
    assert isinstance(desk.failures[0], app_commands.CommandInvokeError)


def with_option(kind: int, **more: Any) -> dict[str, Any]:
    option = {"type": kind, "name": "a", "description": "x", **more}
    return {"name": "x", "description": "x", "options": [option]}


def sized(characters: int, **more: Any) -> dict[str, Any]:
    """Return a command of so many characters, most of them in its choices."""
    options: list[dict[str, Any]] = []
    left = characters - 2
    for name in ("o1", "o2"):
        described = 90 + left % 2
        left -= len(name) + described
        halves = [min(100, (left - 200 * n) // 2) for n in range(25) if left > 200 * n]
        left -= 2 * sum(halves)
        choices = [{"name": "x" * half, "value": "x" * half} for half in halves]
        options.append(
            {"type": 3, "name": name, "description": "x" * described, "choices": choices}
        )
    assert left == 0
    return {"name": "x", "description": "x", "options": options, **more}


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"name": "Upper", "description": "x"}, "name is invalid"),
        ({"name": "two words", "description": "x"}, "name is invalid"),
        ({"name": "x" * 33, "description": "x"}, "between 1 and 32"),
        ({"name": "x", "description": ""}, "between 1 and 100"),
        ({"name": "x", "description": "x" * 101}, "between 1 and 100"),
        (
            {
                "name": "x",
                "description": "x",
                "options": [
                    {"type": 3, "name": "a", "description": "x"},
                    {"type": 3, "name": "b", "description": "x", "required": True},
                ],
            },
            "before non-required",
        ),
        (
            {
                "name": "x",
                "description": "x",
                "options": [
                    {
                        "type": 3,
                        "name": "a",
                        "description": "x",
                        "choices": [{"name": str(n), "value": str(n)} for n in range(26)],
                    }
                ],
            },
            "25 or fewer",
        ),
        (with_option(3, choices=[{"name": "a", "value": "a"}], autocomplete=True), "exclude"),
        (with_option(4, choices=[{"name": "a", "value": 2**53}]), "should be between"),
        (with_option(4, choices=[{"name": "a", "value": -(2**53)}]), "should be between"),
        (with_option(4, max_value=2**53), "should be between"),
        (with_option(4, choices=[{"name": "a", "value": 1.5}]), "is not int"),
        (with_option(10, min_value=-(2.0**53) - 2), "should be between"),
        (sized(8001), "maximum size of 8000"),
        (sized(7902, description_localizations={"de": "x" * 100}), "maximum size of 8000"),
    ],
)
def test_a_command_that_discord_would_refuse_is_refused(
    command: dict[str, object], complaint: str
) -> None:
    with pytest.raises(ApiError, match=complaint):
        commands.replace(newsroom(), [command], None)


@pytest.mark.parametrize(
    "command",
    [
        with_option(3, autocomplete=True),
        with_option(3, choices=[{"name": "a", "value": "a"}], autocomplete=False),
        with_option(4, choices=[{"name": "a", "value": 2**53 - 1}], min_value=-(2**53) + 1),
        with_option(10, max_value=2.0**53),
        sized(8000),
        sized(7901, description_localizations={"de": "x" * 100}),
    ],
)
def test_a_command_at_the_limit_is_taken(command: dict[str, object]) -> None:
    commands.replace(newsroom(), [command], None)


def test_only_new_commands_count_for_the_day() -> None:
    world = newsroom()
    for first in range(0, 200, 100):
        batch = [{"name": f"c{first + n}", "description": "x"} for n in range(100)]
        commands.replace(world, batch, None)
    commands.replace(world, batch, None)
    with pytest.raises(ApiError, match=r"creates has been reached \(200\)") as caught:
        commands.replace(world, [*batch[1:], {"name": "new", "description": "x"}], None)
    assert (caught.value.status, caught.value.code) == (400, 30034)
    yesterday = ids.Ids(lambda: time.time() - 86_401)
    world.command_creates = [yesterday.new() for _ in range(200)]
    commands.replace(world, [*batch[1:], {"name": "new", "description": "x"}], None)


def test_two_commands_of_one_name_are_refused() -> None:
    twin = {"name": "x", "description": "x"}
    with pytest.raises(ApiError, match="must be unique"):
        commands.replace(newsroom(), [twin, dict(twin)], None)


def test_more_than_fifteen_message_commands_are_refused() -> None:
    many = [{"name": f"Menu {n}", "type": 3} for n in range(16)]
    with pytest.raises(ApiError, match=r"reached \(15\)"):
        commands.replace(newsroom(), many, None)
