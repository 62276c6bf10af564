"""The web application: which path leads where, and how every answer leaves."""

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus

from aiohttp import web

from bot.domain.errors import apart
from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.domain.site import SiteKeys
from bot.ports import Clock
from bot.web import health
from bot.web.description import description_page
from bot.web.door import AS_SENT, Timeouts, be_discreet, close_to_browsers
from bot.web.health import Metrics
from bot.web.intake import BATCH_LIMIT, Intake, Receive
from bot.web.problems import Problem
from bot.web.signature import Signatures
from bot.web.webhook_pings import Ping, WebhookPings

Handler = Callable[[web.Request], Awaitable[web.Response]]

_TIMEOUTS = Timeouts()

_log = logging.getLogger(__name__)


def make_app(  # noqa: PLR0913 - one argument for each thing it is made of
    *,
    desk_ready: health.DeskReady,
    receive: Receive,
    sites: Mapping[SiteId, SiteKeys],
    policy: Callable[[], Policy],
    policy_of: Callable[[SiteId], Policy] | None = None,
    rules_for_all: bool = True,
    newsroom_of: Callable[[SiteId], str] = lambda _site: "",
    clock: Clock,
    pings: Mapping[SiteId, Ping] | None = None,
    timeouts: Timeouts = _TIMEOUTS,
    clock_is_wrong: Callable[[], bool] = lambda: False,
    metrics: Metrics | None = None,
    tells_health: bool = True,
) -> web.Application:
    """Return the application that takes reports.

    Args:
        desk_ready: Tells how each part of the desk is, for ``/readyz``.
        receive: Stores reports and returns their receipts, in order, after the commit.
        sites: Every site that may send, with its secrets.
        policy: The house rules as they are now.
        policy_of: Those of one site; `policy` for all if left out.
        rules_for_all: Whether `policy` may be told to those who name no site.
        newsroom_of: What the log calls a site's newsroom; nothing for the only one.
        clock: The time now.
        pings: The sites that only tell that there is something to look up.
        timeouts: How long a body may take.
        clock_is_wrong: Whether `clock` is known to tell another time than it is.
        metrics: Where requests are counted.
        tells_health: Whether it says how each part of the desk is as well, at the same address;
            if not, it says only whether it lives and takes reports.

    Raises:
        ValueError: A secret cannot be used, or two sites share one.
    """
    be_discreet()
    metrics = metrics or Metrics()
    rules_of = policy_of or partial(_same, policy)
    intake = Intake(
        receive=receive,
        sites=dict(sites),
        signatures=Signatures(sites, clock_is_wrong),
        policy_of=rules_of,
        newsroom_of=newsroom_of,
        clock=clock,
        metrics=metrics,
        timeouts=timeouts,
    )
    app = web.Application(client_max_size=BATCH_LIMIT, handler_args=AS_SENT)
    _add(app, metrics, "POST", "/v1/reports", intake.single)
    _add(app, metrics, "POST", "/v1/reports/batch", intake.batch)
    _add(app, metrics, "POST", "/v1/sites/{site}/events", WebhookPings(pings or {}, timeouts).take)
    _add_health(app, metrics, desk_ready, whole=tells_health)
    told = policy if rules_for_all else None
    page = description_page(sites, rules_of, told, tells_health=tells_health)
    _add(app, metrics, "GET", "/openapi.json", page)
    app.router.add_route("*", "/{unknown:.*}", _guarded("unknown", _not_found, metrics))
    return app


def _same(policy: Callable[[], Policy], _site: SiteId) -> Policy:
    return policy()


def make_health_app(metrics: Metrics, desk_ready: health.DeskReady) -> web.Application:
    """Return the application that only says how the desk is."""
    app = web.Application()
    _add_health(app, metrics, desk_ready, whole=True)
    app.router.add_route("*", "/{unknown:.*}", _guarded("unknown", _nothing_here, metrics))
    return app


def _add_health(
    app: web.Application, metrics: Metrics, desk_ready: health.DeskReady, *, whole: bool
) -> None:
    _add(app, metrics, "GET", "/healthz", health.alive)
    _add(app, metrics, "GET", "/readyz", health.ready(desk_ready, names_parts=whole))
    if whole:
        _add(app, metrics, "GET", "/metrics", metrics.page)


def _add(app: web.Application, metrics: Metrics, method: str, path: str, handler: Handler) -> None:
    """Add a path with its one method; others are told which."""
    resource = app.router.add_resource(path)
    resource.add_route(method, _guarded(path, handler, metrics))
    allowed = method if method != "GET" else "GET, HEAD"
    if method == "GET":
        resource.add_route("HEAD", _guarded(path, handler, metrics))
    resource.add_route("*", _guarded(path, _not_allowed(allowed), metrics))


def _guarded(route: str, handler: Handler, metrics: Metrics) -> Handler:
    """Return the handler with every failure made an answer."""

    async def answer(request: web.Request) -> web.Response:
        response: web.Response | None = None
        with apart() as part:
            response = await handler(request)
        if isinstance(part.fault, Problem):
            response = part.fault.response()
        elif part.fault is not None:
            # The text of the error may quote what was sent, so only the places are told.
            places = "".join(traceback.format_tb(part.fault.__traceback__))
            _log.error("%s failed with %s at\n%s", route, type(part.fault).__name__, places)
        response = response or _our_fault().response()
        metrics.answered(route, response.status)
        return close_to_browsers(response)

    return answer


def _our_fault() -> Problem:
    return Problem(
        "our-fault",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something failed here and was noted. Nothing was confirmed; send the request again.",
        headers={"Retry-After": "5"},
    )


async def _not_found(_request: web.Request) -> web.Response:
    raise Problem(
        "not-found",
        HTTPStatus.NOT_FOUND,
        "There is nothing at this path. GET /openapi.json lists what there is.",
    )


async def _nothing_here(_request: web.Request) -> web.Response:
    raise Problem(
        "not-found",
        HTTPStatus.NOT_FOUND,
        "There is nothing at this path, only /healthz, /readyz and /metrics.",
    )


def _not_allowed(allowed: str) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        raise Problem(
            "not-allowed",
            HTTPStatus.METHOD_NOT_ALLOWED,
            f"This path answers to {allowed} only.",
            headers={"Allow": allowed},
        )

    return answer
