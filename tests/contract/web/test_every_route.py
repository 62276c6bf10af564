"""Requests by chance at every route that there is, as the applications themselves say what there is.

The routes are read from their tables, so a new one is tried without being named here. Of each a few
requests are made, and hundreds where CI_FULL is set.
"""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from schemathesis.core.transport import Response

from bot.services.readers.report import file_report
from bot.store.sqlite import open_store
from bot.web.app import make_app, make_health_app
from bot.web.description import description
from bot.web.health import Metrics
from bot.web.public import app as public
from bot.web.public.front import Front
from tests.contract.public.readers import Readers, body, open_readers, reader
from tests.services.desks import Bench
from tests.support.fresh import new_desk
from tests.support.waiting import PATIENCE

from .caller import NOW, POLICY, SITES, calling

MANY = 40 if os.environ.get("CI_FULL") == "1" else 3
ANOTHERS = "what another reader wrote in confidence"
OURS = frozenset({"reports", "health", "readers"})

FIELDS = (
    *("ticket", "reason", "note", "reader", "referrer", "lang", "why", "email", "name", "address"),
    *("text", "falsity", "unknown", "may_name", "may_email", "minor", "good_faith", "comment"),
)


async def _parts() -> list[Any]:
    return []


def routes(app: web.Application) -> Iterator[tuple[str, str]]:
    """Yield path and method of what an application has routes for, the rest left out."""
    for route in app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if "{unknown" not in path and route.method not in {"*", "HEAD"}:
            yield path, route.method.lower()


def operation(path: str, method: str, known: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return how anybody may ask a route: with what is known to be right, or anything else."""

    def either(right: list[str]) -> dict[str, Any]:
        return {"anyOf": [{"enum": right}, {"type": "string", "minLength": 1}]}

    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    found: dict[str, Any] = {
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": either(known[name])}
            for name in names
        ]
        + [{"name": "lang", "in": "query", "schema": {"type": "string"}}],
        "responses": {"default": {"description": "Anything."}},
    }
    if method == "post":
        fields = {name: either(known.get(name, ["on"])) for name in FIELDS}
        schema = {"type": "object", "properties": fields, "required": ["ticket"]}
        kinds = ("application/x-www-form-urlencoded", "application/json")
        found["requestBody"] = {"content": {kind: {"schema": schema} for kind in kinds}}
    return found


def document(app: web.Application, known: Mapping[str, list[str]]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for path, method in routes(app):
        paths.setdefault(path, {})[method] = operation(path, method, known)
    return {"openapi": "3.1.0", "info": {"title": "All", "version": "1"}, "paths": paths}


@dataclass
class Served:
    """An application that is asked, and what its document says."""

    url: str
    document: dict[str, Any]
    readers: Readers | None = None


@asynccontextmanager
async def _reports() -> AsyncGenerator[Served]:
    async with calling() as site:
        app = site.client.app
        assert app is not None
        yield Served(str(site.client.make_url("")), document(app, {"site": ["courier"]}))


@asynccontextmanager
async def _health() -> AsyncGenerator[Served]:
    app = make_health_app(Metrics(), _parts)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Served(f"http://127.0.0.1:{runner.addresses[0][1]}", document(app, {}))
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _readers(folder: Path, patch: pytest.MonkeyPatch) -> AsyncGenerator[Served]:
    made: list[web.Application] = []
    make = public.make_public_app

    def kept(front: Front) -> web.Application:
        made.append(make(front))
        return made[-1]

    patch.setattr("tests.contract.public.readers.make_public_app", kept)
    async with (
        open_store(new_desk(folder / "desk.db")) as store,
        open_readers(Bench(store)) as readers,
    ):
        bench = readers.bench
        own = await file_report(bench.desk, bench.report(), "en")
        await file_report(bench.desk, bench.report(note=ANOTHERS, comment="c2"), "en")
        known = {
            **{name: [str(value)] for name, value in body(reader=reader("r2")).items()},
            "site": ["courier"],
            "secret": [own.secret],
            "kind": ["illegal", "legal", "newsroom"],
            "email": ["jane@example.org"],
        }
        yield Served(readers.url, document(made[-1], known), readers)


@pytest.fixture(scope="module", params=sorted(OURS))
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Serve one of the applications in a thread of its own, as the requests are made blocking."""
    ready, done, found = threading.Event(), threading.Event(), list[Served]()

    async def run() -> None:
        with pytest.MonkeyPatch.context() as patch:
            folder = tmp_path_factory.mktemp("routes")
            makes = {"reports": _reports, "health": _health}
            make = makes.get(request.param, lambda: _readers(folder, patch))
            async with make() as one:
                found.append(one)
                ready.set()
                await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        assert ready.wait(PATIENCE)
        yield found[0]
    finally:
        done.set()
        thread.join()


def test_no_request_by_chance_fails_or_is_told_what_is_anothers(served: Served):
    asked = set[tuple[str, str]]()
    schema = schemathesis.openapi.from_dict(served.document)
    for found in schema.get_all_operations():
        one = found.ok()

        @settings(
            max_examples=MANY,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=one.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            if served.readers is not None:
                served.readers.seconds.now += 1000.0  # so that no limit answers in their place
            look(case.call(base_url=served.url, allow_redirects=False), case.operation.label)

        ask()
        asked.add((one.path, one.method))
    there = {(path, method) for path, ways in served.document["paths"].items() for method in ways}
    assert asked == there
    assert asked


def look(answer: Response, label: str) -> None:
    """Judge an answer, whatever was asked."""
    assert answer.status_code < 500, f"{label}: {answer.status_code} {answer.text}"
    assert answer.status_code != 429, label
    assert ANOTHERS not in answer.text, label
    assert "Traceback" not in answer.text, label
    said = {name.lower(): values[0] for name, values in answer.headers.items()}
    assert said["x-content-type-options"] == "nosniff", label
    assert said["content-security-policy"].startswith("default-src 'none'"), label
    assert said["referrer-policy"] == "no-referrer", label
    if "text/html" in said.get("content-type", ""):
        assert "frame-ancestors 'none'" in said["content-security-policy"], label
        assert "form-action 'self'" in said["content-security-policy"], label
    assert "server" not in said or "aiohttp" not in said["server"].lower(), label


def test_the_description_names_every_route_of_the_reports():
    app = make_app(
        desk_ready=_parts,
        receive=None,  # type: ignore[arg-type] - nothing is sent
        sites=SITES,
        policy=lambda: POLICY,
        clock=lambda: NOW,
    )
    told = {
        (path, method) for path, ways in description(POLICY)["paths"].items() for method in ways
    }
    assert told == set(routes(app))
