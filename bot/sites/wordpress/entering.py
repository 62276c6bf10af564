"""Whether the desk gets into a WordPress at all, and if not, who keeps it out.

A site may have its REST API closed to strangers or to all, only its index closed, comments or users
taken out of it, application passwords switched off, or a second factor asked for. Each takes another
step of an admin, so each is told from the others by what is answered, in the words of what answered.
"""

from collections.abc import Sequence

from bot.domain.site import Finding
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.rest import CORE, Rest, TurnedAway

_NEW_PASSWORD = (
    "Log in to WordPress as the desk's account, an editor.",
    "Under Users > Profile > Application Passwords, add one named “Comment Desk”.",
    "Put the user name and the 24 characters in the desk's settings, and start the desk again.",
)
_UNSAID = (
    "If they are right, WordPress does not say why it takes them for a stranger's: application "
    "passwords may be switched off for this account, a plugin may ask for a second factor, or the "
    "web server may keep the Authorization header."
)
_LOOK = (
    "Open the site's address with /?rest_route=/ at its end in a browser.",
    "If that shows no data, a security plugin may have closed the REST API: open it.",
)
_ALLOW = (
    "In that plugin's settings, allow the REST API to accounts that are logged in, or to the role "
    "of the desk's account."
)
_STRANGER = (
    "While the desk's login is wrong, or application passwords are switched off, it is a stranger to "
    "WordPress: look at both if accounts are let in already."
)
_OF_PASSWORDS = (
    "Give the site's address with https:// in the settings; WordPress takes them only there.",
    "Behind a proxy that ends TLS, let wp-config.php set $_SERVER['HTTPS'] = 'on'.",
    "A security plugin may have switched them off: allow them for the desk's account.",
)
_ROLE = "As an administrator, give the account the role of an editor under Users."


def good(name: str, words: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(name=name, good=True, words=words)


def bad(name: str, words: str, *mend: str) -> Finding:
    """Return that something is wrong, and how it is mended, step by step."""
    return Finding(name=name, good=False, words=words, mend=mend)


async def enter(rest: Rest, url: str) -> Sequence[Finding]:
    """Return what keeps the desk out of WordPress, or that nothing does."""
    index, closed = await _index(rest)
    account = await _account(rest)
    if isinstance(closed, TurnedAway) and not account.good:
        # What strangers may read says whether it is the REST API that is closed, or the login.
        index, _ = await _index(rest, stranger=True)
    if closed is not None and index is None and not account.good:
        return [_kept_out(closed)]
    found = [_address(index, closed, url)]
    if not found[0].good:
        return found
    if index is not None:
        found.append(_passwords(index, account, closed, url))
    if found[-1].good:
        found.append(account)
    if found[-1].good:
        found += await _comments(rest)
    return found


async def _index(
    rest: Rest, *, stranger: bool = False
) -> tuple[JsonValue | None, SiteCallFailed | None]:
    try:
        return (await rest.ask("GET", "/", stranger=stranger)).said, None
    except SiteCallFailed as trouble:
        return None, trouble


def _kept_out(trouble: SiteCallFailed) -> Finding:
    name = "WordPress"
    if not isinstance(trouble, TurnedAway) or not trouble.code:
        return bad(name, str(trouble), *_LOOK)
    words = f"has its REST API closed to the desk ({trouble.status}){_says(trouble)}"
    return bad(name, words, _ALLOW, _STRANGER)


def _says(trouble: TurnedAway) -> str:
    return f": “{trouble.quoted}”" if trouble.quoted else f" ({trouble.code})"


def _said_with(closed: SiteCallFailed | None) -> str:
    """Return the words with which something closed the index; nothing if it gave no reason."""
    return _says(closed) if isinstance(closed, TurnedAway) and closed.code else ""


def _address(index: JsonValue | None, closed: SiteCallFailed | None, url: str) -> Finding:
    name = "WordPress"
    if index is None:
        says = _said_with(closed)
        return good(name, f"{url} answers; only the index of its REST API is closed{says}")
    if "wp/v2" in {space.key() for space in index["namespaces"]}:
        return good(name, f"{index['name'].line(80) or url} answers")
    if index["namespaces"].is_list:
        return bad(
            name,
            f"{url} is a WordPress, but its REST API is without wp/v2, so nothing can be done there",
            "A plugin or the theme has taken it away: let it leave wp/v2 to the desk's account.",
        )
    return bad(
        name,
        f"{url} answers, but not as WordPress does",
        "Put the address of the site's own front page in the settings.",
    )


def _passwords(
    index: JsonValue, account: Finding, closed: SiteCallFailed | None, url: str
) -> Finding:
    name = "Application passwords"
    if index["authentication.application-passwords"] or account.good:
        return good(name, "can be used")
    says = _said_with(closed)
    if not url.lower().startswith("https://"):
        return bad(name, f"cannot be used at this address{says}", *_OF_PASSWORDS)
    words = "are switched off, or WordPress does not know that its address is https"
    return bad(name, f"{words}{says}", *reversed(_OF_PASSWORDS[1:]))


async def _account(rest: Rest) -> Finding:
    name = "Account"
    try:
        me = await rest.get(f"{CORE}/users/me", context="edit")
    except TurnedAway as trouble:
        return await _unnamed(rest, trouble)
    except SiteCallFailed as trouble:
        return bad(name, str(trouble), *_NEW_PASSWORD)
    return _rights(me, me["name"].line(80) or me["slug"].key())


def _rights(me: JsonValue, who: str) -> Finding:
    name = "Account"
    if me["capabilities.moderate_comments"].flag() is not True:
        return bad(name, f"{who} may not moderate comments", _ROLE)
    if me["capabilities.edit_others_posts"].flag() is not True:
        words = f"{who} may moderate comments, but not close a story of somebody else"
        return bad(name, words, _ROLE)
    if me["capabilities.manage_options"].flag() is True:
        return good(name, f"{who}, who may do more than is needed: an editor is enough")
    return good(name, f"{who} may moderate comments and close stories")


async def _unnamed(rest: Rest, trouble: TurnedAway) -> Finding:
    """Look at what counts where WordPress does not say who the desk is, as where users are hidden."""
    name = "Account"
    if trouble.is_of_route:
        try:
            await _ask_for_comments(rest)
        except SiteCallFailed:
            pass
        else:
            words = "may moderate comments; more cannot be seen, as users are closed to the desk"
            return good(name, f"{words}{_says(trouble)}")
    if trouble.is_switched_off:
        return bad(name, str(trouble), _OF_PASSWORDS[-1])
    if trouble.is_usual:
        return bad(name, str(trouble), *_NEW_PASSWORD, _UNSAID)
    return bad(
        name,
        str(trouble),
        _ALLOW,
        "If it asks for a second factor, let the desk's account do with its application password.",
    )


async def _comments(rest: Rest) -> Sequence[Finding]:
    try:
        await _ask_for_comments(rest)
    except SiteCallFailed as trouble:
        says = _says(trouble) if isinstance(trouble, TurnedAway) and trouble.is_usual else ""
        step = "Let the plugin that says so leave comments in the REST API to the desk's account."
        return [bad("Comments", f"{trouble}{says}", step)]
    return []


async def _ask_for_comments(rest: Rest) -> None:
    await rest.get(f"{CORE}/comments", context="edit", per_page="1", status="any")
