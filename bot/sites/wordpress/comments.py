"""A comment as WordPress tells it to a moderator, and how its status is changed."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from bot.domain.comments import Author, Comment, Story
from bot.domain.effects import Verb
from bot.domain.site import About
from bot.sites.base.answers import Answer, SiteCallFailed, none_if
from bot.sites.base.context import revision_of
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.rest import CORE, Rest, Status, is_id, no_trash

log = logging.getLogger(__name__)

_NOBODY = "0.0.0.0"  # noqa: S104 - an address of nobody, not one to bind


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A comment as WordPress keeps it.

    `address` and `browser` are the author's, which must survive every change. `revision`,
    `staff` and `plugin` come from the companion plugin; without it they say nothing.
    `verdict` is what somebody decided in WordPress itself, by whom and when. `held` says that the
    plugin tells readers that it is on hold; `None` where it cannot. `told` says that the author
    was handed a statement that still stands. `author_key` is how the plugin calls the author, and
    `has_trash` whether what is put in the trash can be had back; `None` where nobody says.
    `restored_as` is how it will stand once its story, now in the trash, is restored.
    """

    id: str
    status: str
    address: str
    browser: str
    author_id: int
    email: str
    comment: Comment
    plugin: bool
    staff: bool
    revision: str
    verdict: tuple[Status, str, datetime | None] | None
    held: bool | None
    told: bool
    author_key: str
    has_trash: bool | None
    restored_as: str

    @property
    def visible(self) -> bool:
        """Whether readers see it."""
        return self.status == Status.APPROVED


def read(said: JsonValue) -> Kept:
    """Return the comment that an answer in the `edit` context tells of."""
    ours = said["comment_desk"]
    raw = said["content.raw"].value
    text = raw if isinstance(raw, str) else ""
    verdict = ours["verdict"]
    stands = verdict["status"].key()
    return Kept(
        id=said["id"].key(),
        status=said["status"].key(),
        address=_exactly(said["author_ip"]),
        browser=_exactly(said["author_user_agent"]),
        author_id=said["author"].number(),
        email=_exactly(said["author_email"]),
        comment=Comment(
            external_id=said["id"].key(),
            revision=ours["revision"].key() or revision_of(text),
            # Rendered text has its quotation marks curled and, with plugins, much besides.
            text=JsonValue(text.replace("\n", "<br>")).prose(),
            permalink=said["link"].address(),
            created=said["date_gmt"].time(),
        ),
        plugin=bool(ours),
        staff=ours["staff"].flag() is True,
        revision=ours["revision"].key(),
        verdict=(Status(stands), verdict["by"].line(100), verdict["at"].time())
        if stands in frozenset(Status)
        else None,
        held=said["comment_desk_on_hold"].flag(),
        told=ours["told"].flag() is True,
        author_key=ours["author"].key(),
        has_trash=ours["trash"].flag(),
        restored_as=ours["restored_as"].key(),
    )


def _exactly(said: JsonValue) -> str:
    return said.value if isinstance(said.value, str) else ""


async def find(rest: Rest, comment_id: str) -> Kept | None:
    """Return a comment, `None` if WordPress no longer has it.

    Raises:
        SiteCallFailed: WordPress could not be asked, or the id is none of WordPress'.
    """
    if not is_id(comment_id):
        raise SiteCallFailed(
            Verb.REFUSED, "The comment's id is not a number, as WordPress' ids are."
        )
    asked = rest.get(f"{CORE}/comments/{comment_id}", context="edit")
    said = await none_if(asked, Verb.GONE)
    if said is None:
        return None
    kept = read(said)
    if kept.id != comment_id or not kept.status:
        raise SiteCallFailed(
            Verb.LATER, "WordPress answered with something that is not the comment."
        )
    return kept


async def find_named(rest: Rest, comment_id: str) -> About | None:
    """Return a comment with its author and story as the plugin tells of them, if readers see it.

    Raises:
        SiteCallFailed: WordPress could not be asked, or no longer has it.
    """
    said = await rest.get(f"{CORE}/comments/{comment_id}", context="edit", _embed="up")
    kept, author = read(said), said["comment_desk.author"].key()
    story = said["_embedded.up"].first()
    url = story["link"].address()
    if kept.id != comment_id or not kept.visible or not author or url is None:
        return None
    return About(
        comment=kept.comment,
        author=Author(external_id=author, name=said["author_name"].line(200)),
        story=Story(external_id=story["id"].key(), title=story["title.rendered"].title(), url=url),
    )


async def change(rest: Rest, kept: Kept, status: str, *, held: bool = False) -> Kept:
    """Ask for another status, with the author's address and browser as they were.

    `held` says that readers are to be told that it is on hold.

    WordPress overwrites both with those of whoever changes a comment over REST, unless they are
    sent along; the plugin keeps them by itself. Success says nothing, so what stands in the
    answer is what counts; it is returned.

    Raises:
        SiteCallFailed: WordPress could not be asked, or the address could not be kept.
    """
    if status == Status.TRASH and not kept.has_trash:
        return read((await _discard(rest, kept)).said)
    body, headers = _asked_for(kept, status, held=held), dict[str, str]()
    if not kept.plugin:
        body, headers = _with_evidence(kept, body)
    changed = read(await rest.post(f"{CORE}/comments/{kept.id}", body, headers))
    if (changed.address, changed.browser) != (kept.address, kept.browser) and kept.address:
        log.error("WordPress changed the stored address or browser of comment %s", kept.id)
    return changed


def _asked_for(kept: Kept, status: str, *, held: bool) -> dict[str, Any]:
    # WordPress takes it for a failure to be asked for the status there is.
    body: dict[str, Any] = {} if status == kept.status else {"status": status}
    if kept.held is not None:
        body["comment_desk_on_hold"] = held
    if not kept.plugin:
        return body
    body["comment_desk_order"] = True  # so that it passes for nobody's decision there
    if kept.revision and not held:
        # An edit between our reading and this is refused there; a hold is on any text.
        body["comment_desk_revision"] = kept.revision
    return body


async def _discard(rest: Rest, kept: Kept) -> Answer:
    """Put a comment in the trash where it is not known that WordPress keeps one.

    Asked for the status, a WordPress without a trash deletes for good. Asked to delete without
    force, it only ever uses the trash, and refuses if there is none.
    """
    if kept.has_trash is False:
        raise no_trash()
    return await rest.delete(f"{CORE}/comments/{kept.id}")


def _with_evidence(kept: Kept, body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    address = kept.address or _NOBODY
    try:
        ip_address(address)
    except ValueError:
        raise SiteCallFailed(
            Verb.REFUSED,
            "WordPress keeps an address for this comment that cannot be sent back to it, and "
            "would be lost. Hide the comment in WordPress itself, or activate the Comment Desk "
            "plugin.",
        ) from None
    if kept.browser:
        return {**body, "author_ip": address, "author_user_agent": kept.browser}, {}
    # Only a request that names no browser leaves an empty one empty.
    return {**body, "author_ip": address}, {"User-Agent": ""}
