"""Whether a WordPress is set up so that the desk can work with it; nothing is changed there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.site import Finding
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.rest import CORE, PLUGIN, Access, Rest, Status

_CLOCKS = timedelta(minutes=2)
"""How far the clocks may be apart; the desk refuses signatures more than 5 minutes off."""

_NEW_PASSWORD = (
    "Log in to WordPress as the desk's account, an editor.",
    "Under Users > Profile > Application Passwords, add one named “Comment Desk”.",
    "Put the user name and the 24 characters in the desk's settings, and start the desk again.",
)
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
    found: list[Finding] = []
    try:
        index = await rest.get("/")
    except SiteCallFailed as trouble:
        mend = (
            "Open the site's address with /?rest_route=/ at its end in a browser.",
            "If that shows no data, a security plugin may have closed the REST API: open it.",
        )
        return [_bad("WordPress", str(trouble), *mend)]
    found.append(_address(index, context.url))
    found.append(_passwords(index))
    if not all(finding.good for finding in found):
        return found
    found.append(await _account(rest))
    if found[-1].good and access.plugin:
        found += await _plugin(rest, index, context)
    if access.hidden_as is not Status.HOLD:
        found.append(await _hiding(rest, access))
    return found


def _good(name: str, words: str) -> Finding:
    return Finding(name=name, good=True, words=words)


def _bad(name: str, words: str, *mend: str) -> Finding:
    return Finding(name=name, good=False, words=words, mend=mend)


def _address(index: JsonValue, url: str) -> Finding:
    spaces = {space.key() for space in index["namespaces"]}
    if "wp/v2" not in spaces:
        return _bad(
            "WordPress",
            f"{url} answers, but not as WordPress does",
            "Put the address of the site's own front page in the settings.",
        )
    return _good("WordPress", f"{index['name'].line(80) or url} answers")


def _passwords(index: JsonValue) -> Finding:
    name = "Application passwords"
    if index["authentication.application-passwords"]:
        return _good(name, "can be used")
    return _bad(
        name,
        "cannot be used at this address",
        "Give the site's address with https:// in the settings; WordPress takes them only there.",
        "Behind a proxy that ends TLS, let wp-config.php set $_SERVER['HTTPS'] = 'on'.",
        "A security plugin may have switched them off: allow them for the desk's account.",
    )


async def _account(rest: Rest) -> Finding:
    name = "Account"
    try:
        me = await rest.get(f"{CORE}/users/me", context="edit")
    except SiteCallFailed as trouble:
        return _bad(name, str(trouble), *_NEW_PASSWORD)
    who = me["name"].line(80) or me["slug"].key()
    if me["capabilities.moderate_comments"].flag() is not True:
        return _bad(
            name,
            f"{who} may not moderate comments",
            "As an administrator, give the account the role of an editor under Users.",
        )
    if me["capabilities.edit_others_posts"].flag() is not True:
        return _bad(
            name,
            f"{who} may moderate comments, but not close a story of somebody else",
            "As an administrator, give the account the role of an editor under Users.",
        )
    if me["capabilities.manage_options"].flag() is True:
        return _good(name, f"{who}, who may do more than is needed: an editor is enough")
    return _good(name, f"{who} may moderate comments and close stories")


async def _plugin(rest: Rest, index: JsonValue, context: SiteContext) -> Sequence[Finding]:
    name = "Plugin"
    if PLUGIN.removeprefix("/") not in {space.key() for space in index["namespaces"]}:
        return [_bad(name, "Comment Desk is not active in WordPress", *_PLUGIN_STEPS)]
    try:
        status = await rest.get(f"{PLUGIN}/status")
    except SiteCallFailed as trouble:
        return [_bad(name, str(trouble), *_PLUGIN_STEPS)]
    if status["ready"].flag() is not True:
        return [_bad(name, "is active, but not filled in", _PLUGIN_STEPS[-1])]
    version, theirs = status["version"].line(20), status["site"].line(200)
    if status["site"].value != context.site:
        words = f"version {version} calls the site “{theirs}”, and the desk “{context.site}”"
        return [_bad(name, words, *_SAME_NAME), _queue(status)]
    found = [_good(name, f"version {version}, as site {theirs}")]
    found.append(_queue(status))
    found.append(_clocks(status["now"].time(), context.clock()))
    rules = [code.key() for code in status["rules"]]
    if rules == [rule.code for rule in context.policy().rules]:
        found.append(_good("House rules", "are the same on the form"))
    else:
        found.append(
            _bad(
                "House rules",
                "on the form are not the desk's",
                "The desk sends its own soon after it starts; look again then.",
            )
        )
    return found


def _queue(status: JsonValue) -> Finding:
    name, waiting, refused = "Reports", status["waiting"].number(), status["refused"].number()
    trouble = status["trouble"].line(400)
    if not trouble and not refused:
        return _good(name, f"arrive; {waiting} on their way" if waiting else "arrive")
    return _bad(
        name,
        f"{waiting} wait and {refused} were refused" + (f": {trouble}" if trouble else ""),
        "In WordPress, under Settings > Comment Desk, press “Test the connection”.",
        "It says whether the name, the secret or the address is wrong; no answer means a wrong "
        "address or a closed port. What waits is sent once that is mended.",
    )


def _clocks(theirs: datetime | None, now: datetime) -> Finding:
    if theirs is not None and abs(theirs - now) <= _CLOCKS:
        return _good("Clocks", "agree")
    return _bad(
        "Clocks",
        "of WordPress and the desk differ, so that signatures are refused",
        "Let both machines set their clocks by NTP.",
    )


async def _hiding(rest: Rest, access: Access) -> Finding:
    if access.hidden_as is Status.TRASH and access.plugin and not await _has_trash(rest):
        return _bad(
            "Hiding",
            "would delete comments for good, as WordPress keeps no trash (EMPTY_TRASH_DAYS is 0); "
            "the desk refuses to hide there",
            "Use hidden_as = hold.",
        )
    if access.hidden_as is Status.SPAM:
        return _good("Hiding", "marks comments as spam, which also teaches a spam filter")
    return _bad(
        "Hiding",
        "puts comments in the trash, which WordPress empties after 30 days",
        "Use hidden_as = hold, unless that is what you want.",
    )


async def _has_trash(rest: Rest) -> bool:
    try:
        return (await rest.get(f"{PLUGIN}/status"))["trash"].flag() is not False
    except SiteCallFailed:  # of which the plugin's own line tells
        return True
