"""Coral's API: one address, and errors in several shapes, most of them under status 200."""

from collections.abc import Iterator, Mapping

from bot.domain.effects import Verb
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
    for error in _errors(answer.said):
        raise error
    if answer.busy is not None:
        raise answer.busy
    if not answer.is_json:
        raise SiteCallFailed(
            Verb.LATER if answer.ok else Verb.MISCONFIGURED,
            f"Coral's address answered with something other than data ({answer.status}).",
        )
    answer.require_ok("speak to Coral")


def _errors(said: JsonValue) -> Iterator[CoralError]:
    early = said["error"]
    if early["code"].text():
        yield CoralError(early["code"].text(), early["message"].text())
    for error in said["errors"]:
        # A query that does not fit the schema has no code: a version too old, or too new.
        yield CoralError(error["extensions.code"].text() or "QUERY", error["message"].text())


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


_COMMENT = """
  id status deleted body createdAt permalink revision { id }
  author { id username createdAt role status {
    current ban { active } suspension { active until } premod { active } } }
  parent { id body author { id username } }
  story { id url metadata { title publishedAt section } isClosed }
  statusHistory(first: 10) { nodes { status createdAt moderator { id username } } }
"""
_FLAG = "id createdAt reason additionalDetails reviewed flagger { id username }"
_PAGE = "pageInfo { hasNextPage endCursor }"
_STATUS = "status { current ban { active } suspension { active until } premod { active } }"

ME = "query Me { viewer { id username role } settings { id dsa { enabled } } }"

FLAGS = f"""
query Flags($after: Cursor, $first: Int) {{
  flags(first: $first, after: $after, orderBy: CREATED_AT_ASC) {{
    nodes {{ {_FLAG} comment {{ {_COMMENT} }} }} {_PAGE} }} }}
"""

REPORTED = f"""
query Reported($after: Cursor) {{ moderationQueues {{ reported {{ id
  comments(first: 25, after: $after, orderBy: CREATED_AT_DESC) {{
    nodes {{ {_COMMENT} flags(first: 50) {{ nodes {{ {_FLAG} }} {_PAGE} }} }} {_PAGE} }} }} }} }}
"""

COMMENT = f"query Comment($id: ID!) {{ comment(id: $id) {{ {_COMMENT} }} }}"

USER = f"query User($id: ID!) {{ user(id: $id) {{ id username role {_STATUS} }} }}"


def comments(count: int) -> str:
    """Return the query for several comments at once, under the names c0, c1 and so on."""
    numbers = range(count)
    takes = ", ".join(f"$i{n}: ID!" for n in numbers)
    asks = " ".join(f"c{n}: comment(id: $i{n}) {{ ...Standing }}" for n in numbers)
    return f"query Look({takes}) {{ {asks} }} fragment Standing on Comment {{ {_COMMENT} }}"


def _mutation(name: str, field: str, kind: str, answer: str) -> str:
    return (
        f"mutation {name}($input: {kind}!) "
        f"{{ {field}(input: $input) {{ {answer} clientMutationId }} }}"
    )


_DECIDED = "comment { id status revision { id } }"
_USER = f"user {{ id {_STATUS} }}"
_STORY = "story { id isClosed }"

REJECT = _mutation("Reject", "rejectComment", "RejectCommentInput", _DECIDED)
APPROVE = _mutation("Approve", "approveComment", "ApproveCommentInput", _DECIDED)
BAN = _mutation("Ban", "banUser", "BanUserInput", _USER)
UNBAN = _mutation("Unban", "removeUserBan", "RemoveUserBanInput", _USER)
SUSPEND = _mutation("Suspend", "suspendUser", "SuspendUserInput", _USER)
UNSUSPEND = _mutation("Unsuspend", "removeUserSuspension", "RemoveUserSuspensionInput", _USER)
PREMOD = _mutation("Premod", "premodUser", "PremodUserInput", _USER)
UNPREMOD = _mutation("Unpremod", "removeUserPremod", "RemovePremodUserInput", _USER)
CLOSE = _mutation("Close", "closeStory", "CloseStoryInput", _STORY)
OPEN = _mutation("Open", "openStory", "OpenStoryInput", _STORY)
