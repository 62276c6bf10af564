"""Attachments: keeping the bytes, serving addresses, and resolving `attachment://name`."""

import struct
from collections.abc import Mapping
from typing import cast

from bot.standin.errors import form
from bot.standin.wire import Component, Json
from bot.standin.world import Upload, World

_SCHEME = "attachment://"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_SIZE = slice(16, 24)
_PASSED_ON = ("width", "height", "content_type")


def png_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels from a PNG's header, or None for other files."""
    if not data.startswith(_PNG) or len(data) < _PNG_SIZE.stop:
        return None
    width, height = struct.unpack(">II", data[_PNG_SIZE])
    return width, height


def keep(
    world: World, channel_id: str, uploads: Mapping[str, Upload], described: Mapping[str, Json]
) -> list[Json]:
    """Store uploads and return their attachment objects.

    Args:
        world: Where they are kept.
        channel_id: The channel of their message.
        uploads: Files by the index they were sent under.
        described: By the same index, what `attachments` said of them.
    """
    kept: list[Json] = []
    for index, (name, media_type, data) in uploads.items():
        file_id = world.ids.new()
        world.files[f"{channel_id}/{file_id}/{name}"] = (media_type, data)
        url = f"{world.base_url}/attachments/{channel_id}/{file_id}/{name}"
        made: Json = {
            "id": file_id,
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": media_type,
        }
        if words := described.get(index, {}).get("description"):
            made["description"] = words
        if size := png_size(data):
            made["width"], made["height"] = size
        kept.append(made)
    return kept


def resolve(node: object, attachments: list[Json], *, path: str) -> None:
    """Replace `attachment://name` by the attachment's address, everywhere below, in place.

    Args:
        node: Embeds or components.
        attachments: What may be referred to.
        path: Where the node stands, for the refusal.

    Raises:
        ApiError: 50035, no attachment has that name.
    """
    if isinstance(node, list):
        for index, item in enumerate(cast("list[object]", node)):
            resolve(item, attachments, path=f"{path}.{index}")
    elif isinstance(node, dict):
        media = cast("Json", node)
        for key, value in list(media.items()):
            if key == "url" and isinstance(value, str) and value.startswith(_SCHEME):
                _point_at(media, value.removeprefix(_SCHEME), attachments, path)
            else:
                resolve(value, attachments, path=f"{path}.{key}")
        if media.get("type") == Component.FILE:
            _tell_of(media, attachments)


def _tell_of(shown: Json, attachments: list[Json]) -> None:
    """Let a file that is shown say how it is called and how large it is."""
    number = shown["file"].get("attachment_id")
    found = next((one for one in attachments if one["id"] == number), None)
    if found is not None:
        shown |= {"name": found["filename"], "size": found["size"]}


def _point_at(media: Json, name: str, attachments: list[Json], path: str) -> None:
    found = next((one for one in attachments if one["filename"] == name), None)
    if found is None:
        raise form(
            f"{path}.url",
            "ATTACHMENT_NOT_FOUND",
            f"The referenced attachment {name!r} was not found.",
        )
    media["url"] = found["url"]
    media.setdefault("proxy_url", found["url"])
    media.setdefault("attachment_id", found["id"])
    media.setdefault("id", found["id"])
    for key in _PASSED_ON:
        if key in found:
            media.setdefault(key, found[key])


def forget(world: World, message: Json) -> None:
    """Drop the bytes of a message's attachments."""
    for attachment in message["attachments"]:
        path = f"{message['channel_id']}/{attachment['id']}/{attachment['filename']}"
        world.files.pop(path, None)
