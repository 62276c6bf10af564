"""What people read about a threat to somebody's life: the checklist, and the call to editors."""

from collections.abc import Iterator
from typing import Final

import discord

from bot.cards import escape, links, parts
from bot.cards.presses.cases import TickLifeStep
from bot.cards.presses.persistent_items import menu
from bot.cards.presses.scheme import on_case
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import legal as legal_text
from bot.domain.cases import CardRef, CaseView
from bot.domain.policy import Policy
from bot.domain.triage import Life, LifeStep

STEPS: Final = tuple(LifeStep)
"""The steps in the order of the menu: a pick is a place in it."""

_TITLE: Final = 90
_NAME: Final = 40


def checklist(view: CaseView) -> Iterator[parts.Item]:
    """Yield what has to be done about a case of life and death, if it is one."""
    life = view.life
    if life is None:
        return
    yield parts.text(legal_text.head(life.at), *(_step(life, step) for step in STEPS))
    if life.left:
        options = [
            discord.SelectOption(label=legal_text.STEPS[step][:100], value=str(STEPS.index(step)))
            for step in life.left
        ]
        yield parts.row(menu(on_case(TickLifeStep, view.case), legal_text.TICK, options))


def _step(life: Life, step: LifeStep) -> str:
    done = life.done.get(step)
    if done is None:
        return f"☐ {legal_text.STEPS[step]}"
    return parts.joined(
        f"☑ {legal_text.STEPS[step]}", case_text.by(parts.name(done.by_name), done.at)
    )


def ticked(life: Life, case_id: int) -> discord.ui.LayoutView:
    """Say what is left to do."""
    return parts.plain(parts.text(legal_text.noted(common_text.case(case_id), len(life.left))))


def call(
    view: CaseView, policy: Policy, *, roles: tuple[int, ...], link: str | None
) -> discord.ui.LayoutView:
    """Call the editors; the text is read on the card, not in a notification."""
    called = " ".join(f"<@&{role}>" for role in roles)
    rule = escape.line(policy.rule(view.case.top_rule).name, _NAME)
    number = common_text.case(view.case.id)
    return parts.plain(
        parts.text(
            legal_text.call(called, number),
            parts.joined(
                legal_text.reported_as(rule), common_text.ago(view.case.opened_at), _story(view)
            ),
            legal_text.what_to_do(view.case.id, link),
        )
    )


def _story(view: CaseView) -> str:
    title = escape.line(view.story.title, _TITLE)
    return f"on “{title}”" if title else escape.line(links.address(view.story.url), _TITLE)


def plain(view: CaseView, policy: Policy, link: str | None) -> tuple[str, str]:
    """Return the same as a title and a text for the roads besides Discord."""
    rule = policy.rule(view.case.top_rule).name
    story = escape.bare(view.story.title, _TITLE) or escape.bare(view.story.url, _TITLE)
    body = legal_text.plain_body(rule, story)
    return legal_text.plain_title(view.case.id), f"{body}\n{link or legal_text.OPEN_CHANNEL}"


def link_of(guild_id: int, ref: CardRef | None) -> str | None:
    """Return the address of a case's card, if it has one."""
    return links.jump(guild_id, ref) if ref else None
