"""What can be pressed about contested decisions, and about notices of another kind than reports."""

from dataclasses import dataclass

from bot.cards.presses.scheme import Form, OfCase, Press, press
from bot.domain.readers.notice import Notice


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OfReadersNotice(Press):
    """A press about one notice, whose token is its own."""

    notice: int
    token: str = ""


@press("notice")
class ReadNotice(OfReadersNotice):
    """Show all that a notice says."""


@press("noticeanswer")
class WriteAnswer(OfReadersNotice):
    """Open the form of an answer."""


@press("noticeanswerform")
class AnswerForm(OfReadersNotice, Form):
    """An answer to whoever gave notice."""


@press("noticetie")
class PickCase(OfReadersNotice):
    """Open the form that asks which case it is about."""


@press("noticetieform")
class TieForm(OfReadersNotice, Form):
    """Which case a notice is about."""


@press("complaintform")
class ComplaintForm(Form, Press):
    """What came by another road: `kind` and `road` are places in their lists, `case` 0 for none.

    `received` is when it came, in seconds since 1970.
    """

    kind: int
    road: int
    case: int
    received: int


def on_notice(kind: type[OfReadersNotice], notice: Notice) -> OfReadersNotice:
    """Return a press about a notice."""
    return kind(notice=notice.id, token=notice.token)
