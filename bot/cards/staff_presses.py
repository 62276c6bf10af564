"""What can be pressed about the desk itself."""

from bot.cards.presses import Press, press


@press("help")
class ShowHelp(Press):
    """Show a page of the help; one that is not there any more is the first."""

    topic: str
