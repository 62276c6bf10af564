"""A legal notice as seniors and editors see it: its deadline, what comes next, and its letters."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import discord

from bot.cards import escape, parts
from bot.cards.press_table import Fields, first
from bot.cards.presses.cases import LegalForm, ShowLetters, TakeLegalStep
from bot.cards.presses.persistent_items import PressButton, button, menu
from bot.cards.presses.scheme import on_case
from bot.cards.text import common as common_text
from bot.cards.text import legal as legal_text
from bot.cards.text import letters as letter_text
from bot.domain.cases import Case, CaseView
from bot.domain.legal import FOLLOWING, Consent, LegalNotice, Stage
from bot.services.cases.legal import Complaint

STAGES: Final = tuple(Stage)
"""The stages in the order of the menu: a pick is a place in it."""

_NAME: Final = 60
_SAID: Final = 300
_LETTER: Final = 1700
_COLOUR: Final = 0x5865F2
_DONE_COLOUR: Final = 0x80848E


def card(notice: LegalNotice, view: CaseView, *, link: str | None) -> discord.ui.LayoutView:
    """Draw a notice's card; the complainant's e-mail address stays in the letters."""
    return parts.card(
        _items(notice, view, link), _COLOUR if notice.act_by is not None else _DONE_COLOUR
    )


def _items(notice: LegalNotice, view: CaseView, link: str | None) -> Iterator[parts.Item]:
    number = common_text.case(view.case.id)
    yield parts.text(
        parts.joined(
            legal_text.named(notice.id),
            f"on [{number}]({link})" if link else f"on {number}",
            legal_text.from_whom(escape.line(notice.name, _NAME)),
            common_text.ago(notice.received_at),
        ),
        _clock(notice),
    )
    if notice.stage is Stage.DEFECTIVE:
        yield parts.text(legal_text.DEFECTS, *(f"- {one}" for one in notice.defects))
    said = [_said(legal_text.MEANING, notice.meaning), _said(legal_text.FALSITY, notice.falsity)]
    if any(said):
        yield parts.text(*said)
    yield from _steps(notice)
    if letter_text.letters(notice, view):
        yield parts.row(_letters(notice))


def _steps(notice: LegalNotice) -> Iterator[parts.Item]:
    """Yield a menu of what may be done next, if anything may."""
    options = [
        discord.SelectOption(label=legal_text.DONE[stage], value=str(STAGES.index(stage)))
        for stage in FOLLOWING.get(notice.stage, ())
    ]
    if options:
        press = TakeLegalStep(case=notice.case_id, notice=notice.id, token=notice.token)
        yield parts.row(menu(press, legal_text.WHAT_DONE, options))


def _clock(notice: LegalNotice) -> str:
    if notice.act_by is None:
        return legal_text.finished(notice.stage, common_text.clock(notice.stage_at))
    counted = (
        "" if notice.stage is Stage.POSTER_TOLD else f"\n{parts.small(legal_text.WHAT_COUNTS)}"
    )
    return f"{legal_text.next_step(notice.stage, _moment(notice.act_by))}{counted}"


def _moment(at: datetime) -> str:
    return f"<t:{int(at.timestamp())}:f> ({common_text.ago(at)})"


def _said(head: str, text: str) -> str | None:
    shown = escape.prose(text, _SAID, lines=4)
    return f"**{head}** {shown}" if shown else None


def _letters(notice: LegalNotice) -> PressButton:
    press = ShowLetters(case=notice.case_id, notice=notice.id, token=notice.token)
    return button(press, legal_text.LETTERS)


def taken_in(notice: LegalNotice) -> discord.ui.LayoutView:
    """Say that a notice was kept, and which deadline runs."""
    return parts.plain(
        parts.text(legal_text.taken_in(notice.id), _clock(notice)),
        parts.row(_letters(notice)),
    )


def stepped(notice: LegalNotice) -> discord.ui.LayoutView:
    """Say which deadline runs now."""
    return parts.plain(parts.text(legal_text.now(notice.id), _clock(notice)))


def letters(notice: LegalNotice, view: CaseView) -> discord.ui.LayoutView:
    """Show the letters of a stage, ready to be copied."""
    items: list[parts.Item] = []
    for heading, text in letter_text.letters(notice, view):
        # Within a code block only a backtick means anything.
        inert = escape.clean(text).replace("`", "'")[:_LETTER]
        items.append(parts.text(f"**{heading}**\n```\n{inert}\n```"))
    return parts.plain(*items, parts.text(parts.small(legal_text.NOT_ADVICE)))


def listed(notices: Sequence[LegalNotice]) -> discord.ui.LayoutView:
    """List the notices with a deadline running, the most urgent first."""
    if not notices:
        return parts.plain(parts.text(legal_text.NONE_RUNNING))
    return parts.plain(
        parts.text(
            legal_text.HEAD,
            *(
                parts.joined(
                    f"**{one.id}** on {common_text.case(one.case_id)}",
                    legal_text.TASKS[one.stage],
                    _moment(one.act_by) if one.act_by else None,
                )
                for one in notices
            ),
        )
    )


def call(
    notice: LegalNotice, *, roles: tuple[int, ...], link: str | None, over: bool
) -> discord.ui.LayoutView:
    """Call the editors before a deadline, and once it has passed."""
    called = " ".join(f"<@&{role}>" for role in roles)
    if over and notice.stage is Stage.POSTER_SILENT:
        say = legal_text.five_days_over
    else:
        say = legal_text.overdue if over else legal_text.due_soon
    said = say(notice.id, common_text.case(notice.case_id))
    there = f"[{legal_text.ITS_CARD}]({link})" if link else None
    return parts.plain(parts.text(f"⚖ {called} **{said}**", _clock(notice), there))


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
