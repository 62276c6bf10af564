"""Who is written to about their report or notice, and the links that were mailed to them."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.ids import CaseId
from bot.domain.readers.mail import Correspondent
from bot.store.engine.connection import Connection
from bot.store.times import moment, moment_if, stored

_SELECT = """
SELECT correspondents.id, correspondents.email, correspondents.locale, correspondents.at, report_id, notice_id,
       confirmed_at FROM correspondents
"""
_GET = f"{_SELECT} WHERE id = ?"
_OF_REPORT = f"{_SELECT} WHERE report_id = ?"
_OF_NOTICE = f"{_SELECT} WHERE notice_id = ?"
_OF_CASE = f"""
{_SELECT} JOIN reader_reports ON reader_reports.id = report_id
WHERE reader_reports.case_id = ? AND withdrawn_at IS NULL AND confirmed_at IS NOT NULL
ORDER BY correspondents.id
"""
_NOTICES_OF_CASE = f"""
{_SELECT} JOIN notices ON notices.id = notice_id
WHERE notices.case_id = ? AND confirmed_at IS NOT NULL ORDER BY correspondents.id
"""
_PUT = """
INSERT INTO correspondents (id, report_id, notice_id, email, locale, at) VALUES (?, ?, ?, ?, ?, ?)
"""
_CONFIRM = "UPDATE correspondents SET confirmed_at = ? WHERE id = ? AND confirmed_at IS NULL"
_FORGET = "DELETE FROM correspondents WHERE id = ?"
_FORGET_OF_ERASED = """
DELETE FROM correspondents
WHERE notice_id IN (SELECT id FROM notices WHERE secret IS NULL)
OR confirmed_at IS NULL AND at < ?
"""
_LINK = "INSERT INTO mail_links (secret, correspondent_id) VALUES (?, ?)"
_LINKED = f"""
SELECT found.*, secret FROM mail_links JOIN ({_SELECT}) AS found ON found.id = correspondent_id
WHERE secret = ?
"""  # noqa: S608 - words of our own


class Mails:
    """Whom the desk writes to."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    def get(self, number: int) -> Correspondent | None:
        """Return one of them, `None` if they are written to no more."""
        return _one(self._run(_GET, (number,)).fetchone())

    def of_report(self, report_id: int) -> Correspondent | None:
        """Return who is written to about a report."""
        return _one(self._run(_OF_REPORT, (report_id,)).fetchone())

    def of_notice(self, notice_id: int) -> Correspondent | None:
        """Return who is written to about a notice."""
        return _one(self._run(_OF_NOTICE, (notice_id,)).fetchone())

    def of_case(self, case_id: CaseId) -> Sequence[Correspondent]:
        """Return who wants to hear of a case's decisions, by their own report or notice."""
        rows = self._run(_OF_CASE, (case_id,)).fetchall()
        rows += self._run(_NOTICES_OF_CASE, (case_id,)).fetchall()
        return [_correspondent(row) for row in rows]

    def put(self, to: Correspondent) -> Correspondent:
        """Keep somebody who is to be asked whether they want to be written to; with a number."""
        # By chance, as one of somebody who was forgotten may still be named by a mail that waits.
        number = secrets.randbits(62)
        row = (number, to.report_id, to.notice_id, to.email, to.locale, stored(to.at))
        self._run(_PUT, row)
        return replace(to, id=number)

    def confirm(self, to: Correspondent, at: datetime) -> None:
        """Keep that they want it."""
        self._run(_CONFIRM, (stored(at), to.id))

    def forget(self, to: Correspondent) -> None:
        """Erase an address, and all links that were mailed to it."""
        self._run(_FORGET, (to.id,))

    def forget_unwanted(self, asked_before: datetime) -> int:
        """Erase the addresses of erased notices, and of whoever never said that they want it."""
        return self._run(_FORGET_OF_ERASED, (stored(asked_before),)).rowcount

    def link(self, to: Correspondent, secret: bytes) -> None:
        """Keep the hash of a link's secret before it is mailed."""
        self._run(_LINK, (secret, to.id))

    def linked(self, secret: bytes) -> Correspondent | None:
        """Return to whom the link whose secret has this hash was mailed."""
        row = self._run(_LINKED, (secret,)).fetchone()
        return _one(row[:-1]) if row and hmac.compare_digest(row[-1], secret) else None


def _one(row: tuple[Any, ...] | None) -> Correspondent | None:
    return _correspondent(row) if row else None


def _correspondent(row: tuple[Any, ...]) -> Correspondent:
    number, email, locale, at, report_id, notice_id, confirmed_at = row
    return Correspondent(
        id=number,
        email=email,
        locale=locale,
        at=moment(at),
        report_id=report_id,
        notice_id=notice_id,
        confirmed_at=moment_if(confirmed_at),
    )
