"""What Coral is asked, in its own language; the tests hold each to Coral's schema."""

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
