"""Take over what was decided, edited or deleted at the site itself."""

from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.decisions import ITS_AUTHOR, SOMEBODY_THERE, Action, Door, Verdict
from bot.domain.ids import PersonId, SiteId
from bot.domain.site import Seen
from bot.domain.staff import Person
from bot.services.cases.decision_log import DecisionWriter, Entry
from bot.services.cases.revise import take_read
from bot.services.cases.two_person import settle, takes_two
from bot.services.desk import Desk
from bot.store.tx import Tx

NOBODY_HERE = PersonId(0)
"""Stands for people who decided at the site, and whom Discord does not know."""

_WRITER = PersonId(-1)
"""Stands for the authors of comments, who are in nobody's list of those who decide."""
_DELETED = Verdict(action=Action.HIDE, by=Person(id=_WRITER, name=ITS_AUTHOR), door=Door.AUTHOR)


async def follow(desk: Desk, site: SiteId, seen: Seen) -> bool:
    """Settle an open case as the site has it, or show its new text; false if nothing changed.

    The site is asked nothing: it is as it says. Someone who decided there is named in the
    record as the site names them.
    """
    writer = DecisionWriter.of(desk)

    def work(tx: Tx) -> bool:
        case = tx.cases.find(site, seen.comment_id)
        if case is None or not case.is_open:
            return False
        if seen.unwritten:
            writer.enter(tx, case, Entry(verdict=_DELETED), tell_site=False)
            return True
        return _take_over(desk, tx, writer, case, seen)

    return await desk.store.write(work)


def _take_over(desk: Desk, tx: Tx, writer: DecisionWriter, case: Case, seen: Seen) -> bool:
    """Take over a new text first, and then what was decided; whether there was any of it."""
    edited = seen.comment is not None and _revise(tx, writer, case, seen.comment)
    case = tx.cases.get(case.id) or case
    if not _is_news(tx, case, seen):
        return edited
    return _settle(desk, tx, writer, case, seen) or edited


def _is_news(tx: Tx, case: Case, seen: Seen) -> bool:
    """Whether the site decided after the case was opened, and after what was decided here.

    Without this, a decision that was undone here would be taken over from there again.
    """
    if seen.visible is None:
        return False
    made = tx.decisions.of_case(case.id)
    if made and made[-1].is_hold and not seen.visible:
        return False  # that was us, until somebody decides
    if seen.at is None:
        return not made
    return seen.at >= case.opened_at and (not made or seen.at > made[-1].at)


def _settle(desk: Desk, tx: Tx, writer: DecisionWriter, case: Case, seen: Seen) -> bool:
    """Take over what somebody did at the site; false if it waits for a second person already.

    What nobody here may show alone, nobody there may either: the case stays open, and the card
    asks for a second person.
    """
    verdict = Verdict(
        action=Action.KEEP if seen.visible else Action.HIDE,
        by=Person(id=NOBODY_HERE, name=seen.by or SOMEBODY_THERE),
        door=Door.SITE,
        rule=None if seen.visible else case.top_rule,
    )
    entry = Entry(verdict=verdict)
    if not takes_two(tx, writer, case, entry):
        writer.enter(tx, case, entry, tell_site=False)
        return True
    if tx.proposals.waiting(case.id, writer.now) is not None:
        return False
    settle(tx, desk, writer, case, entry)
    return True


def _revise(tx: Tx, writer: DecisionWriter, case: Case, comment: Comment) -> bool:
    taken, edited = take_read(tx, case, comment, writer.now)
    if edited:
        tx.cases.touch(taken, writer.now)
    elif taken.revision_key != case.revision_key:
        tx.cases.save(taken)
    return edited
