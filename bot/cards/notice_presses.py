"""What can be pressed about notices of another kind than reports."""

from dataclasses import dataclass

from bot.cards.presses import Form, Press, press
from bot.domain.readers.notice import Notice


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
