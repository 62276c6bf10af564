"""A story of WordPress closed for comments or opened, whatever kind of story it is."""

import re
from collections.abc import AsyncIterator

from bot.domain.effects import Outcome, Verb
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.rest import CORE, Rest, is_id

_USUAL = (f"{CORE}/posts", f"{CORE}/pages")
_NAMESPACE = re.compile(r"[A-Za-z0-9_-]{1,40}(?:/[A-Za-z0-9._-]{1,40}){0,3}")
_BASE = re.compile(r"[A-Za-z0-9_-]{1,40}")


async def set_story(rest: Rest, story_id: str, *, closed: bool) -> Outcome:
    """Close or open a story.

    Raises:
        SiteCallFailed: WordPress could not be asked, or will not.
    """
    if not is_id(story_id):
        return Outcome(
            verb=Verb.REFUSED, words="The story's id is not a number, as WordPress' ids are."
        )
    wanted, refusal = "closed" if closed else "open", None
    async for route in _routes(rest):
        try:
            said = await rest.post(f"{route}/{story_id}", {"comment_status": wanted})
        except SiteCallFailed as trouble:
            if trouble.outcome.verb is Verb.GONE:
                continue
            if route in _USUAL:
                raise
            # The route of a plugin's own kind may fail in any way about a story of another kind.
            refusal = refusal or trouble
            continue
        return _outcome(said, wanted)
    if refusal is not None:
        raise refusal
    return Outcome(verb=Verb.GONE, words="The story is no longer in WordPress.")


def _outcome(said: JsonValue, wanted: str) -> Outcome:
    if said["comment_status"].key() == wanted:
        return Outcome(verb=Verb.DONE)
    return Outcome(
        verb=Verb.LATER,
        words=f"WordPress answered that it was done, but the story is not {wanted}.",
    )


async def _routes(rest: Rest) -> AsyncIterator[str]:
    """Yield where stories of each kind are, the usual ones first and unasked.

    WordPress lists much as a kind that has no comments, such as fonts, whose routes take a number
    for something else; only when asked for editing does it say which have any.
    """
    for route in _USUAL:
        yield route
    for kind in (await rest.get(f"{CORE}/types", context="edit")).members():
        route = _route_of(kind)
        if route and route not in _USUAL and kind["supports.comments"].value:
            yield route


def _route_of(kind: JsonValue) -> str | None:
    """Return where stories of a kind are, `None` if that is no route."""
    space, base = kind["rest_namespace"].key() or CORE.strip("/"), kind["rest_base"].key()
    is_route = _NAMESPACE.fullmatch(space) and _BASE.fullmatch(base)
    return f"/{space}/{base}" if is_route else None
