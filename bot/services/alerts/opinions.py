"""What editors do about an alert, and how sensitive a site's alerts are."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alerts import Alert, AlertId, Asked, Mute, Opinion, Record, Sensitivity
from bot.domain.detection.events import Tier
from bot.domain.effects import EffectKind
from bot.domain.errors import NotPossible, NotUnderstood
from bot.domain.ids import SiteId
from bot.domain.staff import Person, Rank
from bot.domain.stories import StoryState
from bot.services.alerts.views import NoSuchAlert, label, look, mute_of, name
from bot.services.desk import Desk
from bot.services.stories import story
from bot.store.deliveries import asking_text
from bot.store.tx import Tx

MUTED_FOR = timedelta(hours=24)


async def judge(desk: Desk, alert_id: AlertId, opinion: Opinion, by: Person) -> bool:
    """Keep what an editor says of an alert; false if that was said before.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> bool:
        alert = get(tx, alert_id)
        if alert.opinion is opinion:
            return False
        show(tx, replace(alert, opinion=opinion, opinion_by=by.name), now)
        return True

    return await desk.store.write(work)


async def mute(desk: Desk, alert_id: AlertId, by: Person) -> tuple[str, Mute, bool]:
    """Tell nobody of this story, commenter or site for a day.

    Returns its name, the mute that holds, and whether it is new: one that runs already is left
    as it is.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> tuple[str, Mute, bool]:
        alert = get(tx, alert_id)
        running = mute_of(tx, alert, now)
        if running is not None:
            return label(tx, alert), running, False
        until = now + MUTED_FOR
        made = Mute(site=alert.site, tier=alert.tier, key=alert.key, until=until, by_name=by.name)
        tx.alerts.mute(made)
        show(tx, replace(alert, muted=True), now)
        return label(tx, alert), made, True

    return await desk.store.write(work)


async def unmute(desk: Desk, alert_id: AlertId, by: Person) -> bool:
    """Let people be told again; false if that was so.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> bool:
        alert = get(tx, alert_id)
        ended = tx.alerts.unmute(alert.site, alert.tier, alert.key)
        show(tx, replace(alert, muted=False), now)
        return ended

    return await desk.store.write(work)


async def was_asked(desk: Desk, alert_id: AlertId, by: Person) -> int | Asked | None:
    """Return the thread about an alert, or who asked if one is on its way; else `None`.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    return await desk.store.read(lambda tx: _asked(tx, get(tx, alert_id)))


async def ask_moderators(
    desk: Desk, alert_id: AlertId, by: Person, question: str = ""
) -> int | Asked | None:
    """Begin a thread about an alert with the moderators, once, with what the person asks.

    Returns the thread if there is one, who asked if one is on its way, `None` if it was asked for
    just now: for the first time, or again as it had failed.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()

    def work(tx: Tx) -> int | Asked | None:
        alert = get(tx, alert_id)
        found = _asked(tx, alert)
        if found is not None:
            return found
        tx.outbox.want_alert(
            EffectKind.THREAD,
            alert_id=alert_id,
            due_at=now,
            now=now,
            body=asking_text(by.name, question.strip()),
        )
        show(tx, alert, now)
        return None

    return await desk.store.write(work)


def _asked(tx: Tx, alert: Alert) -> int | Asked | None:
    if alert.thread_id is not None:
        return alert.thread_id
    asked = tx.deliveries.thread_asked(alert.id)
    return asked if asked is not None and asked.trouble is None else None


async def mark_story(desk: Desk, alert_id: AlertId, state: StoryState, by: Person) -> bool:
    """Put the story of an alert on watch, or close its comments; false if that was so already.

    A site that failed to close them is asked again.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NoSuchAlert: There is no alert of that number.
        NotPossible: The site cannot close a story.
        NotUnderstood: The alert is on no story, or the story stands under a stricter state.
    """
    desk.require(by, Rank.SENIOR)
    alert = (await look(desk, alert_id)).alert
    if alert.tier is not Tier.STORY:
        raise NotUnderstood(
            "This alert is on no story, so none was marked. /story marks one by its title."
        )
    known = await story.look(desk, alert.site, alert.key, by)
    if state is StoryState.CLOSED and not known.closable:
        raise NotPossible(story.CANNOT_CLOSE)
    if known.state not in (StoryState.NORMAL, StoryState.WATCH, state):
        raise NotUnderstood(
            f"The story is already marked “{known.state}”, and stays so. /story changes it."
        )
    if known.state is not state:
        said = story.StateChange(site=alert.site, story_id=alert.key, state=state)
        await story.mark(desk, said, by=by)
    now = desk.clock()

    def work(tx: Tx) -> None:
        closing = tx.deliveries.closing(alert.site, alert.key)
        if state is StoryState.CLOSED and closing is not None and closing.closed:
            tx.outbox.want_closing(alert.site, alert.key, now, closed=True)
        show(tx, get(tx, alert_id), now)

    await desk.store.write(work)
    return known.state is not state


def get(tx: Tx, alert_id: AlertId) -> Alert:
    """Return an alert.

    Raises:
        NoSuchAlert: There is none of that number.
    """
    alert = tx.alerts.get(alert_id)
    if alert is None:
        raise NoSuchAlert(alert_id)
    return alert


def show(tx: Tx, alert: Alert, now: datetime) -> None:
    """Keep a change that people made, and show it at once."""
    tx.alerts.save(replace(alert, touched=alert.touched + 1))
    if alert.message is not None:
        tx.outbox.want_alert(EffectKind.ALERT, alert_id=alert.id, due_at=now, now=now)


_MEASURED = timedelta(days=28)
_LEAST, _MOST = 0.1, 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAlerts:
    """How a site's alerts are set, and how they did."""

    site: SiteId
    chosen: Sensitivity
    record: Record


async def settings(desk: Desk, by: Person) -> tuple[list[SiteAlerts], list[tuple[str, Mute]]]:
    """Return how each site's alerts are set and did, and what is muted.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
    """
    desk.require(by, Rank.SENIOR)
    now = desk.clock()
    default = Sensitivity(a_week=desk.policy().alerts.a_week)

    def query(tx: Tx) -> tuple[list[SiteAlerts], list[tuple[str, Mute]]]:
        sites = [
            SiteAlerts(
                site=site,
                chosen=tx.alerts.sensitivity(site) or default,
                record=tx.alerts.record(site, now - _MEASURED, now),
            )
            for site in tx.report_events.sites()
        ]
        # Two commenters may have chosen the same name.
        muted = [(name(tx, m.site, m.tier, m.key), m) for m in tx.alerts.mutes(now)]
        return sites, muted

    return await desk.store.read(query)


async def choose(desk: Desk, site: SiteId | None, a_week: float, by: Person) -> SiteId:
    """Set how many false alarms a week a site may have; the only site if none is named.

    Raises:
        NotAllowed: The person is no senior moderator or editor.
        NotUnderstood: There is no such site, or the number is out of bounds.
    """
    desk.require(by, Rank.SENIOR)
    if not _LEAST <= a_week <= _MOST:
        raise NotUnderstood(f"False alarms a week are between {_LEAST:g} and {_MOST:g}.")
    now = desk.clock()

    def work(tx: Tx) -> SiteId:
        known = list(tx.report_events.sites())
        named = known[0] if site is None and len(known) == 1 else site
        if named is None or named not in known:
            raise NotUnderstood(f"Name a site: {', '.join(known) or 'none has reports yet'}.")
        tx.alerts.choose(named, Sensitivity(a_week=a_week, by_name=by.name), now)
        return named

    return await desk.store.write(work)
