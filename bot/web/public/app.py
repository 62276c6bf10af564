"""The readers' pages as an application of their own: on a port with nothing else behind it.

Everybody may come here. So nothing is changed by a GET, since mail gateways and previews follow
links; there is no cookie, so that no other page can act for a reader; a secret address is the
only right there is, and whoever has none is answered the same whatever there is; and each source,
each secret and all together may do so much and no more.
"""

import logging
import traceback
from http import HTTPStatus

from aiohttp import web

from bot.domain.errors import apart
from bot.web.door import AS_SENT, be_discreet, close_to_browsers
from bot.web.public import answers
from bot.web.public.answers import SCRIPT, SCRIPT_NAME, STYLE, STYLE_NAME
from bot.web.public.form import ReportForm
from bot.web.public.front import BODY_LIMIT, Front, Handler
from bot.web.public.mail import MailPages
from bot.web.public.notices import NoticePages
from bot.web.public.receipts import Receipts
from bot.web.public.statements import StatementPages

_log = logging.getLogger(__name__)


def make_public_app(front: Front) -> web.Application:
    """Return the application that readers meet."""
    be_discreet()
    form, receipts, statements = ReportForm(front), Receipts(front), StatementPages(front)
    notices, mails = NoticePages(front), MailPages(front)
    secret = front.behind_secret
    app = web.Application(client_max_size=BODY_LIMIT, handler_args=AS_SENT)
    root = front.root
    api, own = f"{root}/v1/sites/{{site}}", f"{root}/your-report/{{secret}}"
    noticed, mailed = f"{root}/your-notice/{{secret}}", f"{root}/mail/{{secret}}"
    paths: dict[str, dict[str, Handler]] = {
        f"{root}/report.js": {"GET": form.script},
        f"{root}/{SCRIPT_NAME}": {"GET": _asset(SCRIPT, "text/javascript")},
        f"{root}/{STYLE_NAME}": {"GET": _asset(STYLE, "text/css")},
        f"{api}/form": {"GET": form.form, "OPTIONS": form.preflight},
        f"{api}/reports": {"POST": form.post, "OPTIONS": form.preflight},
        f"{root}/report/{{site}}": {"POST": form.form_page},
        f"{root}/report/{{site}}/send": {"POST": form.send},
        own: {"GET": secret(receipts.look)},
        f"{own}/add": {"POST": secret(receipts.add)},
        f"{own}/withdraw": {"POST": secret(receipts.withdraw)},
        f"{own}/contest": {"POST": secret(receipts.contest)},
        f"{own}/object": {"POST": secret(receipts.object_)},
        f"{root}/notices": {"GET": notices.look, "POST": notices.look},
        f"{root}/notices/{{kind}}": {"POST": notices.send},
        noticed: {"GET": secret(notices.follow)},
        f"{own}/mail": {"POST": secret(mails.ask)},
        f"{own}/mail/stop": {"POST": secret(mails.stop_here)},
        f"{noticed}/mail": {"POST": secret(mails.ask)},
        f"{noticed}/mail/stop": {"POST": secret(mails.stop_here)},
        mailed: {"GET": secret(mails.look)},
        f"{mailed}/confirm": {"POST": secret(mails.confirm)},
        f"{mailed}/stop": {"GET": secret(mails.look), "POST": secret(mails.stop)},
        f"{root}/decision/{{secret}}": {"GET": secret(statements.look)},
        f"{root}/decision/{{secret}}/contest": {"POST": secret(statements.contest)},
    }
    for path, methods in paths.items():
        resource = app.router.add_resource(path)
        for method, handler in methods.items():
            resource.add_route(method, _guarded(handler, front))
        if "GET" in methods:
            resource.add_route("HEAD", _guarded(methods["GET"], front))
        # A wrong method is answered as a wrong address: nothing is told of what there is.
        resource.add_route("*", _guarded(front.nothing, front))
    app.router.add_route("*", "/{unknown:.*}", _guarded(front.nothing, front))
    return app


def _guarded(handler: Handler, front: Front) -> Handler:
    """Return the handler within the limits, with every failure made an answer."""

    async def answer(request: web.Request) -> web.Response:
        await front.turns.wait()
        wait = front.budget.pages.wait(front.source(request))
        if wait:
            return front.busy(request, wait)
        with apart() as part:
            return close_to_browsers(await handler(request))
        if part.fault is not None:
            # The text of the error may quote what was sent, so only the places are told.
            places = "".join(traceback.format_tb(part.fault.__traceback__))
            _log.error("a reader's page failed with %s at\n%s", type(part.fault).__name__, places)
        return front.say(request, HTTPStatus.SERVICE_UNAVAILABLE, "busy", wait=5)

    return answer


def _asset(content: bytes, kind: str) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        headers = {
            "Cache-Control": answers.FOR_EVER,
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Content-Security-Policy": "default-src 'none'",
        }
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)

    return answer
