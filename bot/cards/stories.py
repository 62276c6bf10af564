"""How a story stands in law: in the answer to /story, and as a reminder."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import discord

from bot.cards import escape, links, parts
from bot.cards.presses.others import (
    LeaveStory,
    MarkAsAsked,
    MarkStory,
    ReleaseHeld,
    ShowStories,
    ShowStory,
    StillSo,
)
from bot.cards.presses.persistent_items import button, menu
from bot.cards.text import common as common_text
from bot.cards.text import stories as story_text
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.stories import KnownStory, Prospect, StoryState

PAGE: Final = 10
STATES: Final = tuple(StoryState)
"""The states in the order of the menu: a pick is a place in it."""

_TITLE: Final = 90
_NOTE: Final = 160
_RULE: Final = 40


def story(known: KnownStory, policy: Policy, *, said: str | None = None) -> discord.ui.LayoutView:
    """Show how a story stands, with a menu to say otherwise; `said` is our own sentence above."""
    press = MarkStory(case=known.case_id, token=known.token)
    items: list[parts.Item] = [parts.text(said, *_about(known, policy))]
    if known.unwanted:
        free = ReleaseHeld(case=known.case_id, token=known.token)
        items.append(parts.row(button(free, story_text.release(known.unwanted))))
    return parts.plain(*items, parts.row(menu(press, story_text.PICK, _options(known))))


def _options(known: KnownStory) -> list[discord.SelectOption]:
    """Return the states to choose from, the present one as it is said of the story now."""
    labels = story_text.CHOICES | {known.state: story_text.mark(known.state, known.closing)}
    return [
        discord.SelectOption(
            label=labels[state],
            value=str(place),
            description=story_text.MEANINGS[state],
            default=state is known.state,
        )
        for place, state in enumerate(STATES)
        if state is not StoryState.CLOSED or known.closable or state is known.state
    ]


def ask(
    found: Prospect, policy: Policy, *, note: str | None, minutes: int | None
) -> discord.ui.LayoutView:
    """Say what would come of setting a story's state, and ask.

    `minutes` is how long the person can take it back, `None` if they always can.
    """
    known, place = found.story, STATES.index(found.wanted)
    set_it = MarkAsAsked(case=known.case_id, token=known.token, state=place)
    leave = LeaveStory(case=known.case_id, token=known.token)
    wants = policy.stories.of(found.wanted).close_comments
    closes = {True: story_text.WOULD_CLOSE, False: story_text.WOULD_OPEN, None: None}[found.closes]
    return parts.plain(
        parts.text(
            story_text.ask(found.wanted, _title(known)),
            common_text.note(escape.line(note, _NOTE)) if note else None,
            story_text.would_hold(found.holds),
            story_text.would_free(found.frees) if found.frees else None,
            closes,
            parts.small(story_text.CANNOT_CLOSE) if wants and not known.closable else None,
            parts.small(story_text.take_back(minutes)) if minutes else None,
        ),
        parts.row(
            button(set_it, story_text.SET, discord.ButtonStyle.primary),
            button(leave, story_text.LEAVE),
        ),
    )


def _about(known: KnownStory, policy: Policy) -> Iterator[str | None]:
    status = known.status
    yield f"{_title(known)}\n{story_text.stands(known.state, known.closing)}"
    if status is not None:
        yield parts.small(
            parts.joined(
                story_text.set_by(parts.name(status.by_name), status.at),
                story_text.review(status.review_at) if status.review_at else None,
            )
        )
        yield common_text.note(escape.line(status.note, _NOTE)) if status.note else None
    yield effects(policy, known.state, closable=known.closable)
    yield story_text.held(known.held) if known.held else None
    yield _site(known)


def effects(policy: Policy, state: StoryState, *, closable: bool = True) -> str | None:
    """Say what a state changes in this newsroom."""
    rules, holding = policy.stories.of(state), policy.holding(state)
    names = [escape.line(rule.name, _RULE) for rule in holding]
    return story_text.effects(
        rules if closable else replace(rules, close_comments=False),
        names,
        all_hold=len(holding) == len(policy.rules),
    )


_AT_SITE = {
    (True, True): story_text.SITE_CLOSED,
    (True, False): story_text.SITE_OPENED,
    (False, True): story_text.SITE_ASKED_TO_CLOSE,
    (False, False): story_text.SITE_ASKED_TO_OPEN,
}
"""What is said of a closing that goes well, by whether it is done and whether it closes."""


def _site(known: KnownStory) -> str | None:
    closing = known.closing
    if not known.closable:
        return parts.small(story_text.CANNOT_CLOSE)
    if closing is None:
        return None
    if closing.trouble:
        return story_text.site_trouble(escape.line(closing.trouble, _NOTE))
    return _AT_SITE[closing.is_done, closing.closed]


def _title(known: KnownStory, most: int = links.ALONE) -> str:
    title = escape.line(known.title, _TITLE) or escape.line(links.address(known.url), _TITLE)
    url = links.linkable(known.url, most)
    linked = f"[{title}]({url})" if url and known.title else title
    return f"“{linked or common_text.NO_TITLE}”"


def marked(stories: Sequence[KnownStory], *, total: int, offset: int = 0) -> discord.ui.LayoutView:
    """List the stories that are not normal, with a button to the next ones."""
    if not stories:
        return parts.plain(parts.text(story_text.NONE_MARKED))
    items: list[parts.Item] = [
        parts.text(story_text.marked(total)),
        parts.text(*(_line(known) for known in stories)),
    ]
    seen = offset + len(stories)
    if total > len(stories):
        press = ShowStories(offset=seen if seen < total else 0)
        items.append(
            parts.row(
                button(press, common_text.NEXT_PAGE if press.offset else common_text.FIRST_PAGE)
            )
        )
    return parts.plain(*items)


def _line(known: KnownStory) -> str:
    status = known.status
    return parts.joined(
        f"**{story_text.mark(known.state, known.closing)}**",
        _title(known, links.AMONG_OTHERS),
        story_text.review(status.review_at) if status and status.review_at else None,
    )


def review(known: KnownStory) -> discord.ui.LayoutView:
    """Ask in the channel whether a story's state still holds."""
    still = StillSo(case=known.case_id, token=known.token)
    change = ShowStory(case=known.case_id, token=known.token)
    status = known.status
    note = common_text.note(escape.line(status.note, _NOTE)) if status and status.note else None
    by = story_text.set_by(parts.name(status.by_name), status.at) if status else ""
    return parts.plain(
        parts.text(
            story_text.due(story_text.mark(known.state, known.closing)),
            _title(known),
            note,
            parts.small(by),
        ),
        parts.row(
            button(still, story_text.STILL, discord.ButtonStyle.success),
            button(change, story_text.CHANGE),
        ),
    )


def reviewed(known: KnownStory, by_name: str) -> discord.ui.LayoutView:
    """Stand in place of the reminder once somebody looked."""
    status = known.status
    review_at = status.review_at if status else None
    said = story_text.still(
        story_text.mark(known.state, known.closing), parts.name(by_name), review_at
    )
    return parts.plain(parts.text(said, _title(known)))


def moved(case_id: CaseId, channel_id: int) -> discord.ui.LayoutView:
    """Stand in the place of a card that stands in another channel now; nothing of it is left."""
    return parts.plain(parts.text(parts.small(story_text.moved(case_id, channel_id))))


def choice(known: KnownStory) -> str:
    """Name a story in a list to pick from, in at most 100 characters."""
    mark = "" if known.status is None else f"{story_text.mark(known.state, known.closing)}: "
    name = escape.label(known.title, 100) or escape.label(known.url, 100) or common_text.NO_TITLE
    return escape.label(f"{mark}{name}", 100)
