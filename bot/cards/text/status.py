"""How the desk stands, as /status says it."""

from collections.abc import Mapping
from typing import Final

from bot.cards.text.common import ago
from bot.domain.effects import EffectKind
from bot.domain.lines import count
from bot.services.staff.status import Status
from bot.store.gauges import Waiting

_SHOWN: Final = 5
"""Of what is in the way, as a message has an end."""
_WHAT: Final[Mapping[EffectKind, tuple[str, str]]] = {
    EffectKind.CARD: ("card to draw", "cards to draw"),
    EffectKind.SITE: ("decision to tell {site}", "decisions to tell {site}"),
    EffectKind.CLOSING: ("story to close or open at {site}", "stories to close or open at {site}"),
    EffectKind.STAFF: ("call or thread", "calls and threads"),
    EffectKind.REMINDER: ("reminder", "reminders"),
    EffectKind.ALERT: ("alert to draw", "alerts to draw"),
    EffectKind.REPLY: ("line under an alert", "lines under alerts"),
    EffectKind.BULLETIN: ("summary for the editors", "summaries for the editors"),
    EffectKind.THREAD: ("thread about an alert", "threads about alerts"),
    EffectKind.ROAD: ("alert by mail or telephone", "alerts by mail or telephone"),
    EffectKind.MAIL: ("mail to a reader", "mails to readers"),
    EffectKind.FORGET: ("message to take away", "messages to take away"),
}


def status(found: Status) -> str:
    """Return the whole of it, in lines."""
    lines = [_cases(found)]
    if found.waiting:
        lines += ["", "**Waiting to be done**", *map(_waiting, found.waiting)]
    else:
        lines.append("All that was asked for is done.")
    if found.troubles:
        shown, more = found.troubles[:_SHOWN], len(found.troubles) - _SHOWN
        lines += ["", "**In the way now**", *(f"- {one.said}" for one in shown)]
        lines += [f"- {count(more, 'more thing')} of that kind."] if more > 0 else []
    else:
        lines.append("Nothing is in the way.")
    return "\n".join(lines)


def _cases(found: Status) -> str:
    many = sum(one.many for one in found.cases)
    if not many:
        return "No case is open."
    oldest = min(one.since for one in found.cases)
    return f"{count(many, 'case is', 'cases are')} open, the oldest since {ago(oldest)}."


def _waiting(one: Waiting) -> str:
    single, several = (words.format(site=one.site) for words in _WHAT[one.kind])
    since = f", the oldest since {ago(one.since)}" if one.since and not one.tries else ""
    tries = f", tried {count(one.tries, 'time')}" if one.tries else ""
    return f"- {count(one.many, single, several)}{since}{tries}"
