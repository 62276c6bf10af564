"""Where somebody asks to be written to, says that a mailed address is theirs, or wants no more.

Mail gateways and previews open every link in a mail, so opening one changes nothing; only the
button on its page does.
"""

from http import HTTPStatus

from aiohttp import web

from bot.domain.errors import NotUnderstood
from bot.services.readers.mail import ask_for_mail, confirm_mail, mailed_to, stop_mail
from bot.web.public import answers
from bot.web.public.answers import page
from bot.web.public.front import Front, fields_of


class MailPages:
    """Handlers of all that is about mails."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def ask(self, request: web.Request, secret: str) -> web.Response:
        """Ask the address that somebody gave on the page of their report or notice."""
        front = self._front
        if not front.desk.writes_mail:
            return await front.nothing(request)
        fields = await fields_of(request)
        said, email = front.language(request, fields.get("lang")), fields.get("email", "").strip()
        wait = front.over_limit(request)
        if wait:
            return front.busy(request, wait)
        if not front.may_mail(email):
            return front.busy(request, 3600)
        try:
            found = await ask_for_mail(front.desk, secret, email, said.code)
        except NotUnderstood:
            return page(
                "message.html",
                said,
                front.root,
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
                title=said.mail["title"],
                words=said.mail["bad_email"],
            )
        return self._back(request, "asked") if found else await front.nothing(request)

    async def stop_here(self, request: web.Request, secret: str) -> web.Response:
        """Write no more to whoever has the secret of a report or a notice."""
        found = await stop_mail(self._front.desk, secret)
        return self._back(request, "stopped") if found else await self._front.nothing(request)

    async def look(self, request: web.Request, secret: str) -> web.Response:
        """Show what a mailed link is for."""
        front = self._front
        to = await mailed_to(front.desk, secret)
        if to is None:
            return await front.nothing(request)
        about = "notice" if to.notice_id else "report"
        return page(
            "mail.html",
            front.language(request, to.locale),
            front.root,
            confirmed=to.confirmed_at is not None,
            here=f"{front.root}/mail/{secret}",
            page=f"{front.root}/your-{about}/{secret}",
        )

    async def confirm(self, request: web.Request, secret: str) -> web.Response:
        """Take it that whoever pressed the button got the mail, and wants more of them."""
        found = await confirm_mail(self._front.desk, secret)
        if found is None:
            return await self._front.nothing(request)
        return await self.look(request, secret)

    async def stop(self, request: web.Request, secret: str) -> web.Response:
        """Write no more to an address, by the button or by a mail program's own."""
        front = self._front
        if not await stop_mail(front.desk, secret):
            return await front.nothing(request)
        said = front.language(request)
        words = said.mail["stopped"]
        return page("message.html", said, front.root, title=said.mail["title"], words=words)

    def _back(self, request: web.Request, told: str) -> web.Response:
        """Lead back to the page that the form stood on."""
        here = f"{self._front.url}{request.path.removeprefix(self._front.root)}"
        to = f"{here.partition('/mail')[0]}?{told}"
        headers = {**answers.HEADERS, "Location": to}
        return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)
