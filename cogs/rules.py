"""The house rules and the policy in chat: `/rules`, `/policy show` and `/policy reload`."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import policy_card
from bot.client import DeskClient
from bot.domain.errors import NotUnderstood
from bot.domain.ids import RuleNumber
from bot.services import rules
from bot.services.desk import Desk
from cogs import failures
from cogs.choices import rule_choices
from cogs.people import person

_Interaction = discord.Interaction[Any]


class Rules(commands.Cog):
    """Shows the rules and the policy, and takes a changed one."""

    policy = app_commands.Group(name="policy", description="The newsroom's policy")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description="List the house rules, or show one")
    @app_commands.describe(rule="The rule to show; all of them if left out")
    async def rules(self, interaction: _Interaction, rule: int | None = None) -> None:
        """List the house rules, or show one."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            policy = await rules.shown(self._desk, by)
            if rule is None:
                return policy_card.rules(policy)
            found = policy.by_number.get(RuleNumber(rule))
            if found is None:
                raise NotUnderstood(f"There is no house rule {rule}. /rules lists them.")
            return policy_card.rule(found)

        await failures.reply(interaction, self._desk, work)

    @rules.autocomplete("rule")
    async def _rules(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        return await rule_choices(self._desk, person(interaction.user), current)

    @policy.command(description="Show the policy in force")
    async def show(self, interaction: _Interaction) -> None:
        """Show the policy."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            return policy_card.policy(await rules.shown(self._desk, by))

        await failures.reply(interaction, self._desk, work)

    @policy.command(description="Reload the policy file; editors only")
    async def reload(self, interaction: _Interaction) -> None:
        """Take a changed policy, or say which line of it is wrong."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            return policy_card.reloaded(await rules.reload(self._desk, by))

        await failures.reply(interaction, self._desk, work)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Rules(client.desk))
