"""The pieces that cards and answers are put together from."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeAlias

import discord

from bot.cards import escape
from bot.cards.escape import blur
from bot.cards.presses.cases import BanAuthor, HideCase, KeepCase, OpenCase, UndoDecision
from bot.cards.presses.persistent_items import MOST_OPTIONS, PressButton, button
from bot.cards.presses.scheme import on_decision, on_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.cards.text import stories as story_text
from bot.domain.cases import CaseView
from bot.domain.decisions import REVERSAL, Action, Decision, Door
from bot.domain.ids import CaseId, RuleNumber, SiteId
from bot.domain.policy import Policy

Item: TypeAlias = discord.ui.Item[Any]

SiteCan: TypeAlias = Callable[[SiteId], Collection[Action]]
"""Which actions a site can carry out."""

MOST_TEXT = 4000
"""Characters that Discord takes in all texts of one message together."""

_NAME = 32
_SHOWN_NAME = 24


def text(*lines: str | None) -> discord.ui.TextDisplay[Any]:
    """Return a text of the lines that have something to say."""
    return discord.ui.TextDisplay("\n".join(line for line in lines if line))


def row(*items: Item) -> discord.ui.ActionRow[Any]:
    """Return up to five buttons, or one menu, beside each other."""
    return discord.ui.ActionRow(*items)


def card(items: Iterable[Item], colour: int | None = None) -> discord.ui.LayoutView:
    """Return the items in one frame, with an accent in that colour."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.Container(*items, accent_colour=colour))
    return view


def plain(*items: Item) -> discord.ui.LayoutView:
    """Return the items without a frame."""
    view = discord.ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def size(view: discord.ui.LayoutView) -> int:
    """Return how much of `MOST_TEXT` a view takes."""
    return sum(
        escape.units(item.content)
        for item in view.walk_children()
        if isinstance(item, discord.ui.TextDisplay)
    )


def fitting(
    draw: Callable[[int], discord.ui.LayoutView], lengths: tuple[int, ...]
) -> discord.ui.LayoutView:
    """Return the view drawn with the first of the lengths that Discord takes.

    The lengths fall; the last must fit whatever a reader wrote.
    """
    drawn = draw(lengths[0])
    for length in lengths[1:]:
        if size(drawn) <= MOST_TEXT:
            break
        drawn = draw(length)
    return drawn


def joined(*facts: str | None) -> str:
    """Return the facts that there are, on one line."""
    return " · ".join(fact for fact in facts if fact)


def small(words: str) -> str:
    """Return a line in small print, empty if there is nothing to say."""
    return f"-# {words}" if words else ""


def name(raw: str) -> str:
    """Return a person's name as inert text."""
    return escape.line(raw, _NAME) or common_text.NO_NAME


def rule(policy: Policy, decision: Decision) -> str | None:
    """Return the rule a decision cites, as inert text; `None` if it cites none."""
    if decision.verdict.rule is None:
        return None
    return escape.line(common_text.rule(policy.rule(decision.verdict.rule)), _NAME * 2)


def button_name(raw: str) -> str:
    """Return a rule's name short enough for a button."""
    return escape.label(raw, _SHOWN_NAME)


def is_spoiler(view: CaseView, policy: Policy) -> bool:
    """Whether the text stays behind a click: one of the rules it was reported under says so."""
    return any(policy.rule(number).spoiler for number in view.case.reasons)


def quote(view: CaseView, policy: Policy, raw: str, length: int, *, lines: int = 12) -> str:
    """Return what a reader wrote, in quotation marks, hidden where the house rules say so."""
    if view.withheld is not None:
        return story_text.withheld(view.withheld)
    shown = escape.prose(raw, length, lines=lines)
    if not shown:
        return case_text.NO_TEXT
    if is_spoiler(view, policy):
        return f"||{common_text.quoted(shown)}||"
    return common_text.quoted(blur(shown, policy.blurred))


def back(case: CaseId, token: str) -> PressButton:
    """Return the way back to all about a case, for what was reached from there."""
    return button(OpenCase(case=case, token=token), common_text.back_to(case))


def anything(site: SiteId) -> Collection[Action]:
    """Say that a site can do everything."""
    del site
    return frozenset(Action)


def undo(
    decision: Decision, can: Collection[Action], label: str = case_text.UNDO
) -> list[PressButton]:
    """Return the button that undoes a decision; none for an undoing, or if the site cannot."""
    if decision.verdict.door is Door.AUTHOR:
        return []
    undoing = REVERSAL.get(decision.action)
    # Taking a keep back asks nothing of the site.
    if undoing is None or not (undoing is Action.REOPEN or undoing in can):
        return []
    return [button(on_decision(UndoDecision, decision), label)]


def verdicts(view: CaseView, policy: Policy, can: Collection[Action]) -> list[PressButton]:
    """Return the buttons that decide an open case, as far as its site can follow."""
    case, rule = view.case, policy.rule(view.case.top_rule)
    found = [button(on_text(KeepCase, case), case_text.KEEP, discord.ButtonStyle.success)]
    if Action.HIDE in can:
        hide = HideCase(case=case.id, token=case.token, seen=case.revision, rule=rule.number)
        label = case_text.hide(button_name(rule.name))
        found.append(button(hide, label, discord.ButtonStyle.danger))
    if Action.BAN in can:
        found.append(button(on_text(BanAuthor, case), case_text.BAN))
    return found


def reason_options(
    policy: Policy, *, first: RuleNumber, only: bool = False
) -> list[discord.SelectOption]:
    """Return the texts to add to a notice, those of one rule first, or `only` those."""
    rules = sorted(policy.rules, key=lambda rule: rule.number != first)
    # Discord refuses a menu that offers a text twice, as where two rules have it.
    found = dict[str, discord.SelectOption]()
    for rule in rules:
        for reason in rule.reasons if rule.number == first or not only else ():
            under = None if only else escape.label(common_text.rule(rule), 100)
            option = discord.SelectOption(
                label=escape.label(reason, 100), value=reason, description=under
            )
            found.setdefault(reason, option)
    return list(found.values())[:MOST_OPTIONS]


def rule_options(
    policy: Policy, *, without: RuleNumber | None = None, chosen: RuleNumber | None = None
) -> list[discord.SelectOption]:
    """Return the house rules to pick from, as many as Discord shows."""
    return [
        discord.SelectOption(
            label=escape.label(common_text.rule(rule), 100),
            value=str(rule.number),
            default=rule.number == chosen,
        )
        for rule in policy.rules
        if rule.number != without
    ][:MOST_OPTIONS]


class Pictured(discord.ui.LayoutView):
    """A view that is sent together with the files its pictures are in."""

    def __init__(self, *items: Item, files: tuple[discord.File, ...]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.files = files


def picture(file: discord.File) -> discord.ui.MediaGallery[Any]:
    """Return the place where a file's picture is shown, described by the file's own words."""
    gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
    gallery.add_item(media=f"attachment://{file.filename}", description=file.description)
    return gallery
