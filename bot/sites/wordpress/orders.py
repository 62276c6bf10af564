"""One order carried out in WordPress: look, compare, change, look again."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.decisions import Action
from bot.domain.effects import Order, Outcome, Verb
from bot.ports import Clock
from bot.sites.base.answers import SiteCallFailed, as_outcome, half_done
from bot.sites.base.refusals import is_over, refuse_edited
from bot.sites.wordpress.comments import Kept, change, find
from bot.sites.wordpress.rest import PLUGIN, Rest, Status

log = logging.getLogger(__name__)

DONE = Outcome(verb=Verb.DONE)

_SLACK = timedelta(seconds=2)
"""How far a ban's end may differ: WordPress keeps whole seconds."""

_WITH_STORY = "post-trashed"
"""How a comment stands in WordPress while its story is in the trash."""

_SHOWN_WITH_STORY = (
    "The story is in WordPress' trash, so nobody sees the comment now; but if the story is restored, "
    "WordPress shows the comment again. Hide it then, or let the Comment Desk plugin (1.5 or newer) "
    "keep it hidden."
)
_ANYBODY = (
    "WordPress keeps neither an e-mail address nor a network address of this author, so a ban would "
    "meet everybody who writes under that name. Nobody was banned."
)

_PLACES: Mapping[str, str] = {
    Status.HOLD: "is held for moderation",
    Status.SPAM: "was marked as spam",
    Status.TRASH: "was put in the trash",
}
_BARS_AFTER = {
    True: frozenset({Verb.DONE, Verb.GONE}),
    False: frozenset({Verb.DONE, Verb.GONE, Verb.CHANGED}),
}
"""What may have come of the comment before its author is banned, or let in again.

Where somebody at WordPress decided otherwise about the comment, its author is not banned for it.
"""
_BARRED = {True: "banned", False: "let in again"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What carries orders out at one WordPress. `hidden_as` is what a hidden comment becomes."""

    rest: Rest
    clock: Clock
    plugin: bool
    hidden_as: Status

    async def obey(self, order: Order) -> Outcome:
        """Make WordPress be as the order says.

        Raises:
            SiteCallFailed: That did not work; its outcome is the order's.
        """
        kept = await find(self.rest, order.comment_id)
        outcome = await self._obey(order, kept)
        if outcome.verb is Verb.DONE and kept is not None and kept.plugin:
            await self._tell(order, kept)
        return outcome

    async def _obey(self, order: Order, kept: Kept | None) -> Outcome:
        shown = await self._place(order, kept)
        if order.banned is None or shown.verb not in _BARS_AFTER[order.banned]:
            return shown
        banned = await as_outcome(self._ban(order, kept))
        if banned.verb is not Verb.DONE:
            return half_done(order, banned) if shown.verb is Verb.DONE else banned
        if shown.verb is Verb.DONE:
            return banned
        return replace(shown, words=f"{shown.words} The author was {_BARRED[order.banned]}.")

    async def _place(self, order: Order, kept: Kept | None) -> Outcome:
        if kept is None:
            return Outcome(verb=Verb.GONE, words="The comment is no longer in WordPress.")
        if kept.staff and _is_against_author(order):
            return Outcome(
                verb=Verb.REFUSED,
                words="The author is one of the site's own staff, who are not hidden or banned.",
            )
        return DONE if order.visible is None else await self._put(order, kept)

    async def _put(self, order: Order, kept: Kept) -> Outcome:
        """Make a comment that is there be as it is to be."""
        _require_text(order, kept)
        if kept.status == _WITH_STORY and order.visible is False:
            return await self._hide_with_story(kept)
        if order.visible is kept.visible and not self._is_marked_otherwise(order, kept):
            return DONE
        return await (self._show(kept) if order.visible else self._hide(order, kept))

    def _is_marked_otherwise(self, order: Order, kept: Kept) -> bool:
        """Whether readers are told that it is on hold and it is not, or the other way round."""
        hidden_by_us = kept.status in (Status.HOLD, self.hidden_as)
        return hidden_by_us and kept.held is (order.action is not Action.HOLD)

    async def _hide(self, order: Order, kept: Kept) -> Outcome:
        if kept.status not in frozenset(Status):
            return DONE  # not to be seen
        holds = order.action is Action.HOLD
        # What may turn out to be harmless is not called spam, and not on its way to the bin.
        wanted = Status.HOLD if holds else self.hidden_as
        changed = await change(self.rest, kept, wanted, held=holds)
        if changed.status != wanted:
            return _did_nothing("visible" if changed.visible else f"“{changed.status}”")
        return DONE

    async def _hide_with_story(self, kept: Kept) -> Outcome:
        """Let a comment whose story is in the trash be hidden when the story comes back."""
        if not kept.restored_as:
            return Outcome(verb=Verb.REFUSED, words=_SHOWN_WITH_STORY)
        if kept.restored_as == Status.APPROVED:
            kept = await change(self.rest, kept, Status.HOLD)
        return _did_nothing("to be shown") if kept.restored_as == Status.APPROVED else DONE

    async def _show(self, kept: Kept) -> Outcome:
        if kept.status == Status.TRASH and self.hidden_as is Status.TRASH:
            kept = await change(self.rest, kept, "untrash")
            if kept.visible:
                return DONE
        if kept.status not in (Status.HOLD, self.hidden_as):
            place = _PLACES.get(kept.status, "was taken off")
            words = f"The comment {place} in WordPress meanwhile; it was left so."
            return Outcome(verb=Verb.CHANGED, words=words)
        changed = await change(self.rest, kept, Status.APPROVED)
        return DONE if changed.visible else _did_nothing("hidden")

    async def _tell(self, order: Order, kept: Kept) -> None:
        """Hand the author's statement to the plugin, or say that the decision was taken back.

        Raises:
            SiteCallFailed: It may work later; the order is then carried out again, which is no harm.
        """
        if not _concerns_author(order, kept):
            return
        told = {
            "url": order.statement_url,
            "action": order.action.value,
            "until": _iso(order.ban_ends),
        }
        try:
            await self.rest.post(f"{PLUGIN}/statements/{kept.id}", told)
        except SiteCallFailed as trouble:
            if trouble.outcome.verb is Verb.LATER:
                raise
            # What was decided is done; an older plugin tells nobody, as it never did.
            log.warning("WordPress did not take a statement to the author: %s", trouble)

    def _without_asking(self, order: Order, kept: Kept | None) -> Outcome | None:
        """Return what comes of a ban about which WordPress need not be asked."""
        if not self.plugin:
            return Outcome(
                verb=Verb.REFUSED,
                words="WordPress bans nobody without the Comment Desk plugin.",
            )
        if is_over(order, self.clock()):
            return DONE
        if _is_anybody(order.author_id) or (kept and _is_anybody(kept.author_key)):
            # Nobody of such a name was ever banned, so there is none to let in again.
            return Outcome(verb=Verb.REFUSED, words=_ANYBODY) if order.banned else DONE
        return None

    async def _ban(self, order: Order, kept: Kept | None) -> Outcome:
        settled = self._without_asking(order, kept)
        if settled is not None:
            return settled
        body = {"banned": order.banned, "until": _iso(order.ban_ends)}
        said = await self.rest.post(f"{PLUGIN}/bans/{_safe(order.author_id)}", body)
        if said["banned"].flag() is not order.banned:
            return _did_nothing("not banned" if order.banned else "banned", "author")
        if order.banned and not _same(said["until"].time(), order.until):
            return _did_nothing("banned until another time", "author")
        return DONE


def _require_text(order: Order, kept: Kept) -> None:
    """Let an order pass that shows, or takes from view, the text that was judged.

    Raises:
        SiteCallFailed: Another stands there.
    """
    told = kept.plugin or order.text_key is not None
    if told and (order.visible or kept.visible):
        refuse_edited(order, kept.comment, "in WordPress")


def _concerns_author(order: Order, kept: Kept) -> bool:
    """Whether there is a statement, or one that was handed over and no longer holds."""
    is_undone = order.visible is True or order.banned is False
    return order.statement_url is not None or (bool(kept.told) and is_undone)


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time is not None else None


def _is_against_author(order: Order) -> bool:
    return order.visible is False or bool(order.banned)


def _is_anybody(author_id: str) -> bool:
    """Whether nothing tells an author from others of the same name."""
    return author_id.startswith("comment-")


def _safe(author_id: str) -> str:
    """Return an author's key for an address.

    Raises:
        SiteCallFailed: It is none that the plugin gives.
    """
    kind, _, name = author_id.partition("-")
    if kind not in {"user", "guest", "name"} or not (name.isascii() and name.isalnum()):
        raise SiteCallFailed(
            Verb.REFUSED,
            "The author's id is not one that the Comment Desk plugin gives, so WordPress does "
            "not know whom to ban.",
        )
    return author_id


def _did_nothing(state: str, what: str = "comment") -> Outcome:
    return Outcome(
        verb=Verb.LATER,
        words=f"WordPress answered that it was done, but the {what} is still {state}. Another "
        "plugin may have undone it.",
    )


def _same(said: datetime | None, asked: datetime | None) -> bool:
    if said is None or asked is None:
        return said is asked
    return abs(said - asked) <= _SLACK
