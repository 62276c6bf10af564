"""Look at what is known of one commenter, and add to it."""

from collections.abc import Sequence

from bot.domain.account_similarity import AuthorRef
from bot.domain.authors import AuthorSheet, Known, StaffNote
from bot.domain.cases import Case
from bot.domain.errors import NoSuchAuthor, NoSuchCase, NotUnderstood
from bot.domain.folding import called_so
from bot.domain.ids import CaseId
from bot.domain.lines import case_number
from bot.domain.staff import Person, Rank
from bot.services.cases.lookup import with_cards
from bot.services.desk import Desk
from bot.store.tx import Tx

CASES_A_PAGE = 5
MOST_CHOICES = 25
LONGEST_NOTE = 500

_BANS = 5
_STRIKES = 10
_NOTES = 5


async def sheet(desk: Desk, case_id: CaseId, by: Person, *, page: int = 0) -> AuthorSheet:
    """Return a page of the record of who wrote a case's comment.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: _sheet(desk, tx, _case(tx, case_id), page))


async def named(
    desk: Desk, words: str, by: Person, *, limit: int = MOST_CHOICES
) -> tuple[Known, ...]:
    """Return the authors who are or may be called so.

    Raises:
        NotAllowed: The person is no moderator.
    """
    desk.require(by, Rank.MODERATOR)
    return await desk.store.read(lambda tx: tuple(tx.authors.named(words, limit=limit)))


async def find(desk: Desk, words: str, by: Person) -> CaseId:
    """Return the newest case of the author meant, by ``#1042`` or by name.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchAuthor: Nobody is called so, or several are.
        NotUnderstood: No case has such a number.
    """
    number = case_number(words) if words.strip().startswith("#") else None
    if number is not None:
        return number
    found = await named(desk, words.strip(), by, limit=MOST_CHOICES)
    meant = called_so(words, found, lambda known: known.name)
    if len(meant) != 1:
        raise _unsure(words, meant)
    return meant[0].case_id


def _unsure(words: str, meant: Sequence[Known]) -> NoSuchAuthor:
    if not meant:
        return NoSuchAuthor(
            f"Nobody called “{words}” was ever reported. Write the beginning of the name, or a "
            "case's number such as #1042."
        )
    names = ", ".join(f"{known.name or 'Anonymous'} (#{known.case_id})" for known in meant[:8])
    return NoSuchAuthor(
        f"“{words}” fits several authors: {names}. Pick one from the list while you type, or "
        "write the number of one of their cases."
    )


async def add_note(desk: Desk, case_id: CaseId, text: str, by: Person) -> AuthorSheet:
    """Keep a note on who wrote a case's comment, and return the first page of their record.

    Raises:
        NotAllowed: The person is no moderator.
        NoSuchCase: There is no case of that number.
        NotUnderstood: The note is empty.
    """
    desk.require(by, Rank.MODERATOR)
    said = text.strip()[:LONGEST_NOTE]
    if not said:
        raise NotUnderstood(
            "The note is empty, so nothing was saved. Write what others should know."
        )
    note = StaffNote(text=said, by_id=by.id, by_name=by.name, at=desk.clock())

    def work(tx: Tx) -> AuthorSheet:
        case = _case(tx, case_id)
        tx.authors.add_note(_ref(case), note)
        return _sheet(desk, tx, case, 0)

    return await desk.store.write(work)


def _case(tx: Tx, case_id: CaseId) -> Case:
    case = tx.cases.get(case_id)
    if case is None:
        raise NoSuchCase(case_id)
    return case


def _ref(case: Case) -> AuthorRef:
    return AuthorRef(site=case.site, id=case.author_id)


def _sheet(desk: Desk, tx: Tx, case: Case, page: int) -> AuthorSheet:
    ref, since = _ref(case), desk.strikes_since()
    view = tx.cases.view(case.id, strikes_since=since)
    first = tx.authors.first_case(ref)
    if view is None or first is None:
        raise NoSuchCase(case.id)
    total = view.record.reported
    pages = max(1, -(-total // CASES_A_PAGE))
    here = min(max(page, 0), pages - 1)
    ids = tx.authors.cases(ref, limit=CASES_A_PAGE, offset=here * CASES_A_PAGE)
    views = [seen for number in ids if (seen := tx.cases.view(number, strikes_since=since))]
    strikes = tx.authors.strikes(ref, since, limit=_STRIKES)
    return AuthorSheet(
        ref=ref,
        author=view.author,
        record=view.record,
        case_id=case.id,
        token=case.token,
        first_at=first[1],
        strikes=strikes,
        bans=tx.authors.bans(ref, limit=_BANS),
        notes=tx.authors.notes(ref, limit=_NOTES),
        notes_total=tx.authors.count_notes(ref),
        hints=tx.ban_evasion.hints(ref),
        views=with_cards(desk, tx, views),
        total=total,
        offset=here * CASES_A_PAGE,
        page=here,
        pages=pages,
    )
