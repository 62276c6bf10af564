"""What can be pressed under an alert."""

from bot.cards.presses import OfAlert, press


@press("alertreal")
class CallReal(OfAlert):
    """Say that it was worth an alert."""


@press("alertfalse")
class CallFalse(OfAlert):
    """Say that it was a false alarm."""


@press("alertmute")
class MuteAlert(OfAlert):
    """Hear no more of what it is about, for a while."""


@press("alertunmute")
class UnmuteAlert(OfAlert):
    """Hear of it again."""


@press("alertcases")
class ShowAlertCases(OfAlert):
    """List its cases."""


@press("alertthread")
class AskModerators(OfAlert):
    """Begin a thread with the moderators."""


@press("alertwatch")
class WatchStory(OfAlert):
    """Have the story's state become "watch"."""


@press("alertclose")
class CloseStory(OfAlert):
    """Close the story's comments on the site."""


@press("alertraise")
class RaiseCases(OfAlert):
    """Put its cases at the front of the moderators' queue."""


@press("alertback")
class PutCasesBack(OfAlert):
    """Put them back in their places."""
