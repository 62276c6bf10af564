"""WordPress' REST API: how it is asked, and what its answers mean."""

import re
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


def is_id(key: str) -> bool:
    """Whether a key is a number, as WordPress' own ids are."""
    return key.isascii() and key.isdigit()


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
        stranger: bool = False,
    ) -> Answer:
        """Make one request, as nobody in particular if a stranger, and return its success.

        Raises:
            SiteCallFailed: It was not; the outcome says what that means for an order.
        """
        answer = await self._client.ask(
            method,
            "/",
            # This way in works with every setting of the permalinks.
            params={"rest_route": route, **(params or {})},
            headers={**({} if stranger else self._headers), **(headers or {})},
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

    async def delete(self, route: str) -> Answer:
        """Delete what stands at a route; raises as `ask` does.

        It is written as a POST, as WordPress lets it be: many hosts let no DELETE through, and
        nginx, set up as is usual for WordPress, takes none at the address that we ask at.
        """
        return await self.ask("POST", route, params={"_method": "DELETE"})


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


_NO_LOGIN = frozenset(
    {
        "empty_password",
        "empty_username",
        "incorrect_password",
        "invalid_email",
        "invalid_username",
        "rest_not_logged_in",
    }
)
"""What WordPress itself says of a login that it does not know, or that it did not hear of."""

_NO_RIGHT = re.compile(
    "rest_(?:forbidden(?:_context|_param|_who|_status)?|user_cannot_view"
    "|cannot_(?:assign_sticky|assign_term|create|delete|edit|edit_others|manage|publish|read|update"
    "|view|read_post))"
)
"""What WordPress itself says of an account that may not do something."""

_SWITCHED_OFF = "application_passwords_disabled"


class TurnedAway(SiteCallFailed):
    """An answer that is no success; `status` and `code` are WordPress', `quoted` its own words."""

    def __init__(self, verb: Verb, words: str, answer: Answer) -> None:
        super().__init__(verb, words)
        self.status = answer.status
        self.code = answer.said["code"].key()
        self.quoted = said_whole(answer.said)

    @property
    def is_login(self) -> bool:
        """Whether the login is what WordPress does not take."""
        return self.status == HTTPStatus.UNAUTHORIZED and self.is_usual

    @property
    def is_usual(self) -> bool:
        """Whether it is WordPress itself that says so, or something that gives no reason."""
        return not self.code or self.code in _NO_LOGIN or bool(_NO_RIGHT.fullmatch(self.code))

    @property
    def is_switched_off(self) -> bool:
        """Whether application passwords are switched off, for all or for this account."""
        return self.code.startswith(_SWITCHED_OFF)

    @property
    def is_missing(self) -> bool:
        """Whether WordPress answers, but has nothing at this route."""
        return self.code == "rest_no_route"

    @property
    def is_of_route(self) -> bool:
        """Whether it may be this route that is closed to the desk, and not the log-in."""
        return self.is_missing or not (self.is_login or self.is_switched_off)


def said_whole(said: JsonValue) -> str:
    """Return WordPress' or a plugin's own words whole, on one line; empty if there are none."""
    return " ".join(said["message"].prose().split())


def meaning(answer: Answer, route: str) -> SiteCallFailed:
    """Return what an answer that is no success means."""
    code = answer.said["code"].key()
    if code in _BY_CODE:
        return SiteCallFailed(*_BY_CODE[code])
    if code == "comment_desk_rules_not_kept":
        return TurnedAway(Verb.REFUSED, said_whole(answer.said), answer)
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return _turned_away(answer, route)
    if answer.status == HTTPStatus.NOT_FOUND:
        return _not_found(answer, route)
    words = f"WordPress refused ({answer.status}){own_words(answer.said)}"
    verb = Verb.GONE if answer.status == HTTPStatus.GONE else Verb.REFUSED
    return TurnedAway(verb, words, answer)


def _turned_away(answer: Answer, route: str) -> TurnedAway:
    verb, status = Verb.MISCONFIGURED, answer.status
    turned = TurnedAway(verb, "", answer)
    if turned.is_switched_off:
        words = (
            f"WordPress does not take the desk's application password ({status}), as such are "
            f"switched off: {_in_quotes(turned)} Allow them for the desk's account."
        )
    elif not turned.is_usual:
        words = (
            f"WordPress turned the desk away ({status}): {_in_quotes(turned)} That is not "
            "WordPress itself but a plugin of it: let it allow the REST API to the desk's account."
        )
    elif turned.is_login:
        words = (
            f"WordPress does not know the desk's login ({status}). The application password is "
            "wrong or was revoked, or the web server keeps the Authorization header to itself. "
            "Make a new one under Users > Profile."
        )
    elif not turned.code:
        # Firewalls say this for a while to callers that come often, so it is worth trying again.
        verb = Verb.LATER
        words = (
            "Something in front of WordPress, such as a firewall, turned the desk away (403). Let "
            "it pass the desk's address."
        )
    elif route.startswith((f"{CORE}/comments", f"{CORE}/users", PLUGIN)):
        words = (
            "The desk's account in WordPress may not moderate comments (403). Give it the role "
            "of an editor."
        )
    else:
        words = (
            "The desk's account in WordPress may not edit this story, and so not close it (403). "
            "Give it the role of an editor, or the right to edit stories of this kind."
        )
    return TurnedAway(verb, words, answer)


_NO_WORDPRESS = (
    "There is no WordPress with an open REST API at the site's address (404). Check the address in "
    "the settings."
)


def _in_quotes(turned: TurnedAway) -> str:
    return f"“{turned.quoted or turned.code}”"


def _not_found(answer: Answer, route: str) -> SiteCallFailed:
    turned = TurnedAway(Verb.MISCONFIGURED, "", answer)
    if turned.is_missing:
        return TurnedAway(Verb.MISCONFIGURED, _missing(turned, route), answer)
    if turned.code.startswith("rest_"):
        return TurnedAway(Verb.GONE, "WordPress no longer has this (404).", answer)
    quoted = f"WordPress turned the desk away (404): {_in_quotes(turned)}"
    return TurnedAway(Verb.MISCONFIGURED, quoted if turned.code else _NO_WORDPRESS, answer)


def _missing(turned: TurnedAway, route: str) -> str:
    """Say what it means that WordPress has nothing at a route."""
    if route.startswith(PLUGIN):
        return (
            "The Comment Desk plugin is not active in WordPress (404). Activate it under Plugins."
        )
    if route.startswith(f"{CORE}/comments"):
        return (
            "WordPress answers, but its REST API has no comments (404): "
            f"{_in_quotes(turned)} A plugin has taken them away: let it leave them to the desk."
        )
    return _NO_WORDPRESS
