"""What is offered while somebody types in a command's field."""

from discord import app_commands

from bot.cards import escape
from bot.cards.text import common as common_text
from bot.domain.cases import CaseView
from bot.domain.errors import DeskError
from bot.domain.folding import folded
from bot.domain.policy import Policy
from bot.domain.staff import Person
from bot.services import rules
from bot.services.alerts import trends
from bot.services.cases import lookup
from bot.services.desk import Desk

_MOST_CHOICES = 25
_CHOICE_LENGTH = 100


async def case_choices(desk: Desk, by: Person, current: str) -> list[app_commands.Choice[int]]:
    """Offer the open cases, worst first; nothing to whoever may not decide them."""
    try:
        page = await lookup.queue(desk, by, limit=100)
    except DeskError:
        return []
    policy = desk.policy()
    choices = [
        app_commands.Choice(name=_in_one_line(view, policy), value=int(view.case.id))
        for view in page.views
    ]
    wanted = folded(current).lstrip("#")
    return [choice for choice in choices if wanted in folded(choice.name)][:_MOST_CHOICES]


async def rule_choices(desk: Desk, by: Person, current: str) -> list[app_commands.Choice[int]]:
    """Offer the house rules, which may have changed since the commands were made known.

    Nothing is offered to whoever may not see them.
    """
    try:
        policy = await rules.shown(desk, by)
    except DeskError:
        return []
    choices = [
        app_commands.Choice(name=common_text.rule(one)[:_CHOICE_LENGTH], value=int(one.number))
        for one in policy.rules
    ]
    wanted = folded(current)
    return [one for one in choices if wanted in folded(one.name)][:_MOST_CHOICES]


async def site_choices(desk: Desk, by: Person, current: str) -> list[app_commands.Choice[str]]:
    """Offer the sites that reports came from; nothing to whoever may not know them."""
    try:
        known = await trends.sites(desk, by)
    except DeskError:
        return []
    fit = [site for site in known if folded(current) in folded(site)]
    return [app_commands.Choice(name=site[:_CHOICE_LENGTH], value=site) for site in fit][
        :_MOST_CHOICES
    ]


def _in_one_line(view: CaseView, policy: Policy) -> str:
    rule = policy.rule(view.case.top_rule)
    name = escape.label(view.author.name, 32) or common_text.NO_NAME
    said = f"#{view.case.id} {rule.name}: {name}: {escape.label(view.comment.text, _CHOICE_LENGTH)}"
    return escape.cut(said, _CHOICE_LENGTH)
