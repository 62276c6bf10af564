"""What Discord refuses the desk for now: what it means, and what to do."""

from collections.abc import Mapping
from typing import Final

RIGHTS: Final[Mapping[str, str]] = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
    "manage_messages": "Manage Messages",
    "pin_messages": "Pin Messages",
    "create_public_threads": "Create Public Threads",
    "use_application_commands": "Use Application Commands",
}
"""Discord's rights, as its library and as its settings name them."""

POST_WAITS: Final = "What should stand there waits, and nothing is lost."
EDIT_WAITS: Final = "Its cards may be out of date until then, and nothing is lost."
READ_WAITS: Final = "What should stand there waits, as it might stand there already."
THREAD_WAITS: Final = "Threads that were asked for wait."
NO_REACTIONS: Final = "Cards work by their buttons all the same."
REACTIONS_STAY: Final = "They stay under cards that are decided."
CALLS_WAIT: Final = "Calls wait."
NOT_PINNED: Final = "The overview works unpinned too."

LOGIN_REFUSED: Final = (
    "Discord does not take the bot's token. Reports are taken and kept; cards wait."
)
LOGIN_MEND: Final = (
    "Copy the token from discord.com/developers/applications, Bot, into DESK_DISCORD__TOKEN and "
    "restart the desk. If the token is right, the desk tries it again by itself."
)
LOGIN_AGAIN: Final = "Discord takes the bot's token again; what waited is on its way."
CLOSED: Final = "the thread is closed or locked"
CLOSED_MEND: Final = "Open the thread again and unlock it."
ASKED_AGAIN: Final = "The desk tries again by itself."


def cannot(deed: str, where: str, why: str, meanwhile: str) -> str:
    return f"The desk cannot {deed} in {where}: {why}. {meanwhile}"


def can_again(deed: str, where: str) -> str:
    return f"The desk can {deed} in {where} again."


def lacks(rights: str) -> str:
    return f"the bot lacks {rights} there"


def allow(where: str, rights: str) -> str:
    return f"Open the settings of {where}, Permissions, the bot's role, and allow {rights}."


def no_channel(source: str) -> str:
    return f"there is no such channel, though {source} names it"


def no_channel_mend(source: str) -> str:
    return (
        "If it is there, allow the bot View Channel in it. If not, name another one in "
        f"{source} and restart the desk."
    )


def discord_says(words: str) -> str:
    return f"Discord says: {words}"
