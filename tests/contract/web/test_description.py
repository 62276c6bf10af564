"""The description of the API against the running desk, with requests made from it."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from jsonschema_rs import meta
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from bot.web.description import description
from bot.web.models import LONGEST_TEXT

from .caller import NEW_SECRET, NOW, POLICY, SITE, calling, sign


def make_document() -> dict[str, Any]:
    """Return the description with what a schema cannot say pinned to one choice.

    That is the site whose secret signs, times of reports that do not depend on now, a link
    where a comment may turn out to have no text, and HTML that is no longer than its text may
    be. Signing has tests of its own.
    """
    document = description(POLICY)
    schemas = document["components"]["schemas"]
    for name in ("SignedReport", "SignedBatch"):
        schemas[name]["properties"]["site"] = {"const": SITE}
    for name in ("SignedReport", "ReportBody"):
        schemas[name]["properties"]["at"] = {"enum": [None, "2026-03-02T14:02:00Z"]}
    schemas["CommentBody"]["properties"]["html"]["anyOf"][0]["maxLength"] = LONGEST_TEXT
    schemas["CommentBody"]["required"].append("permalink")
    schemas["CommentBody"]["properties"]["permalink"] = {"const": "https://courier.example/#c"}
    for path in ("/v1/reports", "/v1/reports/batch"):
        del document["paths"][path]["post"]["security"]
    return document


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return where a desk runs, in a thread of its own, since the requests are made blocking."""
    ready, done = threading.Event(), threading.Event()
    found: list[str] = []

    async def run() -> None:
        async with calling() as site:
            found.append(str(site.client.make_url("/")))
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(10)
    yield found[0]
    done.set()
    thread.join()


class Signing(requests.auth.AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        request.headers["webhook-id"] = webhook_id = f"msg_{hash(content)}"
        request.headers["webhook-timestamp"] = str(int(NOW.timestamp()))
        request.headers["webhook-signature"] = sign(NEW_SECRET, webhook_id, NOW, content)
        return request


schema = schemathesis.openapi.from_dict(make_document())


@schema.parametrize()
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_desk_answers_as_it_says_it_does(case: schemathesis.Case, address: str):
    response = case.call_and_validate(
        base_url=address,
        auth=Signing(),
        excluded_checks=[negative_data_rejection, positive_data_acceptance],
    )
    if case.method != "POST" or not case.path.startswith("/v1/reports"):
        return
    # Judged here, because a body may be too large besides, and a batch is taken with wrong
    # reports in it.
    wrong = case.meta.generation.mode.is_negative
    if response.status_code != 202:
        assert wrong or response.status_code == 413
        assert response.status_code in {400, 401, 413, 415, 422}
    elif case.path == "/v1/reports/batch":
        assert wrong == any("problem" in answer for answer in response.json()["answers"])
    else:
        assert not wrong


def test_every_shape_in_the_description_is_a_schema():
    schemas = description(POLICY)["components"]["schemas"]
    assert {"SignedReport", "SignedBatch", "ProblemDocument"} <= schemas.keys()
    for shape in schemas.values():
        meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **shape})


async def test_the_description_is_served_with_the_rules_of_now():
    async with calling() as site:
        response = await site.client.get("/openapi.json")
        assert await response.json() == description(POLICY)
        reason = description(POLICY)["components"]["schemas"]["SignedReport"]["properties"][
            "reason"
        ]
        assert reason["enum"] == ["abuse", "spam", "off-topic", 1, 2, 7]


def test_no_site_is_named_in_the_description():
    assert SITE not in str(description(POLICY))
