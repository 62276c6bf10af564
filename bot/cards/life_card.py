"""What people read about a threat to somebody's life: the checklist, and the call to editors."""

from collections.abc import Iterator, Mapping
from typing import Final

import discord

from bot.cards import escape, links, parts
from bot.cards.buttons import Kind, menu, on_case
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.domain.case import CardRef, CaseView
from bot.domain.life import Life, LifeStep
from bot.domain.policy import Policy

STEPS: Final = tuple(LifeStep)
"""The steps in the order of the menu: a pick is a place in it."""

_TITLE: Final = 90
_NAME: Final = 40
_STEPS: Final[Mapping[LifeStep, str]] = {
    LifeStep.POLICE: "The police were called: 999, or 101 if nobody is in danger this minute",
    LifeStep.EDITOR: "An editor knows",
    LifeStep.KEPT: "What the site knows of the author is kept, for the police to ask for",
    LifeStep.REFERENCE: "The police's reference is noted on the case",
}
_TICK: Final = "Tick what was done"


def checklist(view: CaseView) -> Iterator[parts.Item]:
    """Yield what has to be done about a case of life and death, if it is one."""
    life = view.life
    if life is None:
        return
    yield parts.text(head(life), *(_step(life, step) for step in STEPS))
    if life.left:
        options = [
            discord.SelectOption(label=_STEPS[step][:100], value=str(STEPS.index(step)))
            for step in life.left
        ]
        yield parts.row(menu(on_case(Kind.LIFE_STEP, view.case), _TICK, options))


def head(life: Life) -> str:
    """Say what this is, and that everything is kept."""
    return (
        f"🆘 **Threat to life?** The editors were called {common_text.ago(life.at)}. Everything about "
        "this case is kept."
    )


def _step(life: Life, step: LifeStep) -> str:
    done = life.done.get(step)
    if done is None:
        return f"☐ {_STEPS[step]}"
    return parts.joined(f"☑ {_STEPS[step]}", case_text.by(parts.name(done.by_name), done.at))


def ticked(life: Life, case_id: int) -> discord.ui.LayoutView:
    """Say what is left to do."""
    left = "Everything is ticked." if not life.left else f"{len(life.left)} left on the card."
    return parts.plain(parts.text(f"✔ Noted on {common_text.case(case_id)}. {left}"))


def call(
    view: CaseView, policy: Policy, *, roles: tuple[int, ...], link: str | None
) -> discord.ui.LayoutView:
    """Call the editors; the text is read on the card, not in a notification."""
    called = " ".join(f"<@&{role}>" for role in roles)
    rule = escape.line(policy.rule(view.case.top_rule).name, _NAME)
    number = common_text.case(view.case.id)
    return parts.plain(
        parts.text(
            f"🆘 {called} **Somebody may be in danger: {number}**",
            parts.joined(f"Reported as {rule}", common_text.ago(view.case.opened_at), _story(view)),
            f"[Open the card]({link}) and do what it lists, the police first."
            if link
            else f"Use /case {view.case.id} now; its card comes in a moment.",
        )
    )


def _story(view: CaseView) -> str:
    title = escape.line(view.story.title, _TITLE)
    return f"on “{title}”" if title else escape.line(links.address(view.story.url), _TITLE)


def plain(view: CaseView, policy: Policy, link: str | None) -> tuple[str, str]:
    """Return the same as a title and a text for the roads besides Discord."""
    rule = policy.rule(view.case.top_rule).name
    story = escape.bare(view.story.title, _TITLE) or escape.bare(view.story.url, _TITLE)
    title = f"Somebody may be in danger: case {view.case.id}"
    body = f"A reader reported a comment as {rule}, on {story}."
    return title, f"{body}\n{link or 'Open the channel of the moderators.'}"


def link_of(guild_id: int, ref: CardRef | None) -> str | None:
    """Return the address of a case's card, if it has one."""
    return links.jump(guild_id, ref) if ref else None
