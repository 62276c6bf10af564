"""A body's shape, and what is wrong with it in words a site's developer can act on."""

import codecs
import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.domain import foreign
from bot.web.models import (
    ID_PATTERN,
    TIME_PATTERN,
    TOLD_TIME_PATTERN,
    URL_PATTERN,
    LooseBatch,
    ReportBody,
    SignedBatch,
    SignedReport,
)
from bot.web.problems import FieldProblem, invalid, not_json

_KEY_ENDS = b'":'
_BLANKS = b" \t\r\n"
_IDS = frozenset({"site", "id", "reporter", "revision", "keys"})

_LONGEST_NAME = 100
"""Characters of a field's name that are repeated in an answer."""

Model = TypeVar("Model", bound=BaseModel)

_WORDS = {
    "missing": "is required",
    "extra_forbidden": "is not a field here; remove it or correct its name",
    "string_type": "must be a string",
    "int_type": "must be a string or a whole number",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} character",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entry",
}
_A_TIME = "must be a time with its zone, such as 2026-03-01T18:30:00Z, from 1700 to 2199"
_PATTERNS = {
    ID_PATTERN: "must not contain control characters or half of a character",
    URL_PATTERN: "must be an address that starts with http:// or https://, without spaces, and "
    "without a user name or password before its host",
    TIME_PATTERN: _A_TIME,
    TOLD_TIME_PATTERN: _A_TIME,
}


def read_single(body: bytes) -> SignedReport:
    """Return a report posted alone.

    Raises:
        Problem: It is not JSON, or has wrong fields.
    """
    try:
        report = SignedReport.model_validate_json(body)
    except ValidationError as trouble:
        return _read_with_care(SignedReport, body, trouble)
    _refuse_twins(body, _count_keys(report))
    return report


def read_batch(body: bytes) -> tuple[str, Iterable[ReportBody | list[FieldProblem]]]:
    """Return a batch's site, and each report or what is wrong with it, read as asked for.

    Raises:
        Problem: The batch itself is not JSON, or has wrong fields.
    """
    try:
        batch = SignedBatch.model_validate_json(body)
    except ValidationError as trouble:
        # One report in another encoding is no reason to refuse its neighbours.
        loose = _read_with_care(LooseBatch, body, trouble, errors="surrogateescape")
        return loose.site, map(_read_entry, loose.reports)
    _refuse_twins(body, _count_keys(batch) + sum(map(_count_keys, batch.reports)))
    return batch.site, batch.reports


def _read_with_care(
    model: type[Model], body: bytes, trouble: ValidationError, *, errors: str = "strict"
) -> Model:
    """Read a body again in which something is wrong, which may be one text or number in it.

    Raises:
        Problem: It is not JSON, or has wrong fields.
    """
    try:
        return _validated(model, foreign.parsed(body, errors=errors, pairs=_without_twins))
    except ValidationError as found:
        if not _is_json(trouble) and not _is_one(found):
            raise _no_json(body, trouble) from None
        raise invalid(field_problems(found)) from None
    except ValueError:
        raise _no_json(body, trouble) from None


def _is_json(trouble: ValidationError) -> bool:
    return trouble.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid"


def _is_one(trouble: ValidationError) -> bool:
    """Whether what was sent is a report or a batch, if a wrong one."""
    errors = trouble.errors(include_url=False, include_input=False)
    return not any(
        len(error["loc"]) <= 1 and error["type"] in {"missing", "model_type"} for error in errors
    )


def _no_json(body: bytes, trouble: ValidationError) -> Exception:
    return not_json(f"The body is not JSON in UTF-8: {_why(body, trouble)}.")


def _why(body: bytes, trouble: ValidationError) -> str:
    mend = "Encode it as UTF-8 and sign it anew"
    if not json.detect_encoding(body).startswith("utf-8"):
        return f"it seems to be in UTF-16 or UTF-32. {mend}"
    if body.startswith(codecs.BOM_UTF8):
        return "behind its byte order mark there is no report. Send it without the mark"
    try:
        body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as wrong:
        return f"byte {wrong.start + 1} belongs to another encoding, such as Latin-1. {mend}"
    first = trouble.errors(include_url=False, include_input=False)[0]
    return str(first.get("ctx", {}).get("error"))


def _read_entry(raw: Any) -> ReportBody | list[FieldProblem]:
    try:
        return _validated(ReportBody, raw)
    except ValidationError as trouble:
        return field_problems(trouble)


def _validated(model: type[Model], said: Any) -> Model:
    # Dumped again, because only JSON is read strictly as JSON; this way is taken only when
    # something in the body is wrong.
    return model.model_validate_json(json.dumps(foreign.whole(said, ids=_IDS)))


def field_problems(trouble: ValidationError) -> list[FieldProblem]:
    """Return what is wrong, once a field, without quoting what was sent."""
    details = trouble.errors(include_url=False, include_context=True, include_input=False)
    found: dict[str, str] = {}
    for detail in details:
        found.setdefault(_path(detail), _sentence(detail))
    return [FieldProblem(field=field, problem=words) for field, words in found.items()]


def _path(detail: ErrorDetails) -> str:
    parts: Sequence[str | int] = detail["loc"]
    if parts and parts[0] == "reason":
        parts = ("reason",)  # the rest names the type that was tried
    return ".".join(str(part)[:_LONGEST_NAME] for part in parts) or "(body)"


def _sentence(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["loc"][:1] == ("reason",) and detail["type"] == "string_type":
        return _WORDS["int_type"]
    if detail["type"] == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    return _WORDS.get(detail["type"], "is not right").format_map(context)


def _count_keys(report: BaseModel) -> int:
    """Return how many keys of objects were read into a report or the head of a batch."""
    # By its own name, as `model_fields_set` is a call each, and there are four to a report.
    count = len(report.__pydantic_fields_set__)
    if isinstance(report, ReportBody):
        comment = report.comment
        count += len(comment.__pydantic_fields_set__) + len(comment.author.__pydantic_fields_set__)
        count += len(report.story.__pydantic_fields_set__)
        if comment.parent is not None:
            count += len(comment.parent.__pydantic_fields_set__)
    return count


def _refuse_twins(body: bytes, keys: int) -> None:
    """Refuse a body that names a key twice, which every reader of JSON takes differently.

    The reader we use keeps the last one and says nothing. Every key is followed by a colon, with
    blanks between at most, so a body with no more such places than keys cannot hide a second one;
    the others, in whose texts there may be such places too, are read again with care.
    """
    if body.translate(None, _BLANKS).count(_KEY_ENDS) != keys:
        json.loads(body, object_pairs_hook=_without_twins)


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise not_json("The body names a key twice in one object. Send each key once.")
    return members
