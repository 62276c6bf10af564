"""Closing an article for comments, whatever kind of article it is."""

import re
from collections.abc import AsyncIterator
from typing import Any, cast

from bot.domain.effect import Outcome, Verb
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.rest import CORE, Rest

_USUAL = ("posts", "pages")
_KNOWN = frozenset({*_USUAL, "media", "blocks", "templates", "template-parts", "navigation"})
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


async def set_story(rest: Rest, story_id: str, *, closed: bool) -> Outcome:
    """Close or open an article.

    Raises:
        SiteCallFailed: WordPress could not be asked.
    """
    if not (story_id.isascii() and story_id.isdigit()):
        return Outcome(
            verb=Verb.REFUSED, words="The story's id is not a number, as WordPress' ids are."
        )
    wanted = "closed" if closed else "open"
    async for kind in _kinds(rest):
        try:
            said = await rest.post(f"{CORE}/{kind}/{story_id}", {"comment_status": wanted})
        except SiteCallFailed as trouble:
            if trouble.outcome.verb is Verb.GONE:
                continue
            raise
        if said["comment_status"].key() == wanted:
            return Outcome(verb=Verb.DONE)
        return Outcome(
            verb=Verb.LATER,
            words=f"WordPress answered that it was done, but the story is not {wanted}.",
        )
    return Outcome(verb=Verb.GONE, words="The story is no longer in WordPress.")


async def _kinds(rest: Rest) -> AsyncIterator[str]:
    """Yield the kinds of article there are, the usual ones first and unasked."""
    for kind in _USUAL:
        yield kind
    types = (await rest.get(f"{CORE}/types")).value
    for entry in cast("dict[str, Any]", types).values() if isinstance(types, dict) else ():
        kind = JsonValue(entry)["rest_base"].key()
        if _NAME.fullmatch(kind) and kind not in _KNOWN:
            yield kind
