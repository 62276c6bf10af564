"""The bot's invitation, and the roles and channels that it makes, through the real discord.py."""

import aiohttp
import discord
import pytest

from bot.standin.permissions import DESK, Permission
from bot.standin.wire import ChannelKind
from tests.contract.standin.conftest import pointed_at, running
from tests.contract.standin.desk import Desk
from tests.support.sandbox import Sandbox
from tests.support.waiting import until

MAKING = (Permission.MANAGE_CHANNELS, Permission.MANAGE_ROLES)


@pytest.fixture
async def client(sandbox: Sandbox):
    """A client that speaks over REST alone, as one does that only sets something up."""
    async with discord.Client(intents=discord.Intents.none()) as made:
        with pointed_at(sandbox):
            await made.login(sandbox.world.token)
            yield made


async def guild_of(client: discord.Client, sandbox: Sandbox) -> discord.Guild:
    return await client.fetch_guild(int(sandbox.world.guild_id), with_counts=False)


async def test_a_private_place_is_made_with_its_roles(client: discord.Client, sandbox: Sandbox):
    sandbox.owner.invite(DESK, *MAKING)
    guild = await guild_of(client, sandbox)

    role = await guild.create_role(name="Moderator", mentionable=True)
    hidden = discord.PermissionOverwrite(view_channel=False)
    shown = discord.PermissionOverwrite(view_channel=True)
    rights = {guild.default_role: hidden, role: shown}
    category = await guild.create_category("Comment Desk", overwrites=rights)
    channel = await guild.create_text_channel(
        "Mod Room", category=category, topic="cards", overwrites=rights
    )

    assert (channel.name, channel.category_id, channel.topic) == ("mod-room", category.id, "cards")
    kept = sandbox.world.channels[str(channel.id)]
    assert [one["id"] for one in kept["permission_overwrites"]] == [str(guild.id), str(role.id)]
    assert sandbox.world.channels[str(category.id)]["type"] == ChannelKind.CATEGORY
    assert sandbox.world.roles[str(role.id)]["mentionable"]
    assert role.position < guild.get_role(int(sandbox.world.bot_role)).position  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("held", "make"),
    [
        (Permission.MANAGE_CHANNELS, "role"),
        (Permission.MANAGE_ROLES, "channel"),
    ],
)
async def test_nothing_is_made_without_the_right_for_it(
    client: discord.Client, sandbox: Sandbox, held: Permission, make: str
):
    sandbox.owner.invite(DESK, held)
    guild = await guild_of(client, sandbox)

    with pytest.raises(discord.Forbidden):
        await (guild.create_role(name="x") if make == "role" else guild.create_text_channel("x"))


async def test_a_bot_gives_no_right_that_it_does_not_hold(client: discord.Client, sandbox: Sandbox):
    sandbox.owner.invite(DESK, *MAKING)
    guild = await guild_of(client, sandbox)
    more = discord.Permissions(manage_guild=True)

    with pytest.raises(discord.Forbidden):
        await guild.create_role(name="x", permissions=more)
    allowed = discord.PermissionOverwrite(manage_guild=True)
    with pytest.raises(discord.Forbidden):
        await guild.create_text_channel("x", overwrites={guild.default_role: allowed})


async def test_a_bot_that_is_nowhere_sees_nothing(client: discord.Client, sandbox: Sandbox):
    sandbox.owner.leave()

    assert await client.http.get_guilds(200) == []
    with pytest.raises(discord.NotFound):
        await guild_of(client, sandbox)


async def test_opening_the_invitation_lets_the_bot_in(sandbox: Sandbox, desk: Desk):
    sandbox.owner.leave()
    await until(lambda: not desk.guilds, what="the bot to be out")
    rights = discord.Permissions(int(DESK))
    link = discord.utils.oauth_url(int(sandbox.world.app_id), permissions=rights)
    path = link.removeprefix("https://discord.com")

    async with aiohttp.ClientSession() as session, session.get(sandbox.url + path) as page:
        assert page.status == 200

    await until(lambda: bool(desk.guilds), what="the bot to be in")
    assert sandbox.world.roles[sandbox.world.bot_role]["permissions"] == str(int(DESK))


@pytest.mark.parametrize(
    "query",
    ["client_id=1&scope=bot&permissions=0", "scope=bot", "client_id={app}&scope=email"],
)
async def test_another_link_lets_nobody_in(sandbox: Sandbox, query: str):
    sandbox.owner.leave()
    url = f"{sandbox.url}/oauth2/authorize?{query.format(app=sandbox.world.app_id)}"

    async with aiohttp.ClientSession() as session, session.get(url) as page:
        assert page.status == 400
    assert sandbox.world.bot_id not in sandbox.world.members


async def test_a_gateway_that_a_bot_in_no_server_opens_is_ready(sandbox: Sandbox):
    sandbox.owner.leave()
    async with running(sandbox) as bot:
        assert not bot.guilds


async def test_other_servers_are_listed_by_name(client: discord.Client, sandbox: Sandbox):
    sandbox.owner.add_elsewhere("Essex Echo")
    found = [one["name"] for one in await client.http.get_guilds(200)]
    assert found == [sandbox.world.guild_name, "Essex Echo"]
