"""What a refused request is told, as RFC 9457 problem+json."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

_SHOWN = 20
"""Field errors in one answer; more would help nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field; `field` is its path, such as ``comment.author.id``."""

    field: str
    problem: str


class Problem(Exception):
    """A request that is refused.

    Attributes:
        slug: The last part of the problem's type, stable, for programs.
        status: The HTTP status.
        detail: A sentence that says what to do.
        errors: The fields at fault.
        headers: What the answer carries besides.
    """

    def __init__(
        self,
        slug: str,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(slug)
        self.slug = slug
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)[:_SHOWN]
        self.headers = headers

    def as_json(self) -> dict[str, Any]:
        """Return the problem's members."""
        members: dict[str, Any] = {
            "type": f"urn:comment-desk:problem:{self.slug}",
            "title": self.slug.replace("-", " ").capitalize(),
            "status": int(self.status),
            "detail": self.detail,
        }
        if self.errors:
            members["errors"] = [asdict(error) for error in self.errors]
        return members

    def response(self) -> web.Response:
        """Return the problem as an answer."""
        return web.Response(
            status=self.status,
            body=json.dumps(self.as_json()).encode(),
            content_type="application/problem+json",
            headers=self.headers,
        )


def no_such_site() -> Problem:
    """Return the refusal to describe the house rules of a site that is not known."""
    return Problem(
        "no-such-site",
        HTTPStatus.NOT_FOUND,
        "There is no site of that name here. Take the short name that your reports give as site.",
    )


def unsigned(detail: str) -> Problem:
    """Return the refusal of a request whose sender is not known."""
    return Problem("not-signed", HTTPStatus.UNAUTHORIZED, detail)


def our_clock_is_wrong() -> Problem:
    """Return the answer to a request that would be in time if our clock were right."""
    return Problem(
        "clock-wrong",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The desk's own clock is wrong, so the webhook-timestamp cannot be checked. Nothing was "
        "stored. Send the same request again later, signed anew, with the same webhook-id.",
        headers={"Retry-After": "60"},
    )


def not_json(detail: str) -> Problem:
    """Return the refusal of a body that is not one JSON document."""
    return Problem("not-json", HTTPStatus.BAD_REQUEST, detail)


def not_json_by_headers() -> Problem:
    """Return the refusal of a body that its headers call something else than plain JSON."""
    return Problem(
        "not-json-by-its-headers",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "Send the body as Content-Type: application/json, in UTF-8 and not compressed.",
    )


def invalid(errors: Sequence[FieldProblem], *, again: str = "again") -> Problem:
    """Return the refusal of a body with wrong fields; `again` says how to send it mended."""
    names = ", ".join(dict.fromkeys(error.field for error in errors[:3]))
    return Problem(
        "invalid-report",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"Nothing of this was stored. Mend {names} as `errors` says and send it {again}.",
        errors=errors,
    )


def id_used_before() -> Problem:
    """Return the refusal of another body under an id that stands for one."""
    return Problem(
        "id-used-before",
        HTTPStatus.CONFLICT,
        "Another body came under this webhook-id before, and that one stands. Nothing of this "
        "one was stored. Send it under a webhook-id of its own.",
    )


def too_large(limit: int) -> Problem:
    """Return the refusal of a body over the limit, in bytes."""
    return Problem(
        "too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"A body may have {limit:,} bytes here. Shorten it, or split the batch.",
    )


def refused_by_store() -> Problem:
    """Return the answer while nothing can be stored."""
    return Problem(
        "not-stored",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Nothing was stored. Send the same request again later, with the same webhook-id.",
        headers={"Retry-After": "5"},
    )
