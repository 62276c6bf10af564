"""Read what staff type about a complaint that came by e-mail, telephone or letter."""

import re
from datetime import datetime

from bot.domain import days
from bot.domain.cases import NoticeKind
from bot.domain.errors import NoSuchCase, NotUnderstood
from bot.domain.ids import CaseId
from bot.domain.readers.email import is_email
from bot.domain.staff import Person
from bot.services.desk import Desk
from bot.services.readers.notice import require_rank
from bot.store.tx import Tx

_NUMBER = re.compile(r"#?([0-9]{1,15})")
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


async def find_case(desk: Desk, kind: NoticeKind, about: str, by: Person) -> CaseId | None:
    """Return the case that somebody means: by ``#1042``, the comment's address or its own id.

    `None` where the desk knows no such comment, and then its address has to be said.

    Raises:
        NotAllowed: The person may not enter such a complaint.
        NoSuchCase: They named a case by its number, and there is none.
    """
    require_rank(desk, kind, by)
    about = about.strip()

    def read(tx: Tx) -> CaseId | None:
        named = _NUMBER.fullmatch(about)
        case = tx.cases.get(CaseId(int(named[1]))) if named else None
        if case is not None:
            return case.id
        found = _by_comment(tx, about) if about else None
        if found is None and about.startswith("#") and named:
            raise NoSuchCase(CaseId(int(named[1])))
        return found

    return await desk.store.read(read)


def _by_comment(tx: Tx, about: str) -> CaseId | None:
    at = tx.notices.case_at(about)
    if at is not None:
        return at
    found = (tx.cases.find(site, about) for site in tx.report_events.sites())
    return next((case.id for case in found if case is not None), None)


def came_at(desk: Desk, typed: str) -> datetime:
    """Return when a complaint came, by ``3h``, ``yesterday`` or ``2026-11-26``; now if empty.

    Raises:
        NotUnderstood: It is no time.
    """
    now = desk.clock()
    if not typed.strip():
        return now
    found = days.moment(typed, now, desk.policy().alerts.zone)
    if found is None:
        raise NotUnderstood(
            f"“{typed[:40]}” is no time that I know. Write 3h for three hours ago, yesterday, "
            "monday or 2026-11-26."
        )
    return found.astimezone(now.tzinfo)


def name_and_email(typed: str) -> tuple[str, str]:
    """Return the name and the e-mail address out of what somebody typed into one field."""
    found = next((one for one in _EMAIL.findall(typed) if is_email(one)), "")
    rest = re.sub(r"[\s<>(),;]+", " ", typed.replace(found, " ") if found else typed)
    return rest.strip(), found
