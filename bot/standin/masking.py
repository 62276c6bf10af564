"""What Discord hides from a bot that does not hold the message-content intent."""

from bot.standin.wire import Json

_EMPTIED: dict[str, list[Json] | str] = {
    "content": "",
    "embeds": [],
    "attachments": [],
    "components": [],
}


def mask(message: Json, bot_id: str) -> Json:
    """Return a message as a bot without the intent gets it.

    What it wrote itself and what mentions it keep their text; everything else comes empty, on the
    gateway and from REST alike.

    Args:
        message: A message in REST shape.
        bot_id: The bot that will read it.
    """
    shown = dict(message)
    mentioned = any(user["id"] == bot_id for user in message["mentions"])
    if message["author"]["id"] != bot_id and not mentioned:
        shown |= _EMPTIED
        shown.pop("poll", None)
    if message.get("referenced_message"):
        shown["referenced_message"] = mask(message["referenced_message"], bot_id)
    return shown
