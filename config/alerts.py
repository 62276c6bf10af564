"""The [alerts] table of the policy file: how editors are told of report spikes."""

from datetime import time
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from bot.domain.alerts import AlertRules
from bot.domain.policy import Severity
from config.table import Table

_HOURS = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$|^$"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^$"


_zones = cache(available_timezones)
"""Asked once: it opens some hundreds of files."""


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("not a time zone")
    return name


class AlertsTable(Table):
    """What may stand under [alerts]; each description completes "it should be ..."."""

    budget: float = Field(
        1.0, ge=0.1, le=50, description="a number of false alarms a week from 0.1 to 50, such as 1"
    )
    hourly: float = Field(
        20.0, gt=0, le=100_000, description="the reports you expect an hour, such as 20"
    )
    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Europe/London", description='the name of a time zone, such as "Europe/London"'
    )
    quiet_hours: str = Field(
        "22:00-07:00", pattern=_HOURS, description='two times, such as "22:00-07:00", or ""'
    )
    digest_at: str = Field("07:30", pattern=_TIME, description='a time, such as "07:30", or ""')
    urgent: Literal["low", "medium", "high", "critical"] = Field(
        "critical", description='"low", "medium", "high" or "critical"'
    )
    most_an_hour: int = Field(10, ge=1, le=100, description="a whole number from 1 to 100")

    def rules(self) -> AlertRules:
        """Return the same as the desk works with it."""
        start, _, end = self.quiet_hours.partition("-")
        return AlertRules(
            a_week=self.budget,
            hourly=self.hourly,
            zone=ZoneInfo(self.time_zone),
            quiet_from=_time(start),
            quiet_until=_time(end),
            digest_at=_time(self.digest_at),
            urgent=Severity[self.urgent.upper()],
            most_an_hour=self.most_an_hour,
        )


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None
