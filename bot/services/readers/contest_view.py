"""Look at contests: what waits, all about one, and who may answer it."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.cases import Answer, Case, CaseView
from bot.domain.decisions import Decision, is_or_amends
from bot.domain.errors import NoChange, NotAllowed
from bot.domain.readers.contest import About, Contest, ContestView, answers_for, took_part
from bot.domain.reporters import unfounded
from bot.domain.staff import Person, Rank
from bot.services.cases.routing import for_channel, for_person
from bot.services.desk import Desk
from bot.services.readers.statement import told
from bot.store.tx import Tx

As = Callable[[CaseView], CaseView]
"""How a case may be read somewhere: maybe without its text."""


async def waiting_contests(
    desk: Desk, by: Person, *, where: int | None = None, limit: int = 10
) -> list[ContestView]:
    """Return the contests that wait for an answer, the oldest first, as read in a channel.

    A text that may be quoted in one channel only is left out elsewhere, and what is said against
    the decision with it, as that may tell what the text says.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)

    def work(tx: Tx) -> list[ContestView]:
        found = (
            _view(tx, desk, one, _for(desk, where)) for one in tx.contests.waiting(limit=limit)
        )
        return [one for one in found if one is not None]

    return await desk.store.read(work)


async def contest_on_card(desk: Desk, contest_id: int, channel_id: int) -> ContestView | None:
    """Return a contest as its card in a channel shows it, `None` if there is none."""

    def work(tx: Tx) -> ContestView | None:
        contest = tx.contests.get(contest_id)
        return _view(tx, desk, contest, in_channel) if contest else None

    def in_channel(view: CaseView) -> CaseView:
        return for_channel(desk.policy(), view, channel_id)

    return await desk.store.read(work)


async def read_contest(
    desk: Desk, contest_id: int, by: Person, *, where: int | None = None
) -> ContestView:
    """Return a contest to somebody who reads it in a channel.

    Raises:
        NotAllowed: The person is no moderator.
        NoChange: There is none of that number.
    """
    desk.require(by, Rank.MODERATOR)

    def work(tx: Tx) -> ContestView:
        contest = tx.contests.get(contest_id)
        view = _view(tx, desk, contest, _for(desk, where)) if contest else None
        if view is None:
            raise NoChange(f"There is no contest {contest_id}. /contests lists those that wait.")
        return view

    return await desk.store.read(work)


async def to_answer(desk: Desk, contest_id: int, by: Person) -> ContestView:
    """Return a contest to somebody who may answer it.

    Raises:
        NotAllowed: The person is no moderator, or took part in the decision.
        NoChange: It was answered before, or its case is open again and has to be decided first.
    """
    desk.require(by, Rank.MODERATOR)

    def work(tx: Tx) -> ContestView:
        contest = waiting(tx, contest_id)
        check_other(desk, tx.decisions.of_case(contest.case_id), by)
        case = tx.cases.get(contest.case_id)
        view = _view(tx, desk, contest, _for(desk, None))
        if case is None or view is None:
            raise NoChange("There is nothing to answer any more.")
        if contest.about is About.DECISION:
            require_decided(tx, case)
        return view

    return await desk.store.read(work)


def waiting(tx: Tx, contest_id: int) -> Contest:
    """Return a contest that nobody has answered.

    Raises:
        NoChange: Somebody has, or there is none of that number.
    """
    contest = tx.contests.get(contest_id)
    if contest is None or contest.answer is not None:
        raise NoChange("This contest was answered before. Nothing was changed.")
    return contest


def check_other(desk: Desk, history: list[Decision], by: Person) -> None:
    """Let a person pass who took no part, or the only one there is, where the policy says so.

    Raises:
        NotAllowed: They took part.
    """
    if by.id in took_part(history) and not desk.policy().contests_alone:
        raise NotAllowed(
            "You took part in this decision, so somebody else has to look at it again: another "
            "moderator or an editor. Nothing was changed."
        )


def require_decided(tx: Tx, case: Case) -> Decision:
    """Return the decision that stands; while a case is open again, nobody can be answered.

    Raises:
        NoChange: It is open.
    """
    current = tx.decisions.current(case)
    if current is None:
        raise NoChange(f"Case #{case.id} is open again. Decide it first, then answer the contest.")
    return current


def _for(desk: Desk, where: int | None) -> As:
    return lambda view: for_person(desk.policy(), view, where)


def _view(tx: Tx, desk: Desk, contest: Contest, shown: As) -> ContestView | None:
    made = tx.decisions.get(contest.decision_id)
    found = tx.cases.view(contest.case_id, strikes_since=desk.strikes_since())
    if made is None or found is None:
        return None
    view, policy = shown(found), desk.policy()
    history = tx.decisions.of_case(contest.case_id)
    current = tx.decisions.current(view.case)
    [made] = tx.decisions.newest_names([made])
    rule = policy.cited(made.verdict.rule)
    stands = is_or_amends(current, made.id, history)
    return ContestView(
        contest=_without_words(contest, view),
        decision=made,
        view=view,
        text=tx.cases.text_of(view.case.id, made.revision) if view.withheld is None else "",
        told=told(rule, made),
        earlier=tuple(_without_words(one, view) for one in _before(tx, contest)),
        answers=_answers(contest, current, history, stands=stands),
        stands=stands,
        unfounded=_unfounded(tx, desk, contest),
        due_at=contest.due_at(policy.contests_within),
        card=tx.cards.get(view.case.id),
    )


def _unfounded(tx: Tx, desk: Desk, contest: Contest) -> tuple[int, int] | None:
    """Return how many of a reader's last reports were unfounded, where it is about these."""
    report = tx.reader_reports.get(contest.report_id or 0)
    if contest.about is not About.REPORTS or report is None:
        return None
    judged, rules = tx.readers.judged(report.reporter), desk.policy().unfounded
    return unfounded(judged, rules), min(len(judged), rules.last)


def _before(tx: Tx, contest: Contest) -> list[Contest]:
    return [one for one in tx.contests.of_case(contest.case_id) if one.id < contest.id]


def _answers(
    contest: Contest, current: Decision | None, history: list[Decision], *, stands: bool
) -> tuple[Answer, ...]:
    if contest.answer is None and contest.about is About.REPORTS:
        return (Answer.UPHELD, Answer.OVERTURNED)
    if contest.answer is not None or current is None:
        return ()
    return answers_for(current, history) if stands else (Answer.UPHELD, Answer.OVERTURNED)


def _without_words(contest: Contest, view: CaseView) -> Contest:
    """Leave out what was said, and the answer, where the text that they are about is left out."""
    if view.withheld is None:
        return contest
    return replace(contest, text="", reasons=contest.reasons and "")
