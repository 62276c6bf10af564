"""What editors are answered about alerts: lists, settings, the digest, and lines under a card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import discord

from bot.cards import alert_card, escape, links, parts
from bot.cards import wording_alerts as wording
from bot.cards import wording_digest as digest_words
from bot.cards.wording import ago, case, decided
from bot.domain.alert import Alert, AlertState, AlertView, Mute, Opinion, Sensitivity
from bot.domain.ids import CaseId
from bot.domain.spikes.incidents import Kind
from bot.services.alerts import CaseLine, SiteAlerts
from bot.services.digest import Digest

_NAME = 32
_TITLE = 60
_MOST = 3900


def cases(view: AlertView, lines: Sequence[CaseLine], guild_id: int) -> discord.ui.LayoutView:
    """List the cases that an alert is about, each with a link to its card."""
    if not lines:
        return saying(wording.NO_CASES)
    listed = [
        wording.case_line(
            case(line.case_id),
            parts.name(line.author),
            line.reports,
            decided(line.done) if line.done else None,
            links.jump(guild_id, line.card) if line.card else None,
        )
        for line in lines
    ]
    more = view.tally.comments - len(lines)
    return saying(
        wording.cases_title(alert_card.what(view)),
        *listed,
        parts.small(wording.more_cases(more)) if more > 0 else None,
    )


def spikes(alerts: Sequence[tuple[Alert, str]], guild_id: int) -> discord.ui.LayoutView:
    """List the open and the recent alerts, the newest first."""
    if not alerts:
        return saying(wording.NO_ALERTS)
    live = [_spike(alert, name, guild_id) for alert, name in alerts if alert.is_live]
    over = [_spike(alert, name, guild_id) for alert, name in alerts if not alert.is_live]
    return saying(wording.LIVE if live else None, *live, wording.ENDED if over else None, *over)


def _spike(alert: Alert, name: str, guild_id: int) -> str:
    link = (
        links.message(guild_id, alert.message.channel_id, alert.message.message_id)
        if alert.message
        else None
    )
    return wording.spike_line(
        shown(name),
        alert.id,
        alert.opened_at,
        parts.joined(
            wording.reports(alert.reports),
            wording.OPINIONS[alert.opinion is Opinion.REAL] if alert.opinion else None,
            wording.folded(alert.inside) if alert.inside is not None else None,
            wording.COOLING if alert.state is AlertState.COOLING else None,
        ),
        link,
    )


def settings(sites: Sequence[SiteAlerts], mutes: Mapping[str, Mute]) -> discord.ui.LayoutView:
    """Show how each site's alerts are set and how that went, and what is muted."""
    lines = [
        wording.settings(escape.line(one.site, _TITLE), _by_name(one.chosen), one.record)
        for one in sites
    ]
    muted = [
        wording.mute_line(escape.line(name, _TITLE), mute.until, parts.name(mute.by_name))
        for name, mute in mutes.items()
    ]
    return saying(
        wording.SETTINGS_TITLE,
        *(lines or [wording.NO_ALERTS]),
        *muted,
        parts.small(wording.SETTINGS_HELP),
    )


def _by_name(chosen: Sensitivity) -> Sensitivity:
    return replace(chosen, by_name=parts.name(chosen.by_name)) if chosen.by_name else chosen


def shown(name: str) -> str:
    """Return what an alert is about as inert text."""
    return escape.line(name, _TITLE) or wording.NO_TITLE


def opening(view: AlertView, found: Mapping[CaseId, str], asked_by: str) -> str:
    """Begin the thread with the moderators: what it is about, and the cases to look at."""
    first = wording.thread_opening(alert_card.what(view), view.tally.reports, parts.name(asked_by))
    listed = [
        wording.case_line(
            case(top.case_id),
            parts.name(top.author),
            top.reports,
            decided(top.done) if top.done else None,
            found.get(top.case_id),
        )
        for top in view.tally.tops
    ]
    return "\n".join((first, *listed))


def under(view: AlertView, kind: Kind) -> str:
    """Say under an alert's card what became of it."""
    tally, alert = view.tally, view.alert
    if kind is Kind.CLOSED:
        return alert_card.over(view)
    if kind is Kind.REOPENED:
        return wording.reopened(alert.id)
    return wording.doubled(alert.id, tally.reports or alert.reports, tally.readers or alert.readers)


def bulletin(name: str, body: str) -> str:
    """Return the text of a message that is no alert."""
    facts: Any = json.loads(body)
    if name.startswith("digest"):
        return digest(Digest.from_json(facts))
    return wording.held_back(len(facts))


def bulletin_plain(body: str) -> tuple[str, str]:
    """Return the digest as a title and a plain text, for any other road."""
    lines = digest(Digest.from_json(json.loads(body)), plain=True).split("\n")
    return alert_card.bare(lines[0]), alert_card.bare("\n".join(lines[1:]))


def digest(found: Digest, *, plain: bool = False) -> str:
    """Return the morning's summary."""

    def inert(raw: str) -> str:
        return escape.bare(raw, _TITLE) if plain else escape.line(raw, _TITLE)

    def since(at: datetime) -> str:
        return f"{at:%d.%m. %H:%M}" if plain else ago(at)

    lines = [
        digest_words.title(found.day),
        digest_words.figures(found.reports, found.week_before),
        digest_words.decided(found.kept, found.hidden, found.banned),
        digest_words.spikes([(inert(name), number) for name, number in found.spikes]),
        digest_words.busiest([(inert(title), number) for title, number in found.busiest]),
        digest_words.waiting(
            found.waiting,
            case(found.oldest) if found.oldest else None,
            since(found.oldest_at) if found.oldest_at else "",
        ),
        digest_words.stories([inert(title) for title in found.stories]),
    ]
    return "\n".join(line for line in lines if line)


def saying(*lines: str | None) -> discord.ui.LayoutView:
    """Answer in lines; the last ones are left out where Discord would not take them all."""
    kept: list[str] = []
    for line in lines:
        if line and escape.units("\n".join((*kept, line))) <= _MOST:
            kept.append(line)
    return parts.plain(parts.text(*kept))
