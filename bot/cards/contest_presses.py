"""What can be pressed about contested decisions."""

from dataclasses import dataclass

from bot.cards.presses import Form, OfCase, press


@dataclass(frozen=True, slots=True, kw_only=True)
class OfContest(OfCase):
    """A press about one contest of a decision on a case."""

    contest: int


@press("uphold")
class UpholdDecision(OfContest):
    """Open the form that lets the decision stand."""


@press("overturn")
class OverturnDecision(OfContest):
    """Open the form that changes the decision."""


@press("shorten")
class ShortenBan(OfContest):
    """Open the form that lets a ban end sooner."""


@press("contestform")
class ContestForm(OfContest, Form):
    """What the form is sent off as; `answer` is a place in `contest_modal.ANSWERS`."""

    answer: int


@press("contestread")
class ReadContest(OfContest):
    """Show a page of all that somebody says against a decision, from 0."""

    page: int = 0
