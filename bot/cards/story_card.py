"""How a story stands in law: on its cases' cards, in the answer to /story, and as a reminder."""

from collections.abc import Iterator, Sequence
from typing import Final

import discord

from bot.cards import escape, links, parts, wording
from bot.cards import wording_stories as told
from bot.cards.buttons import Kind, Press, button, menu
from bot.domain.case import CaseView
from bot.domain.decision import Decision, Door
from bot.domain.ids import CaseId
from bot.domain.policy import Policy
from bot.domain.stories import KnownStory, StoryState

PAGE: Final = 10
STATES: Final = tuple(StoryState)
"""The states in the order of the menu: a pick is a place in it."""

_TITLE: Final = 90
_NOTE: Final = 160


def on_case(view: CaseView, policy: Policy) -> str | None:
    """Say on a case's card how its story stands, and what the desk did because of it."""
    standing = view.standing
    if standing is None:
        return None
    hidden = _hidden_by_desk(view)
    two = policy.stories.of(standing.state).second_pair
    said = [
        f"**{told.MARKS[standing.state]}**",
        told.hidden_by_desk(hidden.at) if hidden else None,
    ]
    if hidden and two:
        said.append(parts.small(told.keep_takes_two()))
    return "\n".join(line for line in said if line)


def mark_of(view: CaseView) -> str | None:
    """Name the state of a case's story, if it is not a normal one."""
    return told.MARKS[view.standing.state] if view.standing else None


def _hidden_by_desk(view: CaseView) -> Decision | None:
    last = view.history[-1] if view.history else None
    return last if last is not None and last.door is Door.DESK and view.case.is_open else None


def story(known: KnownStory, policy: Policy) -> discord.ui.LayoutView:
    """Show how a story stands, with a menu to say otherwise."""
    options = [
        discord.SelectOption(
            label=told.MARKS[state],
            value=str(place),
            description=told.MEANINGS[state],
            default=state is known.state,
        )
        for place, state in enumerate(STATES)
    ]
    press = _press(Kind.STORY_STATE, known)
    return parts.plain(
        parts.text(*_about(known, policy)), parts.row(menu(press, told.PICK, options))
    )


def _press(kind: Kind, known: KnownStory) -> Press:
    return Press(kind=kind, case_id=known.case_id, token=known.token)


def _about(known: KnownStory, policy: Policy) -> Iterator[str | None]:
    standing = known.standing
    yield f"{_title(known)}\n{told.stands(known.state)}"
    if standing is not None:
        yield parts.small(
            parts.joined(
                told.set_by(parts.name(standing.by_name), standing.at),
                told.review(standing.review_at) if standing.review_at else None,
            )
        )
        yield wording.note(escape.line(standing.note, _NOTE)) if standing.note else None
    yield told.effects(policy.stories.of(known.state))
    yield _site(known)


def _site(known: KnownStory) -> str | None:
    closing = known.closing
    if closing is None:
        return None
    if closing.trouble:
        return told.site_trouble(escape.line(closing.trouble, _NOTE))
    if not closing.is_done:
        return told.SITE_ASKED
    return told.SITE_CLOSED if closing.closed else told.SITE_OPENED


def _title(known: KnownStory) -> str:
    title = escape.line(known.title, _TITLE) or escape.line(links.address(known.url), _TITLE)
    url = links.linkable(known.url)
    linked = f"[{title}]({url})" if url and known.title else title
    return f"“{linked or wording.NO_TITLE}”"


def marked(stories: Sequence[KnownStory], *, total: int, offset: int = 0) -> discord.ui.LayoutView:
    """List the stories that are not normal, with a button to the next ones."""
    if not stories:
        return parts.plain(parts.text(told.NONE_MARKED))
    items: list[parts.Item] = [
        parts.text(told.marked(total)),
        parts.text(*(_line(known) for known in stories)),
    ]
    seen = offset + len(stories)
    if total > len(stories):
        press = Press(kind=Kind.STORIES, case_id=CaseId(0), extra=seen if seen < total else 0)
        items.append(
            parts.row(button(press, wording.NEXT_PAGE if press.extra else wording.FIRST_PAGE))
        )
    return parts.plain(*items)


def _line(known: KnownStory) -> str:
    standing = known.standing
    return parts.joined(
        f"**{told.MARKS[known.state]}**",
        _title(known),
        told.review(standing.review_at) if standing and standing.review_at else None,
    )


def review(known: KnownStory) -> discord.ui.LayoutView:
    """Ask in the channel whether a story's state still holds."""
    still = _press(Kind.STORY_STILL, known)
    change = _press(Kind.STORY, known)
    standing = known.standing
    note = wording.note(escape.line(standing.note, _NOTE)) if standing and standing.note else None
    by = told.set_by(parts.name(standing.by_name), standing.at) if standing else ""
    return parts.plain(
        parts.text(told.due(told.MARKS[known.state]), _title(known), note, parts.small(by)),
        parts.row(
            button(still, told.STILL, discord.ButtonStyle.success), button(change, told.CHANGE)
        ),
    )


def reviewed(known: KnownStory, by_name: str) -> discord.ui.LayoutView:
    """Stand in place of the reminder once somebody looked."""
    standing = known.standing
    review_at = standing.review_at if standing else None
    said = told.still(told.MARKS[known.state], parts.name(by_name), review_at)
    return parts.plain(parts.text(said, _title(known)))


def moved(case_id: CaseId, channel_id: int) -> discord.ui.LayoutView:
    """Stand in the place of a card that stands in another channel now; nothing of it is left."""
    return parts.plain(parts.text(parts.small(told.moved(case_id, channel_id))))


def choice(known: KnownStory) -> str:
    """Name a story in a list to pick from, in at most 100 characters."""
    mark = "" if known.standing is None else f"{told.MARKS[known.state]}: "
    name = escape.label(known.title, 100) or escape.label(known.url, 100) or wording.NO_TITLE
    return escape.label(f"{mark}{name}", 100)
