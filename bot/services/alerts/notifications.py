"""Decide what editors are told of a spike, and when; nobody is told twice or for nothing."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alerts import Alert, AlertId, AlertRules, Opinion, Reach
from bot.domain.detection.incidents import Kind, Notice
from bot.domain.effects import EffectKind
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


_REDRAW_AFTER = timedelta(seconds=3)
"""How long a card waits for further reports before it is edited once for all of them."""
_PAUSE = timedelta(minutes=5)
"""An alert that was told makes no further sound for so long; its card shows how it grows."""
_NEWS = (Kind.OPENED, Kind.REOPENED, Kind.DOUBLED)


def tell(
    tx: Tx,
    alert: Alert,
    notice: Notice,
    rules: AlertRules,
    now: datetime,
    *,
    reach: Reach,
    roused: bool = False,
) -> Alert:
    """Ask for whatever editors should be told of it; the alert comes back with that counted.

    `roused` says that it has only now become urgent: what was told of it in quiet hours made no
    sound.

    Whether it may be told is asked of what editors last said, which the detector may not have
    heard yet.
    """
    if notice.kind is Kind.CLOSED:
        _all_clear(tx, alert, rules, now, reach)
        return alert
    if alert.inside is not None:
        _show_inside(tx, alert, notice.kind, now, reach)
        return alert
    wakes = roused and rules.is_quiet(now)
    if not _may_sound(tx, alert, notice.kind, now, wakes=wakes):
        _redraw(tx, alert, now + _REDRAW_AFTER, now, reach)
        return alert
    if tx.deliveries.loud_since(now - _AN_HOUR) >= rules.most_an_hour:
        _redraw(tx, alert, now + _REDRAW_AFTER, now, reach)
        return hold(tx, alert, rules, now, reach)
    _notify(tx, alert, notice.kind, rules, now, reach)
    return told_after_all(tx, replace(alert, told=alert.told + 1), now, reach)


def _show_inside(tx: Tx, alert: Alert, kind: Kind, now: datetime, reach: Reach) -> None:
    """Let what is told of under another alert be seen there."""
    _redraw(tx, alert, now + _REDRAW_AFTER, now, reach)
    if kind is not Kind.UPDATED:
        _redraw_outer(tx, alert, now, reach)


def _may_sound(tx: Tx, alert: Alert, kind: Kind, now: datetime, *, wakes: bool) -> bool:
    """Whether it is news, and editors want to hear of it again so soon."""
    if kind not in _NEWS or is_silenced(alert):
        return False
    return wakes or tx.deliveries.loud_since(now - _PAUSE, alert.id) == 0


def is_silenced(alert: Alert) -> bool:
    """Whether editors said that they want to hear nothing more of it."""
    return alert.muted or alert.opinion is Opinion.FALSE


def _notify(
    tx: Tx, alert: Alert, kind: Kind, rules: AlertRules, now: datetime, reach: Reach
) -> None:
    first = alert.told == 0
    if reach.channel:
        tx.outbox.want_alert(EffectKind.ALERT, alert_id=alert.id, due_at=now, now=now, loud=first)
        if not first:
            tx.outbox.want_alert(
                EffectKind.REPLY,
                alert_id=alert.id,
                due_at=now,
                now=now,
                body=kind,
                loud=True,
            )
    if reach.roads:
        # Where there is no channel, the road is what makes the sound that is counted.
        _by_road(tx, alert, kind, rules, now, loud=not reach.channel)


def _all_clear(tx: Tx, alert: Alert, rules: AlertRules, now: datetime, reach: Reach) -> None:
    _redraw(tx, alert, now, now, reach)
    if alert.inside is not None:
        _redraw_outer(tx, alert, now, reach)
    if alert.told == 0 or is_silenced(alert):
        return
    if reach.channel:
        tx.outbox.want_alert(
            EffectKind.REPLY, alert_id=alert.id, due_at=now, now=now, body=Kind.CLOSED
        )
    if reach.roads:
        _by_road(tx, alert, Kind.CLOSED, rules, now)


def _by_road(
    tx: Tx, alert: Alert, kind: Kind, rules: AlertRules, now: datetime, *, loud: bool = False
) -> None:
    """Ask for it to be told by the other roads, in the morning if nobody is to be woken by it.

    What waits to go says how things stand when it goes, so nothing is added to it.
    """
    due_at = now if alert.urgent else rules.loud_again(now)
    tx.outbox.want_alert(
        EffectKind.ROAD, alert_id=alert.id, due_at=due_at, now=now, body=kind, loud=loud
    )


def _redraw(tx: Tx, alert: Alert, due_at: datetime, now: datetime, reach: Reach) -> None:
    """Ask for the card to be edited, if there is one or is about to be."""
    if reach.channel and (alert.told or alert.message is not None):
        tx.outbox.want_alert(EffectKind.ALERT, alert_id=alert.id, due_at=due_at, now=now)


def _redraw_outer(tx: Tx, alert: Alert, now: datetime, reach: Reach) -> None:
    outer = tx.alerts.get(alert.inside) if alert.inside is not None else None
    if outer is not None:
        tx.alerts.save(replace(outer, touched=outer.touched + 1))
        _redraw(tx, outer, now + _REDRAW_AFTER, now, reach)
