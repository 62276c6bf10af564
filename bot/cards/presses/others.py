"""What can be pressed about authors, stories and the desk itself; each is named by a case."""

from bot.cards.presses.scheme import OfCase, Press, press


@press("author")
class ShowAuthor(OfCase):
    """Show a page of the author's record, from 0."""

    page: int = 0


@press("others")
class DenyLikeness(OfCase):
    """Say that the author is none of those they were likened to."""


@press("bans")
class ShowBans(Press):
    """Show who is banned, from a line on."""

    offset: int


@press("story")
class ShowStory(OfCase):
    """Show how the story of a case stands."""


@press("storystate")
class MarkStory(OfCase):
    """A menu: how the story stands, a place in `story_card.STATES`."""


@press("storyset")
class MarkAsAsked(OfCase):
    """Yes, set the state that was asked about; `state` is its place in `STATES`."""

    state: int


@press("storyleave")
class LeaveStory(OfCase):
    """No, leave it."""


@press("storyrelease")
class ReleaseHeld(OfCase):
    """Show again what is on hold under the story for no reason any more."""


@press("storystill")
class StillSo(OfCase):
    """The story still stands as it was marked."""


@press("stories")
class ShowStories(Press):
    """Show the marked stories from a line on."""

    offset: int


@press("help")
class ShowHelp(Press):
    """Show a page of the help; one that is not there any more is the first."""

    topic: str
