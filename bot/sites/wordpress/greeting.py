"""The desk and the plugin show each other that they agree, before any reader is asked for."""

import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from standardwebhooks import Webhook

from bot.domain.effects import Verb
from bot.domain.errors import SiteDown
from bot.domain.site import Finding
from bot.sites.base.answers import SiteCallFailed
from bot.sites.base.context import SiteContext
from bot.sites.base.json_value import JsonValue
from bot.sites.wordpress.comments import Kept, change, find
from bot.sites.wordpress.rest import PLUGIN, Rest, Status

_TRASH, _UNTRASH = "trash", "untrash"
_SAME_NAME = "Put the same name into both, and run the command again."
_COPY_AGAIN = "Copy the secret into Settings > Comment Desk in WordPress once more, and save."
_NEWER = "Copy comment-desk.php to wp-content/plugins once more: this one is older than the desk."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """A signed text as it travels: what was signed under which id, when, and how."""

    key: str
    body: str
    at: datetime

    def is_signed(self, by: str, secrets: Sequence[str]) -> bool:
        """Whether one of the signatures is made with one of the secrets."""
        ours = {Webhook(one).sign(self.key, self.at, self.body) for one in secrets}
        return any(compare_digest(one, mine) for one in by.split() for mine in ours)


async def greet(rest: Rest, context: SiteContext, secrets: Sequence[str]) -> Sequence[Finding]:
    """Compare the site's name, and what each side's secret makes of the other's signature.

    Each signs a word of the desk's choice that could be no report. Nothing is changed there.
    """
    try:
        status = await rest.get(f"{PLUGIN}/status")
    except SiteCallFailed as trouble:
        return [_bad("Plugin", str(trouble))]
    if status["ready"].flag() is not True:
        fill_in = "In WordPress, open Settings > Comment Desk: the desk's address, name, secret."
        return [_bad("Plugin", "is active, but not filled in", fill_in)]
    name = status["site"].line(80)
    if name != context.site:
        words = f"WordPress calls the site {name}, and the desk {context.site}"
        return [_bad("Name", words, _SAME_NAME)]
    return [_good("Name", f"both say {name}"), *await _signatures(rest, context, secrets)]


async def _signatures(
    rest: Rest, context: SiteContext, secrets: Sequence[str]
) -> Sequence[Finding]:
    now, word = context.clock(), random.token_hex(16)
    ours = _Signed(key=f"desk-greeting-{word}", body=_greeting(word), at=now)
    body = {
        "word": word,
        "time": int(now.timestamp()),
        "signature": " ".join(Webhook(one).sign(ours.key, now, ours.body) for one in secrets),
    }
    try:
        said = await rest.post(f"{PLUGIN}/greeting", body)
    except SiteCallFailed as trouble:
        mend = (_NEWER,) if trouble.outcome.verb is Verb.MISCONFIGURED else ()
        return [_bad("Plugin", str(trouble), *mend)]
    theirs = _Signed(key=f"wp-greeting-{word}", body=_greeting(word), at=now)
    same = theirs.is_signed(said["signature"].line(2000), secrets)
    known = said["knows"].flag() is True
    return [
        _good("The site's signature", "made with the desk's secret")
        if same
        else _bad("The site's signature", "is made with another secret", _COPY_AGAIN),
        _good("The desk's signature", "known to the site")
        if known
        else _bad("The desk's signature", "is not known to the site", _COPY_AGAIN),
    ]


def _greeting(word: str) -> str:
    return f'{{"greeting":"{word}"}}'


async def try_report(rest: Rest, context: SiteContext, secrets: Sequence[str]) -> Sequence[Finding]:
    """Let the plugin make a comment that readers never see, and work with a report of it.

    The comment is deleted whatever comes of it; the plugin itself forgets one that is left.

    Raises:
        SiteDown: It could not be deleted.
    """
    try:
        said = await rest.post(f"{PLUGIN}/trial", {})
    except SiteCallFailed as trouble:
        return [_bad("Test report", str(trouble), _NEWER)]
    comment_id = said["comment"].key()
    try:
        return [_read(said, context, secrets), *await _hidden(rest, comment_id)]
    except SiteCallFailed as trouble:
        return [_bad("Test report", str(trouble))]
    finally:
        await _end(rest, comment_id)


def _read(said: JsonValue, context: SiteContext, secrets: Sequence[str]) -> Finding:
    body = said["body"].value
    signed = _Signed(
        key=said["id"].key(),
        body=body if isinstance(body, str) else "",
        at=said["time"].time() or context.clock(),
    )
    if not signed.is_signed(said["signature"].line(2000), secrets):
        return _bad("Test report", "its signature is not the desk's", _COPY_AGAIN)
    if context.read(signed.body.encode(), signed.key) is None:
        return _bad("Test report", "the desk would refuse it", _NEWER)
    return _good("Test report", "signed, and read as one of a reader's")


async def _hidden(rest: Rest, comment_id: str) -> Sequence[Finding]:
    """Put the comment into the trash and out again: the same rights as hiding, and never public."""
    if (first := await find(rest, comment_id)) is not None and first.has_trash is False:
        return await _held(rest, first)
    for status in (_TRASH, _UNTRASH):
        kept = await find(rest, comment_id)
        if kept is None:
            return [_bad("Test comment", "is gone before it was tried")]
        changed = await change(rest, kept, status)
        if (changed.status == Status.TRASH) is not (status == _TRASH) or changed.visible:
            return [_bad("Test comment", "WordPress said yes and did nothing")]
    return [_good("Test comment", "put away and back; no reader ever saw it")]


async def _held(rest: Rest, kept: Kept) -> Sequence[Finding]:
    """Put the comment on hold and let it go, where WordPress keeps no trash."""
    for held in (True, False):
        kept = await change(rest, kept, kept.status, held=held)
        if kept.held is not held or kept.visible:
            return [_bad("Test comment", "WordPress said yes and did nothing")]
    return [_good("Test comment", "put on hold and let go; no reader ever saw it")]


async def _end(rest: Rest, comment_id: str) -> None:
    try:
        await rest.delete(f"{PLUGIN}/trial/{comment_id}")
    except SiteCallFailed as trouble:
        raise SiteDown(
            f"The test comment {comment_id} could not be deleted ({trouble}). Delete it in "
            "WordPress, under Comments."
        ) from trouble


def _good(name: str, words: str) -> Finding:
    return Finding(name=name, good=True, words=words)


def _bad(name: str, words: str, *mend: str) -> Finding:
    return Finding(name=name, good=False, words=words, mend=mend)
