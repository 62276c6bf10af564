"""The house rules and the rest of the policy, as /rules and /policy show them."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Final

import discord

from bot.cards import escape, parts, stories
from bot.cards.text import common as common_text
from bot.cards.text import policy as policy_text
from bot.cards.text import stories as story_text
from bot.domain import bans
from bot.domain.policy import Policy, Rule, TwoPeople
from bot.domain.routing import Route
from bot.domain.stories import StoryState
from bot.services.rules import Reloaded

_NAME: Final = 40
_TEXT: Final = 500


def rules(policy: Policy) -> discord.ui.LayoutView:
    """List the house rules, a line each."""
    return parts.plain(
        parts.text(policy_text.rules_head(len(policy.rules))),
        parts.text(*(_line(rule) for rule in policy.rules)),
        parts.text(parts.small(policy_text.RULES_FOOT)),
    )


def rule(shown: Rule) -> discord.ui.LayoutView:
    """Show one house rule, with what the author is told."""
    return parts.plain(
        parts.text(_line(shown)),
        parts.text(escape.prose(shown.text, _TEXT)),
        parts.text(policy_text.NOTICE, escape.prose(shown.notice, _TEXT)),
        parts.text(parts.small(policy_text.sent_as(escape.line(shown.code, _NAME)))),
    )


def _line(shown: Rule) -> str:
    return parts.joined(
        f"**{escape.line(common_text.rule(shown), _NAME + 4)}**",
        shown.severity.word,
        policy_text.LEGAL if shown.legal else None,
        policy_text.SPOILER if shown.spoiler else None,
        policy_text.WORDING if shown.wording else None,
        policy_text.LIFE if shown.life else None,
        policy_text.only_at(escape.line(", ".join(shown.sites), _NAME * 2))
        if shown.sites
        else None,
    )


def policy(shown: Policy) -> discord.ui.LayoutView:
    """Show what a newsroom decided, but for the rules themselves, in a line each."""
    return parts.plain(
        parts.text(policy_text.HEAD),
        parts.text(*_deciding(shown), *_channel(shown)),
        parts.text(policy_text.STORIES, *_stories(shown)),
        parts.text(policy_text.CHANNELS, *_routes(shown)),
        parts.text(parts.small(policy_text.FOOT)),
    )


def _deciding(shown: Policy) -> Iterator[str]:
    emoji, brake = shown.emoji, shown.brake
    yield policy_text.reactions(emoji.keep, emoji.hide, emoji.ban)
    yield policy_text.strikes(shown.strike_days)
    yield policy_text.undo(shown.undo_minutes)
    yield policy_text.ladder(", ".join(bans.in_words(step) for step in shown.ladder))
    yield _two(shown)
    minutes = brake.within // timedelta(minutes=1)
    yield policy_text.alone(minutes, brake.bans, brake.hides, brake.overturns)


def _two(shown: Policy) -> str:
    said = [policy_text.TWO[one] for one in TwoPeople if one in shown.two_people]
    if not said:
        return policy_text.TWO_NOTHING
    return policy_text.two_people(", ".join(said), shown.agree_within // timedelta(hours=1))


def _channel(shown: Policy) -> Iterator[str]:
    most, shift = shown.channel.backlog_digest, shown.shift
    yield policy_text.backlog(most) if most else policy_text.A_CARD_EACH
    yield policy_text.claims(shift.claim_minutes)
    shift_after = policy_text.after(shift.shift_after)
    yield policy_text.calls(shift_after, policy_text.after(shift.editors_after))
    yield policy_text.quiet(_hours(shift.quiet_from, shift.quiet_until))
    yield policy_text.quiet_alerts(_hours(shown.alerts.quiet_from, shown.alerts.quiet_until))
    if shown.blurred:
        yield policy_text.blurred(len(shown.blurred))


def _hours(start: time | None, end: time | None) -> str:
    if not start or not end:
        return policy_text.NEVER
    return policy_text.hours(f"{start:%H:%M}", f"{end:%H:%M}")


def _stories(shown: Policy) -> Iterator[str]:
    for state in StoryState:
        said = stories.effects(shown, state)
        if said:
            yield f"{story_text.CHOICES[state]}: {said}"


def _routes(shown: Policy) -> Iterator[str]:
    if not shown.routes:
        yield policy_text.ONE_CHANNEL
    for place, route in enumerate(shown.routes[:20], 1):
        yield f"{place}. {_route(route, shown)}"


def _route(route: Route, shown: Policy) -> str:
    said = [
        story_text.CHOICES[route.state] if route.state else None,
        escape.line(shown.rule(route.reason).name, _NAME) if route.reason is not None else None,
        policy_text.section(escape.line(route.section, _NAME)) if route.section else None,
        policy_text.site(escape.line(route.site, _NAME)) if route.site else None,
    ]
    return f"{parts.joined(*said) or policy_text.EVERYTHING} → <#{route.channel_id}>"


def reloaded(changes: Reloaded) -> discord.ui.LayoutView:
    """Say what a new policy changed."""
    if changes.is_empty:
        return parts.plain(parts.text(policy_text.SAME))
    lines = [
        _listed(policy_text.ADDED, changes.added),
        _listed(policy_text.REMOVED, changes.removed),
        _listed(policy_text.CHANGED, changes.changed),
        _named(changes.settings),
        policy_text.moved(changes.moved) if changes.moved else None,
    ]
    return parts.plain(parts.text(policy_text.IN_FORCE, *lines))


def _listed(head: str, found: tuple[Rule, ...]) -> str | None:
    names = ", ".join(escape.line(common_text.rule(one), _NAME + 4) for one in found)
    return policy_text.listed(head, names) if found else None


def _named(settings: tuple[str, ...]) -> str | None:
    names = [policy_text.SETTINGS[name] for name in settings]
    return policy_text.settings(", ".join(names)) if names else None
