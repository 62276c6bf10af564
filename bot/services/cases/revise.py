"""Which text is a comment's now, and what follows for its case when that changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.cases import Case, CaseState, hidden_by
from bot.domain.comments import Comment, TextMark, is_newer, text_key
from bot.domain.decisions import REVERSAL, VERDICTS, Action, Decision, Door, Verdict, original
from bot.domain.effects import Effect, Order
from bot.domain.making import maker_of
from bot.services.cases.decision_log import THE_DESK, DecisionWriter, Entry
from bot.services.desk import Desk
from bot.store.tx import Tx

_make_mark = maker_of(TextMark)


def take_text(
    tx: Tx, case: Case, comment: Comment, at: datetime, now: datetime
) -> tuple[Case, bool]:
    """Return the case with the text that stands now, and whether that is another than before.

    `at` is when somebody reported the text, or when it was read at the site.

    A new name for the same text is kept for the site's sake and is no edit; an older text that
    comes late changes nothing. An edit is kept at once, and ends what was proposed on the text
    before; the case itself is for the caller to touch.
    """
    stands = case.text or _mark_of(tx, case)
    mark = newer_mark(stands, case.revision_key, comment, at, now)
    if mark is None:
        return case, False
    if mark.key == stands.key:
        _rename(tx, case, comment)
        return replace(case, revision_key=comment.revision, text=mark), False
    tx.cases.revise(case, comment)
    tx.proposals.drop(case.id)
    revised = replace(case, revision=case.revision + 1, revision_key=comment.revision, text=mark)
    return revised, True


def newer_mark(
    stands: TextMark, revision: str, comment: Comment, at: datetime, now: datetime
) -> TextMark | None:
    """Return the mark of a text that is newer than the one that stands, `None` if it is not."""
    at = comment.read_at or at
    if not is_newer(comment, at, now, stands, revision):
        return None
    return _make_mark(key=text_key(comment.text), at=_as_of(comment, at, stands), taken_at=now)


def take_read(tx: Tx, case: Case, comment: Comment, now: datetime) -> tuple[Case, bool]:
    """Do the same with a text that was just read at the site; it is newer than all before."""
    return take_text(tx, case, replace(comment, read_at=now), now, now)


def _mark_of(tx: Tx, case: Case) -> TextMark:
    """Return the mark of a text that was kept before such marks were."""
    text = tx.cases.comment(case).text
    return TextMark(key=text_key(text), at=case.reported_at, taken_at=case.reported_at)


def _as_of(comment: Comment, at: datetime, stands: TextMark) -> datetime:
    """Return the time of a text: what was read at the site itself is newer than all before."""
    return max(at, stands.at) if comment.read_at is not None else at


def _rename(tx: Tx, case: Case, comment: Comment) -> None:
    if comment.revision != case.revision_key:
        tx.cases.rename(case, comment)


_SAME = (
    "The site says that it has another text, but what it sent is the text that was judged. Nothing "
    "was done: do it there by hand, and have the site's check of text_sha256 looked at."
)


def overtaken(
    desk: Desk, tx: Tx, writer: DecisionWriter, effect: Effect, order: Order, found: Comment
) -> None:
    """Keep the text that stands at the site, and let somebody decide on that.

    The site did nothing, so the record takes the decision back: a hide counts for nothing, and a
    ban is not in force. An order is not given again, but for one thing: where the text is the same
    and only written otherwise, it is given once with the site's own hash.
    """
    case = writer.case(tx, order.case_id)
    before = tx.cases.comment(case)
    if text_key(found.text) == (order.text_key or text_key(before.text)):
        _say_again(tx, writer, effect, order, found)
        return
    tx.outbox.fail(effect, writer.now, "The comment was edited before.", dropped=True)
    there = replace(before, revision=found.revision, text=found.text, sent=found.sent)
    case, edited = take_read(tx, case, there, writer.now)
    case = tx.cases.touch(case, writer.now)
    made = tx.decisions.get(order.decision_id)
    if made is not None:
        _take_back(desk, tx, writer, case, made, order)
    case = writer.case(tx, case.id)
    if edited and not case.is_open:
        tx.cases.save(replace(case, state=CaseState.REOPENED, decision_id=None, decided_at=None))
        tx.triage.reopened(case.id, writer.now)
    _hold_as_before(desk, tx, writer, writer.case(tx, case.id))


def _hold_as_before(desk: Desk, tx: Tx, writer: DecisionWriter, case: Case) -> None:
    """Say that a comment is on hold, where the site has it hidden and no verdict is carried out.

    It was on hold before; or an undo was refused as well, which nobody waits for any more.
    """
    if not case.is_open or case.is_held or Action.HOLD not in desk.site_can(case.site):
        return
    history = tx.decisions.of_case(case.id)
    hiding = hidden_by(history)
    if hiding[-1].is_hold if hiding else _is_left_hidden(tx, case, history):
        writer.hold(tx, case)


def _is_left_hidden(tx: Tx, case: Case, history: Sequence[Decision]) -> bool:
    """Whether this desk hid it last, as far as the site goes: nobody there did anything since."""
    only_here = all(one.verdict.door is not Door.SITE for one in history)
    return only_here and tx.deliveries.left_hidden(case.id)


def _say_again(
    tx: Tx, writer: DecisionWriter, effect: Effect, order: Order, found: Comment
) -> None:
    if order.resent or found.text_sha256 == order.text_sha256:
        tx.outbox.fail(effect, writer.now, _SAME)
        return
    anew = replace(
        order,
        key=f"{order.key}-again",
        revision_key=found.revision,
        text_sha256=found.text_sha256,
        resent=True,
    )
    tx.outbox.reword(effect.id, anew, writer.now)


def _take_back(
    desk: Desk, tx: Tx, writer: DecisionWriter, case: Case, made: Decision, order: Order
) -> None:
    """Record that a decision was not carried out, unless it was taken back or corrected before."""
    history = tx.decisions.of_case(case.id)
    if any(made.id in (later.reverses, later.amends) for later in history):
        return
    if made.action in VERDICTS:
        _take_back_verdict(tx, writer, case, made, order)
    elif made.action in (Action.UNHIDE, Action.UNBAN):
        _keep_from_view(desk, tx, writer, case, made, order)


def _take_back_verdict(
    tx: Tx, writer: DecisionWriter, case: Case, made: Decision, order: Order
) -> None:
    history = tx.decisions.of_case(case.id)
    first = original(made, history)
    if _was_done(tx, first, history):
        return  # it is hidden already; only another rule was to be cited
    verdict = Verdict(
        action=REVERSAL[made.action], by=THE_DESK, door=Door.DESK, rule=made.verdict.rule
    )
    entry = Entry(verdict=verdict, reverses=made.id)
    stands = case.decision_id == made.id
    back = writer.enter(tx, case, entry, tell_site=False, settles=stands)
    if made.action is Action.BAN and tx.deliveries.told_of_author(
        case.site, case.author_id, since=first.at
    ):
        tx.outbox.want_order(_let_in(order, back))


def _was_done(tx: Tx, first: Decision, history: Sequence[Decision]) -> bool:
    """Whether the site carried out a decision, or one that corrects its rule."""
    chain = (one.id for one in history if original(one, history).id == first.id)
    return any(tx.deliveries.was_done(first.case_id, one) for one in chain)


def _let_in(order: Order, back: Decision) -> Order:
    """Return an order about the author alone, for another one may have brought the ban along."""
    about = replace(order, key=f"{order.key}-author", action=Action.UNBAN, decision_id=back.id)
    plain = replace(about, rule=None, rule_name=None, notice=None, until=None)
    return replace(plain, visible=None, banned=False, text_sha256=None, text_key=None)


def _keep_from_view(
    desk: Desk, tx: Tx, writer: DecisionWriter, case: Case, made: Decision, order: Order
) -> None:
    """Say that a comment which was to be seen again is not, until somebody has read its new text."""
    if order.banned is not None:
        # What becomes of the author has nothing to do with the text.
        rest = replace(order, key=f"{order.key}-author", visible=None)
        tx.outbox.want_order(replace(rest, text_sha256=None, text_key=None))
    if tx.decisions.of_case(case.id)[-1].id != made.id:
        return  # what was decided since says what becomes of it
    verdict = Verdict(action=Action.HOLD, by=THE_DESK, door=Door.DESK)
    entry = Entry(verdict=verdict, reverses=made.id)
    can = Action.HOLD in desk.site_can(case.site)
    writer.enter(tx, case, entry, tell_site=can, settles=False)
