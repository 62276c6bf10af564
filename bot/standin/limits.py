"""Discord's documented limits on a message: lengths, sums, and what may stand beside what."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus

from bot.standin import mentions, widgets
from bot.standin.components import texts, walk
from bot.standin.errors import ApiError, Code, form
from bot.standin.lengths import at_most, between
from bot.standin.reading import listed, whole, words
from bot.standin.wire import Json, MessageFlag
from bot.standin.world import Upload

CONTENT = 2000
NONCE = 25
EMBEDS = 10
EMBED_SUM = 6000
FIELDS = 25
FILES = 10
REQUEST_BYTES = 25 * 1024 * 1024
FILE_BYTES = 10 * 1024 * 1024
LEGACY_ROWS = 5
COMPONENTS = 40
TEXT_SUM = 4000

_EMBED_TEXTS = {
    "title": 256,
    "description": 4096,
    "author.name": 256,
    "footer.text": 2048,
}
_FIELD_TEXTS = {"name": 256, "value": 1024}


def check(body: Json, uploads: Mapping[str, Upload], *, kept: int = 0) -> None:
    """Refuse a message that Discord would refuse.

    Args:
        body: The whole message as it would be after the request.
        uploads: Files sent with it.
        kept: How many attachments it has already.

    Raises:
        ApiError: 50035 with the place of the fault, 50006 for an empty message.
    """
    content, embeds = words(body, "content"), listed(body, "embeds")
    parts = listed(body, "components")
    at_most("content", content, CONTENT)
    at_most("nonce", str(words(body, "nonce")), NONCE)
    mentions_given = body.get("allowed_mentions")
    if mentions_given:
        mentions.check(mentions_given)
    _check_embeds(embeds)
    _check_files(uploads, kept)
    if whole(body, "flags") & MessageFlag.COMPONENTS_V2:
        _check_new_layout(body, parts)
    else:
        _check_old_layout(parts)
    _check_custom_ids(parts)
    if not any((content, embeds, parts, uploads, kept)):
        raise ApiError(HTTPStatus.BAD_REQUEST, Code.EMPTY_MESSAGE, "Cannot send an empty message")


def _check_files(uploads: Mapping[str, Upload], kept: int) -> None:
    if len(uploads) + kept > FILES:
        raise form("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")
    for _, _, data in uploads.values():
        if len(data) > FILE_BYTES:
            raise ApiError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                Code.TOO_LARGE,
                "Request entity too large",
            )


def _check_embeds(embeds: Sequence[Json]) -> None:
    at_most("embeds", embeds, EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        for path, text, longest in _embed_texts(embed):
            at_most(f"embeds.{index}.{path}", text, longest)
            total += len(text)
            if path.startswith("fields") and not text.strip():
                where = f"embeds.{index}.{path}"
                raise form(where, "BASE_TYPE_REQUIRED", "This field is required")
        at_most(f"embeds.{index}.fields", listed(embed, "fields"), FIELDS)
    if total > EMBED_SUM:
        raise form(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {EMBED_SUM}",
        )


def _text_at(embed: Json, path: str) -> str:
    outer, _, inner = path.partition(".")
    held = embed.get(outer) or ""
    return held.get(inner) or "" if inner and held else held


def _embed_texts(embed: Json) -> Iterator[tuple[str, str, int]]:
    """Yield where each text of an embed stands, the text, and its greatest length."""
    for path, longest in _EMBED_TEXTS.items():
        yield path, _text_at(embed, path), longest
    for index, field in enumerate(listed(embed, "fields")):
        for key, longest in _FIELD_TEXTS.items():
            yield f"fields.{index}.{key}", str(field.get(key) or ""), longest


def _check_old_layout(parts: Sequence[Json]) -> None:
    at_most("components", parts, LEGACY_ROWS)
    for index, part in enumerate(parts):
        widgets.check(part, f"components.{index}", widgets.OLD_TOP)


def _check_new_layout(body: Json, parts: Sequence[Json]) -> None:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            raise form(
                key,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
    everything = list(walk(parts))
    between("components", everything, 1, COMPONENTS)
    for index, part in enumerate(parts):
        widgets.check(part, f"components.{index}", widgets.NEW_TOP)
    total = sum(map(len, texts(parts)))
    if total > TEXT_SUM:
        raise form(
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Components displayable text size exceeds maximum size of {TEXT_SUM}",
        )


def _check_custom_ids(parts: Sequence[Json]) -> None:
    seen: set[object] = set()
    for component in walk(parts):
        names = (component.get("custom_id"), component.get("id") or None)
        for key, name in zip(("custom_id", "id"), names, strict=True):
            if name is not None and (key, name) in seen:
                raise form(
                    "components",
                    f"COMPONENT_{key.upper()}_DUPLICATED",
                    f"Component {key} cannot be duplicated: {name!r}",
                )
            seen.add((key, name))
