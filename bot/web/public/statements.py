"""The author's page about a decision: what was decided and why, and how to contest it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from bot.domain.decisions import Action
from bot.domain.errors import NotUnderstood
from bot.domain.readers.contest import Contest
from bot.services.readers.contest import CannotContest, contest_by_author
from bot.services.readers.statement import Statement, statement
from bot.web.public.answers import page
from bot.web.public.front import Front, fields_of
from bot.web.public.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestable:
    """What a page offers: the contest that was made, or until when one may be.

    `alone` says that whoever decided may also answer.
    """

    made: Contest | None = None
    until: datetime | None = None
    alone: bool = False


def refusal(error: NotUnderstood | CannotContest, text: str) -> str:
    """Return the name of the sentence that says why a contest was not taken."""
    if isinstance(error, CannotContest):
        return "closed"
    return "long" if text.strip() else "empty"


class StatementPages:
    """Handlers of the pages that a site hands to the author."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def look(self, request: web.Request, secret: str) -> web.Response:
        """Show the author what was decided."""
        return await self._page(request, secret)

    async def contest(self, request: web.Request, secret: str) -> web.Response:
        """Take what the author says against it."""
        text = (await fields_of(request)).get("why", "")
        locale = self._front.language(request).code
        try:
            await contest_by_author(self._front.desk, secret, text, locale)
        except (CannotContest, NotUnderstood) as error:
            return await self._page(request, secret, error=refusal(error, text), draft=text)
        return await self._page(request, secret)

    async def _page(
        self, request: web.Request, secret: str, *, error: str = "", draft: str = ""
    ) -> web.Response:
        front = self._front
        made = await statement(front.desk, secret)
        if made is None:
            return await front.nothing(request)
        said = front.language(request)
        may = made.may_contest(front.desk.clock())
        return page(
            "statement.html",
            said,
            front.root,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            made=made,
            state=_state(made, said),
            here=f"{front.root}/decision/{secret}",
            contestable=Contestable(
                made=made.contest,
                until=made.until if may else None,
                alone=front.desk.policy().contests_alone,
            ),
            error=said.contest[error] if error else "",
            draft=draft,
        )


def _state(made: Statement, said: Language) -> str:
    decision = made.decision
    if decision.is_hold:
        return said.statement["held"]
    if decision.action is not Action.BAN:
        return said.statement["hidden"]
    if decision.until is None:
        return said.statement["banned_for_good"]
    return said.statement["banned"].format(when=said.when(decision.until))
