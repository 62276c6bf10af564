"""Set-up's second part: channels and roles that are there already, chosen by their names."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import discord

from bot.cli.envfile import Draft
from bot.cli.setup.account import LOOK_EVERY
from bot.cli.setup.portal import RIGHTS, Portal, missing
from bot.cli.setup.sitting import Answers
from bot.cli.terminal import Talk
from bot.domain.errors import DeskError
from bot.domain.site import Finding

CHANNEL = "DESK_DISCORD__CHANNEL_ID"
EDITORS_CHANNEL = "DESK_DISCORD__EDITORS_CHANNEL_ID"
ROLES = {
    "moderator_roles": "DESK_DISCORD__MODERATOR_ROLES",
    "senior_roles": "DESK_DISCORD__SENIOR_ROLES",
    "editor_roles": "DESK_DISCORD__EDITOR_ROLES",
}

_NO_CHANNEL = "None: nobody is told when reports pile up"
_ASKED = {
    "moderator_roles": "Roles that keep, hide and ban",
    "senior_roles": "Roles that also undo other people's decisions",
    "editor_roles": "Roles of the editors",
}


N = TypeVar("N", discord.TextChannel, discord.Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guild:
    """A server as it was just read: its channels for text, and roles that people can hold."""

    guild: discord.Guild
    me: discord.Member
    channels: Sequence[discord.TextChannel]

    @property
    def roles(self) -> Sequence[discord.Role]:
        """The roles that somebody can be given, the highest first."""
        found = [r for r in self.guild.roles if not r.is_default() and not r.managed]
        return sorted(found, key=lambda role: role.position, reverse=True)

    def label(self, channel: discord.TextChannel) -> str:
        """Return what tells a channel from the others."""
        above = channel.category
        return f"{above.name}/#{channel.name}" if above else f"#{channel.name}"

    def is_public(self, channel: discord.TextChannel) -> bool:
        """Whether everybody in the server reads a channel."""
        return channel.permissions_for(self.guild.default_role).view_channel

    def lacks(self, channel: discord.TextChannel) -> list[str]:
        """Return which of its rights the bot does not have in a channel."""
        return missing(channel.permissions_for(self.me), RIGHTS)


async def look(portal: Portal, guild_id: int) -> Guild:
    """Read a server's channels and roles."""
    guild = await portal.guild(guild_id)
    found = await guild.fetch_channels()
    for one in found:
        if isinstance(one, discord.CategoryChannel):
            guild._channels[one.id] = one  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - without a gateway nothing else tells a channel its category
    channels = [one for one in found if isinstance(one, discord.TextChannel)]
    return Guild(guild=guild, me=await portal.myself(guild), channels=channels)


def settled(draft: Draft, found: Guild) -> bool:
    """Whether the settings name a channel of the server already, and whose decisions count."""
    named = draft.get(CHANNEL)
    known = {str(channel.id) for channel in found.channels}
    return named in known and any(draft.get(name) not in {"", "[]"} for name in ROLES.values())


async def choose(draft: Draft, portal: Portal, talk: Talk, answers: Answers, guild_id: int) -> None:
    """Let the admin choose among the channels and roles there are, and settle them.

    Raises:
        DeskError: There are none to choose from, or an answer names one that there is not.
    """
    found = await look(portal, guild_id)
    known = {str(one.id) for one in found.channels} & {draft.get(CHANNEL)}
    channel = await _channel(found, talk, answers.channel or next(iter(known), None))
    await _with_rights(portal, talk, found, channel)
    editors = await _editors_channel(found, talk, answers.editors_channel)
    if editors is not None:
        await _with_rights(portal, talk, found, editors)
    roles = _deciding(found, talk, answers)
    values = {ROLES[key]: str([role.id for role in chosen]) for key, chosen in roles.items()}
    draft.settle(
        {CHANNEL: str(channel.id)}
        | ({EDITORS_CHANNEL: str(editors.id)} if editors is not None else {})
        | values
    )
    tell(talk, found, channel, editors, [role for chosen in roles.values() for role in chosen])


def _deciding(found: Guild, talk: Talk, answers: Answers) -> dict[str, Sequence[discord.Role]]:
    roles = {key: _roles(found, talk, key, getattr(answers, key)) for key in ROLES}
    if not any(roles.values()):
        raise DeskError(
            "No role may decide anything, so nobody could. Make a role for your moderators under "
            "Server Settings, Roles, and run set-up again; or let it make the roles."
        )
    return roles


def tell_settled(draft: Draft, talk: Talk, found: Guild) -> None:
    """Say which channels and roles the settings name already."""
    by_id = {str(channel.id): channel for channel in found.channels}
    named = ",".join(draft.get(name).strip("[] ") for name in ROLES.values()).split(",")
    roles = {str(role.id): role for role in found.roles}
    chosen = [roles[one.strip()] for one in named if one.strip() in roles]
    tell(talk, found, by_id[draft.get(CHANNEL)], by_id.get(draft.get(EDITORS_CHANNEL)), chosen)


def tell(
    talk: Talk,
    found: Guild,
    channel: discord.TextChannel,
    editors: discord.TextChannel | None,
    roles: Sequence[discord.Role],
) -> None:
    """Say which channels and roles were settled."""
    label = found.label
    talk.show(Finding(name="Cards", good=True, words=f"in {label(channel)}"))
    if editors is not None:
        talk.show(Finding(name="Alerts", good=True, words=f"in {label(editors)}"))
    names = ", ".join(dict.fromkeys(role.name for role in roles))
    talk.show(Finding(name="Who decides", good=True, words=names))


async def _channel(found: Guild, talk: Talk, named: str | None) -> discord.TextChannel:
    if named is not None:
        channel = _by_name(found, named)
        if found.is_public(channel):
            raise DeskError(_public(found, channel))
        return channel
    private = [one for one in found.channels if not found.is_public(one)]
    if not private:
        raise DeskError(
            "The bot sees no private channel in this server. Make one and let the bot in, under "
            "the channel's settings, Permissions; or let set-up make it. Then run it again."
        )
    labels = _labels(found, private)
    return private[talk.choose("Channel for the cards", labels, key="channel")]


async def _editors_channel(
    found: Guild, talk: Talk, named: str | None
) -> discord.TextChannel | None:
    if named is not None:
        channel = _by_name(found, named)
        if found.is_public(channel):
            raise DeskError(_public(found, channel))
        return channel
    if not talk.insists:
        return None
    private = [one for one in found.channels if not found.is_public(one)]
    labels = [*_labels(found, private), _NO_CHANNEL]
    place = talk.choose("Channel for the editors' alerts", labels, key="editors_channel")
    return private[place] if place < len(private) else None


def _public(found: Guild, channel: discord.TextChannel) -> str:
    return (
        f"Everybody in the server can read {found.label(channel)}, and the cards hold what readers "
        f"complained of. Open the settings of #{channel.name}, Permissions, and make it private, "
        "or name another channel."
    )


def _labels(found: Guild, channels: Sequence[discord.TextChannel]) -> list[str]:
    """Return a label for each; two that have the same one are told apart by their topics or ids."""
    labels = [found.label(channel) for channel in channels]
    return [
        f"{label} ({channel.topic or channel.id})" if labels.count(label) > 1 else label
        for label, channel in zip(labels, channels, strict=True)
    ]


def _by_name(found: Guild, named: str) -> discord.TextChannel:
    """Return the channel that is called so.

    Raises:
        DeskError: There is none, or there are several.
    """
    plain = named.replace("#", "").strip().lower()
    meant = [
        one
        for one in found.channels
        if plain in {one.name.lower(), found.label(one).replace("#", "").lower(), str(one.id)}
    ]
    if not meant:
        seen = ", ".join(map(found.label, found.channels)) or "none"
        raise DeskError(f"There is no channel {named} in the server. There are: {seen}.")
    if len(meant) > 1:
        ways = " or ".join(_told_apart(found, meant))
        raise DeskError(f"There are {len(meant)} channels called {named}. Name it as {ways}.")
    return meant[0]


def _told_apart(found: Guild, channels: Sequence[discord.TextChannel]) -> list[str]:
    """Return by what each of some channels can be named; by their ids if nothing else differs."""
    labels = [found.label(one) for one in channels]
    return labels if len(set(labels)) == len(labels) else [str(one.id) for one in channels]


def _roles(
    found: Guild, talk: Talk, key: str, named: Sequence[str] | None
) -> Sequence[discord.Role]:
    if named is None:
        labels = [role.name for role in found.roles]
        return [found.roles[place] for place in talk.choose_some(_ASKED[key], labels, key=key)]
    return [_role(found, one) for one in named]


def _role(found: Guild, named: str) -> discord.Role:
    plain = named.removeprefix("@").strip().lower()
    meant = [role for role in found.roles if plain in {role.name.lower(), str(role.id)}]
    if len(meant) == 1:
        return meant[0]
    if meant:
        ids = " or ".join(str(role.id) for role in meant)
        raise DeskError(f"There are {len(meant)} roles called {named}. Name it by its id: {ids}.")
    seen = ", ".join(role.name for role in found.roles) or "none"
    raise DeskError(f"There is no role {named} that people can have. There are: {seen}.")


async def _with_rights(
    portal: Portal, talk: Talk, found: Guild, channel: discord.TextChannel
) -> None:
    """Wait until the bot may do in a channel what it has to do there.

    Raises:
        DeskError: It may not, and nobody allowed it in time.
    """
    lacking = found.lacks(channel)
    if not lacking:
        return
    words = ", ".join(lacking)
    talk.say(
        f"The bot lacks {words} in {found.label(channel)}. Open the channel's settings, "
        f"Permissions, add {found.me.name}, and allow them."
    )
    ends = asyncio.get_running_loop().time() + talk.patience
    with talk.waiting(f"Waiting for {words}"):
        while lacking and asyncio.get_running_loop().time() < ends:
            await asyncio.sleep(LOOK_EVERY)
            lacking = await _lacks_now(portal, found.guild.id, channel.id, lacking)
    if lacking:
        raise DeskError(
            f"The bot still lacks {', '.join(lacking)} in {found.label(channel)}. Allow it there, "
            "and run set-up again: it goes on from here."
        )


async def _lacks_now(
    portal: Portal, guild_id: int, channel_id: int, before: Sequence[str]
) -> Sequence[str]:
    """Return what the bot lacks in a channel by now; what it lacked `before` if it is out of sight."""
    now = await look(portal, guild_id)
    same = next((one for one in now.channels if one.id == channel_id), None)
    return now.lacks(same) if same is not None else before
