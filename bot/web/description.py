"""What the API is, as an OpenAPI 3.1 document: shapes from the models, paths by hand."""

import copy
from collections.abc import Awaitable, Callable, Container
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.domain.decisions import Action
from bot.domain.ids import SiteId
from bot.domain.policy import Policy
from bot.web import models
from bot.web.problems import no_such_site

_MODELS: tuple[type[BaseModel], ...] = (
    models.SignedReport,
    models.SignedBatch,
    models.Accepted,
    models.BatchAnswer,
    models.ProblemDocument,
    models.Readiness,
    models.Alive,
)
_SIGNED: dict[str, list[str]] = {"webhook-id": [], "webhook-timestamp": [], "webhook-signature": []}
_HEADERS = {
    "webhook-id": "Names the request; the same when it is repeated. No full stop, no slash.",
    "webhook-timestamp": "Seconds since 1970 of this attempt, at most 5 minutes off.",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; several may "
    "stand with spaces between, so that a secret can be replaced.",
}
_PROBLEMS = {
    400: "The body is not JSON.",
    401: "Not signed by a known site, or too long ago.",
    409: "Another body came under this webhook-id before.",
    413: "The body is over a mebibyte.",
    415: "The body is not sent as JSON.",
    422: "Fields are wrong; `errors` names them.",
    503: "Nothing can be stored now.",
}


def description_page(
    sites: Container[SiteId],
    policy_of: Callable[[SiteId], Policy],
    policy: Callable[[], Policy] | None,
    *,
    tells_health: bool = True,
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler that answers with the document, the rules as they now are in it.

    They are those of the site that the request names, by `policy_of`; where it names none, those of
    `policy`, or none. `tells_health` says that the same address has the figures of the desk as well.
    """

    async def answer(request: web.Request) -> web.Response:
        named = request.query.get("site")
        if named is None:
            shared = policy() if policy else None
            rules = None if shared is None or shared.differs else shared
        elif (site := SiteId(named)) in sites:
            rules = policy_of(site)
        else:
            raise no_such_site()
        return web.json_response(description(rules, tells_health=tells_health))

    return answer


def description(policy: Policy | None, *, tells_health: bool = True) -> dict[str, Any]:
    """Return the OpenAPI document; without a `policy` it says where the house rules are listed."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Comment Desk intake",
            "version": "1",
            "description": "Reports of readers' comments, signed as Standard Webhooks.",
        },
        "paths": _paths() | _health_paths() | (_metrics_path() if tells_health else {}),
        "webhooks": {"order": {"post": _order()}},
        "components": {"schemas": _schemas(policy), "securitySchemes": _security()},
    }


def _schemas(policy: Policy | None) -> dict[str, Any]:
    _, document = models_json_schema(
        [(model, "validation") for model in _MODELS], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = copy.deepcopy(document["$defs"])
    for name in ("ReportBody", "SignedReport"):
        reason = schemas[name]["properties"]["reason"]
        schemas[name]["properties"]["reason"] = _reason(reason, policy)
    return schemas


def _reason(reason: dict[str, Any], policy: Policy | None) -> dict[str, Any]:
    if policy is None:
        words = "A house rule, by its code or its number. Not every site here has the same: "
        return reason | {"description": words + "/openapi.json?site=NAME lists those of a site."}
    return {
        "description": "A house rule, by its code or its number: "
        + ", ".join(f"{rule.number} {rule.code} ({rule.name})" for rule in policy.rules),
        "enum": [rule.code for rule in policy.rules] + [int(rule.number) for rule in policy.rules],
    }


def _order() -> dict[str, Any]:
    """Return what the desk asks of a site; docs/sites.md has all of it, and a receiver."""
    action = {
        "enum": list(Action),
        "description": "`hold` is a precaution: nobody has decided, `visible` is false and `rule` "
        "null. Tell readers and the author: On hold until a moderator has looked at it.",
    }
    visible = {
        "type": ["boolean", "null"],
        "description": "Whether readers see the comment afterwards; null leaves it as it is.",
    }
    rule = {"type": ["object", "null"], "description": "What the author may be told was broken."}
    comment = {"type": "object", "properties": {"id": {"type": "string"}, "visible": visible}}
    data = {"action": action, "comment": comment, "rule": rule}
    schema = {
        "type": "object",
        "properties": {"version": {"const": 1}, "data": {"type": "object", "properties": data}},
    }
    return {
        "operationId": "order",
        "summary": "What the desk asks of a site: which state should be true afterwards",
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Obeyed, once for each webhook-id."}},
    }


def _security() -> dict[str, Any]:
    return {
        name: {"type": "apiKey", "in": "header", "name": name, "description": words}
        for name, words in _HEADERS.items()
    }


def _paths() -> dict[str, Any]:
    return {
        "/v1/reports": {"post": _post("report", "One report", "SignedReport", "Accepted")},
        "/v1/reports/batch": {
            "post": _post("reportBatch", "Up to 500 reports", "SignedBatch", "BatchAnswer")
        },
        "/v1/sites/{site}/events": {"post": _ping()},
        "/openapi.json": _description_path(),
    }


def _description_path() -> dict[str, Any]:
    path = _page("description", "This document", "application/json", {"type": "object"})
    path["get"]["parameters"] = [
        {
            "name": "site",
            "in": "query",
            "description": "A site's short name: the document then lists the house rules it has.",
            "schema": {"type": "string"},
        }
    ]
    path["get"]["responses"]["404"] = {
        "description": "There is no site of that name.",
        "content": _content("application/problem+json", "ProblemDocument"),
    }
    return path


def _health_paths() -> dict[str, Any]:
    return {
        "/healthz": {
            "get": {
                "operationId": "alive",
                "summary": "The process lives",
                "responses": {"200": _answer("It does.", "Alive")},
            }
        },
        "/readyz": {
            "get": {
                "operationId": "ready",
                "summary": "Whether reports can be taken",
                "responses": {
                    "200": _answer("They can.", "Readiness"),
                    "503": _answer("They cannot.", "Readiness"),
                },
            }
        },
    }


def _metrics_path() -> dict[str, Any]:
    page = _page("metrics", "Counters for Prometheus", "text/plain", {"type": "string"})
    return {"/metrics": page}


def _ping() -> dict[str, Any]:
    problem = {"content": _content("application/problem+json", "ProblemDocument")}
    return {
        "operationId": "ping",
        "summary": "A platform tells that something happened; it is looked up there",
        "description": "Signed over the raw body as the platform does, in the header that it "
        "has for that: `sha256=` and the hex HMAC-SHA256, several with commas.",
        "parameters": [
            {"name": "site", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {
            "202": {
                "description": "Noted.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **{str(s): {"description": _PROBLEMS[s], **problem} for s in (400, 401, 413)},
        },
    }


def _page(operation: str, summary: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": summary, "content": {kind: {"schema": schema}}}
    return {"get": {"operationId": operation, "summary": summary, "responses": {"200": answer}}}


def _post(operation: str, summary: str, sent: str, answered: str) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "security": [_SIGNED],
        "requestBody": {"required": True, "content": _content("application/json", sent)},
        "responses": {
            "202": _answer("On disk.", answered),
            **{
                str(status): {
                    "description": words,
                    "content": _content("application/problem+json", "ProblemDocument"),
                }
                for status, words in _PROBLEMS.items()
            },
        },
    }


def _answer(words: str, model: str) -> dict[str, Any]:
    return {"description": words, "content": _content("application/json", model)}


def _content(kind: str, model: str) -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model}"}}}
