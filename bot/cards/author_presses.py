"""What can be pressed about authors; an author is named by a case of theirs."""

from bot.cards.presses import OfCase, Press, press


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
