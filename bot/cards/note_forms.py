"""The two short forms behind More: a note for colleagues, and words for the editors."""

import re
from dataclasses import dataclass
from typing import Any, Final

import discord

from bot.cards.buttons import Kind
from bot.cards.forms import filled_in
from bot.cards.pressing import TAIL, named
from bot.cards.text import staff as staff_text
from bot.domain.case import Case
from bot.domain.ids import CaseId

_LENGTH: Final = 500
_FORM_ID: Final = re.compile(rf"desk:(?P<kind>staffnote|escalate)form:(?P<case>[0-9]+){TAIL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A filled-in form. `kind` is the button that opened it."""

    kind: Kind
    case_id: CaseId
    text: str
    token: str = ""


class WordsModal(discord.ui.Modal):
    """One field of text; nothing is kept while it is open, as with the ban form."""

    def __init__(self, kind: Kind, case: Case) -> None:
        note = kind is Kind.STAFF_NOTE
        super().__init__(
            title=staff_text.NOTE_TITLE if note else staff_text.ESCALATE_TITLE,
            custom_id=named(f"desk:{kind}form:{case.id}", case.token),
        )
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="text",
            style=discord.TextStyle.paragraph,
            required=note,
            max_length=_LENGTH,
        )
        self.add_item(
            discord.ui.Label(
                text=staff_text.NOTE_FIELD if note else staff_text.ESCALATE_FIELD,
                description=staff_text.NOTE_HELP if note else staff_text.ESCALATE_HELP,
                component=field,
            )
        )
        self.stop()


def read(interaction: discord.Interaction[Any]) -> Words | None:
    """Return what was filled in, `None` if the interaction is not one of these forms."""
    submitted = filled_in(interaction)
    form = _FORM_ID.fullmatch(submitted[0]) if submitted else None
    if submitted is None or form is None:
        return None
    text = submitted[1].get("text", "").strip()
    return Words(
        kind=Kind(form["kind"]),
        case_id=CaseId(int(form["case"])),
        text=text,
        token=form["token"] or "",
    )
