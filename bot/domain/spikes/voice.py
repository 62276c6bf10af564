"""What is said aloud, and what only changes a message that stands already."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from bot.domain.spikes.incidents import Incident, Kind, Notice
from bot.domain.spikes.season import HOUR

ALOUD_AN_HOUR = 10


class Voice:
    """Says at most ten things an hour aloud, and how many it kept back."""

    def __init__(self) -> None:
        self._aloud: deque[float] = deque(maxlen=ALOUD_AN_HOUR)
        self._held = 0

    def speak(self, kind: Kind, incident: Incident, at: float, ahead: float) -> Notice:
        """Return a notice, aloud if it may be; `ahead` is how far `at` is before the wall."""
        held = 0
        aloud = not incident.muted and incident.parent is None
        if aloud and len(self._aloud) == ALOUD_AN_HOUR and at - self._aloud[0] < HOUR:
            self._held += 1
            aloud = False
        if aloud:
            self._aloud.append(at)
            held, self._held = self._held, 0
        return _notice(kind, incident, at, ahead, aloud=aloud, held=held)

    def show(self, kind: Kind, incident: Incident, at: float, ahead: float) -> Notice:
        """Return a notice that changes a message in place."""
        return _notice(kind, incident, at, ahead, aloud=False, held=0)

    def snapshot(self) -> list[Any]:
        """Return the state as JSON."""
        return [self._held, *self._aloud]

    def restore(self, state: Sequence[Any]) -> None:
        """Take over a state from its JSON."""
        self._aloud.clear()
        self._held, *times = state
        self._aloud.extend(times)


def _notice(
    kind: Kind, incident: Incident, at: float, ahead: float, *, aloud: bool, held: int
) -> Notice:
    return Notice(kind=kind, at=at - ahead, facts=incident.facts(ahead), aloud=aloud, held=held)
