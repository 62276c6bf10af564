"""What editors are answered about alerts: lists, settings, the digest, and lines under a card."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import discord

from bot.cards import escape, links, parts
from bot.cards.alerts import alert_card
from bot.cards.text import alert_answers as alert_answer_text
from bot.cards.text import alerts as alert_text
from bot.cards.text import cases as case_text
from bot.cards.text import common as common_text
from bot.domain import anchors
from bot.domain.alerts import Alert, AlertState, AlertView, Asked, Mute, Opinion, Sensitivity
from bot.domain.detection.events import Tier
from bot.domain.detection.incidents import Kind
from bot.domain.ids import CaseId
from bot.services.alerts.digest import Digest
from bot.services.alerts.opinions import SiteAlerts
from bot.services.alerts.views import CaseLine
from bot.services.cases.anchoring import ANCHOR

_NAME = 32
_TITLE = 60
_QUESTION = 500
_THREAD = 100
"""Characters that Discord takes of a thread's name."""
_MOST = 3900
_TAIL = 200


def cases(view: AlertView, lines: Sequence[CaseLine], guild_id: int) -> discord.ui.LayoutView:
    """List the cases that an alert is about, each with a link to its card."""
    if not lines:
        return saying(alert_answer_text.NO_CASES)
    listed = [
        alert_answer_text.case_line(
            common_text.case(line.case_id),
            parts.name(line.author),
            line.reports,
            case_text.decided(line.done) if line.done else None,
            links.jump(guild_id, line.card) if line.card else None,
        )
        for line in lines
    ]
    more = view.tally.comments - len(lines)
    return saying(
        alert_answer_text.cases_title(alert_card.what(view)),
        *listed,
        parts.small(alert_answer_text.more_cases(more)) if more > 0 else None,
    )


def spikes(alerts: Sequence[tuple[Alert, str]], guild_id: int) -> discord.ui.LayoutView:
    """List the open and the recent alerts, as they are given; what has no room is counted."""
    if not alerts:
        return saying(alert_answer_text.NO_ALERTS)
    live, over = _which(alerts, guild_id, live=True), _which(alerts, guild_id, live=False)
    shown_live = _fitting(live)
    left = len(live) - len(shown_live)
    return saying(
        alert_answer_text.LIVE if live else None,
        *shown_live,
        alert_answer_text.more_alerts(left) if left else None,
        alert_answer_text.ENDED if over else None,
        *over,
    )


def _which(alerts: Sequence[tuple[Alert, str]], guild_id: int, *, live: bool) -> list[str]:
    return [_spike(alert, name, guild_id) for alert, name in alerts if alert.is_live is live]


def _fitting(lines: Sequence[str]) -> list[str]:
    """Return so many of the lines as have room, with some left for what follows."""
    room = _MOST - _TAIL
    kept: list[str] = []
    for line in lines:
        room -= escape.units(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _spike(alert: Alert, name: str, guild_id: int) -> str:
    link = links.message(guild_id, alert.message) if alert.message else None
    said = parts.joined(alert_text.reports(alert.reports), *_marks(alert))
    return alert_answer_text.spike_line(shown(name), alert.id, alert.opened_at, said, link)


def _marks(alert: Alert) -> Iterator[str]:
    if alert.opinion:
        yield alert_answer_text.OPINIONS[alert.opinion is Opinion.REAL]
    if alert.inside is not None:
        yield alert_answer_text.folded(alert.inside)
    if alert.state is AlertState.COOLING:
        yield alert_answer_text.COOLING
    if alert.muted:
        yield alert_answer_text.MUTED_HERE
    if alert.raised_by:
        yield alert_answer_text.RAISED_HERE


def settings(
    sites: Sequence[SiteAlerts], mutes: Sequence[tuple[str, Mute]]
) -> discord.ui.LayoutView:
    """Show how each site's alerts are set and how that went, and what is muted."""
    lines = [
        alert_answer_text.settings(escape.line(one.site, _TITLE), _by_name(one.chosen), one.record)
        for one in sites
    ]
    muted = [
        alert_answer_text.mute_line(f"“{shown(name)}”", mute.until, parts.name(mute.by_name))
        for name, mute in mutes
    ]
    return saying(
        alert_answer_text.SETTINGS_TITLE,
        *(lines or [alert_answer_text.NO_ALERTS]),
        *muted,
        parts.small(alert_answer_text.SETTINGS_HELP),
    )


def muted(name: str, mute: Mute, *, new: bool) -> discord.ui.LayoutView:
    """Say until when nobody is told of something, and who wished so first."""
    what = f"“{shown(name)}”"
    if new:
        return saying(alert_answer_text.muted(what, mute.until))
    return saying(alert_answer_text.muted_already(what, mute.until, parts.name(mute.by_name)))


def asked(found: int | Asked | None) -> discord.ui.LayoutView:
    """Say that the moderators are being asked, or that they were."""
    if found is None:
        return saying(alert_answer_text.ASKED_MODERATORS)
    if isinstance(found, Asked):
        return saying(alert_answer_text.asked_already(parts.name(found.by_name)))
    return saying(alert_answer_text.thread_is_there(found))


def _by_name(chosen: Sensitivity) -> Sensitivity:
    return replace(chosen, by_name=parts.name(chosen.by_name)) if chosen.by_name else chosen


def shown(name: str) -> str:
    """Return what an alert is about as inert text."""
    return escape.line(name, _TITLE) or common_text.NO_TITLE


def opening(view: AlertView, found: Mapping[CaseId, str], asked_by: str, question: str = "") -> str:
    """Begin the thread with the moderators: what is asked, and the cases to look at."""
    first = alert_answer_text.thread_opening(
        alert_card.what(view), view.tally.reports, parts.name(asked_by)
    )
    listed = [
        alert_answer_text.case_line(
            common_text.case(top.case_id),
            parts.name(top.author),
            top.reports,
            case_text.decided(top.done) if top.done else None,
            found.get(top.case_id),
        )
        for top in view.tally.tops
    ]
    asked = escape.prose(question, _QUESTION, lines=6)
    return "\n".join((first, *([common_text.quoted(asked)] if asked else []), *listed))


def thread_name(view: AlertView) -> str:
    """Return what the thread with the moderators is called: as what it is about, if that has a name."""
    alert, name = view.alert, escape.label(view.name, _NAME)
    title = {
        Tier.STORY: escape.label(view.title, _THREAD),
        Tier.COMMENTER: alert_answer_text.about_author(name) if name else "",
        Tier.SITE: escape.label(alert.site, _THREAD),
    }[alert.tier]
    return alert_answer_text.thread_name(alert.id, title)


def under(view: AlertView, kind: Kind, *, roles: tuple[int, ...] = ()) -> str:
    """Say under an alert's card what became of it, to whom it calls."""
    return "\n".join(filter(None, (alert_card.urgent(roles), _became(view, kind))))


def _became(view: AlertView, kind: Kind) -> str:
    tally, alert = view.tally, view.alert
    if kind is Kind.CLOSED:
        return alert_card.over(view)
    if kind is Kind.REOPENED:
        return alert_text.reopened(alert.id)
    return alert_text.doubled(
        alert.id, tally.reports or alert.reports, tally.readers or alert.readers
    )


def bulletin(name: str, body: str) -> str:
    """Return the text of a message that is no alert."""
    facts: Any = json.loads(body)
    if name.startswith("digest"):
        return digest(Digest.from_json(facts))
    if name.startswith(ANCHOR):
        return alert_answer_text.anchor(anchors.from_line(facts))
    return ". ".join(line for line in _held(facts) if line)


def bulletin_plain(body: str) -> tuple[str, str]:
    """Return what is no alert as a title and a plain text, for any other road."""
    facts: Any = json.loads(body)
    if "more" in facts:
        title, rest = _held(facts)
        return alert_card.bare(title), rest
    lines = digest(Digest.from_json(facts), plain=True).split("\n")
    return alert_card.bare(lines[0]), alert_card.bare("\n".join(lines[1:]))


def _held(facts: Any) -> tuple[str, str]:
    more: int = facts["more"]
    title = alert_text.held_back(more, overnight=facts["overnight"])
    if not more:
        return title, ""
    return title, alert_text.HELD_ONE_LISTED if more == 1 else alert_text.HELD_LISTED


def digest(found: Digest, *, plain: bool = False) -> str:
    """Return the morning's summary."""

    def inert(raw: str) -> str:
        return escape.bare(raw, _TITLE) if plain else escape.line(raw, _TITLE)

    def counted(found: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        return [(inert(name), number) for name, number in found]

    def since(at: datetime) -> str:
        return f"{at:%d.%m. %H:%M}" if plain else common_text.ago(at)

    lines = [
        alert_answer_text.title(found.day),
        alert_answer_text.figures(found.reports, found.week_before),
        alert_answer_text.decided(found.kept, found.hidden, found.banned),
        alert_answer_text.spikes(counted(found.spikes)),
        alert_answer_text.busiest(counted(found.busiest)),
        alert_answer_text.waiting(
            found.waiting,
            common_text.case(found.oldest) if found.oldest else None,
            since(found.oldest_at) if found.oldest_at else "",
        ),
        alert_answer_text.stories([inert(title) for title in found.stories]),
    ]
    return "\n".join(filter(None, lines))


def saying(*lines: str | None) -> discord.ui.LayoutView:
    """Answer in lines; the last ones are left out where Discord would not take them all."""
    kept: list[str] = []
    for line in lines:
        if line and escape.units("\n".join((*kept, line))) <= _MOST:
            kept.append(line)
    return parts.plain(parts.text(*kept))
