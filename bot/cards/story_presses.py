"""What can be pressed about stories; a story is named by a case under it."""

from bot.cards.presses import OfCase, Press, press


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
