"""The [clocks] and [[rota]] tables of the policy file: how shifts are run and called."""

from collections.abc import Sequence
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.domain.ids import PersonId
from bot.domain.policy import Severity
from bot.domain.staff import RotaSpan, ShiftRules
from config.table import Table

_TIMES = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DEFAULT = ShiftRules()


class ClocksTable(Table):
    """What may stand under [clocks]; each description completes "it should be ..."."""

    claim_minutes: int = Field(
        _DEFAULT.claim_minutes, ge=1, le=240, description="a whole number of minutes from 1 to 240"
    )
    shift_after: int = Field(
        _DEFAULT.shift_after, ge=0, le=1440, description="a whole number of minutes from 0 to 1440"
    )
    editors_after: int = Field(
        _DEFAULT.editors_after,
        ge=0,
        le=1440,
        description="a whole number of minutes from 0 to 1440",
    )
    quiet_hours: str = Field(
        "22:00-07:00", pattern=rf"^{_TIMES}$|^$", description='two times, such as "22:00-07:00"'
    )
    urgent: Literal["low", "medium", "high", "critical"] = Field(
        "critical", description='"low", "medium", "high" or "critical"'
    )
    daily_cap: int = Field(
        _DEFAULT.daily_cap, ge=0, le=5000, description="a whole number of decisions from 0 to 5000"
    )


class RotaTable(Table):
    """What may stand in one [[rota]] table."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(
        min_length=1, description='a list of days, such as ["mon", "tue"]'
    )
    hours: str = Field(
        pattern=rf"^{_TIMES}$", description='two times, such as "08:00-16:00" or "22:00-06:00"'
    )
    people: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(
        min_length=1, max_length=25, description="a list of Discord user ids, such as [1234567890]"
    )


def shift_rules(clocks: ClocksTable, rota: Sequence[RotaTable], zone: ZoneInfo) -> ShiftRules:
    """Return the same as the desk works with it; times are by the newsroom's clock in `zone`."""
    quiet = _span(clocks.quiet_hours) if clocks.quiet_hours else (None, None)
    return ShiftRules(
        claim_minutes=clocks.claim_minutes,
        shift_after=clocks.shift_after,
        editors_after=clocks.editors_after,
        quiet_from=quiet[0],
        quiet_until=quiet[1],
        urgent=Severity[clocks.urgent.upper()],
        daily_cap=clocks.daily_cap,
        zone=zone,
        rota=tuple(_rota_span(table) for table in rota),
    )


def _rota_span(table: RotaTable) -> RotaSpan:
    start, end = _span(table.hours)
    return RotaSpan(
        days=frozenset(_DAYS.index(day) for day in table.days),
        start=start,
        end=end,
        people=tuple(PersonId(person) for person in table.people),
    )


def _span(hours: str) -> tuple[time, time]:
    start, _, end = hours.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)
