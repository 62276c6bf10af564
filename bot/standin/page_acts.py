"""What the page may ask for: each kind of act, read from JSON and done as one person."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import cast

from aiohttp import web

from bot.standin.actions import Actions, Outcome
from bot.standin.wire import Json


class Fields:
    """What the page sent, read with a kind in mind.

    Raises:
        web.HTTPBadRequest: a field is missing or of another kind.
    """

    def __init__(self, body: object) -> None:
        if not isinstance(body, dict):
            raise web.HTTPBadRequest(text="An act is a JSON object.")
        self._body = cast("Json", body)

    def text(self, key: str) -> str:
        """Return a field that must be there, as text."""
        value = self._body.get(key)
        if not isinstance(value, str):
            raise web.HTTPBadRequest(text=f"The act needs {key!r} as text.")
        return value

    def maybe(self, key: str) -> str | None:
        """Return a field as text, or None if it is not there."""
        return None if self._body.get(key) is None else self.text(key)

    def mapping(self, key: str) -> Json:
        """Return a field as an object; an empty one if it is not there."""
        value = self._body.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise web.HTTPBadRequest(text=f"The act needs {key!r} as an object.")
        return cast("Json", value)

    def texts(self, key: str) -> list[str] | None:
        """Return a field as a list of texts, or None if it is not there."""
        value = self._body.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            raise web.HTTPBadRequest(text=f"The act needs {key!r} as a list.")
        return [str(item) for item in cast("list[object]", value)]

    def place(self) -> tuple[str, str]:
        """Return the channel and the message meant."""
        return self.text("channel"), self.text("message")


async def _send(actions: Actions, me: str, f: Fields) -> Json:
    return await actions.send(
        me, f.text("channel"), f.text("content"), reply_to=f.maybe("reply_to")
    )


async def _edit(actions: Actions, me: str, f: Fields) -> Json:
    return await actions.edit(me, *f.place(), f.text("content"))


async def _delete(actions: Actions, me: str, f: Fields) -> Json:
    await actions.delete(me, *f.place())
    return {}


async def _react(actions: Actions, me: str, f: Fields) -> Json:
    await actions.react(me, *f.place(), f.text("emoji"))
    return {}


async def _unreact(actions: Actions, me: str, f: Fields) -> Json:
    await actions.unreact(me, *f.place(), f.text("emoji"))
    return {}


async def _press(actions: Actions, me: str, f: Fields) -> Json:
    return _outcome(await actions.press(me, *f.place(), f.text("custom_id"), f.texts("values")))


async def _submit(actions: Actions, me: str, f: Fields) -> Json:
    return _outcome(await actions.submit(me, f.text("token"), f.mapping("fields")))


async def _slash(actions: Actions, me: str, f: Fields) -> Json:
    channel, path, options = f.text("channel"), f.text("path"), f.mapping("options")
    return _outcome(await actions.slash(me, channel, path, options))


async def _autocomplete(actions: Actions, me: str, f: Fields) -> Json:
    channel, path, options = f.text("channel"), f.text("path"), f.mapping("options")
    return {"choices": await actions.autocomplete(me, channel, path, options, f.text("focused"))}


async def _context(actions: Actions, me: str, f: Fields) -> Json:
    message, target = f.maybe("message"), f.maybe("target")
    name, channel = f.text("name"), f.text("channel")
    return _outcome(await actions.context(me, channel, name, message_id=message, target_id=target))


Act = Callable[[Actions, str, Fields], Awaitable[Json]]

ACTS: dict[str, Act] = {
    "send": _send,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "unreact": _unreact,
    "press": _press,
    "submit": _submit,
    "slash": _slash,
    "autocomplete": _autocomplete,
    "context": _context,
}
"""By kind; each takes who acts and the fields, and returns what the page is told."""


def _outcome(outcome: Outcome) -> Json:
    return dataclasses.asdict(outcome)
