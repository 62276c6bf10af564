"""Write to readers about their own report or notice, by mail, where they want that.

What could go wrong, and why it cannot: mails to somebody who never asked (nothing but the one mail
that asks them goes to an address until its page was pressed, and a link that is only opened changes
nothing), two parties in one mail (each is to one correspondent), a mail about a decision that was
taken back (it waits as long as a decision can be undone, and is then looked at again), and an
address that stays (it is erased with the report, and after a week if nobody pressed).

Twice: a mail server that was handed a mail cannot be asked for it, nor told to forget it. So whoever
begins a mail has it for longer than handing it over can take, also from a process that others took
for gone, and how it ended is kept as soon as the database is back. A mail comes twice only where the
process is killed between the server's yes and that, and both have the same Message-ID. Once at
most, the other way round, would be a reader who never learns what became of their report.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.decisions import Door, original
from bot.domain.effects import Effect, EffectKind, Outcome
from bot.domain.errors import NotUnderstood
from bot.domain.readers.email import is_email
from bot.domain.readers.mail import Correspondent, Letter, Mail, MailEvent
from bot.domain.readers.notice import Notice, NoticeStage, Told
from bot.domain.readers.report import ReaderReport, Stage
from bot.services.desk import Desk
from bot.services.outbox_worker import DONE, Attempt, Lane
from bot.services.readers.notice import followed, found_notice
from bot.services.readers.report import FiledReport, filed_again, found_report
from bot.services.readers.statement import hash_of, new_secret
from bot.services.redraw import ask_by_mail
from bot.store.deliveries import mail_from
from bot.store.tx import Tx

UNWANTED_AFTER = timedelta(days=7)
"""How long an address is kept that nobody said they want to be written to at."""

_BATCH = 20
_UNDER_WAY = timedelta(minutes=5)
"""For how long nobody else begins a mail: the ten steps of handing one over have 20 s each."""


async def ask_for_mail(desk: Desk, secret: str, email: str, locale: str) -> bool:
    """Ask an address whether it is to be told what comes of a report or a notice.

    It takes the place of an address that was given before. False if the secret leads nowhere.

    Raises:
        NotUnderstood: It is no e-mail address.
    """
    if not is_email(email):
        raise NotUnderstood("That is no e-mail address. Write it like name@example.com.")

    def work(tx: Tx) -> bool:
        now = desk.clock()
        blank = Correspondent(id=0, email=email, locale=locale, at=now)
        filed, noticed = found_report(tx, desk, secret), found_notice(tx, desk, secret)
        if filed is not None:
            before = tx.mails.of_report(filed.report.id)
            to = replace(blank, report_id=filed.report.id)
        elif noticed is not None:
            before = tx.mails.of_notice(noticed.notice.id)
            to = replace(blank, notice_id=noticed.notice.id)
        else:
            return False
        if before is not None:
            tx.mails.forget(before)
        ask_by_mail(tx, to, now)
        return True

    return await desk.store.write(work)


async def stop_mail(desk: Desk, secret: str) -> bool:
    """Erase the address that a secret is about, whether mailed or not; false if there is none."""

    def work(tx: Tx) -> bool:
        to = _whose(tx, desk, secret)
        if to is not None:
            tx.mails.forget(to)
        return to is not None

    return await desk.store.write(work)


def _whose(tx: Tx, desk: Desk, secret: str) -> Correspondent | None:
    linked = tx.mails.linked(hash_of(secret))
    if linked is not None:
        return linked
    filed, noticed = found_report(tx, desk, secret), found_notice(tx, desk, secret)
    if filed is not None:
        return tx.mails.of_report(filed.report.id)
    return tx.mails.of_notice(noticed.notice.id) if noticed is not None else None


async def mailed_to(desk: Desk, secret: str) -> Correspondent | None:
    """Return to whom a mailed link belongs, `None` if it is none, or they want no more mails."""
    return await desk.store.read(lambda tx: tx.mails.linked(hash_of(secret)))


async def confirm_mail(desk: Desk, secret: str) -> Correspondent | None:
    """Keep that whoever got a mailed link wants to be written to; `None` if it leads nowhere."""

    def work(tx: Tx) -> Correspondent | None:
        to = tx.mails.linked(hash_of(secret))
        if to is None:
            return None
        tx.mails.confirm(to, desk.clock())
        if to.confirmed_at is None:
            _tell_what_is_decided(tx, desk, to)
        return tx.mails.get(to.id)

    return await desk.store.write(work)


def _tell_what_is_decided(tx: Tx, desk: Desk, to: Correspondent) -> None:
    """Write to somebody about what was decided before they said that they want it, if anything."""
    notice, report = tx.notices.get(to.notice_id), tx.reader_reports.get(to.report_id)
    if notice is not None:
        _tell_of_notice(tx, desk, to, notice)
    if report is not None:
        _tell_of_report(tx, desk, to, report)


def _tell_of_notice(tx: Tx, desk: Desk, to: Correspondent, notice: Notice) -> None:
    noticed = followed(tx, desk, notice)
    if noticed is not None and noticed.told.is_over:
        tx.outbox.want_mail(Mail(to=to.id, event=MailEvent.DECIDED), desk.clock())


def _tell_of_report(tx: Tx, desk: Desk, to: Correspondent, report: ReaderReport) -> None:
    case = tx.cases.get(report.case_id)
    current = tx.decisions.current(case)
    if current is not None:
        made = original(current, tx.decisions.of_case(current.case_id))
        stands = made.at + timedelta(minutes=desk.policy().undo_minutes)
        mail = Mail(to=to.id, event=MailEvent.DECIDED, decision_id=made.id)
        tx.outbox.want_mail(mail, max(desk.clock(), stands))


async def forget_mail(desk: Desk) -> int:
    """Erase the addresses that are of no use any more; return how many."""
    before = desk.clock() - UNWANTED_AFTER
    return await desk.store.write(lambda tx: tx.mails.forget_unwanted(before))


def mail_lane(desk: Desk, send: Callable[[Letter], Awaitable[Outcome]]) -> Lane:
    """Send the mails that are asked for."""

    async def carry_out(effect: Effect) -> Attempt | None:
        secret = new_secret()

        def begin(tx: Tx) -> tuple[bool, Letter | None]:
            mine = tx.claims.begin(effect, desk.clock() + _UNDER_WAY)
            mail = mail_from(effect.payload)
            return mine, _letter(tx, desk, mail, secret, effect.nonce) if mine else None

        mine, letter = await desk.store.write(begin)
        if letter is None:
            return DONE if mine else None
        return Attempt(outcome=await send(letter))

    return Lane(
        desk=desk,
        due=lambda tx, now: tx.claims.due(EffectKind.MAIL, now, limit=_BATCH),
        shared=True,
        carry_out=carry_out,
    )


def _letter(tx: Tx, desk: Desk, mail: Mail, secret: str, name: str) -> Letter | None:
    """Return a mail as it is to be sent now, its link on disk; `None` if it is not wanted."""
    to = tx.mails.get(mail.to)
    if to is None or (to.confirmed_at is None) != (mail.event is MailEvent.CONFIRM):
        return None
    blank = Letter(name=name, event=mail.event, to=to, reference="", secret=secret)
    letter = _of_notice(tx, desk, blank) if to.notice_id else _of_report(tx, desk, mail, blank)
    if letter is not None:
        tx.mails.link(to, hash_of(secret))
    return letter


def _of_notice(tx: Tx, desk: Desk, blank: Letter) -> Letter | None:
    notice = tx.notices.get(blank.to.notice_id)
    found = followed(tx, desk, notice) if notice else None
    if found is None or not _is_so_far(blank.event, found.told):
        return None
    lacking = found.notice.said.lacking if blank.event is MailEvent.LACKING else ()
    reference = found.notice.reference
    return replace(
        blank, reference=reference, told=found.told, kind=found.notice.kind, lacking=lacking
    )


def _is_so_far(event: MailEvent, told: Told) -> bool:
    """Whether a notice still is where a mail says; one that has got further says so itself."""
    match event:
        case MailEvent.DECIDED:
            return told.is_over
        case MailEvent.LACKING:
            return told.stage is NoticeStage.DEFECTIVE
        case MailEvent.FORWARDED:
            return told.stage is NoticeStage.POSTER_ASKED
        case _:
            return True


def _of_report(tx: Tx, desk: Desk, mail: Mail, blank: Letter) -> Letter | None:
    report = tx.reader_reports.get(blank.to.report_id)
    found = filed_again(tx, desk, report) if report else None
    if found is None:
        return None
    letter = replace(blank, reference=found.report.reference, progress=found.progress)
    if mail.event is MailEvent.ANSWERED:
        return _with_answer(tx, mail, letter)
    is_news = mail.event is MailEvent.CONFIRM or _is_news(tx, mail, found)
    return letter if is_news else None


def _with_answer(tx: Tx, mail: Mail, letter: Letter) -> Letter | None:
    contest = tx.contests.get(mail.contest_id)
    return replace(letter, answer=contest.answer) if contest and contest.answer else None


def _is_news(tx: Tx, mail: Mail, found: FiledReport) -> bool:
    """Whether a decision stands, and whoever reported the comment was not told it otherwise."""
    case = tx.cases.get(found.report.case_id)
    current = tx.decisions.current(case)
    if current is None or found.progress.stage not in (Stage.KEPT, Stage.REMOVED):
        return False
    if original(current, tx.decisions.of_case(current.case_id)).id != mail.decision_id:
        return False
    # Whoever contested what was overturned by it is written to about that.
    contests = tx.contests.of_case(current.case_id)
    contested = any(one.report_id == found.report.id for one in contests)
    return not (contested and current.verdict.door is Door.CONTEST)
