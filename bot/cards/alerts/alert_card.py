"""The alert: one report spike as editors see it in their channel, and as plain text elsewhere."""

from collections.abc import Iterator
from typing import Any, Final

import discord

from bot.cards import escape, links, parts
from bot.cards.parts import joined, small
from bot.cards.presses import alerts
from bot.cards.text import alerts as alert_text
from bot.cards.text import charts as chart_text
from bot.cards.text import common as common_text
from bot.domain.alerts import Alert, AlertState, AlertView, Opinion, Tally
from bot.domain.detection.events import Tier
from bot.domain.policy import Policy

CHART: Final = "reports.png"
"""The file that the card shows."""

_TITLE: Final = 90
_NAME: Final = 32
_LABEL: Final = 40
_REASONS: Final = 4
_INSIDE: Final = 5
_TROUBLE: Final = 160


def render(
    view: AlertView, policy: Policy, *, chart: str | None, roles: tuple[int, ...] = ()
) -> discord.ui.LayoutView:
    """Draw the alert's card; `chart` is the picture's description, `None` if there is none.

    Send it with the picture as a file named `CHART`, and mention only the `roles` it calls.
    """
    return parts.card(_items(view, policy, chart, roles), _colour(view))


def plain(view: AlertView, policy: Policy) -> tuple[str, str]:
    """Return the same facts as a title and a text for any other road; no comment is quoted."""
    alert, ended = view.alert, view.alert.state is AlertState.CLOSED
    title = bare(alert_text.headline(alert.tier, _plain_what(view), over=ended))
    lines = [
        _over(view, f"{policy.alerts.local(alert.closed_at or alert.last_at):%H:%M}")
        if ended
        else _measure(view),
        _about(view, policy, plain=True),
        _coordinated(view),
        view.url,
    ]
    return title, "\n".join(bare(line) for line in lines if line)


def what(view: AlertView) -> str:
    """Return what the alert is about, as inert text, with a link to the story."""
    tier = view.alert.tier
    if tier is Tier.SITE:
        return escape.line(view.alert.site, _NAME)
    if tier is Tier.COMMENTER:
        return escape.line(view.name, _NAME) or common_text.NO_NAME
    return _story(view)


def _story(view: AlertView) -> str:
    title, url = escape.line(view.title, _TITLE), links.linkable(view.url, links.ALONE)
    words = title or common_text.NO_TITLE
    linked = f"[{words}]({url})" if url else words
    return f"“{linked}”" if title else linked


def picture(view: AlertView, policy: Policy) -> str:
    """Describe the picture for who cannot see it."""
    series = view.series
    return chart_text.alt_spike(series, view.alert.usual, policy.alerts.local(view.alert.opened_at))


def _items(
    view: AlertView, policy: Policy, chart: str | None, roles: tuple[int, ...]
) -> Iterator[parts.Item]:
    alert = view.alert
    ended = alert.state is AlertState.CLOSED
    yield parts.text(
        urgent(roles),
        alert_text.headline(alert.tier, what(view), over=ended),
        _measure(view),
        _about(view, policy),
        _inside(view),
        small(_coordinated(view) or ""),
    )
    if chart is not None:
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
        gallery.add_item(media=f"attachment://{CHART}", description=chart)
        yield gallery
    yield parts.text(*_state(view))
    for buttons in alerts.rows(view):
        yield parts.row(*buttons)


def _inside(view: AlertView) -> str | None:
    if not view.inside:
        return None
    shown = [
        escape.line(label, _NAME * 2) or common_text.NO_TITLE for label in view.inside[-_INSIDE:]
    ]
    return small(alert_text.inside(shown, len(view.inside) - len(shown)))


def _measure(view: AlertView) -> str:
    alert, tally = view.alert, view.tally
    end = tally.last_at or alert.last_at
    return " ".join(
        (
            alert_text.bulk(tally.reports or alert.reports, _readers(view), end - alert.since),
            alert_text.usual(alert.usual),
            alert_text.chance(alert.chance_weeks),
        )
    )


def _coordinated(view: AlertView) -> str | None:
    found = view.alert.brigade
    return alert_text.coordinated(found, _readers(view)) if found is not None else None


def _readers(view: AlertView) -> int:
    return view.tally.readers or view.alert.readers


def _about(view: AlertView, policy: Policy, *, plain: bool = False) -> str | None:
    tally = view.tally
    if not tally.tops:
        return None
    most = tally.tops[0].reports
    tops = [top for top in tally.tops if top.reports * 3 >= most]
    names = dict.fromkeys(map(_plain_name if plain else parts.name, (top.author for top in tops)))
    return alert_text.about(len(tops), list(names), _reasons(tally, policy))


def _reasons(tally: Tally, policy: Policy) -> list[tuple[str, int]]:
    return [
        (escape.line(policy.rule(number).name, _LABEL), count)
        for number, count in list(tally.reasons.items())[:_REASONS]
    ]


def _plain_name(name: str) -> str:
    return escape.bare(name, _NAME) or common_text.NO_NAME


def over(view: AlertView) -> str:
    """Say how the spike ended, with Discord's own times."""
    return _over(view, common_text.clock(view.alert.closed_at or view.alert.last_at))


def _state(view: AlertView) -> Iterator[str | None]:
    alert = view.alert
    if alert.state is AlertState.CLOSED:
        yield over(view)
    elif alert.state is AlertState.COOLING:
        yield alert_text.cooling(alert.last_at)
    yield from _failed(view)
    said = (*_pressed(view), *_of_thread(view), *_of_closing(view))
    yield small(joined(alert_text.number(alert.id), *said))


def _pressed(view: AlertView) -> Iterator[str]:
    """Say what staff made of it with its buttons."""
    alert = view.alert
    if alert.opinion:
        by = escape.line(alert.opinion_by or "", _NAME)
        yield alert_text.said(alert.opinion is Opinion.REAL, by)
    if view.mute:
        yield alert_text.muted(view.mute.until, escape.line(view.mute.by_name, _NAME))
    if alert.raised_by:
        yield alert_text.raised(escape.line(alert.raised_by, _NAME), view.raised)


def _failed(view: AlertView) -> Iterator[str]:
    """Say which of the things that were asked for did not happen."""
    if view.asked is not None and view.asked.trouble:
        yield alert_text.not_asked(escape.line(view.asked.trouble, _TROUBLE))
    closing = view.closing
    if closing is not None and closing.closed and closing.trouble:
        yield alert_text.not_closed(escape.line(closing.trouble, _TROUBLE))


def _of_thread(view: AlertView) -> Iterator[str]:
    """Say how far the others have got."""
    if view.alert.thread_id is not None:
        yield alert_text.in_thread(view.alert.thread_id)
    elif view.asked is not None and not view.asked.trouble:
        yield alert_text.asking(escape.line(view.asked.by_name, _NAME))


def _of_closing(view: AlertView) -> Iterator[str]:
    closing = view.closing
    if closing is not None and closing.closed and not closing.trouble:
        yield alert_text.COMMENTS_CLOSED if closing.is_done else alert_text.CLOSING


def unshowable(alert: Alert, *, roles: tuple[int, ...] = ()) -> discord.ui.LayoutView:
    """Draw an alert with none of what readers and authors wrote: Discord refuses to show that."""
    cases = alerts.button_of(alerts.ShowAlertCases, alert)
    said = parts.text(urgent(roles), alert_text.unshowable(alert.id))
    return parts.card((said, parts.row(cases)))


def urgent(roles: tuple[int, ...]) -> str | None:
    """Call the roles to what is urgent; `None` if none is called."""
    called = " ".join(f"<@&{role}>" for role in roles)
    return alert_text.urgent(called) if called else None


def _colour(view: AlertView) -> int:
    return {
        AlertState.OPEN: alert_text.OPEN_COLOUR,
        AlertState.COOLING: alert_text.COOLING_COLOUR,
        AlertState.CLOSED: alert_text.OVER_COLOUR,
    }[view.alert.state]


def _over(view: AlertView, when: str) -> str:
    tally = view.tally
    reports = tally.reports or view.alert.reports
    return alert_text.over(when, reports, tally.decided, _waiting(view))


def _waiting(view: AlertView) -> int:
    """Return how many of its cases wait for a decision."""
    return view.tally.waiting


def _plain_what(view: AlertView) -> str:
    tier = view.alert.tier
    if tier is Tier.SITE:
        return view.alert.site
    if tier is Tier.COMMENTER:
        return escape.bare(view.name, _NAME) or common_text.NO_NAME
    title = escape.bare(view.title, _TITLE)
    return f"“{title}”" if title else common_text.NO_TITLE


def bare(words: str) -> str:
    """Return words without the marks that only Discord understands."""
    return words.replace("**", "").replace("📈 ", "").replace("📉 ", "")
