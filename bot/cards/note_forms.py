"""The two short forms behind More: a note for colleagues, and words for the editors."""

from typing import Any, Final

import discord

from bot.cards.case_presses import EscalateForm, NoteForm
from bot.cards.presses import on_case
from bot.cards.text import staff as staff_text
from bot.domain.case import Case

_LENGTH: Final = 500
TEXT: Final = "text"
"""The field's id."""


class WordsModal(discord.ui.Modal):
    """One field of text; nothing is kept while it is open, as with the ban form."""

    def __init__(self, kind: type[NoteForm | EscalateForm], case: Case) -> None:
        note = kind is NoteForm
        super().__init__(
            title=staff_text.NOTE_TITLE if note else staff_text.ESCALATE_TITLE,
            custom_id=on_case(kind, case).custom_id,
        )
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=TEXT,
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
