"""Whether a WordPress is set up so that the desk can work with it; nothing is changed there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.policy import Policy
from bot.domain.site import Finding
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.entering import bad, enter, good
from bot.sites.wordpress.rest import PLUGIN, Access, Rest, Status, TurnedAway

_CLOCKS = timedelta(minutes=2)
"""How far the clocks may be apart; the desk refuses signatures more than 5 minutes off."""

_PLUGIN_STEPS = (
    "Copy comment-desk.php to wp-content/plugins.",
    "Activate “Comment Desk” under Plugins.",
    "Under Settings > Comment Desk, fill in the desk's address, the site's name and the secret.",
)
_SAME_NAME = (
    "Under Settings > Comment Desk, write the name exactly as it stands in the desk's settings.",
    "What waits there is sent as soon as it is saved.",
)


async def examine(rest: Rest, access: Access, context: SiteContext) -> Sequence[Finding]:
    """Return what was found, in the order in which an admin would mend it.

    What cannot be looked at because of what was found before is left out.
    """
    found = [*await enter(rest, context.url)]
    if not all(finding.good for finding in found):
        return found
    if access.plugin:
        found += await _plugin(rest, context)
    if access.hidden_as is not Status.HOLD:
        found.append(await _hiding(rest, access))
    return found


async def _plugin(rest: Rest, context: SiteContext) -> Sequence[Finding]:
    name = "Plugin"
    try:
        status = await rest.get(f"{PLUGIN}/status")
    except SiteCallFailed as trouble:
        missing = isinstance(trouble, TurnedAway) and trouble.is_missing
        words = "Comment Desk is not active in WordPress" if missing else str(trouble)
        return [bad(name, words, *_PLUGIN_STEPS)]
    if status["ready"].flag() is not True:
        return [bad(name, "is active, but not filled in", _PLUGIN_STEPS[-1])]
    version, theirs = status["version"].line(20), status["site"].line(200)
    if status["site"].value != context.site:
        words = f"version {version} calls the site “{theirs}”, and the desk “{context.site}”"
        return [bad(name, words, *_SAME_NAME), _queue(status)]
    return [
        good(name, f"version {version}, as site {theirs}"),
        _queue(status),
        _clocks(status["now"].time(), context.clock()),
        *_left_alone(status),
        _house_rules(status, context.policy()),
    ]


def _house_rules(status: JsonValue, policy: Policy) -> Finding:
    name, unkept = "House rules", status["unkept"].line(600)
    if unkept:
        return bad(name, unkept, "The desk sends them again as soon as they differ.")
    if [code.key() for code in status["rules"]] == [rule.code for rule in policy.rules]:
        return good(name, "are the same on the form")
    return bad(
        name,
        "on the form are not the desk's",
        "The desk sends its own soon after it starts; look again then.",
    )


def _left_alone(status: JsonValue) -> Sequence[Finding]:
    """Say what is there that the desk does not work with."""
    found: list[Finding] = []
    if status["network"].flag():
        words = "is one of a network: its other sites need the plugin and a name of their own each"
        found.append(good("Network", words))
    if status["shop"].flag():
        words = "has WooCommerce: reviews of products cannot be reported, and are left alone"
        found.append(good("Shop", words))
    if status["notes"].flag():
        words = "of editors on blocks are no readers' comments, and are left alone"
        found.append(good("Notes", words))
    return found


def _queue(status: JsonValue) -> Finding:
    name, waiting, refused = "Reports", status["waiting"].number(), status["refused"].number()
    trouble = status["trouble"].line(400)
    if not trouble and not refused:
        return good(name, f"arrive; {waiting} on their way" if waiting else "arrive")
    return bad(
        name,
        f"{waiting} wait and {refused} were refused" + (f": {trouble}" if trouble else ""),
        "In WordPress, under Settings > Comment Desk, press “Test the connection”.",
        "It says whether the name, the secret or the address is wrong; no answer means a wrong "
        "address or a closed port. What waits is sent once that is mended.",
    )


def _clocks(theirs: datetime | None, now: datetime) -> Finding:
    if theirs is not None and abs(theirs - now) <= _CLOCKS:
        return good("Clocks", "agree")
    return bad(
        "Clocks",
        "of WordPress and the desk differ, so that signatures are refused",
        "Let both machines set their clocks by NTP.",
    )


async def _hiding(rest: Rest, access: Access) -> Finding:
    if access.hidden_as is Status.TRASH and access.plugin and not await _has_trash(rest):
        return bad(
            "Hiding",
            "would delete comments for good, as WordPress keeps no trash (EMPTY_TRASH_DAYS is 0); "
            "the desk refuses to hide there",
            "Use hidden_as = hold.",
        )
    if access.hidden_as is Status.SPAM:
        return good("Hiding", "marks comments as spam, which also teaches a spam filter")
    return bad(
        "Hiding",
        "puts comments in the trash, which WordPress empties after 30 days",
        "Use hidden_as = hold, unless that is what you want.",
    )


async def _has_trash(rest: Rest) -> bool:
    try:
        return (await rest.get(f"{PLUGIN}/status"))["trash"].flag() is not False
    except SiteCallFailed:  # of which the plugin's own line tells
        return True
