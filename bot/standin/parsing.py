"""Reading a request's body: JSON, or a multipart form with files beside it."""

import json
import re
from http import HTTPStatus
from typing import Any

from aiohttp import BodyPartReader, web

from bot.standin.errors import ApiError, Code
from bot.standin.limits import REQUEST_BYTES
from bot.standin.world import Upload

_FILE = re.compile(r"files\[(\d+)\]")
_BINARY = "application/octet-stream"
_MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
}


async def parse(request: web.Request) -> tuple[Any, dict[str, Upload]]:
    """Return the JSON body, empty if there is none, and the files by index.

    Raises:
        ApiError: 50109, the body is no JSON; 40005, it is more than 25 MiB.
    """
    if request.content_type == "multipart/form-data":
        return await _form(request)
    raw = await request.read()
    _check_size(len(raw))
    return (_decoded(raw) if raw else {}), {}


async def _form(request: web.Request) -> tuple[Any, dict[str, Upload]]:
    body: Any = {}
    uploads: dict[str, Upload] = {}
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        found = _FILE.fullmatch(part.name or "")
        data = bytes(await part.read(decode=False))
        total += len(data)
        if part.name == "payload_json":
            body = _decoded(data)
        elif found:
            name = part.filename or "file"
            uploads[found[1]] = (name, _media_type(name, part), data)
    _check_size(max(total, request.content_length or 0))
    return body, uploads


def _check_size(total: int) -> None:
    """Refuse a request that is too large, once it is read, so that the answer is heard."""
    if total > REQUEST_BYTES:
        raise ApiError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Code.TOO_LARGE, "Request entity too large"
        )


def _media_type(name: str, part: BodyPartReader) -> str:
    told = part.headers.get("Content-Type", _BINARY)
    if told != _BINARY:
        return told
    return _MEDIA_TYPES.get(name[name.rfind(".") :].lower(), _BINARY)


def _decoded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise ApiError(
            HTTPStatus.BAD_REQUEST,
            Code.INVALID_JSON,
            "The request body contains invalid JSON.",
        ) from error
