"""The house rules and the rest of the policy, as /rules and /policy show them."""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Final

import discord

from bot.cards import escape, parts, story_card
from bot.cards.text import common as common_text
from bot.cards.text import stories as story_text
from bot.domain import durations
from bot.domain.numbers import count
from bot.domain.policy import Policy, Rule, TwoPeople
from bot.domain.routing import Route
from bot.domain.stories import StoryState
from bot.services.rules import Reloaded

_NAME: Final = 40
_TEXT: Final = 500
_SETTINGS: Final[Mapping[str, str]] = {
    "emoji": "the reactions",
    "strike_days": "how long strikes count",
    "undo_minutes": "how long Undo is offered",
    "calm_backlog": "when cards come with reactions",
    "ladder": "the lengths of ban",
    "two_people": "what takes two people",
    "agree_within": "how long a second person has",
    "brake": "how much one person does alone within a few minutes",
    "alerts": "the alerts",
    "stories": "what a story's state changes",
    "routes": "where cards stand",
    "channel": "from how many open cases on new ones share one list",
    "shift": "the shifts",
    "blurred": "the blurred words",
}


def rules(policy: Policy) -> discord.ui.LayoutView:
    """List the house rules, a line each."""
    return parts.plain(
        parts.text(f"**The house rules**, {len(policy.rules)} of them"),
        parts.text(*(_line(rule) for rule in policy.rules)),
        parts.text(parts.small("/rules with a rule shows its text and what the author is told.")),
    )


def rule(shown: Rule) -> discord.ui.LayoutView:
    """Show one house rule, with what the author is told."""
    return parts.plain(
        parts.text(_line(shown)),
        parts.text(escape.prose(shown.text, _TEXT)),
        parts.text("**What the author is told**", escape.prose(shown.notice, _TEXT)),
        parts.text(parts.small(f"The site sends it as {escape.line(shown.code, _NAME)}.")),
    )


def _line(shown: Rule) -> str:
    return parts.joined(
        f"**{escape.line(common_text.rule(shown), _NAME + 4)}**",
        shown.severity.word,
        "legal" if shown.legal else None,
        "behind a click" if shown.spoiler else None,
        "🆘 editors are called at once" if shown.life else None,
    )


def policy(shown: Policy) -> discord.ui.LayoutView:
    """Show what a newsroom decided, but for the rules themselves, in a line each."""
    return parts.plain(
        parts.text("**The policy in force**"),
        parts.text(*_deciding(shown), *_channel(shown)),
        parts.text("**Stories**", *_stories(shown)),
        parts.text("**Channels**", *_routes(shown)),
        parts.text(
            parts.small(
                "/rules lists the house rules. An editor changes the file, then /policy reload."
            )
        ),
    )


def _deciding(shown: Policy) -> Iterator[str]:
    emoji = shown.emoji
    yield f"Reactions: {emoji.keep} keep, {emoji.hide} hide, {emoji.ban} ban"
    yield f"A hide or a ban counts as a strike for {count(shown.strike_days, 'day')}"
    yield f"Undo is offered for {count(shown.undo_minutes, 'minute')}"
    steps = ", ".join(durations.in_words(step) for step in shown.ladder)
    yield f"Bans suggested, longer with each strike: {steps}"
    yield _two(shown)
    brake = shown.brake
    minutes = count(brake.within // timedelta(minutes=1), "minute")
    yield (
        f"Alone within {minutes}: {count(brake.bans, 'ban')}, "
        f"{count(brake.hides, 'hide')}, {count(brake.overturns, 'undo', 'undos')}; "
        "senior moderators and editors twice that"
    )


def _two(shown: Policy) -> str:
    names = {
        TwoPeople.BAN_FOR_GOOD: "a ban for good",
        TwoPeople.UNHIDE_LEGAL: "showing again what was hidden for a legal reason",
    }
    said = [names[one] for one in TwoPeople if one in shown.two_people]
    hours = shown.agree_within // timedelta(hours=1)
    if not said:
        return "Nothing takes two people"
    lasting = count(hours, "hour")
    return f"What takes two people: {', '.join(said)}. The second has {lasting} to agree"


def _channel(shown: Policy) -> Iterator[str]:
    most, shift = shown.channel.backlog_digest, shown.shift
    yield (
        f"While {count(most, 'case')} or more {'is' if most == 1 else 'are'} open, new ones "
        "share one list instead of a card each"
        if most
        else "Every case gets a card of its own at once"
    )
    yield f"Who claims a case has it to themselves for {count(shift.claim_minutes, 'minute')}"
    shift_after, editors_after = _after(shift.shift_after), _after(shift.editors_after)
    yield f"A case that waits calls the shift {shift_after}, the editors {editors_after}"
    quiet = _hours(shift.quiet_from, shift.quiet_until)
    yield f"Quiet hours, when only the gravest cases call anybody: {quiet}"
    quiet = _hours(shown.alerts.quiet_from, shown.alerts.quiet_until)
    yield f"Quiet hours of the editors' alerts: {quiet}"
    if shown.blurred:
        yield f"Words that are blurred until clicked: {len(shown.blurred):,}"


def _after(minutes: int) -> str:
    return f"after {count(minutes, 'minute')}" if minutes else "never"


def _hours(start: time | None, end: time | None) -> str:
    return f"{start:%H:%M} to {end:%H:%M}" if start and end else "never"


def _stories(shown: Policy) -> Iterator[str]:
    for state in StoryState:
        said = story_card.effects(shown, state)
        if said:
            yield f"{story_text.CHOICES[state]}: {said}"


def _routes(shown: Policy) -> Iterator[str]:
    if not shown.routes:
        yield "All cards stand in the desk's own channel."
    for place, route in enumerate(shown.routes[:20], 1):
        yield f"{place}. {_route(route, shown)}"


def _route(route: Route, shown: Policy) -> str:
    said = [
        story_text.CHOICES[route.state] if route.state else None,
        escape.line(shown.rule(route.reason).name, _NAME) if route.reason is not None else None,
        f"section {escape.line(route.section, _NAME)}" if route.section else None,
        f"site {escape.line(route.site, _NAME)}" if route.site else None,
    ]
    return f"{parts.joined(*said) or 'everything'} → <#{route.channel_id}>"


def reloaded(changes: Reloaded) -> discord.ui.LayoutView:
    """Say what a new policy changed."""
    if changes.is_empty:
        return parts.plain(parts.text("The policy was read again. It says what it said before."))
    lines = [
        _listed("New rules", changes.added),
        _listed("Rules taken out", changes.removed),
        _listed("Changed rules", changes.changed),
        _named(changes.settings),
        _moved(changes.moved),
    ]
    return parts.plain(parts.text("✔ **The new policy is in force.**", *lines))


def _listed(head: str, found: tuple[Rule, ...]) -> str | None:
    names = ", ".join(escape.line(common_text.rule(one), _NAME + 4) for one in found)
    return f"{head}: {names}" if found else None


def _named(settings: tuple[str, ...]) -> str | None:
    names = [_SETTINGS.get(name, name) for name in settings]
    return f"Changed: {', '.join(names)}" if names else None


def _moved(number: int) -> str | None:
    if not number:
        return None
    have = "has" if number == 1 else "have"
    return f"{count(number, 'open case')} {have} another place now."
