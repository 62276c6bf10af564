"""The forms about notices: what came by another road, an answer, and which case one is about."""

from typing import Any, Final

import discord

from bot.cards import escape
from bot.cards.cases.legal_card import LEGAL_SAYS, UNKNOWN, consents
from bot.cards.press_table import Fields, first
from bot.cards.presses.readers import AnswerForm, ComplaintForm, TieForm, on_notice
from bot.cards.text import legal as legal_text
from bot.cards.text import notices as notice_text
from bot.domain.cases import NoticeKind
from bot.domain.legal import Consent
from bot.domain.readers.notice import LONGEST_WORDS, Notice, NoticeText, Outcome, Road
from bot.services.readers.complaint import name_and_email

KINDS: Final = tuple(NoticeKind)
ROADS: Final = tuple(Road)
"""In the order in which a form's custom id counts them."""

_LINE: Final = 300
_OUTCOMES: Final = tuple(Outcome)
_GOOD_FAITH, _MINOR = "good_faith", "minor"
_ILLEGAL_SAYS: Final = ((_GOOD_FAITH, notice_text.GOOD_FAITH), (_MINOR, notice_text.IS_MINOR))
_SAYS: Final = {NoticeKind.ILLEGAL: _ILLEGAL_SAYS, NoticeKind.LEGAL: LEGAL_SAYS}


class ComplaintModal(discord.ui.Modal):
    """What somebody said by e-mail, telephone or letter; nothing is kept while it is open."""

    def __init__(self, form: ComplaintForm, kind: NoticeKind, about: str) -> None:
        super().__init__(title=notice_text.form_title(kind), custom_id=form.custom_id)
        if not form.case:
            self.add_item(_field("address", notice_text.ADDRESS_FIELD, given=about))
        self.add_item(_field("who", notice_text.WHO_FIELD, notice_text.WHO_HELP))
        legal = kind is NoticeKind.LEGAL
        text = legal_text.MEANING_FIELD if legal else notice_text.TEXT_FIELD
        self.add_item(_field("text", text, long=True, required=True))
        if legal:
            self.add_item(_field("falsity", legal_text.FALSITY_FIELD, long=True))
        if kind in _SAYS:
            options = [discord.SelectOption(label=said, value=one) for one, said in _SAYS[kind]]
            self.add_item(_menu("says", notice_text.SAYS_FIELD, options, many=True))
        self.stop()


class AnswerModal(discord.ui.Modal):
    """What came of a notice, and the words for whoever gave it."""

    def __init__(self, notice: Notice) -> None:
        custom_id = on_notice(AnswerForm, notice).custom_id
        super().__init__(title=notice_text.ANSWER_TITLE, custom_id=custom_id)
        options = [
            discord.SelectOption(label=notice_text.OUTCOMES[one], value=one) for one in _OUTCOMES
        ]
        self.add_item(_menu("outcome", notice_text.ANSWER_FIELD, options, many=False))
        words = _field(
            "words", notice_text.WORDS_FIELD, notice_text.WORDS_HELP, long=True, required=True
        )
        self.add_item(words)
        self.stop()


class TieModal(discord.ui.Modal):
    """Which case a notice is about."""

    def __init__(self, notice: Notice) -> None:
        custom_id = on_notice(TieForm, notice).custom_id
        super().__init__(title=notice_text.TIE_TITLE, custom_id=custom_id)
        self.add_item(_field("case", notice_text.TIE_FIELD, required=True))
        self.stop()


def read(kind: NoticeKind, fields: Fields) -> NoticeText:
    """Return what was filled in about a complaint."""
    name, email = name_and_email(first(fields, "who"))
    says = fields.get("says", ())
    may_name, may_email = consents(says)
    return NoticeText(
        kind=kind,
        address=first(fields, "address"),
        name=name,
        email=email,
        text=first(fields, "text"),
        falsity=first(fields, "falsity"),
        unknown=UNKNOWN in says,
        may_name=_consent(may_name),
        may_email=_consent(may_email),
        minor=_MINOR in says,
        good_faith=_GOOD_FAITH in says,
    )


def outcome(fields: Fields) -> Outcome | None:
    """Return what was picked as an answer, `None` if nothing sound was."""
    picked = first(fields, "outcome")
    return Outcome(picked) if picked in _OUTCOMES else None


def _consent(said: Consent) -> bool | None:
    return None if said is Consent.UNSAID else said is Consent.GIVEN


def _field(
    name: str,
    label: str,
    hint: str | None = None,
    *,
    long: bool = False,
    required: bool = False,
    given: str = "",
) -> discord.ui.Label[Any]:
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    most = LONGEST_WORDS if long else _LINE
    return discord.ui.Label(
        text=label,
        description=hint,
        component=discord.ui.TextInput(
            custom_id=name,
            style=style,
            required=required,
            max_length=most,
            default=escape.label(given, most) or None,
        ),
    )


def _menu(
    name: str, label: str, options: list[discord.SelectOption], *, many: bool
) -> discord.ui.Label[Any]:
    return discord.ui.Label(
        text=label,
        component=discord.ui.Select(
            custom_id=name,
            options=options,
            min_values=0 if many else 1,
            max_values=len(options) if many else 1,
            required=not many,
        ),
    )
