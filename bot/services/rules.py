"""Show the policy, and take a changed one without a restart."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from threading import Lock

from bot.domain.errors import DeskError, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.policy import Policy, Rule
from bot.domain.priority import of_story, priority
from bot.domain.set_up import Chosen, applied
from bot.domain.staff import Person, Rank
from bot.services.cases.routing import home_of
from bot.services.desk import Desk
from bot.store.news import POLICY
from bot.store.tx import Tx

log = logging.getLogger(__name__)

_AT_ONCE = 200
_START = CaseId(0)


class PolicyHolder:
    """The policy in force; calling it returns that. `load` reads it anew from where it is kept.

    What is set in Discord stands over what was read, and stays when that is read anew.
    """

    def __init__(self, load: Callable[[], Policy]) -> None:
        self._load = load
        self._read = self._policy = load()
        self._chosen: Chosen = {}
        self._lock = Lock()

    def __call__(self) -> Policy:
        """Return the policy in force."""
        return self._policy

    def reload(self) -> Policy:
        """Read the policy anew, and return it once it is in force.

        Raises:
            DeskError: What is kept there is wrong; the policy from before stays in force.
        """
        with self._lock:
            self._read = self._load()
            self._policy = applied(self._read, self._chosen)
        return self._policy

    def choose(self, chosen: Chosen) -> Policy:
        """Put what is set in Discord over what was read, and return the policy in force."""
        with self._lock:
            self._chosen = chosen
            self._policy = applied(self._read, chosen)
        return self._policy

    def of_file(self) -> Policy:
        """Return the policy that was read, without what is set in Discord."""
        return self._read


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """What a new policy changed: rules by their numbers, and other settings by their names."""

    added: tuple[Rule, ...] = ()
    removed: tuple[Rule, ...] = ()
    changed: tuple[Rule, ...] = ()
    settings: tuple[str, ...] = ()
    moved: int = 0
    """Open cases that have another place in the queue, or another channel, now."""

    @property
    def is_empty(self) -> bool:
        """Whether the new policy says what the old one said."""
        return not (self.added or self.removed or self.changed or self.settings)


async def shown(desk: Desk, by: Person) -> Policy:
    """Return the policy to somebody who may see it.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    return desk.policy()


async def reload(desk: Desk, by: Person) -> Reloaded:
    """Put a changed policy in force, and let the open cases follow it.

    Raises:
        NotAllowed: The person is no editor.
        NotUnderstood: The new policy is wrong; the text says where, and the old one stays.
    """
    desk.require(by, Rank.EDITOR)
    before = desk.policy()
    try:
        # Reading the file, and finding the lines that are wrong, takes its time.
        now = await asyncio.to_thread(desk.reload_policy)
    except DeskError as error:
        raise NotUnderstood(
            f"The new policy was refused, and the one from before stays in force.\n{error}"
        ) from error
    await desk.store.tell(POLICY)
    changes = compared(before, now)
    log.info("the policy was read anew by %s", by.id)
    if changes.is_empty:
        return changes
    return replace(changes, moved=await _follow(desk, before, now))


async def keep_following(desk: Desk, told: asyncio.Event) -> None:
    """Put in force what another process was given, each time it is told of, for ever."""
    while True:
        await told.wait()
        told.clear()
        try:
            await asyncio.to_thread(desk.reload_policy)
            chosen = await desk.store.read(lambda tx: tx.set_up.chosen())
        except DeskError as error:
            log.warning("the policy of before stays in force here: %s", error)
            continue
        if desk.files is not None:
            desk.files.choose(chosen)


_SETTINGS = [one.name for one in fields(Policy) if one.compare and one.name not in {"rules", "off"}]


def _only_in(policy: Policy, other: Policy) -> tuple[Rule, ...]:
    return tuple(rule for rule in policy.rules if rule.number not in other.by_number)


def compared(before: Policy, now: Policy) -> Reloaded:
    """Return what is different."""
    return Reloaded(
        added=_only_in(now, before),
        removed=_only_in(before, now),
        changed=tuple(
            rule for rule in now.rules if before.by_number.get(rule.number, rule) != rule
        ),
        settings=tuple(name for name in _SETTINGS if getattr(before, name) != getattr(now, name)),
    )


async def _follow(desk: Desk, before: Policy, now: Policy) -> int:
    """Give the open cases the places and channels of the new policy; return how many moved."""

    def work(tx: Tx) -> tuple[CaseId, int]:
        found = tx.cases.open_after(place, limit=_AT_ONCE)
        moved = sum(_move(desk, tx, case_id, before, now) for case_id in found)
        return (found[-1] if len(found) == _AT_ONCE else _START), moved

    place, total = _START, 0
    while True:
        place, moved = await desk.store.write(work)
        total += moved
        if place == _START:
            return total


def _move(desk: Desk, tx: Tx, case_id: CaseId, before: Policy, now: Policy) -> bool:
    view = tx.cases.view(case_id, strikes_since=desk.strikes_since())
    if view is None:
        return False
    case = view.case
    placed = priority(now, case, of_story(now, view.story_status))
    routed = home_of(before, view) != home_of(now, view)
    if placed == case.priority and not routed:
        return False
    tx.cases.touch(replace(case, priority=placed), desk.clock())
    return True
