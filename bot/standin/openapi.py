"""Checks requests, answers and gateway events against Discord's own OpenAPI file."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

from bot.standin.events import EVENTS
from bot.standin.wire import Json

_NAME = re.compile(r"\{[^}]+\}")
_METHODS = frozenset({"get", "put", "post", "patch", "delete"})
_LONGEST_TEXT = 240
_EXTRA_KEYS = (
    (re.compile(r"RichEmbed"), "flags"),
    (re.compile(r"ApplicationCommand(Create|Update|Patch)Request\w*"), "nsfw"),
    (re.compile(r"(MessageEdit|IncomingWebhookUpdate)\w*"), "tts"),
)
"""Keys that discord.py sends though Discord's file does not list them; they do no harm."""

_SNOWFLAKE: Json = {
    "anyOf": [
        {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
        {"type": "integer", "minimum": 0},
    ]
}
"""Ids as Discord's servers take them; its file says strings only, and so they are sent."""

_RIGHTS: Json = {"type": ["string", "integer", "null"], "pattern": "^(0|[1-9][0-9]*)$"}
"""A role's rights as the documentation has them, a string; the file says that they are a number."""

_INNER_ERRORS: Json = {
    "type": "object",
    "properties": {
        "_errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                "required": ["code", "message"],
            },
        }
    },
    "additionalProperties": False,
    "required": ["_errors"],
}
"""The faults of one field as the documentation shows them; the file says that codes are numbers."""


class _Fault(Protocol):
    message: str
    instance_path: list[str | int]
    kind: Any


class _Checker(Protocol):
    def is_valid(self, instance: object) -> bool: ...

    def iter_errors(self, instance: object) -> Iterator[_Fault]: ...


@cache
def load(path: Path) -> "OpenApi":
    """Return the description in a file, read once a process.

    Args:
        path: Discord's `openapi.json`.

    Raises:
        ImportError: The package jsonschema-rs is missing; it is for development only.
        OSError: The file cannot be read.
    """
    return OpenApi(json.loads(path.read_text(encoding="utf-8")))


class OpenApi:
    """Discord's description of its API.

    Args:
        described: Its `openapi.json`; changed in place.
    """

    def __init__(self, described: Json) -> None:
        self._sent: dict[str, Json] = described["components"]["schemas"]
        self._refusals: dict[str, Json] = described["components"]["responses"]
        self._sent["InnerErrors"] = _INNER_ERRORS
        self._taken = copy.deepcopy(self._sent)
        self._taken["SnowflakeType"] = _SNOWFLAKE
        self._taken["CreateRoleRequest"]["properties"]["permissions"] = _RIGHTS
        for name, schema in self._taken.items():
            _close(name, schema)
        self._operations = {
            (method.upper(), _NAME.sub("{}", template)): operation
            for template, item in described["paths"].items()
            for method, operation in item.items()
            if method in _METHODS
        }
        self._checkers: dict[str, _Checker] = {}
        _checker({})  # fail now rather than at the first request

    def request(
        self, method: str, template: str, body: object, query: Mapping[str, str]
    ) -> list[str]:
        """Return what is wrong with a request, in words.

        Args:
            method: The HTTP method.
            template: The route's path with `{names}`.
            body: The JSON body, or that of `payload_json`; empty for none.
            query: The query string.
        """
        name = f"{method} {template}"
        operation = self._operations.get((method, _NAME.sub("{}", template)))
        if operation is None:
            return [f"{name}: Discord's OpenAPI file has no such operation"]
        faults = list(self._query_faults(name, operation, query))
        wanted = operation.get("requestBody")
        if wanted is not None and (body or wanted.get("required")):
            schema = wanted["content"]["application/json"]["schema"]
            faults += self._faults(f"{name} body", schema, body, self._taken)
        elif wanted is None and body:
            faults.append(f"{name}: no body is expected")
        return faults

    def answer(self, method: str, template: str, status: int, body: object) -> list[str]:
        """Return what is wrong with an answer, in words."""
        name = f"{method} {template} -> {status}"
        operation = self._operations.get((method, _NAME.sub("{}", template)))
        if operation is None:
            return []
        described = self._answers(operation, status)
        if described is None:
            return [f"{name}: this status is not documented"]
        if body is None or "content" not in described:
            return []
        schema = described["content"]["application/json"]["schema"]
        return self._faults(name, schema, body, self._sent)

    def _answers(self, operation: Json, status: int) -> Json | None:
        """Return what the file says of an answer with a status, if anything."""
        found = operation["responses"]
        described = found.get(str(status)) or found.get(f"{status // 100}XX")
        if described is None or "$ref" not in described:
            return described
        return self._refusals[described["$ref"].rpartition("/")[2]]

    def event(self, event: str, data: object) -> list[str]:
        """Return what is wrong with a gateway event, in words."""
        schema = EVENTS.get(event)
        if schema is None:
            return [f"{event}: its fields are not known here"]
        return self._faults(event, schema, data, self._sent)

    def _query_faults(self, name: str, operation: Json, query: Mapping[str, str]) -> Iterator[str]:
        parameters: list[Json] = operation.get("parameters", [])
        known = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
        for key, text in query.items():
            if key not in known:
                yield f"{name}: unknown query parameter {key!r}"
            else:
                value = _coerced(text, json.dumps(self._followed(known[key])))
                yield from self._faults(f"{name} ?{key}", known[key], value, self._taken)

    def _followed(self, schema: Json) -> Json:
        """Return a schema, or the one that it refers to."""
        name = schema.get("$ref", "").rpartition("/")[2]
        return self._taken[name] if name else schema

    def _faults(
        self, name: str, schema: Json, value: object, schemas: dict[str, Json]
    ) -> list[str]:
        checker = self._checkers.get(name)
        if checker is None:
            checker = _checker({**schema, "components": {"schemas": schemas}})
            self._checkers[name] = checker
        if checker.is_valid(value):
            return []
        return [
            _worded(name, root) for fault in checker.iter_errors(value) for root in _roots(fault)
        ]


def _close(name: str, schema: Json) -> None:
    """Forbid unknown keys in what bots send, which Discord's file leaves open."""
    sent = "Request" in name or name.startswith(("RichEmbed", "ApplicationCommand"))
    if not sent or "Response" in name or "properties" not in schema:
        return
    for pattern, key in _EXTRA_KEYS:
        if pattern.fullmatch(name):
            schema["properties"].setdefault(key, {})
    schema.setdefault("additionalProperties", False)


def _checker(schema: Json) -> _Checker:
    import jsonschema_rs  # noqa: PLC0415 - a development dependency, needed only with the file

    made: Any = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return cast("_Checker", made)


def _coerced(text: str, schema: str) -> object:
    if text.isdigit() and '"integer"' in schema:
        return int(text)
    if '"boolean"' in schema:
        return text.lower() in ("true", "1")
    return text


def _roots(fault: _Fault) -> list[_Fault]:
    """Return what is really wrong behind "not valid under any of the schemas".

    The branch meant is the one that does not object to the `type`, or else objects least.
    """
    branches: list[list[_Fault]] = getattr(fault.kind, "context", None) or []
    if not branches:
        return [fault]
    meant = min(branches, key=lambda faults: (_of_another_type(faults), len(faults)))
    return [root for inner in meant for root in _roots(inner)]


def _of_another_type(faults: list[_Fault]) -> bool:
    wants_none = any(fault.message.endswith('is not of type "null"') for fault in faults)
    return wants_none or any(fault.instance_path[-1:] == ["type"] for fault in faults)


def _worded(name: str, fault: _Fault) -> str:
    where = ".".join(map(str, fault.instance_path)) or "(all of it)"
    return f"{name}: {where}: {fault.message[:_LONGEST_TEXT]}"
