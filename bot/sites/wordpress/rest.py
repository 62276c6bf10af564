"""WordPress' REST API: how it is asked, and what its answers mean."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from bot.domain.effects import Verb
from bot.sites.base.answers import Answer, SiteCallFailed
from bot.sites.base.client import SiteClient
from bot.sites.base.json_value import JsonValue
from bot.sites.base.outcomes import own_words

PLUGIN = "/comment-desk/v1"
CORE = "/wp/v2"


class Status(StrEnum):
    """How a comment stands in WordPress; readers see only the first."""

    APPROVED = "approved"
    HOLD = "hold"
    SPAM = "spam"
    TRASH = "trash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """As whom the desk comes, and what it may expect.

    `login` and `password` are an account that may moderate comments and an application password
    of it, not the one it logs in with. `plugin` says that the companion plugin is active there.
    `hidden_as` is what a hidden comment becomes.
    """

    login: str
    password: str = field(repr=False)
    plugin: bool = True
    hidden_as: Status = Status.HOLD


class Rest:
    """The API of one WordPress, asked as one account."""

    def __init__(self, client: SiteClient, access: Access) -> None:
        self._client = client
        pair = f"{access.login}:{access.password}".encode()
        self._headers = {"Authorization": f"Basic {b64encode(pair).decode()}"}

    async def ask(
        self,
        method: str,
        route: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one request, and return what it was answered with success.

        Raises:
            SiteCallFailed: It was not; the outcome says what that means for an order.
        """
        answer = await self._client.ask(
            method,
            "/",
            # This way in works with every setting of the permalinks.
            params={"rest_route": route, **(params or {})},
            headers={**self._headers, **(headers or {})},
            body=body,
        )
        if not answer.ok:
            raise meaning(answer, route)
        if not answer.is_json:
            raise SiteCallFailed(
                Verb.LATER,
                "WordPress answered with a page instead of data, as one under maintenance or "
                "behind a firewall does. Check the site's address in the settings.",
            )
        return answer

    async def get(self, route: str, **params: str) -> JsonValue:
        """Return what stands at a route; raises as `ask` does."""
        return (await self.ask("GET", route, params=params)).said

    async def post(
        self, route: str, body: object, headers: Mapping[str, str] | None = None
    ) -> JsonValue:
        """Send JSON to a route and return the answer; raises as `ask` does."""
        return (await self.ask("POST", route, body=body, headers=headers)).said


_NO_TRASH = (
    "WordPress keeps no trash (EMPTY_TRASH_DAYS is 0) and would delete the comment for good, so "
    "nothing was done. Set hidden_as to hold in the desk's settings."
)


def no_trash() -> SiteCallFailed:
    """Return the refusal to put a comment where it could not be had back from."""
    return SiteCallFailed(Verb.REFUSED, _NO_TRASH)


_BY_CODE = {
    "rest_trash_not_supported": (Verb.REFUSED, _NO_TRASH),
    "rest_already_trashed": (
        Verb.LATER,
        "The comment was put in the trash in WordPress at this very moment, so it is read again.",
    ),
    "comment_desk_edited": (
        Verb.LATER,
        "The comment was edited in WordPress at this very moment, so it is read again first.",
    ),
    "rest_comment_invalid_id": (Verb.GONE, "The comment is no longer in WordPress."),
    "comment_desk_no_author": (Verb.GONE, "The author no longer has an account in WordPress."),
    "comment_desk_staff": (
        Verb.REFUSED,
        "The author is one of the site's own staff, whom WordPress will not ban.",
    ),
}


def meaning(answer: Answer, route: str) -> SiteCallFailed:
    """Return what an answer that is no success means."""
    status, code = answer.status, answer.said["code"].key()
    if code in _BY_CODE:
        return SiteCallFailed(*_BY_CODE[code])
    if status == HTTPStatus.UNAUTHORIZED:
        return SiteCallFailed(
            Verb.MISCONFIGURED,
            f"WordPress does not know the desk's login ({status}). The application password is "
            "wrong or was revoked, or the web server keeps the Authorization header to itself. "
            "Make a new one under Users > Profile.",
        )
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(code)
    if status == HTTPStatus.NOT_FOUND:
        return _not_found(code, route)
    words = f"WordPress refused ({status}){own_words(answer.said)}"
    return SiteCallFailed(Verb.GONE if status == HTTPStatus.GONE else Verb.REFUSED, words)


def _forbidden(code: str) -> SiteCallFailed:
    if code:
        return SiteCallFailed(
            Verb.MISCONFIGURED,
            "The desk's account in WordPress may not moderate comments (403). Give it the role "
            "of an editor.",
        )
    # Firewalls say this for a while to callers that come often, so it is worth trying again.
    return SiteCallFailed(
        Verb.LATER,
        "Something in front of WordPress, such as a firewall, turned the desk away (403). Let it "
        "pass the desk's address.",
    )


def _not_found(code: str, route: str) -> SiteCallFailed:
    if code == "rest_no_route" and route.startswith(PLUGIN):
        return SiteCallFailed(
            Verb.MISCONFIGURED,
            "The Comment Desk plugin is not active in WordPress (404). Activate it under Plugins.",
        )
    if code.startswith("rest_") and code != "rest_no_route":
        return SiteCallFailed(Verb.GONE, "WordPress no longer has this (404).")
    return SiteCallFailed(
        Verb.MISCONFIGURED,
        "There is no WordPress with an open REST API at the site's address (404). Check the "
        "address in the settings.",
    )
