"""What is kept for alerting editors, and the ways to reach them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.alert import (
    Alert,
    AlertView,
    Message,
)
from bot.domain.case import CardRef
from bot.domain.ids import CaseId
from bot.domain.spikes.incidents import Kind


class AlertBoard(Protocol):
    """The editors' channel; each raises what `Board` raises."""

    async def ready(self) -> None:
        """Return when Discord can be spoken to."""
        ...

    async def post(self, view: AlertView, *, nonce: str, silent: bool) -> Message:
        """Post an alert's card, without a sound if `silent`."""
        ...

    async def redraw(self, view: AlertView, message: Message) -> None:
        """Edit the card to show the alert as it now is."""
        ...

    async def find(self, alert: Alert, since: datetime) -> Message | None:
        """Look for a card that may have been posted without our learning of it."""
        ...

    async def reply(self, view: AlertView, kind: Kind, *, nonce: str, silent: bool) -> None:
        """Put a line under an alert's card that says what became of it."""
        ...

    async def bulletin(
        self, name: str, body: str, at: Message | None, *, nonce: str, silent: bool
    ) -> Message:
        """Post a bulletin, or edit the one that stands there; `body` holds its facts as JSON."""
        ...

    async def thread(
        self, view: AlertView, cards: Mapping[CaseId, CardRef], *, asked_by: str, nonce: str
    ) -> int:
        """Begin a thread with the moderators in their channel, and return its id."""
        ...


class Pager(Protocol):
    """Every other way to reach editors: e-mail, Slack, a telephone."""

    async def send(self, title: str, body: str) -> None:
        """Send a plain text along all of them.

        Raises:
            PagerDown: One or more did not take it; try later.
        """
        ...
