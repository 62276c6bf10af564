"""The morning's summary for editors: yesterday's figures, and what to look at today."""

import asyncio
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from bot.domain.alerts import AlertRules, Reach
from bot.domain.decisions import Action
from bot.domain.effects import EffectKind
from bot.services.alerts.views import counted, label
from bot.services.desk import Desk
from bot.store.tx import Tx

_LOOK_EVERY = 30.0
_LATEST = timedelta(hours=3)
"""How long after its time a summary is still posted, if the desk was down at that time."""
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_MOST = 3
_MOST_STORIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What the summary says. `week_before` is `None` where nothing was kept so long ago."""

    day: str
    reports: int
    week_before: int | None
    kept: int
    hidden: int
    banned: int
    spikes: tuple[tuple[str, int], ...]
    busiest: tuple[tuple[str, int], ...]
    waiting: int
    oldest: int | None
    oldest_at: datetime | None
    stories: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the facts as they are kept until they are posted."""
        at = self.oldest_at.isoformat() if self.oldest_at else None
        return json.dumps(asdict(self) | {"oldest_at": at})

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """Return what `to_json` was called on."""
        at, kept = facts["oldest_at"], dict(facts)
        pairs: dict[str, Any] = {
            name: tuple((one, number) for one, number in facts[name])
            for name in ("spikes", "busiest")
        }
        # An earlier version kept it as a number of seconds.
        moment = datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else None
        moment = datetime.fromisoformat(at) if isinstance(at, str) else moment
        kept |= pairs
        kept |= {"oldest_at": moment, "stories": tuple(facts["stories"])}
        return cls(**kept)


async def digests(desk: Desk, reach: Reach) -> None:
    """Ask for a summary every morning, for ever."""
    while True:
        await digest_if_due(desk, reach)
        await asyncio.sleep(_LOOK_EVERY)


async def digest_if_due(desk: Desk, reach: Reach) -> bool:
    """Ask for today's summary if it is time and it was not asked for; false if it was not."""
    now, rules = desk.clock(), desk.policy().alerts
    if rules.digest_at is None or not (reach.channel or reach.roads):
        return False
    local = rules.local(now)
    due = datetime.combine(local.date(), rules.digest_at, rules.zone)
    if not due <= local < due + _LATEST:
        return False
    name = f"digest:{local:%Y-%m-%d}"

    def work(tx: Tx) -> bool:
        if tx.messages.bulletin(name) is not None:
            return False
        body = make(tx, rules, now, due)
        if body is None:
            return False
        text = body.to_json()
        tx.messages.put_bulletin(name, text)
        if reach.channel:
            tx.outbox.want_alert(EffectKind.BULLETIN, name=name, due_at=now, now=now)
        if reach.roads:
            tx.outbox.want_alert(EffectKind.ROAD, body=text, due_at=rules.loud_again(now), now=now)
        return True

    return await desk.store.write(work)


def make(tx: Tx, rules: AlertRules, now: datetime, due: datetime) -> Digest | None:
    """Return the summary of the day before, `None` if there is nothing to say.

    The spikes are those since the summary before, `due` a day earlier: so last night's are among
    them, and none is told of twice.
    """
    today = datetime.combine(rules.local(now).date(), time(), rules.zone)
    # Days are taken off by the newsroom's clock, as one on which it changes is not 24 hours long.
    start, end = (today - _DAY).astimezone(UTC), today.astimezone(UTC)
    reports = sum(_count(tx, start, end))
    waiting, oldest = tx.cases.count_open(), tx.tallies.oldest_open()
    if not reports and not waiting:
        return None
    decided = tx.tallies.decided(start, end)
    before = (today - _DAY - _WEEK).astimezone(UTC), (today - _WEEK).astimezone(UTC)
    week_before = sum(_count(tx, *before))
    since, until = (due - _DAY).astimezone(UTC), due.astimezone(UTC)
    alerts = filter(lambda alert: alert.inside is None, tx.alerts.between(since, until))
    return Digest(
        day=f"{start.astimezone(rules.zone):%A}",
        reports=reports,
        week_before=week_before or None,
        kept=decided.get(Action.KEEP, 0),
        hidden=decided.get(Action.HIDE, 0),
        banned=decided.get(Action.BAN, 0),
        spikes=tuple((label(tx, alert), counted(tx, alert, now).reports) for alert in alerts),
        busiest=_busiest(tx, start, end),
        waiting=waiting,
        oldest=oldest[0] if oldest else None,
        # By the newsroom's clock, as it is read in e-mails too.
        oldest_at=oldest[1].astimezone(rules.zone) if oldest else None,
        stories=tuple(known.title for known in tx.stories.marked(limit=_MOST_STORIES)),
    )


def _busiest(tx: Tx, start: datetime, end: datetime) -> tuple[tuple[str, int], ...]:
    sites = tx.report_events.sites()
    found = [row for site in sites for row in tx.tallies.busiest(site, start, end, limit=_MOST)]
    return tuple(sorted(found, key=lambda row: -row[1])[:_MOST])


def _count(tx: Tx, start: datetime, end: datetime) -> list[int]:
    return [
        sum(tx.report_events.counts(site, start, end - start, 1).values())
        for site in tx.report_events.sites()
    ]
