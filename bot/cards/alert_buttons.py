"""The buttons on alerts; all that a press means is in its custom id, so they outlive a restart."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import discord

from bot.cards.pressing import TAIL, Button, Lasting, named
from bot.domain.alert import Alert, AlertId

EVENT: Final = "alert_press"
"""The client event of every press: listeners get the interaction and the `AlertPress`."""


class AlertKind(StrEnum):
    """What was pressed."""

    REAL = "real"
    FALSE = "false"
    MUTE = "mute"
    UNMUTE = "unmute"
    CASES = "cases"
    THREAD = "thread"
    WATCH = "watch"
    """The story's state becomes "watch"."""
    CLOSE = "close"
    """The story's comments are closed on the site."""
    RAISE = "raise"
    """Its cases go to the front of the moderators' queue."""
    PUT_BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPress:
    """A button and the alert it stands under, with that alert's token."""

    kind: AlertKind
    alert_id: AlertId
    token: str = ""

    @property
    def custom_id(self) -> str:
        """The press as Discord keeps it: ``alert:mute:12:Zk3-x_9aQ1vB``."""
        return named(f"alert:{self.kind}:{self.alert_id}", self.token)


_ID: Final = re.compile(rf"alert:(?P<kind>{'|'.join(AlertKind)}):(?P<alert>[0-9]+){TAIL}")


def parse(custom_id: str) -> AlertPress | None:
    """Return what a custom id stands for, `None` if it is not one of an alert's."""
    match = _ID.fullmatch(custom_id)
    return _press(match) if match else None


def _press(match: re.Match[str]) -> AlertPress:
    return AlertPress(
        kind=AlertKind(match["kind"]),
        alert_id=AlertId(int(match["alert"])),
        token=match["token"] or "",
    )


class AlertButton(Lasting[AlertPress, Button], template=_ID, event=EVENT, read=_press):
    """A button that tells the client what was pressed, and nothing else."""


def button(
    kind: AlertKind,
    alert: Alert,
    label: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> AlertButton:
    """Return a button for an alert."""
    press = AlertPress(kind=kind, alert_id=alert.id, token=alert.token)
    return AlertButton(press, discord.ui.Button(label=label, style=style))
