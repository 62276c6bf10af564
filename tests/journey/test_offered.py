"""Commands are offered to whoever manages messages; what counts is still the desk's own gate."""

from bot.cli.check_discord import check_discord
from bot.standin import commands
from bot.standin.permissions import Permission
from tests.journey.newsroom import Newsroom
from tests.support.waiting import until


async def test_outsiders_are_offered_no_command_and_staff_all(quiet_newsroom: Newsroom):
    world, owner = quiet_newsroom.sandbox.world, quiet_newsroom.sandbox.owner
    reader = world.add_person("vera")
    await quiet_newsroom.start()
    await until(lambda: world.commands, what="the commands")

    def offered(person: str) -> set[bool]:
        place = world.place("general")
        found = [one for one in world.commands.values() if one["name"] != "setup"]
        return {commands.offered(world, person, place, command) for command in found}

    assert offered(reader) == {False}
    assert {one["type"] for one in world.commands.values()} > {1}, "menus too"
    for name in ("ana", "sam", "ed"):
        assert offered(world.person(name)) == {True}

    [setup] = [one for one in world.commands.values() if one["name"] == "setup"]
    assert int(setup["default_member_permissions"]) == Permission.MANAGE_GUILD

    async def said() -> str:
        settings = quiet_newsroom.settings().discord
        [words] = [one.words async for one in check_discord(settings) if one.name == "Commands"]
        return words

    assert "all of the desk's roles" in await said()
    owner.change_role("Editor", take=Permission.MANAGE_MESSAGES)
    words = await said()
    assert "@Editor lack it in #moderation" in words
    assert "Server Settings, Integrations" in words
