"""One commenter's record, and the list of bans in force; for the desk's eyes only."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.cards import escape, parts
from bot.cards.cases import case_lines, progress
from bot.cards.cases.case_lines import case_line
from bot.cards.parts import Item
from bot.cards.presses.others import DenyLikeness, ShowAuthor, ShowBans
from bot.cards.presses.persistent_items import button
from bot.cards.text import authors as author_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.domain.authors import AuthorSheet, StaffNote
from bot.domain.bans import Ban
from bot.domain.decisions import Decision
from bot.domain.ids import CaseId
from bot.domain.lines import count
from bot.domain.policy import Policy
from bot.services.authors.bans import BanPage

_LENGTHS: Final = (160, 80, 40)
"""Characters shown of each text; the later ones where escaping made much of it longer."""
_STRIKES_SHOWN: Final = 4
_BANS_SHOWN: Final = 3
_NOTE: Final = 2
"""A note is shown at so many times the length of a comment: the staff wrote it to be read."""


def author_card(
    sheet: AuthorSheet,
    policy: Policy,
    *,
    now: datetime,
    links: Mapping[CaseId, str],
    said: str | None = None,
) -> discord.ui.LayoutView:
    """Show a page of an author's record; `said` is one of our own sentences above it."""

    def draw(length: int) -> discord.ui.LayoutView:
        first = [] if sheet.page else list(_first_page(sheet, policy, now, length))
        return parts.plain(
            *([parts.text(said)] if said else []),
            parts.text(_head(sheet, now), author_text.first_seen(sheet.first_at, _site(sheet))),
            *first,
            parts.text(_range(sheet)),
            *(parts.text(line) for line in _cases(sheet, policy, links, length)),
            *_buttons(sheet, now),
        )

    return parts.fitting(draw, _LENGTHS)


def _site(sheet: AuthorSheet) -> str:
    return escape.line(common_text.capital(sheet.ref.site), 40)


def _head(sheet: AuthorSheet, now: datetime) -> str:
    record, author = sheet.record, sheet.author
    length = None
    if record.banned:
        until = record.banned_until
        over = until is not None and until <= now
        length = None if over else case_text.banned(until, now)
    return parts.joined(
        f"**{parts.name(author.name)}**",
        case_text.author_record(record.reported, record.hidden),
        count(record.strikes, "strike") if record.strikes else None,
        case_text.member_since(author.since) if author.since else None,
        length,
    )


def _notes(sheet: AuthorSheet, length: int) -> Item:
    if not sheet.notes:
        return parts.text(author_text.no_notes())
    head = author_text.notes(sheet.notes_total, len(sheet.notes))
    return parts.text(head, *(_note(note, length) for note in sheet.notes))


def _strikes(sheet: AuthorSheet, policy: Policy) -> Item:
    is_all = len(sheet.strikes) <= _STRIKES_SHOWN
    head = author_text.STRIKES if is_all else author_text.strikes(sheet.record.strikes)
    lasting = timedelta(days=policy.strike_days)
    shown = sheet.strikes[:_STRIKES_SHOWN]
    return parts.text(head, *(_strike(made, policy, lasting) for made in shown))


def _first_page(sheet: AuthorSheet, policy: Policy, now: datetime, length: int) -> Iterator[Item]:
    hints = case_lines.said(sheet.hints, now, most=3)
    if hints:
        yield parts.text(*hints, author_text.HINT_CAUTION)
    if sheet.strikes:
        yield _strikes(sheet, policy)
    if sheet.bans:
        yield parts.text(
            author_text.BANS,
            *(_ban(made, policy, undone=undone) for made, undone in sheet.bans[:_BANS_SHOWN]),
        )
    yield _notes(sheet, length * _NOTE)


def _strike(made: Decision, policy: Policy, lasting: timedelta) -> str:
    return parts.joined(
        case_text.mark(made.action, policy.emoji),
        common_text.case(made.case_id),
        parts.rule(policy, made),
        f"by {_people(made)}",
        author_text.expires(made.at + lasting),
    )


def _ban(made: Decision, policy: Policy, *, undone: bool) -> str:
    return parts.joined(
        common_text.capital(common_text.ban_given(made.at, made.until)),
        common_text.case(made.case_id),
        parts.rule(policy, made),
        f"{_people(made)}, {common_text.day(made.at)}",
        author_text.UNDONE if undone else None,
    )


def _people(made: Decision) -> str:
    return common_text.people(parts.name(made.verdict.by.name), progress.second(made))


def _note(note: StaffNote, length: int) -> str:
    words = escape.prose(note.text, length, lines=4) or case_text.NO_TEXT
    return author_text.note(words, parts.name(note.by_name), note.at)


def _range(sheet: AuthorSheet) -> str:
    return author_text.cases(sheet.offset + 1, sheet.offset + len(sheet.views), sheet.total)


def _cases(
    sheet: AuthorSheet, policy: Policy, links: Mapping[CaseId, str], length: int
) -> Iterator[str]:
    for view, _ in sheet.views:
        yield case_line(view, policy, links, text=view.comment.text, length=length, author=False)


def _buttons(sheet: AuthorSheet, now: datetime) -> Iterator[Item]:
    buttons: list[Item] = []
    if sheet.pages > 1:
        following = (sheet.page + 1) % sheet.pages
        label = common_text.NEXT_PAGE if following else common_text.FIRST_PAGE
        press = ShowAuthor(case=sheet.case_id, token=sheet.token, page=following)
        buttons.append(button(press, label))
    if sheet.page == 0 and case_lines.said(sheet.hints, now, most=1):
        deny = DenyLikeness(case=sheet.case_id, token=sheet.token)
        buttons.append(button(deny, author_text.NOT_THEM))
    if buttons:
        yield parts.row(*buttons)


PAGE = 10


def ban_list(
    page: BanPage, policy: Policy, *, now: datetime, offset: int = 0
) -> discord.ui.LayoutView:
    """List who is banned, the newest first, with a button to the next ones if there are more."""
    if not page.bans:
        return parts.plain(parts.text(author_text.NONE))
    lines = [_line(ban, policy, now) for ban in page.bans]
    head = author_text.banned_now(page.total)
    view = parts.plain(parts.text(head, *lines, author_text.HOW_TO_LIFT))
    after = offset + len(page.bans)
    if page.total > after:
        view.add_item(parts.row(button(ShowBans(offset=after), author_text.NEXT)))
    elif offset:
        view.add_item(parts.row(button(ShowBans(offset=0), author_text.NEWEST)))
    return view


def _line(ban: Ban, policy: Policy, now: datetime) -> str:
    rule = common_text.rule(policy.rule(ban.rule)) if ban.rule is not None else None
    second = parts.name(ban.second_name) if ban.second_name else None
    return parts.joined(
        f"**{parts.name(ban.author_name)}**",
        common_text.ban_length(ban.until, now),
        rule,
        f"by {common_text.people(parts.name(ban.by_name), second)}",
        f"#{ban.case_id}",
    )
