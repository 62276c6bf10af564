"""What whoever manages the server may set in Discord, over what the desk's files say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.policy import Policy
from bot.domain.staff import Person


class Setting(StrEnum):
    """One thing that can be set; the name is what is kept."""

    CHANNEL = "channel"
    EDITORS_CHANNEL = "editors_channel"
    LOG_CHANNEL = "log_channel"
    MODERATOR_ROLES = "moderator_roles"
    SENIOR_ROLES = "senior_roles"
    EDITOR_ROLES = "editor_roles"
    RULES_OFF = "rules_off"
    TIME_ZONE = "time_zone"
    QUIET_HOURS = "quiet_hours"


CHANNELS: Final = (Setting.CHANNEL, Setting.EDITORS_CHANNEL, Setting.LOG_CHANNEL)
ROLES: Final = (Setting.MODERATOR_ROLES, Setting.SENIOR_ROLES, Setting.EDITOR_ROLES)
AT_ONCE: Final = (Setting.RULES_OFF, Setting.TIME_ZONE, Setting.QUIET_HOURS)
"""What a running desk takes; the others are read when it starts."""

EVERY: Final = tuple(Setting)

Chosen: TypeAlias = Mapping[Setting, str]
"""What is set in Discord, each as it is kept; what is not in it is as the files say."""

_HOURS: Final = re.compile(r"\s*([0-9]{1,2}:[0-9]{2})\s*(?:-|\u2013|to)\s*([0-9]{1,2}:[0-9]{2})\s*")
_NEVER: Final = frozenset({"", "never", "none", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """Somebody at the door of the set-up, and whether Discord lets them manage the server."""

    person: Person
    manages: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpChange:
    """One change; `value` and `was` are `None` where the file's value counts."""

    setting: Setting
    value: str | None
    was: str | None
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSeen:
    """A channel as the bot sees it: the rights that it lacks there, and whether all may read it.

    `is_anothers` says that it belongs to another newsroom of the same desk.
    """

    id: int
    lacks: Sequence[str] = ()
    is_open: bool = False
    rehearses: bool = False
    is_anothers: bool = False


def numbers(value: str) -> tuple[int, ...]:
    """Return the ids or rule numbers that a kept value holds; what is none is left out."""
    return tuple(int(one) for one in value.split(",") if one.isascii() and one.isdigit())


def listed(ids: Sequence[int]) -> str:
    """Return ids or rule numbers as they are kept."""
    return ",".join(map(str, sorted(set(ids))))


def zone_of(name: str) -> ZoneInfo | None:
    """Return the time zone of that name, `None` if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def hours_of(words: str) -> tuple[time, time] | tuple[None, None] | None:
    """Return two times, twice `None` for no quiet hours, and `None` if it cannot be read."""
    if words.strip().casefold() in _NEVER:
        return None, None
    found = _HOURS.fullmatch(words)
    if found is None:
        return None
    try:
        start, end = (time.fromisoformat(found[place].zfill(5)) for place in (1, 2))
    except ValueError:
        return None
    return (start, end) if start != end else None


def hours_in_words(hours: tuple[time | None, time | None]) -> str:
    """Return quiet hours as they are kept and shown: ``22:00-07:00``, or ``never``."""
    start, end = hours
    return f"{start:%H:%M}-{end:%H:%M}" if start and end else "never"


def applied(policy: Policy, chosen: Chosen) -> Policy:
    """Return the policy of the file with what is set in Discord over it.

    What the file has made senseless meanwhile is left out: the last rule stays on.
    """
    policy = _without(policy, frozenset(numbers(chosen.get(Setting.RULES_OFF, ""))))
    zone = zone_of(chosen[Setting.TIME_ZONE]) if Setting.TIME_ZONE in chosen else None
    if zone is not None:
        shift, alerts = replace(policy.shift, zone=zone), replace(policy.alerts, zone=zone)
        policy = replace(policy, shift=shift, alerts=alerts)
    hours = hours_of(chosen[Setting.QUIET_HOURS]) if Setting.QUIET_HOURS in chosen else None
    if hours is not None:
        start, end = hours
        shift = replace(policy.shift, quiet_from=start, quiet_until=end)
        alerts = replace(policy.alerts, quiet_from=start, quiet_until=end)
        policy = replace(policy, shift=shift, alerts=alerts)
    return policy


def _without(policy: Policy, off: frozenset[int]) -> Policy:
    on = tuple(rule for rule in policy.rules if rule.number not in off)
    if not on or len(on) == len(policy.rules):
        return policy
    gone = tuple(rule for rule in policy.rules if rule.number in off)
    return replace(policy, rules=on, off=gone)
