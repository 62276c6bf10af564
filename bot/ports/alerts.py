"""What is kept for alerting editors, and the ways to reach them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.alert import (
    Alert,
    AlertEffect,
    AlertEffectKind,
    AlertId,
    AlertView,
    Asked,
    Logged,
    Message,
    Mute,
    Record,
    Sensitivity,
    Tally,
)
from bot.domain.case import CardRef
from bot.domain.comment import Story
from bot.domain.decision import Action
from bot.domain.ids import CaseId, EffectId, SiteId
from bot.domain.report import Report
from bot.domain.spikes.incidents import Kind
from bot.domain.spikes.sighting import Tier


class Sightings(Protocol):
    """The counted reports in their order, and what the detector remembers of them."""

    def add(self, case_id: CaseId, report: Report, at: datetime) -> None:
        """Keep that a report was counted, for the detector."""
        ...

    def after(self, last: int, *, limit: int) -> Sequence[Logged]:
        """Return the sightings after one, in order."""
        ...

    def sites(self) -> Sequence[SiteId]:
        """Return the sites that readers' reports came from, by name."""
        ...

    def newest(self) -> int:
        """Return the number of the newest sighting, 0 if there is none."""
        ...

    def judged(self) -> int:
        """Return up to which sighting the alerts are kept."""
        ...

    def judge(self, upto: int) -> None:
        """Record up to which sighting the alerts are kept."""
        ...

    def evidence(self) -> Mapping[SiteId, tuple[int, bytes]]:
        """Return what was remembered of each site, and after which sighting that was."""
        ...

    def keep_evidence(self, site: SiteId, upto: int, at: datetime, state: bytes) -> None:
        """Keep what is remembered of a site."""
        ...

    def forget(self, before: datetime, *, upto: int, limit: int) -> int:
        """Forget so many of the oldest sightings; none that is newer or after `upto`."""
        ...

    def counts(
        self, site: SiteId, start: datetime, step: timedelta, steps: int
    ) -> Mapping[int, int]:
        """Return a site's reports in each of the steps after `start`, the empty ones left out."""
        ...


class Alerts(Protocol):
    """The alerts, what editors said of them, and where they stand in Discord."""

    def get(self, alert_id: AlertId) -> Alert | None:
        """Return an alert by its number."""
        ...

    def of_incident(self, site: SiteId, incident: int) -> Alert | None:
        """Return the alert of the detector's incident."""
        ...

    def open(self, alert: Alert) -> Alert:
        """Keep a new alert; it comes back with its number."""
        ...

    def save(self, alert: Alert) -> None:
        """Keep an alert as it now is; where its message stands is not touched."""
        ...

    def live(self) -> Sequence[Alert]:
        """Return the alerts that go on, the oldest first."""
        ...

    def recent(self, *, limit: int) -> Sequence[Alert]:
        """Return the newest alerts, the newest first."""
        ...

    def between(self, start: datetime, end: datetime) -> Sequence[Alert]:
        """Return the alerts that opened in a time, the oldest first."""
        ...

    def inside(self, alert_id: AlertId) -> Sequence[Alert]:
        """Return what was folded into a site's alert, the oldest first."""
        ...

    def record(self, site: SiteId, since: datetime, now: datetime) -> Record:
        """Return how well the alerts since then did."""
        ...

    def intend(self, alert_id: AlertId, at: datetime) -> datetime | None:
        """Note that the card is about to be posted; returns when that was noted before."""
        ...

    def posted(self, alert_id: AlertId, message: Message | None) -> None:
        """Record where the card stands, `None` if it is gone."""
        ...

    def threaded(self, alert_id: AlertId, thread_id: int) -> None:
        """Record the thread with the moderators."""
        ...

    def brigaded(self, case_id: CaseId, alert: Alert) -> bool:
        """Keep that a case was reached by readers who act together; false if that is known."""
        ...

    def release(self, alert_id: AlertId) -> Sequence[CaseId]:
        """Forget which cases an alert's readers reached together, and return those cases."""
        ...

    def brigade_of(self, case_id: CaseId) -> AlertId | None:
        """Return the alert whose readers, likely acting together, reached a case."""
        ...

    def mute(self, mute: Mute) -> None:
        """Keep a mute; an earlier one of the same thing is replaced."""
        ...

    def unmute(self, site: SiteId, tier: Tier, key: str) -> bool:
        """End a mute; false if there was none."""
        ...

    def mutes(self, now: datetime) -> Sequence[Mute]:
        """Return the mutes that hold at a time."""
        ...

    def sensitivity(self, site: SiteId) -> Sensitivity | None:
        """Return what an editor chose for a site."""
        ...

    def choose(self, site: SiteId, sensitivity: Sensitivity, at: datetime) -> None:
        """Keep what an editor chose for a site."""
        ...


class AlertEffects(Protocol):
    """The durable list of what editors are to be told."""

    def want(
        self,
        kind: AlertEffectKind,
        *,
        due_at: datetime,
        now: datetime,
        alert_id: AlertId | None = None,
        name: str | None = None,
        body: str | None = None,
        loud: bool = False,
    ) -> None:
        """Ask for something. What waits already is only made due earlier.

        A thread is asked for once, and again if that failed; each line under a card is new.
        """
        ...

    def due(
        self, kinds: Sequence[AlertEffectKind], now: datetime, *, limit: int
    ) -> Sequence[AlertEffect]:
        """Return what is due of these kinds, in the order in which it was asked for."""
        ...

    def done(self, effect_id: EffectId, at: datetime) -> None:
        """Record that it was done."""
        ...

    def retry(self, effect_id: EffectId, due_at: datetime, trouble: str) -> None:
        """Record a failed attempt and when the next one is due."""
        ...

    def fail(self, effect_id: EffectId, at: datetime, trouble: str) -> None:
        """Record that it is given up."""
        ...

    def forget(self, before: datetime) -> int:
        """Forget the drawings of cards that were done before that; return how many."""
        ...

    def loud_since(self, moment: datetime, alert_id: AlertId | None = None) -> int:
        """Return how often alerts, or one of them, made a sound since then."""
        ...

    def asked(self, alert_id: AlertId) -> Asked | None:
        """Return how far a thread with the moderators has got, `None` if none is on its way."""
        ...

    def bulletin(self, name: str) -> tuple[str, Message | None] | None:
        """Return a bulletin's text and where it stands."""
        ...

    def put_bulletin(self, name: str, body: str) -> None:
        """Keep a bulletin's text."""
        ...

    def bulletin_posted(self, name: str, message: Message) -> None:
        """Record where a bulletin stands."""
        ...


class Tallies(Protocol):
    """Figures about reports, counted when they are asked for."""

    def tally(self, site: SiteId, tier: Tier, key: str, start: datetime, end: datetime) -> Tally:
        """Return the reports on something in a time, counted."""
        ...

    def moments(
        self, site: SiteId, tier: Tier, key: str, start: datetime, end: datetime
    ) -> Sequence[datetime]:
        """Return when the reports on a story or a commenter came, in no order."""
        ...

    def cases(
        self, site: SiteId, tier: Tier, key: str, start: datetime, end: datetime, *, limit: int
    ) -> Sequence[tuple[CaseId, int]]:
        """Return the cases that the reports are on with how many each, the most first."""
        ...

    def readers(self, case_id: CaseId) -> Mapping[bytes, datetime]:
        """Return who reported a case, and when each did so first."""
        ...

    def story(self, site: SiteId, key: str) -> Story | None:
        """Return a story as last seen."""
        ...

    def author(self, site: SiteId, key: str) -> str | None:
        """Return a commenter's name as last seen."""
        ...

    def find(
        self, site: SiteId, tier: Tier, words: str, *, limit: int
    ) -> Sequence[tuple[str, str]]:
        """Return the keys and names of stories or commenters reported lately whose name fits."""
        ...

    def decided(self, start: datetime, end: datetime) -> Mapping[Action, int]:
        """Return what people first decided of the cases in a time."""
        ...

    def busiest(
        self, site: SiteId, start: datetime, end: datetime, *, limit: int
    ) -> Sequence[tuple[str, int]]:
        """Return the stories with the most reports in a time: title and reports."""
        ...

    def oldest_open(self) -> tuple[CaseId, datetime] | None:
        """Return the open case that waits for longest, and since when."""
        ...


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


class Roads(Protocol):
    """Every other way to reach editors: e-mail, Slack, a telephone."""

    async def send(self, title: str, body: str) -> None:
        """Send a plain text along all of them.

        Raises:
            RoadDown: One or more did not take it; try later.
        """
        ...
