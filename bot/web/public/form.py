"""The form: for the component on the sites' own pages, and as a page without JavaScript."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import hdrs, web

from bot.domain.readers.report import shown
from bot.domain.readers.site import OTHER, PublicSite
from bot.services.readers.report import Filed, file_report
from bot.web.public import answers
from bot.web.public.answers import SCRIPT_NAME, message, page
from bot.web.public.front import Front, fields_of, json_of
from bot.web.public.reports import Form, Refused, quoted, read_form
from bot.web.public.words import Language

_LONGEST_REFERRER = 8192
_RANDOM = re.compile("[0-9a-f]{32}")
"""What the component keeps in a browser, so that a reader counts once."""


class ReportForm:
    """Handlers of the form."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def script(self, _request: web.Request) -> web.Response:
        """Lead from the name that pages use to the script of this version."""
        return web.Response(
            status=HTTPStatus.FOUND,
            headers={
                "Location": f"{self._front.url}/{SCRIPT_NAME}",
                "Cache-Control": "public, max-age=300",
                "Access-Control-Allow-Origin": "*",
            },
        )

    async def preflight(self, request: web.Request) -> web.Response:
        """Say to a browser which page may send what."""
        _, cors = self._sender(request)
        if not cors:
            return _json({"error": "origin"}, HTTPStatus.FORBIDDEN, {})
        headers = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "600",
        }
        return web.Response(status=HTTPStatus.NO_CONTENT, headers={**cors, **headers})

    async def form(self, request: web.Request) -> web.Response:
        """Tell the component what to ask: the house rules, and its sentences."""
        site, cors = self._sender(request)
        if site is None:
            return _json({"error": "origin"}, HTTPStatus.FORBIDDEN, {})
        said = self._front.language(request)
        rules = [
            {"code": rule.code, "name": rule.name, "text": rule.text}
            for rule in self._front.desk.policy().at(site.id).rules
        ]
        other = {"code": OTHER, "name": said.form["other"], "text": said.form["other_text"]}
        told = {
            "lang": said.code,
            "dir": said.dir,
            "words": dict(said.form),
            "rules": [*rules, other],
            "rules_url": site.rules_url,
        }
        return _json(told, HTTPStatus.OK, cors)

    async def post(self, request: web.Request) -> web.Response:
        """Take a report from the component."""
        site, cors = self._sender(request)
        if site is None:
            return _json({"error": "origin"}, HTTPStatus.FORBIDDEN, {})
        wait = self._front.over_limit(request)
        if wait:
            headers = {**cors, "Retry-After": str(int(wait) + 1)}
            return _json({"error": "too_many"}, HTTPStatus.TOO_MANY_REQUESTS, headers)
        fields = await json_of(request)
        reader = str(fields.get("reader") or "")
        if not _RANDOM.fullmatch(reader):  # a browser that keeps nothing
            fields["reader"] = f"address:{self._front.source(request)}"
        said = self._front.language(request, fields.get("lang"))
        try:
            filed = await self._file(site, _form(fields), said)
        except Refused as refused:
            told = {"error": refused.words, "field": refused.field}
            return _json(told, HTTPStatus.UNPROCESSABLE_ENTITY, cors)
        address = f"{self._address(filed)}?lang={said.code}"
        told = {"reference": shown(filed.reference), "url": address}
        return _json(told, HTTPStatus.CREATED, cors)

    async def form_page(self, request: web.Request) -> web.Response:
        """Show the form about the comment whose ticket a page sent; nothing is changed by it."""
        return self._form_page(request, await fields_of(request), HTTPStatus.OK)

    async def send(self, request: web.Request) -> web.Response:
        """Take a report from the page."""
        site = self._front.site(request)
        if site is None:
            return await self._front.nothing(request)
        wait = self._front.over_limit(request)
        if wait:
            return self._front.busy(request, wait)
        fields = await fields_of(request)
        # Without JavaScript a reader is known by the address alone.
        form = _form({**fields, "reader": f"address:{self._front.source(request)}"})
        said = self._front.language(request, fields.get("lang"))
        try:
            filed = await self._file(site, form, said)
        except Refused as refused:
            return self._form_page(request, fields, HTTPStatus.UNPROCESSABLE_ENTITY, refused)
        to = f"{self._address(filed)}?new&lang={said.code}"
        headers = {**answers.HEADERS, "Location": to}
        return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)

    def _form_page(
        self,
        request: web.Request,
        fields: Mapping[str, str],
        status: int,
        refused: Refused | None = None,
    ) -> web.Response:
        front, site = self._front, self._front.site(request)
        said = front.language(request, fields.get("lang"))
        if site is None:
            return message(said, front.root, HTTPStatus.NOT_FOUND, "not_found")
        try:
            about = quoted(fields.get("ticket", ""), site)
        except Refused as bad:
            return message(said, front.root, HTTPStatus.UNPROCESSABLE_ENTITY, bad.words)
        return page(
            "form.html",
            said,
            front.root,
            status=status,
            site=site,
            rules=front.desk.policy().at(site.id).rules,
            quoted=about,
            fields={"reason": "", "note": "", **fields},
            error=said.form[refused.words] if refused else "",
            error_in=refused.field if refused else "",
        )

    async def _file(self, site: PublicSite, form: Form, said: Language) -> Filed:
        desk = self._front.desk
        return await file_report(desk, read_form(form, site, desk), said.code)

    def _address(self, filed: Filed) -> str:
        return f"{self._front.url}/your-report/{filed.secret}"

    def _sender(self, request: web.Request) -> tuple[PublicSite | None, dict[str, str]]:
        """Return the site that a page is of, and what lets that page read the answer."""
        site, origin = self._front.site(request), request.headers.get(hdrs.ORIGIN)
        if site is None or origin is None or not site.allows(origin):
            return None, {}
        return site, {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def _form(fields: Mapping[str, Any]) -> Form:
    said = {name: str(fields.get(name) or "") for name in ("ticket", "reason", "note", "reader")}
    referrer = str(fields.get("referrer") or "")[:_LONGEST_REFERRER]
    return Form(**said, referrer=referrer or None)


def _json(told: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> web.Response:
    safe = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(
        body=json.dumps(told, ensure_ascii=False).encode(),
        status=status,
        content_type="application/json",
        headers={**safe, **headers},
    )
