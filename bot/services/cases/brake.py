"""The brake on mass action: beyond so much within so short a time, somebody else is asked.

What counts is the record, so neither a restart, another door nor an undo begins it anew; and whoever
agrees to what takes two has a part in it.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.domain.brake import ACTS, Act, Run
from bot.domain.cases import Case
from bot.domain.decisions import DOWN, Action, Decision
from bot.domain.errors import Braked
from bot.domain.lines import count
from bot.domain.sayings import Reminder, ReminderKind
from bot.domain.staff import Person
from bot.services.cases.decision_log import DecisionWriter
from bot.services.desk import Desk
from bot.store.tx import Tx

log = logging.getLogger(__name__)

T = TypeVar("T")

_NAMES = {Act.BAN: "ban", Act.HIDE: "hide", Act.OVERTURN: "undo"}


async def write(desk: Desk, by: Person, work: Callable[[Tx], T]) -> T:
    """Do the work in one transaction; if the brake refuses it, staff are called all the same.

    Raises:
        Braked: The brake refused it.
    """
    try:
        return await desk.store.write(work)
    except Braked as refused:
        act = refused.act
        await desk.store.write(lambda tx: call(tx, desk, by, act))
        raise


def exceeds(tx: Tx, desk: Desk, by: Person, action: Action) -> Act | None:
    """Return of what the person would do more than they may alone; `None` if they would not."""
    act, rules = ACTS.get(action), desk.policy().brake
    if act is None:
        return None
    done = tx.runs.counts(by.id, desk.clock() - rules.within)
    return act if done.get(act, 0) >= rules.most(act, desk.authority.rank(by)) else None


def check(tx: Tx, desk: Desk, by: Person, action: Action) -> None:
    """Let somebody have a part in an action, unless it is more than they may alone.

    Raises:
        Braked: It is, and it cannot be put off until somebody else agrees.
    """
    act = exceeds(tx, desk, by, action)
    if act is None:
        return
    rules = desk.policy().brake
    most = rules.most(act, desk.authority.rank(by))
    minutes = int(rules.within.total_seconds() // 60)
    raise Braked(
        f"You had a part in {count(most, _NAMES[act])} within {count(minutes, 'minute')}, and more "
        "takes somebody else. Nothing was done, and senior moderators and editors were called.",
        act,
    )


def call(tx: Tx, desk: Desk, by: Person, act: Act) -> Run:
    """Call senior moderators and editors by every road, once a run, and return the run."""
    now, rules = desk.clock(), desk.policy().brake
    last = tx.runs.last(by.id)
    if last is not None and last.goes_on_at(now, rules.within):
        tx.runs.go_on(last.id, now)
        return replace(last, last_at=now)
    since = now - rules.within
    if last is not None and last.taken_back_at is not None:
        since = max(since, last.taken_back_at)
    run = tx.runs.begin(
        Run(
            person_id=by.id,
            name=by.name,
            act=act,
            most=rules.most(act, desk.authority.rank(by)),
            since=since,
            at=now,
            last_at=now,
        )
    )
    for kind in (ReminderKind.BRAKE, ReminderKind.BRAKE_ROADS):
        tx.outbox.want_reminder(
            Reminder(name=f"{kind}:{run.token}", kind=kind, due_at=now, run_id=run.id)
        )
    log.warning("person %s went beyond the brake on %ss", by.id, act)
    return run


def hold_instead(
    tx: Tx, desk: Desk, writer: DecisionWriter, case: Case, by: Person, run: Run
) -> Decision | None:
    """Put a comment on hold in place of somebody's hide; `None` where that cannot be."""
    made = tx.decisions.of_case(case.id)
    if case.is_held or (made and made[-1].did in DOWN):
        return None
    if Action.HOLD not in desk.site_can(case.site):
        return None
    held = writer.hold(tx, case, note=f"in place of a hide by {by.name}")
    tx.runs.hold(run.id, held.id)
    return held
