"""A ban that is filled in, looked over, and only then sent off."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.bans import BanDraft
from bot.domain.decisions import Action, Door, Verdict
from bot.domain.errors import NoChange
from bot.domain.ids import CaseId
from bot.domain.staff import Person, Rank
from bot.services.cases.claim import open_case
from bot.services.cases.decide import check_length, check_rule, check_seen, decide
from bot.services.cases.two_person import DecisionResult
from bot.services.desk import Desk
from bot.store.tx import Tx

_KEPT_FOR: Final = timedelta(days=1)


async def keep_draft(desk: Desk, draft: BanDraft, by: Person) -> None:
    """Keep what the person filled in, for them to look over; nothing is decided by it.

    It is kept although the text is another by now: they may send it off once they have read that.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NotPossible: Its site cannot ban.
        AlreadyDecided: It was decided.
        CommentEdited: The text is not the one the person saw.
        TextUnseen: They saw none.
        NotUnderstood: The rule is not among the house rules, or nobody is banned for so long.
    """
    desk.require(by, Rank.MODERATOR)
    check_rule(desk.policy(), draft.rule)
    check_length(desk.policy(), draft.lasting)
    now = desk.clock()

    def work(tx: Tx) -> None:
        site = open_case(tx, draft.case_id).site
        desk.require_site(site, Action.BAN)
        check_rule(desk.policy().at(site), draft.rule)
        tx.ban_drafts.forget(now - _KEPT_FOR)
        tx.ban_drafts.put(draft)

    await desk.store.write(work)
    case = await desk.store.read(lambda tx: open_case(tx, draft.case_id))
    check_seen(case, draft.seen)


async def draft_of(desk: Desk, case_id: CaseId, by: Person) -> BanDraft | None:
    """Return what the person filled in about a case and did not send off."""
    found = await desk.store.read(lambda tx: tx.ban_drafts.get(case_id, by.id))
    return found if found is not None and found.at > desk.clock() - _KEPT_FOR else None


async def draft_shown(desk: Desk, case_id: CaseId, by: Person, number: int) -> BanDraft:
    """Return what the person filled in; `number` says which of it they looked at.

    Raises:
        NotAllowed: The person is no moderator.
        NoChange: That is not kept any more.
        AlreadyDecided: As the case was decided.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: _looked_at(tx, case_id, by, number))


async def send_draft(desk: Desk, case_id: CaseId, by: Person, number: int) -> DecisionResult:
    """Ban as the person filled in and looked over, once.

    An extra sentence that is not of the rule's own is left out, as they were told.

    Raises:
        NoChange: That is not kept any more.
        DeskError: Whatever `decide` raises; what was filled in is kept then.
    """
    draft = await draft_shown(desk, case_id, by, number)
    verdict = Verdict(
        action=Action.BAN,
        by=by,
        door=Door.BUTTON,
        rule=draft.rule,
        lasting=draft.lasting,
        note=draft.note,
        reason=draft.reason,
    )
    if not desk.policy().rule(draft.rule).may_add(draft.reason):
        verdict = replace(verdict, reason=None)

    def also(tx: Tx) -> None:
        _looked_at(tx, case_id, by, number)
        tx.ban_drafts.drop(case_id, by.id)

    return await decide(desk, case_id, verdict, seen=draft.seen, also=also)


async def drop_draft(desk: Desk, case_id: CaseId, by: Person) -> None:
    """Forget what the person filled in about a case."""
    await desk.store.write(lambda tx: tx.ban_drafts.drop(case_id, by.id))


def _looked_at(tx: Tx, case_id: CaseId, by: Person, number: int) -> BanDraft:
    draft = tx.ban_drafts.get(case_id, by.id)
    if draft is not None and draft.number == number:
        return draft
    waiting = tx.proposals.get(case_id)
    if waiting is None or waiting.verdict.by.id != by.id:
        open_case(tx, case_id)
    raise NoChange(
        f"What you filled in about case #{case_id} is not kept any more, so this did nothing. Look "
        "at its card; to ban, press Ban… there."
    )
