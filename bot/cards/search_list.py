"""The cases that a search found."""

from collections.abc import Iterator, Mapping
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.case_lines import case_line
from bot.cards.case_presses import ShowFound
from bot.cards.parts import Item
from bot.cards.persistent_items import button
from bot.cards.text import common as common_text
from bot.cards.text import search as search_text
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.search import excerpt
from bot.services.search import Found

_LENGTHS: Final = (180, 90, 40)
_LINE: Final = 100


def search_list(
    found: Found, line: str, policy: Policy, *, links: Mapping[CaseId, str]
) -> discord.ui.LayoutView:
    """List found cases, with a button to the next ones; `line` is what was searched for."""
    said = [f"-# {escape.line(line, _LINE)}", *(f"-# {_inert(r)}" for r in found.query.remarks)]

    def draw(length: int) -> discord.ui.LayoutView:
        return parts.plain(
            parts.text(_head(found), *said),
            *_lines(found, policy, links, length),
            *_buttons(found, line),
        )

    return parts.fitting(draw, _LENGTHS)


def _inert(remark: str) -> str:
    return escape.line(remark, 200)


def _head(found: Found) -> str:
    if not found.views:
        return search_text.NO_MORE if found.offset else search_text.NOTHING_FOUND
    first = found.offset + 1
    return search_text.found(first, found.offset + len(found.views), more=found.more)


def _lines(
    found: Found, policy: Policy, links: Mapping[CaseId, str], length: int
) -> Iterator[Item]:
    for view, _ in found.views:
        text = excerpt(view.comment.text, found.query, length)
        yield parts.text(case_line(view, policy, links, text=text, length=length))


def _buttons(found: Found, line: str) -> Iterator[Item]:
    step = len(found.views)
    if not (found.more or found.offset):
        return
    offset = found.offset + step if found.more else 0
    label = common_text.NEXT_PAGE if found.more else common_text.FIRST_PAGE
    yield parts.row(button(ShowFound(offset=offset, line=line), label))
