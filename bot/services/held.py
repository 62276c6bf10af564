"""The one line an hour for the alerts that are too many to tell of each."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alert import Alert, AlertId
from bot.domain.alert_rules import AlertRules, Reach
from bot.domain.effect import EffectKind
from bot.store.tx import Tx

HELD = "held"
"""Begins the name of such a line; its end is when it goes along the other roads."""
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What such a line says: how many alerts it stands for, of this hour or of the quiet hours."""

    more: int
    overnight: bool

    def to_json(self) -> str:
        """Return the line as it is handed to whoever puts it into words."""
        return json.dumps({"more": self.more, "overnight": self.overnight})


def hold(tx: Tx, alert: Alert, rules: AlertRules, now: datetime, reach: Reach) -> Alert:
    """Count an alert that is not told by itself; it comes back knowing in which line.

    In the channel the line is there at once and is edited as it counts on. Along other roads,
    where nothing can be edited, it goes when the hour is over, or the quiet hours are. An alert
    is in one line at most, and in none if it has a card of its own.
    """
    if alert.told or alert.held is not None:
        return alert
    over = now.replace(minute=0, second=0, microsecond=0) + _AN_HOUR
    due_at = over if alert.urgent else rules.loud_again(over)
    name = f"{HELD}:{due_at:%Y-%m-%dT%H:%M}"
    before = tx.messages.bulletin(name)
    numbers: list[int] = json.loads(before)["alerts"] if before else []
    facts = {"alerts": [*numbers, alert.id], "overnight": due_at > over}
    tx.messages.put_bulletin(name, json.dumps(facts))
    _show(tx, name, now, reach)
    if reach.roads and before is None:
        tx.outbox.want_alert(EffectKind.ROAD, name=name, due_at=due_at, now=now)
    return replace(alert, held=name)


def told_after_all(tx: Tx, alert: Alert, now: datetime, reach: Reach) -> Alert:
    """Let the line count an alert no more that has got a card of its own."""
    if alert.held is not None and alert.told == 1:
        _show(tx, alert.held, now, reach)
    return alert


def line(tx: Tx, name: str) -> Line | None:
    """Return what a line says now, `None` if there is none."""
    found = tx.messages.bulletin(name)
    if found is None:
        return None
    facts = json.loads(found)
    alerts = [tx.alerts.get(AlertId(number)) for number in facts["alerts"]]
    more = sum(1 for alert in alerts if alert is not None and not alert.told)
    return Line(more=more, overnight=facts["overnight"])


def _show(tx: Tx, name: str, now: datetime, reach: Reach) -> None:
    if reach.channel:
        tx.outbox.want_alert(EffectKind.BULLETIN, name=name, due_at=now, now=now)
