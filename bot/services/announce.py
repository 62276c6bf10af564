"""Decide what editors are told of a spike, and when, so that nobody is told twice or for nothing."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.alert import Alert, AlertEffectKind
from bot.domain.alert_rules import AlertRules
from bot.domain.spikes.incidents import Kind, Notice
from bot.ports import Tx

_REDRAW_AFTER = timedelta(seconds=3)
"""How long a card waits for further reports before it is edited once for all of them."""
_AN_HOUR = timedelta(hours=1)
_PAUSE = timedelta(minutes=5)
"""An alert that was told makes no further sound for so long; its card shows how it grows."""
_NEWS = (Kind.OPENED, Kind.REOPENED, Kind.DOUBLED)
HELD = "held"
"""Begins the name of the line that says how many alerts are not told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which ways to editors there are: their channel in Discord, and any other road."""

    channel: bool = True
    roads: bool = False


def tell(
    tx: Tx, alert: Alert, notice: Notice, rules: AlertRules, now: datetime, *, reach: Reach
) -> Alert:
    """Ask for whatever editors should be told of it; the alert comes back with that counted."""
    if notice.kind is Kind.CLOSED:
        over = datetime.fromtimestamp(notice.at, UTC)
        slept = not alert.urgent and rules.is_quiet(alert.opened_at) and rules.is_quiet(over)
        _all_clear(tx, alert, now, reach, by_road=None if slept else rules.loud_again(now))
        return alert
    full = tx.alert_effects.loud_since(now - _AN_HOUR) >= rules.most_an_hour
    lately = alert.told > 0 and tx.alert_effects.loud_since(now - _PAUSE, alert.id) > 0
    if lately or alert.inside is not None:
        _redraw(tx, alert, now + _REDRAW_AFTER, now, reach)
        if alert.inside is not None and notice.kind is not Kind.UPDATED:
            _redraw_outer(tx, alert, now, reach)
        return alert
    if notice.aloud and not full:
        _notify(tx, alert, notice.kind, rules, now, reach)
        return replace(alert, told=alert.told + 1)
    if notice.kind in _NEWS and not alert.muted and not alert.opinion:
        _hold(tx, alert, now, reach)
    _redraw(tx, alert, now + _REDRAW_AFTER, now, reach)
    return alert


def _notify(
    tx: Tx, alert: Alert, kind: Kind, rules: AlertRules, now: datetime, reach: Reach
) -> None:
    first = alert.told == 0
    if reach.channel:
        tx.alert_effects.want(
            AlertEffectKind.ALERT, alert_id=alert.id, due_at=now, now=now, loud=first
        )
        if not first:
            tx.alert_effects.want(
                AlertEffectKind.REPLY,
                alert_id=alert.id,
                due_at=now,
                now=now,
                body=kind,
                loud=True,
            )
    if reach.roads:
        due_at = now if alert.urgent else rules.loud_again(now)
        # Where there is no channel, the road is what makes the sound that is counted.
        _by_road(tx, alert, due_at, now, loud=not reach.channel)


def _all_clear(
    tx: Tx, alert: Alert, now: datetime, reach: Reach, *, by_road: datetime | None
) -> None:
    """Tell that it is over; not `by_road` where what waits for the morning will say so."""
    _redraw(tx, alert, now, now, reach)
    if alert.inside is not None:
        _redraw_outer(tx, alert, now, reach)
    if alert.told == 0 or alert.muted or alert.opinion:
        return
    if reach.channel:
        tx.alert_effects.want(
            AlertEffectKind.REPLY, alert_id=alert.id, due_at=now, now=now, body=Kind.CLOSED
        )
    if reach.roads and by_road is not None:
        _by_road(tx, alert, now if alert.urgent else by_road, now)


def _by_road(tx: Tx, alert: Alert, due_at: datetime, now: datetime, *, loud: bool = False) -> None:
    tx.alert_effects.want(
        AlertEffectKind.ROAD, alert_id=alert.id, due_at=due_at, now=now, loud=loud
    )


def _redraw(tx: Tx, alert: Alert, due_at: datetime, now: datetime, reach: Reach) -> None:
    """Ask for the card to be edited, if there is one or is about to be."""
    if reach.channel and (alert.told or alert.message is not None):
        tx.alert_effects.want(AlertEffectKind.ALERT, alert_id=alert.id, due_at=due_at, now=now)


def _redraw_outer(tx: Tx, alert: Alert, now: datetime, reach: Reach) -> None:
    outer = tx.alerts.get(alert.inside) if alert.inside is not None else None
    if outer is not None:
        tx.alerts.save(replace(outer, touched=outer.touched + 1))
        _redraw(tx, outer, now + _REDRAW_AFTER, now, reach)


def _hold(tx: Tx, alert: Alert, now: datetime, reach: Reach) -> None:
    """Count an alert that is not told by itself, in one line an hour."""
    if not reach.channel:
        return
    name = f"{HELD}:{now:%Y-%m-%dT%H}"
    before = tx.alert_effects.bulletin(name)
    held: list[int] = json.loads(before[0]) if before else []
    if alert.id in held:
        return
    tx.alert_effects.put_bulletin(name, json.dumps([*held, alert.id]))
    tx.alert_effects.want(AlertEffectKind.BULLETIN, name=name, due_at=now, now=now)
