"""A reader's way back to their own report: what became of it, adding to it, taking it back."""

from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from bot.domain.errors import NotUnderstood
from bot.services.readers.contest import (
    CannotContest,
    contest_by_reporter,
    contest_not_counting,
)
from bot.services.readers.report import (
    FiledReport,
    NoRoom,
    TooLate,
    add_note,
    look_up,
    withdraw,
)
from bot.web.public.answers import page
from bot.web.public.front import ByMail, Front, fields_of
from bot.web.public.statements import Contestable, refusal
from bot.web.public.states import state_of_report
from bot.web.public.words import Language


class Receipts:
    """Handlers of the pages behind a secret address."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def look(self, request: web.Request, secret: str) -> web.Response:
        """Show a reader what became of their report."""
        return await self._page(request, secret, told="fresh" if "new" in request.query else "")

    async def add(self, request: web.Request, secret: str) -> web.Response:
        """Add to what the reader wrote."""
        note = (await fields_of(request)).get("note", "").strip()
        if not note:
            return await self._page(request, secret)
        try:
            await add_note(self._front.desk, secret, note)
        except NoRoom:
            return await self._page(request, secret, error="no_room", draft=note)
        except TooLate:
            return await self._page(request, secret, error="too_late")
        return await self._page(request, secret, told="added")

    async def withdraw(self, request: web.Request, secret: str) -> web.Response:
        """Take a report back."""
        try:
            await withdraw(self._front.desk, secret)
        except TooLate:
            return await self._page(request, secret, error="too_late")
        return await self._page(request, secret)

    async def contest(self, request: web.Request, secret: str) -> web.Response:
        """Take what the reader says against keeping the comment."""
        text = (await fields_of(request)).get("why", "")
        locale = self._front.language(request).code
        try:
            await contest_by_reporter(self._front.desk, secret, text, locale)
        except (CannotContest, NotUnderstood) as error:
            return await self._page(request, secret, error=refusal(error, text), why=text)
        return await self._page(request, secret)

    async def object_(self, request: web.Request, secret: str) -> web.Response:
        """Take what the reader says against their reports not being counted."""
        text = (await fields_of(request)).get("why", "")
        locale = self._front.language(request).code
        try:
            await contest_not_counting(self._front.desk, secret, text, locale)
        except (CannotContest, NotUnderstood) as error:
            return await self._page(request, secret, error=refusal(error, text))
        return await self._page(request, secret)

    async def _page(
        self,
        request: web.Request,
        secret: str,
        *,
        told: str = "",
        error: str = "",
        draft: str = "",
        why: str = "",
    ) -> web.Response:
        front = self._front
        filed = await look_up(front.desk, secret)
        if filed is None:
            return await front.nothing(request)
        said = front.language(request, filed.report.locale)
        return page(
            "receipt.html",
            said,
            front.root,
            status=HTTPStatus.CONFLICT if error else HTTPStatus.OK,
            filed=filed,
            state=state_of_report(filed.progress, said, front.desk.policy()),
            here=f"{front.root}/your-report/{secret}",
            fresh=told == "fresh",
            told=said.receipt.get(told, ""),
            error=(said.receipt.get(error) or said.contest[error]) if error else "",
            draft=draft,
            why=why,
            mail=ByMail(on=front.desk.writes_mail, to=filed.mail),
            warning=_warning(filed, said, front.desk.clock()),
            objectable=_objectable(filed, front.desk.clock()),
            contestable=Contestable(
                made=filed.contest,
                until=filed.contestable_until,
                alone=front.desk.policy().contests_alone,
            ),
        )


def _warning(filed: FiledReport, said: Language, now: datetime) -> str:
    """Return what a reader is told of their earlier reports, empty for most."""
    standing = filed.standing
    if standing is None:
        return ""
    if standing.uncounted_until is not None and standing.is_uncounted(now):
        return said.receipt["uncounted"].format(when=said.when(standing.uncounted_until))
    return said.receipt["warned"]


def _objectable(filed: FiledReport, now: datetime) -> Contestable | None:
    """Return what a reader may say against not being counted, or has said; `None` for most."""
    if filed.objection is not None:
        return Contestable(made=filed.objection)
    standing = filed.standing
    if standing is None or not standing.is_uncounted(now):
        return None
    return Contestable(until=standing.uncounted_until)
