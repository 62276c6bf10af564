"""The [stories] tables of the policy file: what each state of a story changes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, cast

from pydantic import Field, PlainValidator

from bot.domain.ids import RuleNumber
from bot.domain.stories import DEFAULTS, HoldRules, StateRules, StoryRules, StoryState
from config.table import Table


def _yes_or_no() -> Any:
    return Field(None, description="true or false, without quotes")


_HOLD_RULES = 'a list of house rules, by code, name or number, such as ["court", "libel"], or "all"'


def _listed(said: object) -> HoldRules | tuple[str, ...]:
    if said == HoldRules.ALL:
        return HoldRules.ALL
    listed = cast("list[object]", said) if isinstance(said, list) else [None]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in listed):
        raise ValueError
    return tuple(str(one) for one in listed)


class StateTable(Table):
    """What may stand under one state; what is left out stays as it is delivered."""

    extra: int | None = Field(
        default=None,
        ge=-1000,
        le=1000,
        description="a whole number from -1000 to 1000, such as 150",
    )
    hold_rules: Annotated[HoldRules | tuple[str, ...] | None, PlainValidator(_listed)] = Field(
        default=None, description=_HOLD_RULES
    )
    hide_first: bool | None = Field(
        default=None, description='true or false; it is the older name of hold_rules = "all" or []'
    )
    second_pair: bool | None = _yes_or_no()
    close_comments: bool | None = _yes_or_no()
    restricted: bool | None = _yes_or_no()
    review_days: int | None = Field(
        default=None, ge=0, le=3650, description="a whole number of days from 0 to 3650"
    )

    def rules(self, state: StoryState, numbers: Mapping[str, int]) -> StateRules:
        """Return what the state changes; `numbers` are the house rules' by what may name them."""
        own = {"hold_rules", "hide_first"}
        said = {name: value for name, value in self if value is not None and name not in own}
        holds = self._holds(numbers)
        return replace(DEFAULTS[state], **said | ({} if holds is None else {"hold_rules": holds}))

    def _holds(self, numbers: Mapping[str, int]) -> HoldRules | frozenset[RuleNumber] | None:
        if self.hold_rules is None and self.hide_first is not None:
            return HoldRules.ALL if self.hide_first else HoldRules.NONE
        if self.hold_rules is None or isinstance(self.hold_rules, HoldRules):
            return self.hold_rules
        return frozenset(RuleNumber(numbers[folded(name)]) for name in self.hold_rules)


def _state(name: str) -> Any:
    return Field(StateTable(), description=f"a table that begins with the line [stories.{name}]")


class StoriesTable(Table):
    """The states that a newsroom may set; a normal story changes nothing."""

    watch: StateTable = _state("watch")
    proceedings: StateTable = _state("proceedings")
    protected: StateTable = _state("protected")
    closed: StateTable = _state("closed")

    def rules(self, numbers: Mapping[str, int]) -> StoryRules:
        """Return the same as the desk works with it; `numbers` are the rules' by what may name them."""
        tables = {StoryState(name): table for name, table in self}
        return StoryRules(
            by_state={state: table.rules(state, numbers) for state, table in tables.items()}
        )

    def unknown(self, numbers: Mapping[str, int]) -> Iterator[tuple[str, int, str]]:
        """Yield where a state names a rule that there is not: the state, the place, the name."""
        for state, table in self:
            if table.hold_rules is None or isinstance(table.hold_rules, HoldRules):
                continue
            for place, name in enumerate(table.hold_rules):
                if folded(name) not in numbers:
                    yield state, place, name


def folded(name: str) -> str:
    """Return a rule's code or name as it is looked up, however it is written."""
    return " ".join(name.split()).casefold()
