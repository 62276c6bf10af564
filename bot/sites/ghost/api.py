"""Ghost's Admin API: a token for each request, made from the integration's key."""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from bot.domain.effects import Verb
from bot.ports import Clock
from bot.sites.base.answers import Answer, SiteCallFailed
from bot.sites.base.client import SiteClient
from bot.sites.base.json_value import JsonValue
from bot.sites.base.outcomes import time_there
from bot.sites.base.refusals import gone, unreadable

_BASE = "ghost/api/admin"
_VERSION = "v6.19"
"""What this is written for. Ghost serves every version alike, and names it only of what is missing."""

_HAS_REPORTS, _HAS_BANS = (6, 19), (6, 16)
"""From these versions on there are all paths for integrations; told by the route files of 6.10.0,
6.16.1 and 6.19.4, in which reports came last."""

_ENOUGH = "6.19.4"
_LIVES = 240
"""Seconds that a token of ours is good for; Ghost takes at most 300."""

_NO_PATH = "Resource not found"
"""What Ghost says of a path; of what an id names it says more."""

_VERSIONS = re.compile(r"(?:^|Ghost version )v?(\d{1,4}\.\d{1,4})")
_ID = re.compile(r"[0-9A-Za-z]{1,64}")


class NoPath(SiteCallFailed):
    """This version of Ghost has no such path."""


class GhostApi:
    """Makes requests as the integration whose key, ``id:secret``, the settings hold."""

    def __init__(self, client: SiteClient, key: str, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._key_id, _, self._secret = key.partition(":")
        self.version = ""
        """What Ghost said it is with its last answer, such as 6.65."""

    @property
    def name(self) -> str:
        """Ghost, with its version if it is known."""
        return f"Ghost {self.version}".rstrip()

    @property
    def can_ban(self) -> bool | None:
        """Whether this version can ban from commenting, `None` while the version is not known."""
        return _numbers(self.version) >= _HAS_BANS if self.version else None

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
        if is_no_path(answer):
            raise NoPath(Verb.MISCONFIGURED, self._lacks(doing))
        if answer.status == HTTPStatus.NOT_FOUND and answer.is_json:
            raise gone("Ghost", path.partition("s/")[0])
        answer.require_ok(doing)
        if not answer.is_json:
            raise unreadable("Ghost")
        return answer.said

    def _lacks(self, doing: str) -> str:
        """Say why there is no way to do something there."""
        if _numbers(self.version) > _HAS_REPORTS:
            return f"This is {self.name}, which does not let the desk {doing}. Update the desk."
        known = f"This is {self.name}, which is" if self.version else "This Ghost is"
        return f"{known} too old to let the desk {doing}. Update it to {_ENOUGH} or newer."

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
        answer = await self._client.ask(method, f"{_BASE}/{path}", headers=headers, **how)
        self.version = _told(answer) or self.version
        return answer

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


def is_no_path(answer: Answer) -> bool:
    """Whether this Ghost has no such path, rather than nothing of that id.

    It says so by 406 where a client names another version than its own, as ours does, and by 404
    where it is the same one.
    """
    if answer.status in (HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.NOT_IMPLEMENTED):
        return True
    words = answer.said["errors"].first()["message"].text()
    return answer.status == HTTPStatus.NOT_FOUND and words == _NO_PATH


def _told(answer: Answer) -> str:
    """Return which version of Ghost an answer names, in its header or where a path is missing."""
    context = answer.said["errors"].first()["context"].text()
    for said in (answer.headers.get("Content-Version", ""), context):
        found = _VERSIONS.search(said)
        if found:
            return found[1]
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split("."))) if version else ()


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
