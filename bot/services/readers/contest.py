"""Contest a decision, and answer whoever does: by somebody who took no part in it.

What could go wrong, and why it cannot: two answers (the row takes one, in the transaction that
carries it out), an answer by whoever decided (checked here, behind every door), an answer about a
decision that was undone or replaced meanwhile (looked at in the same transaction), and a contest
that nobody sees (it is asked for in the outbox with the contest itself).
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import Answer, Case, Party
from bot.domain.decisions import (
    REVERSAL,
    Action,
    Decision,
    Door,
    Verdict,
    is_or_amends,
    original,
)
from bot.domain.errors import DeskError, NoChange, NotUnderstood
from bot.domain.foreign import tidy
from bot.domain.ids import RuleNumber
from bot.domain.readers.contest import (
    LONGEST_TEXT,
    About,
    Contest,
    answers_for,
    can_be_contested,
)
from bot.domain.readers.report import Stage
from bot.domain.staff import Person, Rank
from bot.services.cases.decide import check_rule
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.desk import Desk
from bot.services.readers.contest_card import want_contest_card, want_new_card
from bot.services.readers.contest_view import check_other, require_decided, waiting
from bot.services.readers.report import found_report
from bot.services.readers.statement import read_statement
from bot.services.redraw import tell_of_contest
from bot.store.tx import Tx


class CannotContest(DeskError):
    """There is nothing to contest any more, or it was contested before."""


async def contest_by_author(desk: Desk, secret: str, text: str, locale: str) -> Contest | None:
    """Take what an author says against a decision; `None` if the secret leads nowhere.

    Raises:
        CannotContest: It was contested, undone, or decided too long ago.
        NotUnderstood: The text is empty or too long.
    """
    _check_text(text)

    def work(tx: Tx) -> Contest | None:
        said = read_statement(tx, desk, secret)
        if said is None:
            return None
        if not said.may_contest(desk.clock()):
            raise CannotContest("This can no longer be contested.")
        history = tx.decisions.of_case(said.decision.case_id)
        return _take(tx, desk, original(said.decision, history), Party.AUTHOR, None, (text, locale))

    return await desk.store.write(work)


async def contest_by_reporter(desk: Desk, secret: str, text: str, locale: str) -> Contest | None:
    """Take what a reporter says against keeping a comment; `None` if the secret leads nowhere.

    Raises:
        CannotContest: It was contested, undone, or decided too long ago.
        NotUnderstood: The text is empty or too long.
    """
    _check_text(text)

    def work(tx: Tx) -> Contest | None:
        filed = found_report(tx, desk, secret)
        if filed is None:
            return None
        case = tx.cases.get(filed.report.case_id)
        kept = filed.progress.stage is Stage.KEPT
        made = tx.decisions.current(case) if kept else None
        if made is None or desk.clock() >= made.at + desk.policy().contests_for:
            raise CannotContest("This can no longer be contested.")
        history = tx.decisions.of_case(made.case_id)
        first = original(made, history)
        return _take(tx, desk, first, Party.REPORTER, filed.report.id, (text, locale))

    return await desk.store.write(work)


async def contest_not_counting(desk: Desk, secret: str, text: str, locale: str) -> Contest | None:
    """Take what a reader says against not being counted; `None` if the secret leads nowhere.

    Raises:
        CannotContest: Their reports are counted, or they said it before.
        NotUnderstood: The text is empty or too long.
    """
    _check_text(text)

    def work(tx: Tx) -> Contest | None:
        filed = found_report(tx, desk, secret)
        if filed is None:
            return None
        made = tx.decisions.get(filed.uncounted_by(desk.clock()))
        if made is None or filed.objection is not None:
            raise CannotContest("This can no longer be contested.")
        report, about = filed.report.id, About.REPORTS
        return _take(tx, desk, made, Party.REPORTER, report, (text, locale), about=about)

    return await desk.store.write(work)


async def answer_contest(
    desk: Desk,
    contest_id: int,
    answer: Answer,
    *,
    by: Person,
    reasons: str,
    rule: RuleNumber | None = None,
    lasting: timedelta | None = None,
) -> Contest:
    """Answer a contest, and carry out what that means.

    `rule` is the house rule to cite where a comment that was kept is hidden after all; `lasting`
    is how long a shortened ban is in all, from when it was given.

    Raises:
        NotAllowed: The person is no moderator, or took part in the decision.
        NoChange: It was answered before, or the case is open again and has to be decided first.
        NotUnderstood: Reasons, rule or end are missing or cannot be.
    """
    desk.require(by, Rank.MODERATOR)
    reasons = tidy(reasons)
    _check_text(reasons)
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> Contest:
        contest = waiting(tx, contest_id)
        case = writer.case(tx, contest.case_id)
        history = tx.decisions.of_case(case.id)
        check_other(desk, history, by)
        if contest.about is About.REPORTS:
            _hear_again(tx, contest, answer)
            return _answered(tx, desk, contest, answer, reasons, by)
        current = require_decided(tx, case)
        if answer not in answers_for(current, history):
            raise NotUnderstood("Only a ban can be shortened. Nothing was changed.")
        note = f"Contest {contest.id}: {reasons}"
        verdict = Verdict(action=Action.KEEP, by=by, door=Door.CONTEST, note=note)
        if not is_or_amends(current, contest.decision_id, history):
            # The case was decided anew since, so that only words are owed.
            if answer is Answer.SHORTENED:
                raise NoChange("The ban that was contested does not stand any more.")
        elif answer is Answer.OVERTURNED:
            _overturn(tx, desk, writer, case, current, verdict, rule)
        elif answer is Answer.SHORTENED:
            _shorten(tx, writer, case, current, verdict, lasting)
        return _answered(tx, desk, contest, answer, reasons, by)

    return await desk.store.write(work)


def _answered(
    tx: Tx, desk: Desk, contest: Contest, answer: Answer, reasons: str, by: Person
) -> Contest:
    """Keep the answer, and show it on the cards."""
    now = desk.clock()
    answered = replace(
        contest,
        answer=answer,
        reasons=reasons,
        by_id=by.id,
        by_name=by.name,
        answered_at=now,
    )
    if not tx.contests.answer(answered):
        raise NoChange("This contest was answered before. Nothing was changed.")
    tx.contest_steps.enter(answered, tx.decisions.head())
    case = tx.cases.get(contest.case_id)
    if case is not None:
        tx.cases.touch(case, now)
    want_contest_card(tx, contest.id, now, "answered")
    tell_of_contest(tx, contest.report_id, contest.id, now)
    return answered


def _hear_again(tx: Tx, contest: Contest, answer: Answer) -> None:
    """Count a reader's reports again, if that is the answer, with nothing held against them."""
    if answer is Answer.SHORTENED:
        raise NotUnderstood("Only a ban can be shortened. Nothing was changed.")
    report = tx.reader_reports.get(contest.report_id or 0)
    if answer is Answer.OVERTURNED and report is not None:
        tx.readers.begin_anew(report.reporter)


def _check_text(text: str) -> None:
    if not text.strip():
        raise NotUnderstood("Say why, in a sentence or two.")
    if len(text) > LONGEST_TEXT:
        raise NotUnderstood(f"That is too long. Please use at most {LONGEST_TEXT:,} characters.")


def _take(
    tx: Tx,
    desk: Desk,
    made: Decision,
    party: Party,
    report_id: int | None,
    said: tuple[str, str],
    *,
    about: About = About.DECISION,
) -> Contest:
    contest = Contest(
        id=0,
        case_id=made.case_id,
        decision_id=made.id,
        party=party,
        report_id=report_id,
        text=tidy(said[0]),
        locale=said[1],
        at=desk.clock(),
        about=about,
    )
    may = about is About.REPORTS or can_be_contested(made, party)
    if not may or not tx.contests.add(contest):
        raise CannotContest("This was contested before.")
    kept = tx.contests.of(made.id, party, report_id)
    case = tx.cases.get(made.case_id)
    if kept is None or case is None:
        raise CannotContest("This can no longer be contested.")
    tx.contest_steps.enter(kept, tx.decisions.head())
    tx.cases.touch(case, desk.clock())
    want_new_card(tx, kept.id, desk.clock())
    return kept


def _overturn(
    tx: Tx,
    desk: Desk,
    writer: DecisionWriter,
    case: Case,
    current: Decision,
    verdict: Verdict,
    rule: RuleNumber | None,
) -> None:
    """Undo the decision and decide the other way, so that the case is settled again."""
    undo = REVERSAL[current.action]
    desk.require_site(case.site, undo)
    if current.action is Action.KEEP:
        if rule is None:
            raise NotUnderstood(
                "Say under `rule` which rule the comment breaks. /rules lists them."
            )
        check_rule(desk.policy().at(case.site), rule)
        desk.require_site(case.site, Action.HIDE)
    back = replace(verdict, action=undo, rule=current.verdict.rule)
    writer.enter(tx, case, Entry(verdict=back, reverses=current.id))
    again = Action.HIDE if current.action is Action.KEEP else Action.KEEP
    settled = replace(verdict, action=again, rule=rule if again is Action.HIDE else None)
    writer.enter(tx, writer.case(tx, case.id), Entry(verdict=settled))


def _shorten(
    tx: Tx,
    writer: DecisionWriter,
    case: Case,
    current: Decision,
    verdict: Verdict,
    lasting: timedelta | None,
) -> None:
    """Let a ban end sooner; the comment stays hidden all the while, and what was served counts."""
    ends = current.until
    until = current.at + lasting if lasting is not None else None
    if until is None or until <= writer.now or (ends is not None and until >= ends):
        raise NotUnderstood(
            "Say under `days` how long the ban is to be in all. It has to end later than now, and "
            "sooner than it does."
        )
    back = replace(verdict, action=Action.UNBAN, rule=current.verdict.rule)
    writer.enter(tx, case, Entry(verdict=back, reverses=current.id), shows=False)
    shorter = replace(
        verdict,
        action=Action.BAN,
        rule=current.verdict.rule,
        lasting=until - writer.now,
        reason=current.verdict.reason,
    )
    writer.enter(tx, writer.case(tx, case.id), Entry(verdict=shorter))
