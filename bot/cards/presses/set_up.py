"""What can be picked in /setup; `place` is where a setting stands in `set_up.EVERY`."""

from bot.cards.presses.scheme import Form, Press, press


@press("setupchannel")
class PickChannel(Press):
    """A menu of the server's channels."""

    place: int


@press("setuproles")
class PickRoles(Press):
    """A menu of the server's roles."""

    place: int


@press("setuprules")
class PickRules(Press):
    """A menu of the house rules: those picked are on."""


@press("setuphours")
class AskHours(Press):
    """Show the form for the time zone and the quiet hours."""


@press("setuphoursform")
class HoursForm(Form, Press):
    """The form for the time zone and the quiet hours."""


@press("setupfile")
class UseFile(Press):
    """A menu of what is set here: let the file's value count again."""
