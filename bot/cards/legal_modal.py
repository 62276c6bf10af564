"""The form behind /legal notice: what a complainant's notice says."""

from collections.abc import Collection
from typing import Any, Final

import discord

from bot.cards.case_presses import LegalForm
from bot.cards.forms import Fields, first
from bot.cards.presses import on_case
from bot.cards.text import legal as legal_text
from bot.domain.case import Case
from bot.domain.legal import Consent
from bot.services.legal import Complaint

_LINE: Final = 200
_TEXT: Final = 2000
UNKNOWN: Final = "unknown"
_NAME_ALONE: Final = "name"
_EMAIL_ALONE: Final = "email"
LEGAL_SAYS: Final = (
    (UNKNOWN, legal_text.UNKNOWN),
    (Consent.GIVEN.value, legal_text.MAY_TELL),
    (Consent.REFUSED.value, legal_text.MAY_NOT_TELL),
    (_NAME_ALONE, legal_text.NAME_ALONE),
    (_EMAIL_ALONE, legal_text.EMAIL_ALONE),
)


class LegalModal(discord.ui.Modal):
    """The form, for one case; what was filled in is read by `read`, so nothing is kept."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            title=legal_text.form_title(case.id),
            custom_id=on_case(LegalForm, case).custom_id,
        )
        self.add_item(_field("name", legal_text.NAME_FIELD, legal_text.NAME_HELP))
        self.add_item(_field("email", legal_text.EMAIL_FIELD))
        self.add_item(_field("meaning", legal_text.MEANING_FIELD, long=True))
        self.add_item(_field("falsity", legal_text.FALSITY_FIELD, long=True))
        options = [discord.SelectOption(label=label, value=value) for value, label in LEGAL_SAYS]
        self.add_item(
            discord.ui.Label(
                text=legal_text.SAYS_FIELD,
                component=discord.ui.Select(
                    custom_id="says",
                    options=options,
                    min_values=0,
                    max_values=len(options),
                    required=False,
                ),
            )
        )
        self.stop()


def read(form: LegalForm, fields: Fields) -> Complaint:
    """Return what was filled in."""
    says = fields.get("says", ())
    name, email = consents(says)
    return Complaint(
        case_id=form.case,
        name=first(fields, "name"),
        email=first(fields, "email"),
        meaning=first(fields, "meaning"),
        falsity=first(fields, "falsity"),
        unknown=UNKNOWN in says,
        consent=name,
        email_consent=email,
    )


def consents(says: Collection[str]) -> tuple[Consent, Consent]:
    """Return what the poster may be told by these picks: the name, and the e-mail address.

    Who says both yes and no is taken at the safer word.
    """
    if Consent.REFUSED.value in says:
        return Consent.REFUSED, Consent.REFUSED
    if Consent.GIVEN.value in says or {_NAME_ALONE, _EMAIL_ALONE} <= set(says):
        return Consent.GIVEN, Consent.GIVEN
    if _NAME_ALONE in says:
        return Consent.GIVEN, Consent.REFUSED
    if _EMAIL_ALONE in says:
        return Consent.REFUSED, Consent.GIVEN
    return Consent.UNSAID, Consent.UNSAID


def _field(
    name: str, label: str, hint: str | None = None, *, long: bool = False
) -> discord.ui.Label[Any]:
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    return discord.ui.Label(
        text=label,
        description=hint,
        component=discord.ui.TextInput(
            custom_id=name, style=style, required=False, max_length=_TEXT if long else _LINE
        ),
    )
