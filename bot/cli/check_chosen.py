"""What `comment-desk check` says of values that were set in Discord, over those of the files."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.domain.errors import DeskError
from bot.domain.set_up import Chosen, Setting, SetUpChange
from bot.domain.site import Finding
from bot.store.opening import Place, open_store
from config.discord import with_chosen
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
    """Add to a finding who set what it shows in Discord, if anybody did."""
    said = [
        _said(changes[setting]) for setting in _NAMED.get(finding.name, ()) if setting in changes
    ]
    return replace(finding, words=", ".join([finding.words, *said]))


def _said(change: SetUpChange) -> str:
    words = f"set in Discord by {change.by.name} on {change.at.day} {change.at:%B}"
    called = _CALLED.get(change.setting)
    return f"{called} {words}" if called else words
