"""A legal notice as seniors and editors see it: its clock, what comes next, and its letters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import discord

from bot.cards import escape, legal_letters, parts
from bot.cards.buttons import Kind, Press, button, menu
from bot.cards.text import common as common_text
from bot.domain.case import CaseView
from bot.domain.legal import FOLLOWING, LegalNotice, Stage

STAGES: Final = tuple(Stage)
"""The stages in the order of the menu: a pick is a place in it."""

_NAME: Final = 60
_SAID: Final = 300
_LETTER: Final = 1700
_COLOUR: Final = 0x5865F2
_DONE_COLOUR: Final = 0x80848E
_TASKS: Final[Mapping[Stage, str]] = {
    Stage.RECEIVED: "Send the notice to the poster, or take the comment down",
    Stage.DEFECTIVE: "Tell the complainant what is missing",
    Stage.POSTER_TOLD: "The poster may answer",
    Stage.POSTER_SILENT: "No answer: take the comment down and tell the complainant",
    Stage.POSTER_AGREES: "Take the comment down and tell the complainant",
    Stage.POSTER_INSISTS: "Tell the complainant that the poster insists",
}
_DONE: Final[Mapping[Stage, str]] = {
    Stage.POSTER_TOLD: "The poster was told",
    Stage.POSTER_AGREES: "The poster agrees to removal",
    Stage.POSTER_INSISTS: "The poster insists",
    Stage.REMOVED: "The comment is down, and the complainant knows",
    Stage.ANSWERED: "The complainant knows what is missing",
    Stage.HANDED_ON: "The complainant knows that the poster insists",
}
_WHAT_COUNTS: Final = "The 48 hours leave out weekends and the bank holidays of England and Wales."
_WHAT_DONE: Final = "Say what was done"
_LETTERS: Final = "Letters"
NOT_ADVICE: Final = "Drafts, not legal advice: let somebody who knows the law read them."
NONE_RUNNING: Final = "No clock of a legal notice runs."


def card(notice: LegalNotice, view: CaseView, *, link: str | None) -> discord.ui.LayoutView:
    """Draw a notice's card; the complainant's e-mail address stays in the letters."""
    return parts.card(
        _items(notice, view, link), _COLOUR if notice.act_by is not None else _DONE_COLOUR
    )


def _items(notice: LegalNotice, view: CaseView, link: str | None) -> Iterator[parts.Item]:
    number = common_text.case(view.case.id)
    yield parts.text(
        parts.joined(
            f"⚖ **Legal notice {notice.id}**",
            f"on [{number}]({link})" if link else f"on {number}",
            f"from {escape.line(notice.name, _NAME)}" if notice.name else "from somebody unnamed",
            common_text.ago(notice.received_at),
        ),
        _clock(notice),
    )
    if notice.stage is Stage.DEFECTIVE:
        yield parts.text("The notice does not say:", *(f"- {one}" for one in notice.defects))
    said = [_said("It means", notice.meaning), _said("It is untrue that", notice.falsity)]
    if any(said):
        yield parts.text(*said)
    following = FOLLOWING.get(notice.stage, ())
    if following:
        options = [
            discord.SelectOption(label=_DONE[stage], value=str(STAGES.index(stage)))
            for stage in following
        ]
        yield parts.row(menu(_press(Kind.LEGAL_STEP, notice), _WHAT_DONE, options))
    if legal_letters.letters(notice, view):
        yield parts.row(button(_press(Kind.LEGAL_LETTERS, notice), _LETTERS))


def _clock(notice: LegalNotice) -> str:
    if notice.act_by is None:
        return f"✔ {_DONE[notice.stage]}, {common_text.clock(notice.stage_at)}."
    counted = "" if notice.stage is Stage.POSTER_TOLD else f"\n{parts.small(_WHAT_COUNTS)}"
    return f"⏱ **{_TASKS[notice.stage]}** by {_moment(notice.act_by)}.{counted}"


def _moment(at: datetime) -> str:
    return f"<t:{int(at.timestamp())}:f> ({common_text.ago(at)})"


def _said(head: str, text: str) -> str | None:
    shown = escape.prose(text, _SAID, lines=4)
    return f"**{head}** {shown}" if shown else None


def _press(kind: Kind, notice: LegalNotice) -> Press:
    return Press(kind=kind, case_id=notice.case_id, extra=notice.id, token=notice.token)


def taken_in(notice: LegalNotice) -> discord.ui.LayoutView:
    """Say that a notice was kept, and which clock runs."""
    return parts.plain(
        parts.text(f"✔ Legal notice {notice.id} was taken in.", _clock(notice)),
        parts.row(button(_press(Kind.LEGAL_LETTERS, notice), _LETTERS)),
    )


def stepped(notice: LegalNotice) -> discord.ui.LayoutView:
    """Say which clock runs now."""
    return parts.plain(parts.text(f"Legal notice {notice.id}:", _clock(notice)))


def letters(notice: LegalNotice, view: CaseView) -> discord.ui.LayoutView:
    """Show the letters of a stage, ready to be copied."""
    items: list[parts.Item] = []
    for heading, text in legal_letters.letters(notice, view):
        # Within a code block only a backtick means anything.
        inert = escape.clean(text).replace("`", "'")[:_LETTER]
        items.append(parts.text(f"**{heading}**\n```\n{inert}\n```"))
    return parts.plain(*items, parts.text(parts.small(NOT_ADVICE)))


def listed(notices: Sequence[LegalNotice]) -> discord.ui.LayoutView:
    """List the notices whose clock runs, the most urgent first."""
    if not notices:
        return parts.plain(parts.text(NONE_RUNNING))
    return parts.plain(
        parts.text(
            "**Legal notices**",
            *(
                parts.joined(
                    f"**{one.id}** on {common_text.case(one.case_id)}",
                    _TASKS[one.stage],
                    _moment(one.act_by) if one.act_by else None,
                )
                for one in notices
            ),
        )
    )


def call(
    notice: LegalNotice, *, roles: tuple[int, ...], link: str | None, over: bool
) -> discord.ui.LayoutView:
    """Call the editors before a clock runs out, and when it has."""
    called = " ".join(f"<@&{role}>" for role in roles)
    name = f"legal notice {notice.id} on {common_text.case(notice.case_id)}"
    if over and notice.stage is Stage.POSTER_SILENT:
        said = f"The poster's five days are over on {name}."
    elif over:
        said = f"The clock of {name} has run out."
    else:
        said = f"The clock of {name} runs out soon."
    there = f"[Its card]({link})" if link else None
    return parts.plain(parts.text(f"⚖ {called} **{said}**", _clock(notice), there))
