"""What can be pressed under an alert: each with its label, and when it is offered."""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import discord

from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.presses.scheme import Form, OfAlert, on_alert, press
from bot.domain.alerts import Alert, AlertView, Opinion
from bot.domain.detection.events import Tier
from bot.domain.stories import StoryState

OfferedT = TypeVar("OfferedT", bound=OfAlert)

_LABELS: Final[dict[type[OfAlert], str]] = {}
_ANSWERS: Final[dict[type[OfAlert], Callable[[AlertView], bool]]] = {}
_MEASURES: Final[dict[type[OfAlert], Callable[[AlertView], bool]]] = {}
_A_ROW: Final = 5
"""Discord puts no more buttons beside each other."""


def offer(
    label: str, *, when: Callable[[AlertView], bool], measure: bool = True
) -> Callable[[type[OfferedT]], type[OfferedT]]:
    """Have the card offer a press, beside the measures or else beside the answers to the alert."""

    def offered(kind: type[OfferedT]) -> type[OfferedT]:
        _LABELS[kind] = label
        (_MEASURES if measure else _ANSWERS)[kind] = when
        return kind

    return offered


def _failed_to_close(view: AlertView) -> bool:
    closing = view.closing
    return view.state is StoryState.CLOSED and closing is not None and bool(closing.trouble)


@offer("Show the cases", measure=False, when=lambda _view: True)
@press("alertcases")
class ShowAlertCases(OfAlert):
    """List its cases."""


@offer("Real alert", measure=False, when=lambda view: view.alert.opinion is not Opinion.REAL)
@press("alertreal")
class CallReal(OfAlert):
    """Say that it was worth an alert."""


@offer("False alarm", measure=False, when=lambda view: view.alert.opinion is not Opinion.FALSE)
@press("alertfalse")
class CallFalse(OfAlert):
    """Say that it was a false alarm."""


@offer("Unmute", measure=False, when=lambda view: view.mute is not None)
@press("alertunmute")
class UnmuteAlert(OfAlert):
    """Hear of it again."""


@offer("Mute 24 h", measure=False, when=lambda view: view.mute is None)
@press("alertmute")
class MuteAlert(OfAlert):
    """Hear no more of what it is about, for a while."""


def _are_raised(view: AlertView) -> bool:
    return bool(view.alert.raised_by and view.raised)


@offer("Put its cases back", when=_are_raised)
@press("alertback")
class PutCasesBack(OfAlert):
    """Put them back in their places."""


@offer("Raise its cases", when=lambda view: not _are_raised(view) and view.tally.waiting > 0)
@press("alertraise")
class RaiseCases(OfAlert):
    """Put its cases at the front of the moderators' queue."""


@offer(
    "Ask moderators",
    when=lambda view: (
        view.alert.thread_id is None and (view.asked is None or bool(view.asked.trouble))
    ),
)
@press("alertthread")
class AskModerators(OfAlert):
    """Open the form of a question to the moderators."""


@press("alertaskform")
class AskForm(OfAlert, Form):
    """A question to the moderators, who get a thread about the alert."""


# A story that stands under a stricter state is not to be made less so from here.
@offer(
    "Watch story",
    when=lambda view: view.alert.tier is Tier.STORY and view.state is StoryState.NORMAL,
)
@press("alertwatch")
class WatchStory(OfAlert):
    """Have the story's state become "watch"."""


@offer(
    "Close comments",
    when=lambda view: (
        view.alert.tier is Tier.STORY
        and view.closable
        and (view.state in (StoryState.NORMAL, StoryState.WATCH) or _failed_to_close(view))
    ),
)
@press("alertclose")
class CloseStory(OfAlert):
    """Close the story's comments on the site."""


def button_of(kind: type[OfAlert], alert: Alert) -> PressButton:
    """Return a button; the cases are what is looked at first."""
    first = kind is ShowAlertCases
    style = discord.ButtonStyle.primary if first else discord.ButtonStyle.secondary
    return button(on_alert(kind, alert), _LABELS[kind], style)


def rows(view: AlertView) -> Iterator[list[PressButton]]:
    """Yield the rows of buttons that an alert's card has now."""
    for row in (_ANSWERS, _MEASURES):
        offered = [button_of(kind, view.alert) for kind, when in row.items() if when(view)]
        for start in range(0, len(offered), _A_ROW):
            yield offered[start : start + _A_ROW]
