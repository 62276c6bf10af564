"""Which channel a case's card stands in, and where its text may be read."""

from collections.abc import Collection
from dataclasses import replace

from bot.domain.cases import CaseView
from bot.domain.policy import Policy
from bot.domain.routing import Home, home
from bot.domain.stories import state_of

NOWHERE_ELSE = 0
"""Stands for the channel of a text that no channel may show: it is for each reader's own eyes."""


def home_of(policy: Policy, view: CaseView) -> Home:
    """Return where the card of a case belongs."""
    return home(
        policy.routes,
        site=view.case.site,
        section=view.story.section,
        state=state_of(view.story_status),
        reasons=view.case.reasons,
    )


def channels(policy: Policy, own: int) -> frozenset[int]:
    """Return every channel that cards may stand in; `own` is the one of the settings."""
    return frozenset({own, *(route.channel_id for route in policy.routes)})


def for_card(policy: Policy, view: CaseView) -> CaseView:
    """Return the case as its card shows it: without its text where that may not be quoted."""
    place = home_of(policy, view)
    if not _is_restricted(policy, view) or place.is_restricted:
        return view
    return _without_text(view, NOWHERE_ELSE)


def for_channel(policy: Policy, view: CaseView, channel_id: int) -> CaseView:
    """Return the case as any other message in a channel may show it.

    A text that may be quoted in one channel only is left out of every other.
    """
    place = home_of(policy, view)
    if not _is_restricted(policy, view) or (place.is_restricted and place.channel_id == channel_id):
        return view
    return _without_text(view, place.channel_id or NOWHERE_ELSE)


def for_person(policy: Policy, view: CaseView, where: int | None) -> CaseView:
    """Return the case as somebody may read it for their own eyes in the channel `where`.

    A text that may be quoted in one channel only is read there. Where the policy names no such
    channel, every moderator may read it for themselves. `where` is `None` where others read along.
    """
    if not _is_restricted(policy, view):
        return view
    place = home_of(policy, view)
    if where is not None and (not place.is_restricted or place.channel_id == where):
        return view
    return _without_text(view, place.channel_id or NOWHERE_ELSE)


def for_list(policy: Policy, views: Collection[CaseView]) -> tuple[CaseView, ...]:
    """Return cases as a list shows them, which quotes no text that is restricted anywhere."""
    return tuple(
        _without_text(view, home_of(policy, view).channel_id or NOWHERE_ELSE)
        if _is_restricted(policy, view)
        else view
        for view in views
    )


def _is_restricted(policy: Policy, view: CaseView) -> bool:
    return view.story_status is not None and policy.stories.of(view.story_status.state).restricted


def _without_text(view: CaseView, channel_id: int) -> CaseView:
    return replace(
        view,
        comment=replace(view.comment, text="", parent=None),
        before=None,
        withheld=channel_id,
    )
