"""A notice of another kind than a report, as moderators see it; no card has a name on it."""

from collections.abc import Iterator
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.presses.persistent_items import PressButton, button
from bot.cards.presses.readers import OfReadersNotice, PickCase, ReadNotice, WriteAnswer, on_notice
from bot.cards.text import common as common_text
from bot.cards.text import notices as notice_text
from bot.domain.cases import NoticeKind
from bot.domain.ids import CaseId
from bot.domain.readers.notice import Notice, Told

_COLOUR: Final = 0x5865F2
_DONE_COLOUR: Final = 0x80848E
_LENGTHS: Final = (1500, 900, 500, 250, 120)
_DECIDES: Final = (NoticeKind.ILLEGAL, NoticeKind.NEWSROOM)


def card(notice: Notice, told: Told, *, link: str | None) -> discord.ui.LayoutView:
    """Draw a notice's card."""
    colour = _DONE_COLOUR if _is_over(notice, told) else _COLOUR
    return parts.card(_items(notice, told, link), colour)


def _is_over(notice: Notice, told: Told) -> bool:
    return told.is_over or notice.legal_id is not None


def _items(notice: Notice, told: Told, link: str | None) -> Iterator[parts.Item]:
    over = _is_over(notice, told)
    lacks = ", ".join(notice_text.FIELDS[one] for one in notice.said.missing())
    yield parts.text(
        parts.joined(
            notice_text.named(notice.kind, notice.id),
            _about(notice, link),
            notice_text.ROADS[notice.road],
            common_text.ago(notice.received_at),
        ),
        _clock(notice, told),
        notice_text.MINOR if notice.said.minor else None,
        notice_text.lacks(lacks) if lacks and not over else None,
        None if over else _next(notice),
    )
    yield parts.row(*_buttons(notice, over=over))


def _about(notice: Notice, link: str | None) -> str:
    if notice.case_id is None:
        return notice_text.UNKNOWN_COMMENT if notice.said.address else notice_text.NO_COMMENT
    number = common_text.case(notice.case_id)
    return notice_text.about(f"[{number}]({link})" if link else number)


def _clock(notice: Notice, told: Told) -> str | None:
    if told.is_over:
        return notice_text.over(told.stage, common_text.ago(told.at or notice.received_at))
    if notice.act_by is None or notice.legal_id is not None:
        return None
    at = notice.act_by
    return notice_text.answer_by(f"{common_text.date_and_clock(at)} ({common_text.ago(at)})")


def _next(notice: Notice) -> str | None:
    if notice.case_id is None:
        return parts.small(notice_text.TIE_IT) if notice.said.address else None
    return parts.small(notice_text.HOW_DECIDED) if notice.kind in _DECIDES else None


def _buttons(notice: Notice, *, over: bool) -> Iterator[PressButton]:
    yield _button(ReadNotice, notice, notice_text.READ)
    if not over:
        yield _button(WriteAnswer, notice, notice_text.ANSWER)
    if notice.case_id is None:
        yield _button(PickCase, notice, notice_text.TIE)


def _button(kind: type[OfReadersNotice], notice: Notice, label: str) -> PressButton:
    return button(on_notice(kind, notice), label)


def in_full(notice: Notice, told: Told) -> discord.ui.LayoutView:
    """Show all that a notice says, to whoever may answer it."""
    said = notice.said

    def draw(length: int) -> discord.ui.LayoutView:
        return parts.plain(
            parts.text(notice_text.named(notice.kind, notice.id), _clock(notice, told)),
            parts.text(*_where(notice)),
            parts.text(*_said(notice_text.WHAT, said.text, length)),
            *([parts.text(*_said(notice_text.FALSITY, said.falsity, length))] if said.falsity else []),
            parts.text(*_who(notice)),
            *([parts.text(*_said(notice_text.ANSWERED, told.answer, length))] if told.answer else []),
            *([] if _is_over(notice, told) else [parts.row(*_buttons(notice, over=False))]),
        )  # fmt: skip

    return parts.fitting(draw, _LENGTHS)


def _who(notice: Notice) -> tuple[str, ...]:
    said = notice.said
    if said.minor and not said.name and not said.email:
        return (f"**{notice_text.WHO}** {notice_text.NO_NAME_NEEDED}",)
    return (f"**{notice_text.WHO}**", _to_copy(f"{said.name} {said.email}".strip(), 300))


def _where(notice: Notice) -> tuple[str, ...]:
    if not notice.said.address:
        return (f"**{notice_text.WHERE}** {_about(notice, None)}",)
    address = _to_copy(notice.said.address, 500)
    return (f"**{notice_text.WHERE}**", address, parts.small(notice_text.CAREFUL))


def _to_copy(text: str, length: int) -> str:
    """Return a text as it is, so that it can be copied; in code only a backtick means anything."""
    inert = escape.cut(escape.clean(text), length).replace("`", "'").replace("\n", " ")
    return f"`{inert}`" if inert else notice_text.NOT_SAID


def _said(head: str, text: str, length: int) -> tuple[str, ...]:
    return (f"**{head}**", escape.prose(text, length, lines=40) or notice_text.NOT_SAID)


def call(
    notice: Notice, *, roles: tuple[int, ...], link: str | None, over: bool
) -> discord.ui.LayoutView:
    """Call the editors before a notice's time is over, and once it is."""
    called = " ".join(f"<@&{role}>" for role in roles)
    said = (notice_text.overdue if over else notice_text.due_soon)(notice.kind, notice.id)
    there = f"[{notice_text.READ}]({link})" if link else None
    return parts.plain(parts.text(f"📨 {called} **{said}**", there))


def taken(notice: Notice) -> discord.ui.LayoutView:
    """Say that a complaint was kept, and where."""
    case = common_text.case(notice.case_id) if notice.case_id else None
    return parts.plain(parts.text(notice_text.taken(notice.kind, notice.id, case)))


def tied(notice: Notice, case: CaseId) -> discord.ui.LayoutView:
    """Say which case a notice is about now."""
    return parts.plain(parts.text(notice_text.tied(notice.id, common_text.case(case))))


def answered(notice: Notice) -> discord.ui.LayoutView:
    """Say that an answer was kept."""
    return parts.plain(parts.text(notice_text.answered(notice.id)))
