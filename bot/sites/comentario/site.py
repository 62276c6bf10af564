"""A Comentario: approving and rejecting, bans without an end, pages made read-only."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from bot.domain.effects import Order, Outcome, Verb
from bot.domain.site import Ability, Finding
from bot.sites.base.answers import Answer, SiteCallFailed, as_outcome, in_turn
from bot.sites.base.client import SiteClient
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.base.refusals import (
    gone,
    not_done,
    not_moved,
    of_staff,
    refuse_retyped,
    unreadable,
)

_ABILITIES = frozenset(
    {
        Ability.PUSH,
        Ability.HIDE,
        Ability.UNHIDE,
        Ability.BAN,
        Ability.UNBAN,
        Ability.CLOSE_STORY,
        Ability.STAFF_CHECK,
    }
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_XSRF = "XSRF-TOKEN"
_OWN = "user"
"""Where the desk's own account is."""


class ComentarioSite:
    """A site that runs Comentario; ports `Site`, `ClosingSite`.

    It has no reports of its own: a form on the page sends them as docs/sites.md says. It has no
    tokens either, so the desk logs in, and again when its session has ended.
    """

    def __init__(self, context: SiteContext, client: SiteClient, email: str, password: str) -> None:
        self._context = context
        self._client = client
        self._login = {"email": email, "password": password}
        self._cookies: dict[str, str] = {}

    @property
    def abilities(self) -> frozenset[Ability]:
        """All but asking for reports, history, and bans that end by themselves."""
        return _ABILITIES

    async def carry_out(self, order: Order) -> Outcome:
        """Make Comentario be as the order says; asking twice changes nothing more."""
        return await as_outcome(in_turn(order, self._show, self._bar))

    async def _show(self, order: Order) -> None:
        path = f"comments/{_safe(order.comment_id)}"
        said = await self._get(path, "read the comment")
        comment = said["comment"]
        _require_there(comment)
        if not order.visible and said["commenter.isModerator"].flag():
            raise of_staff(said["commenter.name"].line(60), "Comentario")
        visible = _is_visible(comment)
        html, typed = comment["html"], comment["markdown"]
        refuse_retyped(order, html, typed, "at Comentario", is_hidden=not visible)
        if visible is order.visible:
            return
        body = {"pending": False, "approve": order.visible}
        await self._change("POST", path, body, "approve or reject the comment")
        after = (await self._get(path, "read the comment"))["comment"]
        if _is_visible(after) is not order.visible:
            raise not_moved("Comentario", order)

    async def _bar(self, order: Order) -> None:
        path = f"users/{_safe(order.author_id)}"
        user = (await self._get(path, "read the author's account"))["user"]
        banned = user["banned"].flag()
        if banned is None:
            raise unreadable("Comentario")
        if order.banned:
            _refuse_staff(user)
        if banned is order.banned:
            return
        body = {"ban": order.banned, "deleteComments": False, "purgeComments": False}
        await self._change("POST", f"{path}/ban", body, "ban or unban the author")
        after = (await self._get(path, "read the author's account"))["user"]
        if after["banned"].flag() is not order.banned:
            raise not_done("Comentario", "the author's ban is not as asked")

    async def close_story(self, story_id: str, *, closed: bool) -> Outcome:
        """Make a page be read-only, or open."""
        return await as_outcome(self._close_story(story_id, closed=closed))

    async def _close_story(self, page_id: str, *, closed: bool) -> Outcome:
        path = f"domain-pages/{_safe(page_id)}"
        page = (await self._get(path, "read the page"))["page"]
        body = {"path": page["path"].text(), "isReadonly": closed}
        await self._change("PUT", path, body, "close the page")
        after = (await self._get(path, "read the page"))["page"]
        if after["isReadonly"].flag() is not closed:
            raise not_done("Comentario", "the page is not as asked")
        return Outcome(verb=Verb.DONE)

    async def check(self) -> Sequence[Finding]:
        """Say whether the account can log in, and whether it may ban."""
        try:
            me = await self._get(_OWN, "read its own account")
        except SiteCallFailed as trouble:
            steps = (
                "Make an account for the desk at Comentario, a moderator of the domain.",
                "Put its e-mail address and password into COMENTARIO__EMAIL and __PASSWORD.",
            )
            return [Finding(name="Comentario", good=False, words=str(trouble), mend=steps)]
        may = "may ban" if me["isSuperuser"].flag() else "is no superuser, and cannot ban"
        return [Finding(name="Comentario", good=True, words=f"the desk's account {may}")]

    async def _get(self, path: str, doing: str) -> JsonValue:
        answer = await self._ask("GET", path)
        if answer.status == HTTPStatus.NOT_FOUND and (answer.is_json or answer.is_empty):
            raise gone("Comentario", path.partition("s/")[0].removeprefix("domain-"))
        answer.require_ok(doing)
        if not answer.is_json:
            raise unreadable("Comentario")
        return answer.said

    async def _change(self, method: str, path: str, body: Mapping[str, object], doing: str) -> None:
        (await self._ask(method, path, body)).require_ok(doing)

    async def _ask(self, method: str, path: str, body: object = None) -> Answer:
        if not self._cookies:
            await self._log_in()
        answer = await self._send(method, path, body)
        # Who is not logged in is nobody: asked for its own account, Comentario says nothing.
        is_nobody = path == _OWN and answer.status == HTTPStatus.NO_CONTENT
        if answer.status == HTTPStatus.UNAUTHORIZED or is_nobody:
            await self._log_in()
            answer = await self._send(method, path, body)
        return answer

    async def _send(self, method: str, path: str, body: object) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if _XSRF in self._cookies:
            headers["X-Xsrf-Token"] = self._cookies[_XSRF]
        answer = await self._client.ask(method, f"api/{path}", headers=headers, body=body)
        self._keep_cookies(answer)
        return answer

    async def _log_in(self) -> None:
        self._cookies.clear()
        # The token against forged requests comes with this, and the log-in asks for it already.
        await self._send("GET", _OWN, None)
        (await self._send("POST", "auth/login", self._login)).require_ok("log in")
        if not self._cookies:
            raise unreadable("Comentario")

    def _keep_cookies(self, answer: Answer) -> None:
        for header in answer.cookies:
            try:
                found = SimpleCookie(header)
            except CookieError:
                continue
            self._cookies |= {name: morsel.coded_value for name, morsel in found.items()}


def _require_there(comment: JsonValue) -> None:
    """Let a comment pass that can be approved or rejected.

    Raises:
        SiteCallFailed: It was deleted, or it cannot be told how it stands.
    """
    if comment["isDeleted"].flag():
        raise gone("Comentario")
    if comment["isApproved"].flag() is None:
        raise unreadable("Comentario")


def _refuse_staff(user: JsonValue) -> None:
    if user["isSuperuser"].flag() or user["systemAccount"].flag():
        raise of_staff(user["name"].line(60), "Comentario")


def _is_visible(comment: JsonValue) -> bool:
    return comment["isApproved"].flag() is True and comment["isPending"].flag() is not True


def _safe(key: str) -> str:
    if not _UUID.fullmatch(key):
        raise SiteCallFailed(Verb.REFUSED, "This does not name anything at Comentario.")
    return key
