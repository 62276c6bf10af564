"""`/setup`: somebody who manages the server and has no role at the desk sets it up in Discord."""

from bot.cli.check_chosen import changes_in, said_by, with_changes
from bot.cli.check_discord import check_discord
from bot.standin.permissions import EVERYONE, Permission
from tests.journey.newsroom import Newsroom


async def test_what_is_set_is_kept_over_the_file_and_through_a_restart(quiet_newsroom: Newsroom):
    newsroom, world = quiet_newsroom, quiet_newsroom.sandbox.world
    managers = world.add_role("Manager", EVERYONE | Permission.MANAGE_GUILD)
    world.add_person("vera", [managers])
    chiefs = world.add_role("Chief", EVERYONE | Permission.MANAGE_MESSAGES)
    world.add_person("carl", [chiefs])
    mods, open_to_all = newsroom.add_channel("mods"), world.place("general")
    newsroom.sandbox.owner.give("mods", Permission.VIEW_CHANNEL, whom="Chief")
    await newsroom.start()
    vera = newsroom.sandbox.as_user("vera")

    shown = await vera.slash("general", "setup")
    assert shown.ephemeral
    assert "Nothing was set here so far" in shown.text
    menu = "Where cards are posted"
    refused = await vera.select(shown.message, menu, [open_to_all])
    assert "lacks Manage Messages" in refused.text or "Everybody in the server" in refused.text

    shown = await vera.slash("general", "setup")
    kept = await vera.select(shown.message, menu, [str(mods)])
    assert "The desk uses it from its next start." in kept.text
    assert "Moderators' channel** · set here by Vera" in kept.text
    kept = await vera.select(kept.message, "Who may keep, hide and ban", [chiefs])
    assert "The desk uses it from its next start." in kept.text
    kept = await vera.select(kept.message, "The rules that are on", ["3", "6"])
    assert "It counts from now on" in kept.text
    assert [rule.number for rule in newsroom.desk.desk.policy().rules] == [3, 6]
    form = await vera.press(kept.message, "Change the times")
    kept = await vera.submit(form, zone="Europe/Berlin", hours="never")
    assert "Europe/Berlin, quiet hours never" in kept.text

    await newsroom.stop()
    await newsroom.start()
    policy = newsroom.desk.desk.policy()
    assert [rule.number for rule in policy.rules] == [3, 6]
    assert policy.shift.zone.key == "Europe/Berlin"
    assert "3 Harassment" in (await newsroom.sandbox.as_user("carl").slash("mods", "rules")).text
    assert "moderator" in (await newsroom.sandbox.as_user("ana").slash("mods", "rules")).text

    changes = await changes_in(newsroom.place, is_there=True)
    discord = with_changes(newsroom.settings().discord, changes)
    words = {one.name: said_by(one, changes).words async for one in check_discord(discord)}
    assert "#mods, set in Discord by Vera on " in words["Channel"]
    assert "moderators' set in Discord by Vera on " in words["Roles"]

    shown = await vera.slash("general", "setup")
    back = await vera.select(shown.message, "Use the file's value", ["0"])
    assert "Moderators' channel**\n" in f"{back.text}\n"
    assert "Last changed: Moderators' channel, by Vera" in back.text
