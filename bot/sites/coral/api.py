"""Coral's API: one address, and errors in several shapes, most of them under status 200."""

from collections.abc import Mapping

from bot.domain.effect import Verb
from bot.sites.base.answers import Answer, SiteCallFailed
from bot.sites.base.client import SiteClient
from bot.sites.base.json_value import JsonValue
from bot.sites.base.outcomes import one_line
from bot.sites.base.refusals import unreadable

_GONE = {
    "COMMENT_NOT_FOUND": "Coral no longer has this comment.",
    "USER_NOT_FOUND": "Coral no longer has the author's account.",
    "STORY_NOT_FOUND": "Coral no longer has this story.",
}
_UNKNOWN = "Coral does not accept the desk's token. Make a new one and put it into the settings."
_MISCONFIGURED = {
    "TOKEN_INVALID": _UNKNOWN,
    "RAW_QUERY_NOT_AUTHORIZED": "Coral does not accept the desk's token, or its account's role "
    "is not ADMIN.",
    "USER_NOT_ENTITLED": "The account of the desk's token may not do this. Its role must be ADMIN, "
    "with a username and an e-mail address, and it must not be banned, suspended or warned.",
    "TENANT_NOT_FOUND": "Coral does not know itself by this address. Use the address that readers' "
    "browsers load Coral from.",
}
_REFUSED = {
    "MODERATOR_CANNOT_BE_BANNED_ON_SITE": "The author is a moderator there, and cannot be banned.",
    "CANNOT_OPEN_AN_ARCHIVED_STORY": "The story is archived, and cannot be opened again.",
}
_LATER = {"RATE_LIMIT_EXCEEDED", "INTERNAL_ERROR"}


class CoralError(SiteCallFailed):
    """Coral named an error; `code` is its own word for it."""

    def __init__(self, code: str, message: str) -> None:
        verb, words = _meaning(code, message)
        super().__init__(verb, words)
        self.code = code


class CoralApi:
    """Runs operations as the account whose token the settings hold."""

    def __init__(self, client: SiteClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def run(self, operation: str, variables: Mapping[str, object] | None = None) -> JsonValue:
        """Return an operation's data.

        Raises:
            CoralError: Coral named an error.
            SiteCallFailed: It could not be asked, or its answer was no answer.
        """
        answer = await self._client.ask(
            "POST",
            "api/graphql",
            headers=self._headers,
            body={"query": operation, "variables": dict(variables or {})},
            busy=False,
        )
        _check(answer)
        data = answer.said["data"]
        if not data:
            raise unreadable("Coral")
        return data

    async def change(self, operation: str, key: str, **values: object) -> JsonValue:
        """Run a mutation and return its answer; `key` names the order it serves."""
        data = await self.run(operation, {"input": {**values, "clientMutationId": key}})
        return data.only()


def _check(answer: Answer) -> None:
    early = answer.said["error"]
    if early["code"].text():
        raise CoralError(early["code"].text(), early["message"].text())
    for error in answer.said["errors"]:
        # A query that does not fit the schema has no code: a version too old, or too new.
        code = error["extensions.code"].text() or "QUERY"
        raise CoralError(code, error["message"].text())
    if answer.busy is not None:
        raise answer.busy
    if not answer.is_json:
        raise SiteCallFailed(
            Verb.LATER if answer.ok else Verb.MISCONFIGURED,
            f"Coral's address answered with something other than data ({answer.status}).",
        )
    if not answer.ok:
        raise answer.refusal("speak to Coral")


def _meaning(code: str, message: str) -> tuple[Verb, str]:
    said = f"Coral says {code}: {one_line(message)}".rstrip(": .") + "."
    for verb, words in (
        (Verb.GONE, _GONE),
        (Verb.MISCONFIGURED, _MISCONFIGURED),
        (Verb.REFUSED, _REFUSED),
    ):
        if code in words:
            return verb, words[code]
    if code in _LATER:
        return Verb.LATER, said
    return (Verb.MISCONFIGURED if code == "QUERY" else Verb.REFUSED), said
