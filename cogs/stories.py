"""How stories stand in law: `/story`, `/stories`, the button in More, and the reminders' buttons."""

from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import stories as story_card
from bot.cards.press_table import Pressed, answers
from bot.cards.presses.others import (
    LeaveStory,
    MarkAsAsked,
    MarkStory,
    ReleaseHeld,
    ShowStories,
    ShowStory,
    StillSo,
)
from bot.cards.text import stories as story_text
from bot.client import DeskClient
from bot.domain.errors import DeskError, NotUnderstood
from bot.domain.ids import CaseId, PersonId
from bot.domain.lines import case_number
from bot.domain.staff import Person, Rank
from bot.domain.stories import KnownStory, StoryState
from bot.services.cases import lookup
from bot.services.desk import Desk
from bot.services.stories import story as stories
from bot.services.stories.rights import release
from cogs import failures
from cogs.people import person

_MOST_CHOICES = 25
_NOTE_LENGTH = 500

_Interaction = discord.Interaction[Any]
_STATES = [
    app_commands.Choice(name=story_text.CHOICES[state], value=state.value)
    for state in story_card.STATES
]


class Stories(commands.Cog):
    """Says and shows how stories stand."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # After a restart a question is asked again.
        self._asked: dict[tuple[PersonId, CaseId], stories.StateChange] = {}

    @app_commands.command(
        description="Show or set a story's status: proceedings, a child involved, closed"
    )
    @app_commands.describe(
        story="The beginning of its title, its address, or the number of a case on it",
        state="The new status; leave empty just to look",
        note="Why, for the record",
        review="Days until the desk asks whether it still holds",
    )
    @app_commands.choices(state=_STATES)
    async def story(
        self,
        interaction: _Interaction,
        story: str,
        state: app_commands.Choice[str] | None = None,
        note: app_commands.Range[str, 1, _NOTE_LENGTH] | None = None,
        review: app_commands.Range[int, 1, 3650] | None = None,
    ) -> None:
        """Show a story, or say how it stands."""
        by = person(interaction.user)

        async def work() -> discord.ui.LayoutView:
            known = await self._meant(story, by)
            if state is None:
                return story_card.story(known, self._desk.policy())
            return await self._ask(known, StoryState(state.value), by, note, review)

        await failures.reply(interaction, self._desk, work)

    @app_commands.command(description="List the marked stories")
    async def stories(self, interaction: _Interaction) -> None:
        """List the marked stories."""
        work = partial(self._list, person(interaction.user), 0)
        await failures.reply(interaction, self._desk, work)

    @story.autocomplete("story")
    async def _stories(
        self, interaction: _Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer stories; nothing to whoever may not mark them."""
        try:
            found = await stories.search(
                self._desk, current, person(interaction.user), limit=_MOST_CHOICES
            )
        except DeskError:
            return []
        return [
            app_commands.Choice(name=story_card.choice(known), value=f"#{known.case_id}")
            for known in found
        ]

    async def _meant(self, words: str, by: Person) -> KnownStory:
        """Return the one story that the words mean.

        Raises:
            NotUnderstood: They mean none, or several.
        """
        number = case_number(words)
        if number is not None:
            return await stories.of_case(self._desk, number, by)
        found = await stories.search(self._desk, words, by, limit=2)
        if len(found) == 1:
            return found[0]
        if found:
            raise NotUnderstood(
                "More than one story begins like that. Pick one from the list that opens as you "
                "type, or give the number of a case on it."
            )
        raise NotUnderstood(
            "No reported story is called that. Pick one from the list that opens as you type, or "
            "give the number of a case on it."
        )

    async def _ask(
        self,
        known: KnownStory,
        state: StoryState,
        by: Person,
        note: str | None = None,
        review: int | None = None,
    ) -> discord.ui.LayoutView:
        """Say what would come of it first, and ask; set it at once where that is nothing."""
        said = stories.StateChange(
            site=known.site,
            story_id=known.story_id,
            state=state,
            note=note,
            review_days=review,
        )
        found = await stories.foresee(self._desk, said, by=by)
        if state is known.state or not found.matters:
            marked = await stories.mark(self._desk, said, by=by)
            return story_card.story(marked, self._desk.policy())
        self._asked[by.id, known.case_id] = said
        is_senior = self._desk.authority.rank(by) >= Rank.SENIOR
        minutes = None if is_senior else self._desk.policy().undo_minutes
        return story_card.ask(found, self._desk.policy(), note=note, minutes=minutes)

    @answers(MarkAsAsked)
    async def _set(self, press: MarkAsAsked, at: Pressed) -> discord.ui.LayoutView:
        """Set what only this person was asked; what comes of it is counted anew."""
        said = self._asked.pop((at.by.id, press.case), None)
        if said is None or story_card.STATES.index(said.state) != press.state:
            raise NotUnderstood(story_text.ASKED_TOO_LONG_AGO)
        marked = await stories.mark(self._desk, said, by=at.by)
        return story_card.story(marked, self._desk.policy())

    @answers(LeaveStory)
    async def _left(self, press: LeaveStory, at: Pressed) -> discord.ui.LayoutView:
        self._asked.pop((at.by.id, press.case), None)
        known = await stories.of_case(self._desk, press.case, at.by)
        return story_card.story(known, self._desk.policy(), said=story_text.LEFT)

    @answers(ReleaseHeld)
    async def _release(self, press: ReleaseHeld, at: Pressed) -> discord.ui.LayoutView:
        known = await stories.of_case(self._desk, press.case, at.by)
        number = await release(self._desk, known.site, known.story_id, by=at.by)
        known = await stories.of_case(self._desk, press.case, at.by)
        return story_card.story(known, self._desk.policy(), said=story_text.released(number))

    @answers(ShowStory)
    async def _show(self, press: ShowStory, at: Pressed) -> discord.ui.LayoutView:
        known = await stories.of_case(self._desk, press.case, at.by)
        return story_card.story(known, self._desk.policy())

    @answers(MarkStory)
    async def _picked(self, press: MarkStory, at: Pressed) -> discord.ui.LayoutView:
        place = at.number
        if place is None or place >= len(story_card.STATES):
            raise NotUnderstood("Pick a status from the list.")
        known = await stories.of_case(self._desk, press.case, at.by)
        return await self._ask(known, story_card.STATES[place], at.by)

    @answers(StillSo)
    async def _still(self, press: StillSo, at: Pressed) -> discord.ui.LayoutView:
        reminder = at.interaction.message
        known = await stories.of_case(self._desk, press.case, at.by)
        kept = await stories.keep_state(self._desk, known.site, known.story_id, by=at.by)
        if reminder is not None and await self._is_reminder(reminder):
            await reminder.edit(view=story_card.reviewed(kept, at.by.name))
        return story_card.story(kept, self._desk.policy())

    async def _is_reminder(self, message: discord.Message) -> bool:
        """Whether the press stands on a reminder, rather than on an answer or a card."""
        is_card = await lookup.card_at(self._desk, message.id) is not None
        return not is_card and not message.flags.ephemeral

    @answers(ShowStories)
    async def _further(self, press: ShowStories, at: Pressed) -> discord.ui.LayoutView:
        return await self._list(at.by, press.offset)

    async def _list(self, by: Person, offset: int) -> discord.ui.LayoutView:
        page = await stories.marked(self._desk, by, limit=story_card.PAGE, offset=offset)
        return story_card.marked(page.stories, total=page.total, offset=offset)


async def setup(client: DeskClient) -> None:
    """Called by the client when it sets its extensions up."""
    await client.add_cog(Stories(client.desk))
