"""Hide everything an author posted of late, as far as it was reported."""

from collections.abc import Iterable
from datetime import timedelta
from zlib import crc32

from bot.domain.case import Case
from bot.domain.decision import Action, Door, Verdict
from bot.domain.errors import AlreadyClaimed, NoSuchCase, NotUnderstood, WithEditors
from bot.domain.ids import CaseId
from bot.domain.staff import Person, Rank
from bot.services import brake
from bot.services.act import act
from bot.services.claim import check_free
from bot.services.desk import Desk
from bot.services.record import Entry, Recorder
from bot.services.second import Ruling
from bot.store.tx import Tx

LONGEST = timedelta(hours=168)
"""How far back comments may be hidden all at once."""


async def reported_of_late(
    desk: Desk, case_id: CaseId, within: timedelta, *, by: Person
) -> tuple[Case, ...]:
    """Return the open cases of the case's author whose comments were reported of late.

    What a colleague has, or was handed to the editors, is left out where the person could not
    hide it by itself either.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NotPossible: The site cannot hide comments.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: _found(tx, desk, case_id, within, by))


async def hide_all(
    desk: Desk,
    case_id: CaseId,
    within: timedelta,
    *,
    by: Person,
    door: Door,
    listed: int | None = None,
) -> tuple[Ruling, ...]:
    """Hide them all, each by a decision of its own under the rule most readers gave.

    Each counts for the brake: those beyond it are put on hold.

    `listed` is the `mark_of` those that the person was told of.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NotPossible: The site cannot hide comments.
        NotUnderstood: They are not those that were listed, or not with the same texts.
    """
    desk.require(by, Rank.MODERATOR)
    recorder = Recorder.of(desk)

    def work(tx: Tx) -> tuple[Ruling, ...]:
        made: list[Ruling] = []
        found = _found(tx, desk, case_id, within, by)
        if found and listed not in (None, mark_of(found)):
            raise NotUnderstood(
                "Since they were listed, one of these comments was edited, decided or newly "
                "reported, so nothing was hidden. Use /hide-author again and look at the list."
            )
        for case in found:
            verdict = Verdict(action=Action.HIDE, by=by, door=door, rule=case.top_rule)
            # Each decision moves the author's other cases, so the case is read anew.
            made.append(act(tx, desk, recorder, recorder.case(tx, case.id), Entry(verdict=verdict)))
        return tuple(made)

    return await brake.write(desk, by, work)


def mark_of(cases: Iterable[Case]) -> int:
    """Return a number that stands for these cases with the texts they have now."""
    return crc32(",".join(f"{case.id}:{case.revision}" for case in cases).encode())


def _found(tx: Tx, desk: Desk, case_id: CaseId, within: timedelta, by: Person) -> tuple[Case, ...]:
    case = tx.cases.get(case_id)
    if case is None:
        raise NoSuchCase(case_id)
    desk.require_site(case.site, Action.HIDE)
    if not timedelta() < within <= LONGEST:
        raise NotUnderstood("Only comments from the last 168 hours can be hidden at once.")
    since = desk.clock() - within
    theirs = tx.cases.open_of_author(case.site, case.author_id)
    return tuple(one for one in theirs if one.opened_at >= since and _is_free(tx, desk, one, by))


def _is_free(tx: Tx, desk: Desk, case: Case, by: Person) -> bool:
    try:
        check_free(tx, desk, case, by)
    except (AlreadyClaimed, WithEditors):
        return False
    return True
