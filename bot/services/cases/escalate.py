"""Hand a case to the editors, and take it back."""

from dataclasses import replace

from bot.domain.cases import CaseState
from bot.domain.errors import NoChange
from bot.domain.ids import CaseId
from bot.domain.sayings import StaffMessage, StaffMessageKind
from bot.domain.staff import Person, Rank
from bot.domain.triage import Escalation
from bot.services.cases.claim import keep_work, open_case, pass_on
from bot.services.desk import Desk
from bot.store.tx import Tx


async def escalate(desk: Desk, case_id: CaseId, by: Person, note: str | None = None) -> None:
    """Hand the case to the editors, who are called once.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: There is nothing left to do.
        NoChange: The editors have it already.
    """
    desk.require(by, Rank.MODERATOR)
    policy, now = desk.policy(), desk.clock()
    words = (note or "").strip() or None

    def work(tx: Tx) -> None:
        case = open_case(tx, case_id)
        if case.state is CaseState.ESCALATED:
            raise NoChange(f"The editors already have case #{case_id}. Nothing was changed.")
        made = Escalation(by_id=by.id, by_name=by.name, at=now, note=words)
        held = replace(tx.triage.get(case_id), escalation=made, claim=None, snooze=None)
        keep_work(tx, case, held, now=now, state=CaseState.ESCALATED)
        pass_on(tx, case_id, by, now)
        tx.outbox.want_said(
            StaffMessage(
                kind=StaffMessageKind.ESCALATED,
                cases=(case_id,),
                by_name=by.name,
                note=words,
                rule=policy.rule(case.top_rule).name,
                since=case.opened_at,
            ),
            now,
        )

    await desk.store.write(work)


async def take_back(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Put a case that was handed to the editors back before the moderators.

    Any moderator may, as an editor may be asleep; the card and the record show who did.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        AlreadyDecided: It was decided.
        NoChange: The editors do not have it.
    """
    desk.require(by, Rank.MODERATOR)
    now = desk.clock()

    def work(tx: Tx) -> None:
        case = open_case(tx, case_id)
        if case.state is not CaseState.ESCALATED:
            raise NoChange(f"The editors do not have case #{case_id}. Nothing was changed.")
        held = replace(tx.triage.get(case_id), escalation=None)
        decided_before = bool(tx.decisions.of_case(case_id))
        state = CaseState.REOPENED if decided_before else CaseState.OPEN
        keep_work(tx, case, held, now=now, state=state)

    await desk.store.write(work)
