"""Notices of another kind than reports, from anybody: one page, and what became of each.

The page answers the same whatever is known of an address, and so does the page of a notice until
somebody has answered it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.domain.cases import NoticeKind
from bot.domain.comments import Report
from bot.domain.foreign import one_line, tidy
from bot.domain.readers.email import is_email
from bot.domain.readers.notice import (
    LONGEST_LINE,
    LONGEST_WORDS,
    RULE_CODES,
    NoticeStage,
    NoticeText,
    is_web_address,
)
from bot.domain.readers.site import PublicSite
from bot.services.readers.notice import FollowedNotice, follow_notice, take_notice
from bot.web.public import answers
from bot.web.public.answers import message, page
from bot.web.public.front import ByMail, Front, fields_of
from bot.web.public.reports import Quoted, Refused, quoted, vouched_report
from bot.web.public.states import labels, state_of_notice
from bot.web.public.words import Language

_ANSWER: Final = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One form of the page as somebody sent it off, and what is wrong with it."""

    kind: NoticeKind
    fields: Mapping[str, str]
    wrong: str = ""
    words: str = ""


class NoticePages:
    """Handlers of the page for notices, and of the pages behind their secret addresses."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def look(self, request: web.Request) -> web.Response:
        """Show the page; a form of a site's page may say which comment it is about."""
        fields = await fields_of(request) if request.method == "POST" else {}
        return self._page(request, fields.get("ticket", ""), fields.get("lang"))

    async def send(self, request: web.Request) -> web.Response:
        """Take a notice."""
        front = self._front
        kind = _KINDS.get(request.match_info["kind"])
        if kind is None:
            return await front.nothing(request)
        wait = front.over_limit(request)
        if wait:
            return front.busy(request, wait)
        fields = await fields_of(request)
        language = front.language(request, fields.get("lang"))
        said = _said(kind, fields)
        wrong = _wrong(said, language)
        if wrong is not None:
            form = _Form(kind=kind, fields=fields, wrong=wrong[0], words=wrong[1])
            return self._page(request, fields.get("ticket", ""), fields.get("lang"), form)
        taken = await take_notice(
            front.desk,
            said,
            language.code,
            report=self._report(request, kind, fields),
            mails=bool(said.email) and front.may_mail(said.email),
        )
        to = f"{front.url}/your-notice/{taken.secret}?new&lang={language.code}"
        headers = {**answers.HEADERS, "Location": to}
        return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)

    async def follow(self, request: web.Request, secret: str) -> web.Response:
        """Show whoever gave notice what became of it."""
        front = self._front
        found = await follow_notice(front.desk, secret)
        if found is None:
            return await front.nothing(request)
        language = front.language(request, found.notice.locale)
        return page(
            "notice.html",
            language,
            front.root,
            found=found,
            state=state_of_notice(found.told, language, front.desk.policy()),
            lacking=_lacking(found, language),
            mail=ByMail(on=front.desk.writes_mail, to=found.mail),
            here=f"{front.root}/your-notice/{secret}",
            redress=language.notices.get(f"redress_{found.notice.kind}", ""),
            fresh="new" in request.query,
        )

    def _page(
        self, request: web.Request, ticket: str, lang: str | None, form: _Form | None = None
    ) -> web.Response:
        front = self._front
        said = front.language(request, lang)
        about = self._vouched(ticket)
        if ticket and about is None:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return message(said, front.root, status, "bad_ticket")
        return page(
            "notices.html",
            said,
            front.root,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK,
            kinds=tuple(NoticeKind),
            form=form,
            ticket=ticket,
            about=about[1] if about else None,
        )

    def _vouched(self, ticket: str) -> tuple[PublicSite, Quoted] | None:
        """Return what a ticket is about, and of which site it is, `None` if it is none."""
        if not ticket:
            return None
        for site in self._front.sites.values():
            try:
                return site, quoted(ticket, site)
            except Refused:
                continue
        return None

    def _report(
        self, request: web.Request, kind: NoticeKind, fields: Mapping[str, str]
    ) -> Report | None:
        """Return the report by which the comment of a ticket becomes a case."""
        ticket = fields.get("ticket", "")
        about = self._vouched(ticket)
        if about is None:
            return None
        reader = f"notice:{self._front.source(request)}"
        try:
            return vouched_report(ticket, about[0], self._front.desk, RULE_CODES.get(kind), reader)
        except Refused:
            return None  # it is taken all the same, by its address


def _lacking(found: FollowedNotice, said: Language) -> list[str]:
    """Return what a legal notice leaves out that the law asks of it."""
    if found.told.stage is not NoticeStage.DEFECTIVE:
        return []
    return labels(found.notice.said.lacking, found.notice.kind, said)


_KINDS: Final = {kind.value: kind for kind in NoticeKind}


def _said(kind: NoticeKind, fields: Mapping[str, str]) -> NoticeText:
    legal, illegal = kind is NoticeKind.LEGAL, kind is NoticeKind.ILLEGAL
    return NoticeText(
        kind=kind,
        address=tidy(fields.get("address", "")),
        name=one_line(fields.get("name", "")),
        email=tidy(fields.get("email", "")),
        text=tidy(fields.get("text", "")),
        falsity=tidy(fields.get("falsity", "")) if legal else "",
        unknown=legal and "unknown" in fields,
        may_name=_ANSWER.get(fields.get("may_name", "")) if legal else None,
        may_email=_ANSWER.get(fields.get("may_email", "")) if legal else None,
        minor=illegal and "minor" in fields,
        good_faith=illegal and "good_faith" in fields,
    )


def _wrong(said: NoticeText, language: Language) -> tuple[str, str] | None:
    """Return the first field that is wrong, and the sentence about it."""
    words = language.notices
    missing = next(said.missing(), None)
    if missing is not None:
        [label] = labels([missing], said.kind, language)
        return missing, words["need"].format(field=label)
    if said.address and not is_web_address(said.address):
        return "address", words["bad_address"]
    if said.email and not is_email(said.email):
        return "email", words["bad_email"]
    return _too_long(said, words["too_long"])


def _too_long(said: NoticeText, sentence: str) -> tuple[str, str] | None:
    for name, most in (("text", LONGEST_WORDS), ("falsity", LONGEST_WORDS), ("name", LONGEST_LINE)):
        if len(getattr(said, name)) > most:
            return name, sentence.format(most=most)
    return None
