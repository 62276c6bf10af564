"""What editors do about report spikes: the buttons on alerts, `/spikes` and `/alerts`."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.alerts import alert_answers
from bot.cards.cases import case_menu
from bot.cards.press_table import Pressed, answers, first, opens
from bot.cards.presses.alerts import (
    AskForm,
    AskModerators,
    CallFalse,
    CallReal,
    CloseStory,
    MuteAlert,
    PutCasesBack,
    RaiseCases,
    ShowAlertCases,
    UnmuteAlert,
    WatchStory,
)
from bot.cards.text import alert_answers as alert_answer_text
from bot.client import DeskClient, Place
from bot.domain.alerts import Opinion
from bot.domain.ids import SiteId
from bot.domain.staff import Person
from bot.domain.stories import StoryState
from bot.services.alerts import boost, opinions, views
from bot.services.desk import Desk
from cogs import failures
from cogs.choices import site_choices
from cogs.people import person

_Interaction = discord.Interaction[Any]


class Alerts(commands.Cog):
    """Turns a press on an alert, or a command about alerts, into one service call."""

    settings_group = app_commands.Group(name="alerts", description="Alerts about report spikes")

    def __init__(self, desk: Desk, place: Place) -> None:
        self._desk = desk
        self._place = place

    @app_commands.command(description="List report spikes, current and recent")
    async def spikes(self, interaction: _Interaction) -> None:
        """List the alerts."""
        work = partial(self._spikes, person(interaction.user))
        await failures.reply(interaction, self._desk, work)

    @settings_group.command(description="See or set how many false alarms a week you accept")
    @app_commands.describe(
        false_alarms="How many a week; more means earlier alerts. Leave empty just to look",
        site="Which site, if there are several",
    )
    async def settings(
        self,
        interaction: _Interaction,
        false_alarms: app_commands.Range[float, 0.1, 50.0] | None = None,
        site: str | None = None,
    ) -> None:
        """Show or change the settings."""
        by = person(interaction.user)
        work = (
            partial(self._settings, by)
            if false_alarms is None
            else partial(self._choose, by, false_alarms, site)
        )
        await failures.reply(interaction, self._desk, work)

    @settings.autocomplete("site")
    async def _sites(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return await site_choices(self._desk, person(interaction.user), current)

    @answers(CallReal, CallFalse)
    async def _judge(self, press: CallReal | CallFalse, at: Pressed) -> discord.ui.LayoutView:
        real = isinstance(press, CallReal)
        opinion = Opinion.REAL if real else Opinion.FALSE
        counted = await opinions.judge(self._desk, press.alert, opinion, at.by)
        return alert_answers.saying(alert_answer_text.thanks(real=real, counted=counted))

    @answers(MuteAlert)
    async def _mute(self, press: MuteAlert, at: Pressed) -> discord.ui.LayoutView:
        name, mute, new = await opinions.mute(self._desk, press.alert, at.by)
        return alert_answers.muted(name, mute, new=new)

    @answers(UnmuteAlert)
    async def _unmute(self, press: UnmuteAlert, at: Pressed) -> discord.ui.LayoutView:
        ended = await opinions.unmute(self._desk, press.alert, at.by)
        return alert_answers.saying(
            alert_answer_text.UNMUTED if ended else alert_answer_text.NOT_MUTED
        )

    @answers(ShowAlertCases)
    async def _cases(self, press: ShowAlertCases, at: Pressed) -> discord.ui.LayoutView:
        view, lines = await views.cases(self._desk, press.alert, at.by)
        return alert_answers.cases(view, lines, self._place.guild_id)

    @opens(AskModerators)
    async def _question(
        self, press: AskModerators, at: Pressed
    ) -> discord.ui.Modal | discord.ui.LayoutView:
        found = await opinions.was_asked(self._desk, press.alert, at.by)
        if found is not None:
            return alert_answers.asked(found)
        return case_menu.to_moderators((await views.look(self._desk, press.alert)).alert)

    @answers(AskForm)
    async def _thread(self, press: AskForm, at: Pressed) -> discord.ui.LayoutView:
        question = first(at.fields, case_menu.TEXT)
        return alert_answers.asked(
            await opinions.ask_moderators(self._desk, press.alert, at.by, question)
        )

    @answers(RaiseCases)
    async def _raise(self, press: RaiseCases, at: Pressed) -> discord.ui.LayoutView:
        done = await boost.raise_cases(self._desk, press.alert, at.by)
        return alert_answers.saying(alert_answer_text.raised(done.raised, done.there))

    @answers(PutCasesBack)
    async def _put_back(self, press: PutCasesBack, at: Pressed) -> discord.ui.LayoutView:
        moved = await boost.unboost(self._desk, press.alert, at.by)
        return alert_answers.saying(alert_answer_text.unboosted(moved))

    @answers(WatchStory)
    async def _watch(self, press: WatchStory, at: Pressed) -> discord.ui.LayoutView:
        new = await opinions.mark_story(self._desk, press.alert, StoryState.WATCH, at.by)
        return alert_answers.saying(
            alert_answer_text.WATCHED if new else alert_answer_text.WATCHED_ALREADY
        )

    @answers(CloseStory)
    async def _close(self, press: CloseStory, at: Pressed) -> discord.ui.LayoutView:
        new = await opinions.mark_story(self._desk, press.alert, StoryState.CLOSED, at.by)
        return alert_answers.saying(
            alert_answer_text.CLOSED if new else alert_answer_text.CLOSED_ALREADY
        )

    async def _spikes(self, by: Person) -> discord.ui.LayoutView:
        return alert_answers.spikes(await views.recent(self._desk, by), self._place.guild_id)

    async def _settings(self, by: Person) -> discord.ui.LayoutView:
        return alert_answers.settings(*await opinions.settings(self._desk, by))

    async def _choose(self, by: Person, a_week: float, site: str | None) -> discord.ui.LayoutView:
        named = SiteId(site) if site else None
        chosen = await opinions.choose(self._desk, named, a_week, by)
        return alert_answers.saying(alert_answer_text.chosen(chosen, a_week))


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Alerts(client.desk, client.place))
