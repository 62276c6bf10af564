"""What may have to be erased from the record, and the salted hashes that stand for it in the chain.

A decision names people. The chain covers, in place of each of these parts, a hash with a salt of its
own, which is kept beside it. Without the salt nobody can tell what the hash was of; so to erase a
part is to put a tombstone in its place and destroy its salt, and the chain still verifies.
"""

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

SALT_BYTES: Final = 16
"""As many as nobody tries through."""

ERASED: Final = "[erased]"
"""What stands where a text or a name stood."""

NO_AUTHOR: Final = "erased-"
"""How the id begins that an erased author's cases go on under: chance, so that it leads nowhere."""


class Part(StrEnum):
    """What of a decision is somebody's, and may have to go by itself."""

    AUTHOR = "author"
    """Whose comment it was."""
    NOTE = "note"
    """What the staff wrote about it."""
    BY = "by"
    """Who decided."""
    SECOND = "second"
    """Who agreed, where two were needed."""


COLUMNS_OF: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.AUTHOR: ("author_id",),
    Part.NOTE: ("note",),
    Part.BY: ("by_id", "by_name"),
    Part.SECOND: ("second_id", "second_name"),
}
"""In which columns of the record each part stands."""

APART: Final = frozenset(name for names in COLUMNS_OF.values() for name in names)


def sealed_parts(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the hashes of a row's parts, and the salts that they were made with, each as JSON.

    What is not set has neither.
    """
    salts = {part: secrets.token_hex(SALT_BYTES) for part in Part if _is_set(row, part)}
    seals = {part: _hash(row, part, salt) for part, salt in salts.items()}
    return _text(seals), _text(salts)


def opens(row: Mapping[str, Any], erased: Iterable[Part] = ()) -> bool:
    """Whether each part of a row is what its hash says, or was erased and holds nothing but that.

    A salt that is missing of what nobody erased is an edit of the file.
    """
    gone = frozenset(erased)
    seals, salts = read(row["seals"]), read(row["salts"])
    if seals is None or salts is None or not salts.keys() <= seals.keys():
        return False
    return all(_opens(row, part, seals.get(part), salts.get(part), part in gone) for part in Part)


def without(salts: str | None, erased: Iterable[Part]) -> str | None:
    """Return the salts that are left once those of some parts are destroyed."""
    kept = read(salts)
    if kept is None:
        return salts
    return _text({part: salt for part, salt in kept.items() if part not in {*erased}})


def is_tombstone(row: Mapping[str, Any], part: Part) -> bool:
    """Whether nothing but tombstones is in the place of a part."""
    match part:
        case Part.AUTHOR:
            return str(row["author_id"]).startswith(NO_AUTHOR)
        case Part.NOTE:
            return row["note"] == ERASED
        case Part.BY | Part.SECOND:
            number, name = _values(row, part)
            return isinstance(number, int) and number < 0 and name == ERASED


def read(text: object) -> dict[str, str] | None:
    """Return hashes or salts by their part; `None` if it is no such text."""
    if not isinstance(text, str):
        return None
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    return {str(name): str(value) for name, value in found.items()} if _is_table(found) else None


def _is_table(found: object) -> bool:
    return isinstance(found, dict)


def _opens(
    row: Mapping[str, Any], part: Part, seal: str | None, salt: str | None, gone: bool
) -> bool:
    if gone and seal is not None:
        return salt is None and is_tombstone(row, part)
    if seal is None:
        return not _is_set(row, part)
    return salt is not None and hmac.compare_digest(_hash(row, part, salt), seal)


def _is_set(row: Mapping[str, Any], part: Part) -> bool:
    return any(value is not None for value in _values(row, part))


def _values(row: Mapping[str, Any], part: Part) -> list[Any]:
    return [row[name] for name in COLUMNS_OF[part]]


def _hash(row: Mapping[str, Any], part: Part, salt: str) -> str:
    said = _text([part, *_values(row, part)])
    return hmac.new(salt.encode(), said.encode(), "sha256").hexdigest()


def _text(values: object) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
