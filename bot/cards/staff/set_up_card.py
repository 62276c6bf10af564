"""/setup: Discord's own menus for channels and roles, the house rules, and the newsroom's times."""

from collections.abc import Iterator
from typing import Any, Final

import discord

from bot.cards import escape, parts
from bot.cards.presses.persistent_items import (
    MOST_OPTIONS,
    button,
    channel_menu,
    menu,
    role_menu,
)
from bot.cards.presses.set_up import (
    AskHours,
    HoursForm,
    PickChannel,
    PickRoles,
    PickRules,
    UseFile,
)
from bot.cards.text import common as common_text
from bot.cards.text import set_up as set_up_text
from bot.domain.policy import Policy
from bot.domain.set_up import CHANNELS, EVERY, ROLES, Setting, SetUpChange, hours_in_words, numbers
from bot.services.staff.set_up import Configuration

_ZONE: Final = 64
_HOURS: Final = 20


def set_up_card(
    configuration: Configuration, *, there: frozenset[int], said: str = ""
) -> discord.ui.LayoutView:
    """Show how the desk is set up, with a menu for each thing; `there` are ids the server has."""
    return parts.plain(
        parts.text(said, set_up_text.HEAD, set_up_text.INTRO, parts.small(_last(configuration))),
        *_channels(configuration, there),
        *_roles(configuration, there),
        *_rules(configuration),
        *_times(configuration),
        *_way_back(configuration),
    )


def line(change: SetUpChange) -> discord.ui.LayoutView:
    """Return a change as a line of the log channel."""
    what, who = set_up_text.NAMES[change.setting], parts.name(change.by.name)
    return parts.plain(parts.text(set_up_text.changed(what, who, change.at, _said(change))))


def _said(change: SetUpChange) -> str:
    """Return in words what a setting was set to."""
    value = change.value
    if value is None:
        return set_up_text.AS_FILE
    if change.setting in CHANNELS:
        return _listed("<#{}>", value)
    if change.setting in ROLES:
        return _listed("<@&{}>", value) or set_up_text.NO_ROLE
    if change.setting is Setting.RULES_OFF:
        return _rules_off(_listed("{}", value))
    return parts.name(value)


def _rules_off(listed: str) -> str:
    return set_up_text.off(listed) if listed else set_up_text.ALL_ON


def _listed(form: str, value: str) -> str:
    return ", ".join(map(form.format, numbers(value)))


def _last(configuration: Configuration) -> str:
    last = configuration.last
    if last is None:
        return set_up_text.NEVER_CHANGED
    what = set_up_text.NAMES[last.setting]
    return set_up_text.last_changed(what, parts.name(last.by.name), last.at)


def _named(configuration: Configuration, setting: Setting) -> str:
    change = configuration.chosen_by(setting)
    who = parts.name(change.by.name) if change else None
    return set_up_text.named(set_up_text.NAMES[setting], who, change.at if change else None)


def _channels(configuration: Configuration, there: frozenset[int]) -> Iterator[parts.Item]:
    for setting in CHANNELS:
        yield parts.text(_named(configuration, setting))
        press = PickChannel(place=EVERY.index(setting))
        now = configuration.channel(setting)
        chosen = now if now in there else None
        yield parts.row(channel_menu(press, set_up_text.PLACEHOLDERS[setting], chosen))


def _roles(configuration: Configuration, there: frozenset[int]) -> Iterator[parts.Item]:
    for setting in ROLES:
        yield parts.text(_named(configuration, setting))
        press = PickRoles(place=EVERY.index(setting))
        chosen = [one for one in configuration.roles(setting) if one in there]
        yield parts.row(role_menu(press, set_up_text.PLACEHOLDERS[setting], chosen))


def _rules(configuration: Configuration) -> Iterator[parts.Item]:
    on, off = configuration.policy.rules, configuration.policy.off
    setting = Setting.RULES_OFF
    head = parts.joined(_named(configuration, setting), set_up_text.rules(len(on), len(off)))
    if len(on) + len(off) > MOST_OPTIONS:
        yield parts.text(head, set_up_text.MANY_RULES)
        return
    yield parts.text(head)
    every = sorted((*on, *off), key=lambda rule: rule.number)
    options = [
        discord.SelectOption(
            label=escape.label(common_text.rule(rule), 90),
            value=str(rule.number),
            default=rule in on,
        )
        for rule in every
    ]
    picked = menu(PickRules(), set_up_text.PLACEHOLDERS[setting], options)
    picked.item.min_values, picked.item.max_values = 0, len(options)
    yield parts.row(picked)


def _times(configuration: Configuration) -> Iterator[parts.Item]:
    zone, hours = _now(configuration.policy)
    said = set_up_text.times(escape.line(zone, _ZONE), hours)
    yield parts.text(
        _named(configuration, Setting.TIME_ZONE), _named(configuration, Setting.QUIET_HOURS), said
    )
    yield parts.row(button(AskHours(), set_up_text.HOURS))


def _now(policy: Policy) -> tuple[str, str]:
    shift = policy.shift
    return shift.zone.key, hours_in_words((shift.quiet_from, shift.quiet_until))


def _way_back(configuration: Configuration) -> Iterator[parts.Item]:
    options = [
        discord.SelectOption(label=set_up_text.NAMES[setting], value=str(place))
        for place, setting in enumerate(EVERY)
        if configuration.chosen_by(setting) is not None
    ]
    if options:
        yield parts.row(menu(UseFile(), set_up_text.USE_FILE, options))


class HoursModal(discord.ui.Modal):
    """The form for the time zone and the quiet hours."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(title=set_up_text.HOURS_TITLE, custom_id=HoursForm().custom_id)
        zone, hours = _now(policy)
        self._ask("zone", zone, _ZONE, set_up_text.ZONE_FIELD, set_up_text.ZONE_HELP)
        self._ask("hours", hours, _HOURS, set_up_text.HOURS_FIELD, set_up_text.HOURS_HELP)
        self.stop()

    def _ask(self, name: str, now: str, longest: int, label: str, hint: str) -> None:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name, default=now[:longest], max_length=longest, required=False
        )
        self.add_item(discord.ui.Label(text=label, description=hint, component=field))
