"""The [stories] tables of the policy file: what each state of a story changes."""

from dataclasses import replace
from typing import Any

from pydantic import Field

from bot.domain.stories import DEFAULTS, StateRules, StoryRules, StoryState
from config.table import Table


def _yes_or_no() -> Any:
    return Field(None, description="true or false, without quotes")


class StateTable(Table):
    """What may stand under one state; what is left out stays as it is delivered."""

    extra: int | None = Field(
        default=None,
        ge=-1000,
        le=1000,
        description="a whole number from -1000 to 1000, such as 150",
    )
    hide_first: bool | None = _yes_or_no()
    second_pair: bool | None = _yes_or_no()
    close_comments: bool | None = _yes_or_no()
    restricted: bool | None = _yes_or_no()
    review_days: int | None = Field(
        default=None, ge=0, le=3650, description="a whole number of days from 0 to 3650"
    )

    def rules(self, state: StoryState) -> StateRules:
        """Return what the state changes."""
        said = {name: value for name, value in self if value is not None}
        return replace(DEFAULTS[state], **said)


def _state(name: str) -> Any:
    return Field(StateTable(), description=f"a table that begins with the line [stories.{name}]")


class StoriesTable(Table):
    """The states that a newsroom may set; a normal story changes nothing."""

    watch: StateTable = _state("watch")
    proceedings: StateTable = _state("proceedings")
    protected: StateTable = _state("protected")
    closed: StateTable = _state("closed")

    def rules(self) -> StoryRules:
        """Return the same as the desk works with it."""
        tables = {StoryState(name): table for name, table in self}
        return StoryRules(by_state={state: table.rules(state) for state, table in tables.items()})
