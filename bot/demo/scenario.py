"""The demo's guild: a local paper's newsroom with its moderators, editors and one outsider."""

from bot.standin.permissions import DESK, EVERYONE, Permission, allow, deny
from bot.standin.wire import Intent
from bot.standin.world import World

GUILD = "Colne Courier"
MODERATION = "moderation"
EDITORS = "editors"
GENERAL = "general"
MODERATOR = "Moderator"
SENIOR = "Senior moderator"
EDITOR = "Editor"


def newsroom(*, privileged: Intent = Intent.NONE, bot_permissions: int = DESK) -> World:
    """Return the newsroom; its ids are the same on every run.

    People: ana and ben (moderators), sam (senior moderator), ed (editor), olly (no role).
    Channels: #moderation (all staff and the bot), #editors (seniors, editors and the bot),
    #general (everybody).

    Args:
        privileged: The privileged intents switched on for the bot.
        bot_permissions: What the bot's role may do.
    """
    world = World(guild_name=GUILD, privileged=privileged, bot_permissions=bot_permissions)
    staff = EVERYONE | Permission.MANAGE_MESSAGES
    moderator = world.add_role(MODERATOR, staff, colour=0x3498DB, mentionable=True)
    senior = world.add_role(SENIOR, staff, colour=0x9B59B6, mentionable=True)
    editor = world.add_role(EDITOR, staff, colour=0xE67E22, mentionable=True)
    world.add_person("ana", [moderator])
    world.add_person("ben", [moderator])
    world.add_person("sam", [senior])
    world.add_person("ed", [editor])
    world.add_person("olly")
    hidden = deny(world.guild_id, Permission.VIEW_CHANNEL)
    shown = {
        role: allow(role, Permission.VIEW_CHANNEL)
        for role in (moderator, senior, editor, world.bot_role)
    }
    world.add_channel(MODERATION, [hidden, *shown.values()])
    world.add_channel(EDITORS, [hidden, shown[senior], shown[editor], shown[world.bot_role]])
    world.add_channel(GENERAL)
    return world
