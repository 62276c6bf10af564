"""How reports go, in pictures: on a story, a commenter or the site, and the few behind the many."""

import io
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import escape, links
from bot.cards.alerts import trend_card
from bot.cards.alerts.chart_worker import Kind, draw_each
from bot.cards.alerts.hotspots_card import headings, hotspots_card, nothing
from bot.cards.text import common as common_text
from bot.client import DeskClient, Place
from bot.domain.detection.events import Tier
from bot.domain.errors import DeskError
from bot.domain.staff import Person
from bot.services.alerts import trends
from bot.services.desk import Desk
from cogs import failures
from cogs.choices import site_choices
from cogs.people import person

_Interaction = discord.Interaction[Any]
_MOST_CHOICES = 25
_LONGEST = 100


class Trends(commands.GroupCog, group_name="trends", group_description="Trends in reports"):
    """Draws what an editor asks for; drawing takes a while, so Discord is told to wait."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @app_commands.command(description="Reports on a story: today, a week ago, hour by hour")
    @app_commands.describe(story="Words from its title")
    async def story(self, interaction: _Interaction, story: str) -> None:
        """Show a story's trend."""
        await self._show(interaction, Tier.STORY, story)

    @app_commands.command(description="Reports on a commenter's comments")
    @app_commands.describe(author="The name")
    async def author(self, interaction: _Interaction, author: str) -> None:
        """Show a commenter's trend."""
        await self._show(interaction, Tier.COMMENTER, author)

    @app_commands.command(description="All reports on a site")
    @app_commands.describe(site="Which site, if there are several")
    async def site(self, interaction: _Interaction, site: str | None = None) -> None:
        """Show a site's trend."""
        await self._show(interaction, Tier.SITE, site or "")

    @story.autocomplete("story")
    async def _stories(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return await self._choices(interaction, Tier.STORY, current)

    @author.autocomplete("author")
    async def _authors(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return await self._choices(interaction, Tier.COMMENTER, current)

    @site.autocomplete("site")
    async def _sites(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return await site_choices(self._desk, person(interaction.user), current)

    async def _choices(
        self, interaction: _Interaction, tier: Tier, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer what fits; nothing to whoever may not see it, or what Discord has no room for."""
        try:
            found = await trends.find(self._desk, tier, current, person(interaction.user))
        except DeskError:
            return []
        return [
            app_commands.Choice(name=_in_one_line(name, key), value=f"{site}\n{key}")
            for site, key, name in found
            if len(site) + len(key) < _LONGEST
        ][:_MOST_CHOICES]

    async def _show(self, interaction: _Interaction, tier: Tier, picked: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        by, zone = person(interaction.user), self._desk.policy().alerts.zone
        try:
            subject = await trends.subject_of(self._desk, tier, picked, by)
            found = await trends.trend(self._desk, subject, by)
        except DeskError as error:
            refusal = await failures.explain(self._desk, error, interaction.user)
            await interaction.followup.send(view=refusal, ephemeral=True)
            return
        drawn = await trend_card.pictures(found, zone)
        names = (trend_card.DAY, trend_card.WEEK)
        files = [
            discord.File(io.BytesIO(png), filename=name, description=described)
            for png, name, described in zip(
                drawn, names, trend_card.descriptions(found, zone), strict=True
            )
        ]
        await interaction.followup.send(
            view=trend_card.render(found, zone), files=files, ephemeral=True
        )


def _in_one_line(name: str, key: str) -> str:
    return escape.label(name, _LONGEST) or escape.label(key, _LONGEST) or common_text.NO_NAME


class Hotspots(commands.Cog):
    """`/hotspots`."""

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @app_commands.command(description="Show the authors, stories and quarrels behind most reports")
    @app_commands.describe(days="How many days to look back; a week if left out")
    async def hotspots(
        self, interaction: _Interaction, days: app_commands.Range[int, 1, 31] = 7
    ) -> None:
        """Show the few behind the many."""
        work = partial(self._shown, person(interaction.user), days)
        await failures.reply(interaction, self._desk, work)

    async def _shown(self, by: Person, days: int) -> discord.ui.LayoutView:
        found, refs = await trends.week(self._desk, by, days=days)
        if not found.reports:
            return nothing(days)
        (image,) = await draw_each((Kind.HOTSPOTS, (found, headings())))
        there = {number: links.jump(self._place.guild_id, ref) for number, ref in refs.items()}
        return hotspots_card(found, days=days, links=there, image=image)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Trends(client.desk))
    await client.add_cog(Hotspots(client.desk, client.place))
