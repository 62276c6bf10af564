"""Take a report from the public form, and let its reader come back to it.

What could go wrong, and why it cannot: a report that was answered and is not there (it, the case
and the reader's way back are one transaction), a way back that somebody guesses (256 random bits,
of which only a hash is kept, so that a copy of the database opens none), and an answer that tells
of other readers or of the author (`Progress` has no place for either).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.comments import Receipt, Report
from bot.domain.decisions import Decision, original
from bot.domain.errors import DeskError
from bot.domain.foreign import tidy
from bot.domain.ids import DecisionId
from bot.domain.policy import Rule
from bot.domain.readers.contest import About, Contest, Party
from bot.domain.readers.mail import Correspondent
from bot.domain.readers.report import (
    ALPHABET,
    REFERENCE_LENGTH,
    Progress,
    ReaderReport,
    Stage,
    progress,
)
from bot.domain.reporters import ReaderStanding
from bot.domain.retention import Kept, RetentionRules
from bot.services.cases.receive import receive
from bot.services.desk import REDRAW_AFTER, Desk
from bot.services.readers.statement import hash_of, new_secret
from bot.services.readers.withdrawn import uncount
from bot.store.tx import Tx

KEPT_FOR = RetentionRules().time(Kept.RECEIPTS)
"""How long a reader can come back unless the policy says otherwise: as long as a decision can be
contested, and a month longer."""

LONGEST_NOTE = 500
"""Characters of a note, with all that was added to it."""

_AT_ONCE = 1000
"""Rows forgotten in one work, so that reports are not held up."""


class TooLate(DeskError):
    """A report was decided or taken back, so nothing of it is changed any more."""


class NoRoom(DeskError):
    """A report takes no more words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What a reader is given: a reference to quote, and the secret of the way back."""

    reference: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledReport:
    """A report as its reader sees it; `note` is what they wrote, and `until` how long it is here.

    `contest` is what they said against keeping the comment; `contestable_until` is until when
    they may say it, `None` if they may not. `standing` says that the reader was warned, or is not
    counted; `objection` is what they said against that. `mail` is where they are written to.
    """

    report: ReaderReport
    progress: Progress
    rule: Rule
    note: str | None
    until: datetime
    standing: ReaderStanding | None = None
    objection: Contest | None = None
    contest: Contest | None = None
    contestable_until: datetime | None = None
    mail: Correspondent | None = None

    @property
    def is_pending(self) -> bool:
        """Whether the reader may still add to it or take it back."""
        return self.progress.stage in (Stage.RECEIVED, Stage.LOOKED_AT)

    def uncounted_by(self, now: datetime) -> DecisionId | None:
        """Return the decision since which the reader is not counted, `None` if they are."""
        standing = self.standing
        return standing.decision_id if standing and standing.is_uncounted(now) else None


async def file_report(desk: Desk, report: Report, locale: str) -> Filed:
    """Keep a report and return the reader's way back to it, once both are on disk."""
    secret = new_secret()
    reference = "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))

    def keep(tx: Tx, receipts: list[Receipt]) -> None:
        case = tx.cases.get(receipts[0].case_id)
        filed = ReaderReport(
            id=0,
            reference=reference,
            site=report.site,
            case_id=receipts[0].case_id,
            reporter=report.reporter,
            rule=report.rule,
            revision=case.revision if case else 0,
            locale=locale,
            at=desk.clock(),
        )
        tx.reader_reports.add(filed, hash_of(secret))

    await receive(desk, [report], also=keep)
    return Filed(reference=reference, secret=secret)


async def look_up(desk: Desk, secret: str) -> FiledReport | None:
    """Return the report that a secret leads to, `None` for whatever else."""
    return await desk.store.read(lambda tx: found_report(tx, desk, secret))


async def withdraw(desk: Desk, secret: str) -> FiledReport | None:
    """Take a report back for its reader, unless it was decided; `None` if there is none.

    A report that was counted is counted no more. The case of a comment whose only report is taken
    back stays open, as somebody should have a look; its card says so, and it comes last.

    Raises:
        TooLate: It was decided before.
    """

    def work(tx: Tx) -> FiledReport | None:
        filed = found_report(tx, desk, secret)
        if filed is None or filed.progress.stage is Stage.WITHDRAWN:
            return filed
        if not filed.is_pending:
            raise TooLate("The report was decided before.")
        tx.reader_reports.withdraw(filed.report, desk.clock())
        uncount(tx, desk, filed.report)
        return found_report(tx, desk, secret)

    return await desk.store.write(work)


async def add_note(desk: Desk, secret: str, text: str) -> FiledReport | None:
    """Add to what the reader wrote, as long as nothing is decided; `None` if there is no report.

    Raises:
        TooLate: It was decided or taken back before.
        NoRoom: It takes no more words.
    """
    text = tidy(text)

    def work(tx: Tx) -> FiledReport | None:
        filed = found_report(tx, desk, secret)
        if filed is None:
            return None
        note = f"{filed.note}\n{text}" if filed.note else text
        if not filed.is_pending:
            raise TooLate("The report was decided before.")
        if len(note) > LONGEST_NOTE:
            raise NoRoom(f"A report takes {LONGEST_NOTE} characters in all.")
        report, case = filed.report, tx.cases.get(filed.report.case_id)
        tx.reports.set_note(report.case_id, report.reporter, report.rule, note)
        if case is not None:
            tx.cases.touch(case, desk.clock() + REDRAW_AFTER)
        return found_report(tx, desk, secret)

    return await desk.store.write(work)


async def forget_reports(desk: Desk) -> int:
    """Forget the ways back whose time is over; return how many there were."""
    forgotten, before = 0, desk.clock() - kept_for(desk)
    while True:
        gone = await desk.store.write(lambda tx: tx.reader_reports.forget(before, limit=_AT_ONCE))
        forgotten += gone
        if gone < _AT_ONCE:
            return forgotten


def kept_for(desk: Desk) -> timedelta:
    """Return how long a reader can come back, as the policy says."""
    return desk.policy().retention.time(Kept.RECEIPTS)


def found_report(tx: Tx, desk: Desk, secret: str) -> FiledReport | None:
    """Return the report that a secret leads to, within a transaction."""
    report = tx.reader_reports.by_secret(hash_of(secret)) or _mailed(tx, secret)
    return filed_again(tx, desk, report) if report else None


def _mailed(tx: Tx, secret: str) -> ReaderReport | None:
    """Return the report whose reader was mailed a link, and has said that the address is theirs."""
    to = tx.mails.linked(hash_of(secret))
    return tx.reader_reports.get(to.report_id) if to and to.confirmed_at else None


def filed_again(tx: Tx, desk: Desk, report: ReaderReport) -> FiledReport | None:
    """Return a report as its reader sees it, `None` once its time is over."""
    case = tx.cases.get(report.case_id)
    if case is None or desk.clock() >= report.at + kept_for(desk):
        return None  # what is too old is purged later in the day
    current = tx.decisions.current(case)
    where = progress(report, case, current)
    contest, until = _contest(tx, desk, report, current, where.stage)
    return FiledReport(
        report=report,
        progress=where,
        rule=desk.policy().rule(report.rule),
        note=tx.reports.note_of(report.case_id, report.reporter, report.rule),
        until=report.at + kept_for(desk),
        standing=standing_now(tx, desk, report),
        objection=_objection(tx, report),
        contest=contest,
        contestable_until=until,
        mail=tx.mails.of_report(report.id),
    )


def _contest(
    tx: Tx, desk: Desk, report: ReaderReport, current: Decision | None, stage: Stage
) -> tuple[Contest | None, datetime | None]:
    """Return what the reader said against keeping the comment, and until when they may say it."""
    if current is None:
        return _contested_before(tx, report), None
    made = original(current, tx.decisions.of_case(current.case_id))
    contest = tx.contests.of(made.id, Party.REPORTER, report.id)
    if contest is not None:
        return contest, None
    until = _contestable_until(desk, made) if stage is Stage.KEPT else None
    # Where it was overturned, another decision stands, and the answer is still owed here.
    return (None if until else _contested_before(tx, report)), until


def _contestable_until(desk: Desk, made: Decision) -> datetime | None:
    ends = made.at + desk.policy().contests_for
    return ends if desk.clock() < ends else None


def standing_now(tx: Tx, desk: Desk, report: ReaderReport) -> ReaderStanding | None:
    """Return what a reader is told on the page of a report that they made since."""
    standing = tx.readers.standing(report.reporter)
    if standing is None or not desk.policy().unfounded.warned or report.at < standing.warned_at:
        return None
    return standing


def _contested_before(tx: Tx, report: ReaderReport) -> Contest | None:
    made = [one for one in tx.contests.of_report(report.id) if one.about is About.DECISION]
    return made[-1] if made else None


def _objection(tx: Tx, report: ReaderReport) -> Contest | None:
    made = tx.contests.of_report(report.id)
    return next((one for one in made if one.about is About.REPORTS), None)
