"""Set the desk up from Discord: for whoever manages the server, over what the files say."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import NotAllowed, NotPossible, NotUnderstood
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.policy import Policy
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.set_up import (
    AT_ONCE,
    ROLES,
    ChannelSeen,
    Chosen,
    Manager,
    Setting,
    SetUpChange,
    hours_in_words,
    hours_of,
    listed,
    numbers,
    zone_of,
)
from bot.services.desk import Desk, Files
from bot.store.news import POLICY
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_LONGEST_ZONE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """How the desk is set up: the values that count from its next start on, and who chose them.

    `policy` is the one in force; `rules` are those of the file, switched off or not.
    """

    values: Chosen
    changes: Mapping[Setting, SetUpChange]
    policy: Policy

    def channel(self, setting: Setting) -> int | None:
        """Return the channel, `None` if there is none."""
        return next(iter(numbers(self.values.get(setting, ""))), None)

    def roles(self, setting: Setting) -> tuple[int, ...]:
        """Return the ids of the roles that a setting names, none if it names none."""
        return numbers(self.values.get(setting, ""))

    def chosen_by(self, setting: Setting) -> SetUpChange | None:
        """Return the change that counts, `None` where the file's value does."""
        change = self.changes.get(setting)
        return change if change is not None and change.value is not None else None

    @property
    def last(self) -> SetUpChange | None:
        """The newest change of all."""
        return next(iter([*self.changes.values()][-1:]), None)


async def set_up(desk: Desk, by: Manager) -> Configuration:
    """Show how the desk is set up.

    Raises:
        NotAllowed: Discord does not let the person manage the server.
    """
    files = require_manager(desk, by)
    changes = await desk.store.read(lambda tx: tx.set_up.newest())
    chosen = {one.setting: one.value for one in changes.values() if one.value is not None}
    return Configuration(values={**files.places, **chosen}, changes=changes, policy=desk.policy())


def require_manager(desk: Desk, by: Manager) -> Files:
    """Let whoever manages the server pass, and return what the desk's files say.

    Raises:
        NotAllowed: Discord does not let the person manage the server.
        NotPossible: The desk has no files.
    """
    if not by.manages:
        raise NotAllowed(
            "Only somebody with the Manage Server right can set the desk up. Nothing was changed. "
            "Ask the server's owner for it, or to do it."
        )
    if desk.files is None:
        raise NotPossible("This desk's settings are not in a file, so they stay as they are.")
    return desk.files


async def choose_channel(desk: Desk, setting: Setting, seen: ChannelSeen, by: Manager) -> bool:
    """Have the desk work in another channel.

    Raises:
        NotAllowed: Discord does not let the person manage the server.
        NotPossible: The bot lacks a right there, everybody can read it, or it is not free.
    """
    require_manager(desk, by)
    if seen.is_anothers:
        raise NotPossible(
            "That channel belongs to another newsroom of this desk, whose moderators would see what is "
            "posted. Nothing was changed. Pick another."
        )
    if seen.lacks:
        raise NotPossible(
            f"The bot lacks {', '.join(seen.lacks)} in that channel, so nothing was changed. Open its "
            "settings, Permissions, the bot's role; allow them, and pick it again."
        )
    if seen.is_open:
        raise NotPossible(
            "Everybody in the server can read that channel, so nothing was changed. Open its "
            "settings, Permissions, make it private, and pick it again."
        )
    if seen.rehearses:
        raise NotPossible(
            "That is the channel for rehearsals, so nothing was changed. Pick another."
        )
    return await _keep(desk, {setting: str(seen.id)}, by)


async def choose_roles(
    desk: Desk, setting: Setting, roles: Iterable[int], by: Manager, *, everyone: int
) -> bool:
    """Have other roles decide; `everyone` is the role that all of the server have.

    Raises:
        NotAllowed: Discord does not let the person manage the server.
        NotPossible: Nobody could decide any more, or everybody could.
    """
    require_manager(desk, by)
    picked = frozenset(roles)
    if everyone in picked:
        raise NotPossible(
            "With @everyone whoever joins could decide, so nothing was changed. Pick a role of "
            "your moderators."
        )
    value = listed(tuple(picked))
    _require_roles(setting, value)
    return await _keep(desk, {setting: value}, by)


def _require_roles(setting: Setting, value: str) -> None:
    if setting is Setting.MODERATOR_ROLES and not value:
        raise NotPossible(
            "Without a moderator role nobody could decide about comments, so nothing was changed. "
            "Pick at least one."
        )


async def choose_rules(desk: Desk, on: Iterable[int], by: Manager) -> bool:
    """Switch these house rules on and all others off.

    Raises:
        NotAllowed: Discord does not let the person manage the server.
        NotPossible: No rule would be left.
    """
    files = require_manager(desk, by)
    known = {rule.number for rule in files.policy().rules}
    stay = known.intersection(map(RuleNumber, on))
    bare = _left_bare(files.policy(), stay) if stay else None
    if bare is not None:
        raise NotPossible(
            f"The site {bare} would be left without a house rule, as every decision cites one. "
            "Nothing was changed."
        )
    if not stay:
        raise NotPossible(
            "The last house rule cannot be switched off, as every decision cites one. Nothing was "
            "changed."
        )
    return await _keep(desk, {Setting.RULES_OFF: listed(tuple(known - stay))}, by)


def _left_bare(policy: Policy, stay: Collection[RuleNumber]) -> SiteId | None:
    """Return a site that rules are named for, and that none of those which stay counts at."""
    named = {site for rule in policy.rules for site in rule.sites}
    rules = [rule for rule in policy.rules if rule.number in stay]
    return next((one for one in sorted(named) if not any(r.counts_at(one) for r in rules)), None)


async def choose_hours(desk: Desk, zone: str, hours: str, by: Manager) -> bool:
    """Set the newsroom's time zone and quiet hours; what is as it was is left alone.

    Raises:
        NotAllowed: Discord does not let the person manage the server.
        NotUnderstood: There is no such zone, or those are no two times.
    """
    require_manager(desk, by)
    shift = desk.policy().shift
    zone, quiet = zone.strip(), hours_of(hours)
    if len(zone) > _LONGEST_ZONE or zone_of(zone) is None:
        raise NotUnderstood(
            "There is no time zone of that name, so nothing was changed. Write it as "
            "Europe/London or America/New_York."
        )
    if quiet is None:
        raise NotUnderstood(
            "Those are not two times, so nothing was changed. Write quiet hours as 22:00-07:00, "
            "or never."
        )
    said, now = hours_in_words(quiet), hours_in_words((shift.quiet_from, shift.quiet_until))
    changes = {Setting.TIME_ZONE: zone} if zone != shift.zone.key else {}
    changes |= {Setting.QUIET_HOURS: said} if said != now else {}
    return await _keep(desk, changes, by)


async def use_file(desk: Desk, setting: Setting, by: Manager) -> bool:
    """Let the file's value count again.

    Raises:
        NotAllowed: Discord does not let the person manage the server.
        NotPossible: The file names no moderator role.
    """
    files = require_manager(desk, by)
    if setting in ROLES:
        _require_roles(setting, files.places.get(setting, ""))
    return await _keep(desk, {setting: None}, by)


def _tell(tx: Tx, number: int, now: datetime) -> None:
    """Have the log channel told of a change."""
    kind = ReminderKind.SET_UP
    name = f"{kind}:{number}"
    tx.outbox.want_reminder(Reminder(name=name, kind=kind, due_at=now, set_up_id=number))


async def _keep(desk: Desk, values: Mapping[Setting, str | None], by: Manager) -> bool:
    """Keep what is new of it, with who did it; put in force at once what can be. False if nothing is."""
    files = require_manager(desk, by)

    def work(tx: Tx) -> tuple[Chosen, list[Setting]]:
        before = tx.set_up.chosen()
        new = [setting for setting in values if values[setting] != before.get(setting)]
        for setting in new:
            change = SetUpChange(
                setting=setting,
                value=values[setting],
                was=before.get(setting),
                by=by.person,
                at=desk.clock(),
            )
            _tell(tx, tx.set_up.add(change), change.at)
        if new:
            tx.connection.tell(POLICY)
        return tx.set_up.chosen(), new

    chosen, new = await desk.store.write(work)
    if any(setting in AT_ONCE for setting in new):
        files.choose(chosen)
    if new:
        log.info("the desk was set up by %s: %s", by.person.id, ", ".join(new))
    return bool(new)
