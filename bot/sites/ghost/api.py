"""Ghost's Admin API: a token for each request, made from the integration's key."""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from bot.domain.effects import Verb
from bot.ports import Clock
from bot.sites.base.answers import Answer, SiteCallFailed
from bot.sites.base.client import SiteClient
from bot.sites.base.json_value import JsonValue
from bot.sites.base.outcomes import time_there
from bot.sites.base.refusals import gone, unreadable

_BASE = "ghost/api/admin"
_VERSION = "v6.0"
_LIVES = 240
"""Seconds that a token of ours is good for; Ghost takes at most 300."""

_OLD = "This Ghost is too old to let an integration see comments. Update it to version 6 or newer."
_ID = re.compile(r"[0-9A-Za-z]{1,64}")


class GhostApi:
    """Makes requests as the integration whose key, ``id:secret``, the settings hold."""

    def __init__(self, client: SiteClient, key: str, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._key_id, _, self._secret = key.partition(":")

    async def one(
        self, method: str, path: str, name: str, doing: str, body: object = None
    ) -> JsonValue:
        """Return the one thing of a name that an answer holds, or something empty."""
        said = await self.fetch(method, path, doing, body=body)
        return said[name].first()

    async def fetch(self, method: str, path: str, doing: str, **how: Any) -> JsonValue:
        """Make a request that must succeed, and return what was answered.

        Raises:
            SiteCallFailed: It did not.
        """
        answer = await self.ask(method, path, **how)
        if answer.status == HTTPStatus.NOT_IMPLEMENTED:
            raise SiteCallFailed(Verb.MISCONFIGURED, _OLD)
        if answer.status == HTTPStatus.NOT_FOUND and answer.is_json:
            raise gone("Ghost", path.partition("s/")[0])
        if not answer.ok:
            raise answer.refusal(doing)
        if not answer.is_json:
            raise unreadable("Ghost")
        return answer.said

    async def ask(self, method: str, path: str, **how: Any) -> Answer:
        """Make a request.

        Raises:
            SiteCallFailed: It could not be made, or the site cannot be asked now.
        """
        now = self._clock()
        answer = await self._ask(method, path, now, how)
        there = time_there(answer.status, answer.headers, now)
        # Whichever clock is wrong, Ghost checks the token's time by its own.
        return answer if there is None else await self._ask(method, path, there, how)

    async def _ask(self, method: str, path: str, at: datetime, how: Mapping[str, Any]) -> Answer:
        headers = {"Authorization": f"Ghost {self._token(at)}", "Accept-Version": _VERSION}
        return await self._client.ask(method, f"{_BASE}/{path}", headers=headers, **how)

    def _token(self, at: datetime) -> str:
        """Return a JSON Web Token for the next request.

        Raises:
            SiteCallFailed: The key in the settings is none.
        """
        try:
            secret = bytes.fromhex(self._secret)
        except ValueError as error:
            words = "The Admin API key is not an id, a colon and a secret in hexadecimal digits."
            raise SiteCallFailed(Verb.MISCONFIGURED, words) from error
        now = int(at.timestamp())
        head = {"alg": "HS256", "typ": "JWT", "kid": self._key_id}
        claims = {"iat": now, "exp": now + _LIVES, "aud": "/admin/"}
        signed = f"{_part(head)}.{_part(claims)}"
        return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _part(values: Mapping[str, object]) -> str:
    return _base64(json.dumps(values, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def safe(key: str) -> str:
    """Return an id that may stand in a path.

    Raises:
        SiteCallFailed: It may not.
    """
    if not _ID.fullmatch(key):
        raise SiteCallFailed(Verb.REFUSED, "This does not name anything at Ghost.")
    return key


def is_id(key: str) -> bool:
    """Whether this can be an id at Ghost."""
    return _ID.fullmatch(key) is not None


PAGE = 100
_MOST = 20_000
"""Comments of which it is remembered how many reports they had."""


def read(mark: str | None) -> tuple[int, dict[str, int]]:
    """Return the page to ask for and how many reports each comment had, as far as written."""
    try:
        said = JsonValue(json.loads(mark or "{}"))
    except (ValueError, RecursionError):
        return 1, {}
    counts = said["counts"].value
    members = cast("dict[str, object]", counts) if isinstance(counts, dict) else {}
    known = {key: count for key, count in members.items() if isinstance(count, int)}
    return max(1, said["page"].number()), known


def written(page: int, counts: Mapping[str, int]) -> str:
    """Return the mark that says so."""
    newest = dict(list(counts.items())[-_MOST:])
    return json.dumps({"page": page, "counts": newest}, separators=(",", ":"))
