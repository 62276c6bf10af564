"""Whether what was pressed was drawn by this record, and is not another one's of the same number.

A record that goes on from a backup uses numbers again. What an earlier version drew has no token,
so that it counts only on the message which the record keeps for what it names.
"""

from collections.abc import Callable

from bot.domain.alerts import AlertId
from bot.domain.errors import ForeignCard
from bot.domain.ids import CaseId, DecisionId
from bot.domain.staff import Person, Rank
from bot.services.desk import Desk
from bot.store.tx import Tx

_MOST = 2**63 - 1
"""The largest number that a record can give anything."""


async def require_case(
    desk: Desk, case_id: CaseId, token: str, *, by: Person, message_id: int
) -> None:
    """Let a press about a case pass if this record drew it.

    Raises:
        NotAllowed: The person is no moderator.
        ForeignCard: It did not.
    """
    desk.require(by, Rank.MODERATOR)

    def is_known(tx: Tx) -> bool:
        if not token:
            return _is_kept(tx, case_id, message_id)
        case = tx.cases.get(case_id)
        return case is not None and case.token == token

    await _require(desk, case_id, message_id, is_known)


async def require_decision(
    desk: Desk,
    case_id: CaseId,
    decision_id: int,
    token: str,
    *,
    by: Person,
    message_id: int,
) -> None:
    """Let a press about a decision pass; its token is the beginning of the decision's digest.

    Raises:
        NotAllowed: The person is no moderator.
        ForeignCard: This record did not draw it.
    """
    desk.require(by, Rank.MODERATOR)

    def is_known(tx: Tx) -> bool:
        if not token:
            return _is_kept(tx, case_id, message_id)
        made = tx.decisions.get(DecisionId(decision_id))
        return made is not None and made.case_id == case_id and made.digest.startswith(token)

    await _require(desk, max(case_id, decision_id), message_id, is_known)


async def require_run(desk: Desk, run_id: int, token: str, *, by: Person, message_id: int) -> None:
    """Let a press about a run beyond the brake pass if this record drew it.

    Raises:
        NotAllowed: The person is no moderator.
        ForeignCard: It did not.
    """
    desk.require(by, Rank.MODERATOR)

    def is_known(tx: Tx) -> bool:
        run = tx.runs.get(run_id)
        return run is not None and run.token == token

    await _require(desk, run_id, message_id, is_known)


async def require_legal(
    desk: Desk, case_id: CaseId, number: int, token: str, *, by: Person, message_id: int
) -> None:
    """Let a press about a legal notice pass; its token is its case's.

    Raises:
        NotAllowed: The person is no moderator.
        ForeignCard: This record did not draw it.
    """
    await require_case(desk, case_id, token, by=by, message_id=message_id)

    def is_known(tx: Tx) -> bool:
        notice = tx.legal.get(number)
        return notice is not None and notice.case_id == case_id

    await _require(desk, number, message_id, is_known)


async def require_contest(
    desk: Desk, case_id: CaseId, number: int, token: str, *, by: Person, message_id: int
) -> None:
    """Let a press about a contest pass if this record drew it; its token is its case's.

    Raises:
        NotAllowed: The person is no moderator.
        ForeignCard: It did not.
    """
    await require_case(desk, case_id, token, by=by, message_id=message_id)

    def is_known(tx: Tx) -> bool:
        contest = tx.contests.get(number)
        return contest is not None and contest.case_id == case_id

    await _require(desk, number, message_id, is_known)


async def require_notice(
    desk: Desk, number: int, token: str, *, by: Person, message_id: int
) -> None:
    """Let a press about a notice pass if this record drew it.

    Raises:
        NotAllowed: The person is no moderator.
        ForeignCard: It did not.
    """
    desk.require(by, Rank.MODERATOR)

    def is_known(tx: Tx) -> bool:
        notice = tx.notices.get(number)
        return notice is not None and notice.token == token

    await _require(desk, number, message_id, is_known)


async def require_alert(
    desk: Desk, alert_id: AlertId, token: str, *, by: Person, message_id: int
) -> None:
    """Let a press about an alert pass if this record drew it.

    Raises:
        NotAllowed: The person is no senior moderator.
        ForeignCard: It did not.
    """
    desk.require(by, Rank.SENIOR)

    def is_known(tx: Tx) -> bool:
        alert = tx.alerts.get(alert_id)
        if alert is None:
            return False
        kept = alert.message is not None and alert.message.message_id == message_id
        return alert.token == token if token else kept

    await _require(desk, alert_id, message_id, is_known)


async def _require(
    desk: Desk, number: int, message_id: int, is_known: Callable[[Tx], bool]
) -> None:
    if number <= _MOST and await desk.store.read(is_known):
        return
    ref = await desk.store.read(lambda tx: tx.cards.at(message_id))
    if ref is not None:
        # The message is a card of ours that shows another record's buttons: it gets its own.
        now = desk.clock()
        await desk.store.write(lambda tx: tx.outbox.want_card(ref.case_id, now))
    raise ForeignCard


def _is_kept(tx: Tx, case_id: CaseId, message_id: int) -> bool:
    """Whether a message is the one that the record keeps for a case, or for a notice on it."""
    ref = tx.cards.at(message_id)
    if ref is not None:
        return ref.case_id == case_id
    places = (notice.at for notice in tx.legal.of_case(case_id))
    return any(at is not None and at.message_id == message_id for at in places)
