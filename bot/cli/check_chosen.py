"""What `comment-desk check` says of values that were set in Discord, over those of the files."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.errors import DeskError
from bot.domain.set_up import CHANNELS, ROLES, Chosen, Setting, SetUpChange
from bot.domain.site import Finding
from bot.store.opening import open_store
from bot.store.store import Place
from config.discord import field_of, with_chosen
from config.settings import DiscordSettings

Changes = Mapping[Setting, SetUpChange]

_NAMED: Final[Mapping[str, tuple[Setting, ...]]] = {
    "House rules": (Setting.RULES_OFF, Setting.TIME_ZONE, Setting.QUIET_HOURS),
    "Channel": (Setting.CHANNEL,),
    "Editors' channel": (Setting.EDITORS_CHANNEL,),
    "Log channel": (Setting.LOG_CHANNEL,),
    "Roles": (Setting.MODERATOR_ROLES, Setting.SENIOR_ROLES, Setting.EDITOR_ROLES),
}
"""Which finding shows which of them."""
_CALLED: Final[Mapping[Setting, str]] = {
    Setting.RULES_OFF: "which are on",
    Setting.TIME_ZONE: "time zone",
    Setting.QUIET_HOURS: "quiet hours",
    Setting.MODERATOR_ROLES: "moderators'",
    Setting.SENIOR_ROLES: "senior moderators'",
    Setting.EDITOR_ROLES: "editors'",
}


_PICKED: Final = frozenset({*CHANNELS, *ROLES})
_OF_FILE: Final = (".env", "comment-desk setup", "Copy each role's id", "DESK_DISCORD__")
"""What a step says that mends the file, where what it names was picked in Discord."""
_PICK_ANEW: Final = "Pick another with /setup in Discord, or press Use the file's value there."


async def changes_in(database: Place, *, is_there: bool) -> Changes:
    """Return what is set in Discord; nothing of a database that is not there or cannot be read."""
    if not is_there:
        return {}
    try:
        async with open_store(database, create=False) as store:
            newest = await store.read(lambda tx: tx.set_up.newest())
    except DeskError:
        return {}  # what is wrong with it is said on a line of its own
    return {setting: one for setting, one in newest.items() if one.value is not None}


def chosen_in(changes: Changes) -> Chosen:
    """Return the values that were set."""
    return {setting: one.value for setting, one in changes.items() if one.value is not None}


def with_changes(discord: DiscordSettings, changes: Changes) -> DiscordSettings:
    """Return the settings as the desk reads them when it starts."""
    return with_chosen(discord, chosen_in(changes))


def said_by(finding: Finding, changes: Changes) -> Finding:
    """Add to a finding who set what it shows in Discord, if anybody did.

    What is wrong with a value that was set there is not mended in the file.
    """
    chosen = [setting for setting in _NAMED.get(finding.name, ()) if setting in changes]
    words = ", ".join(
        [_not_by_file(finding.words, chosen), *(_said(changes[one]) for one in chosen)]
    )
    if finding.good or not set(chosen) & _PICKED:
        return replace(finding, words=words)
    there = itertools.filterfalse(_is_of_file, finding.mend)
    return replace(finding, words=words, mend=(*there, _PICK_ANEW))


def _is_of_file(step: str) -> bool:
    return any(sign in step for sign in _OF_FILE)


def _not_by_file(words: str, chosen: Sequence[Setting]) -> str:
    for setting in chosen:
        field = f"DESK_DISCORD__{field_of(setting)}" if setting in _PICKED else ""
        if field:
            words = words.replace(f"the channel of {field}", "the channel picked by /setup")
            words = words.replace(field, "/setup")
    return words


def _said(change: SetUpChange) -> str:
    words = f"set in Discord by {change.by.name} on {change.at.day} {change.at:%B}"
    called = _CALLED.get(change.setting)
    return f"{called} {words}" if called else words
