"""The note behind an order: told from what may have been meant as part of the order."""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain import lengths
from bot.domain.errors import NotUnderstood
from bot.domain.lines import Words
from bot.domain.typed_order import DASHES, EXAMPLES, VERBS, Typed, Verb

NOTE_LENGTH: Final = 500
_ODD: Final = re.compile(r"[0-9](?![0-9]*(?:st|nd|rd|th)\b)|#|https?:")
"""How what may be part of an order begins, but is none: ``5x``, ``3/5``. No note begins so."""
_NAMING: Final = frozenset(
    [
        "and",
        "or",
        "&",
        "+",
        "also",
        "then",
        "not",
        "for",
        "on",
        "in",
        "at",
        "to",
        "under",
        "as",
        "rule",
        "case",
        "card",
        "comment",
        "no",
        "nr",
        "number",
    ]
)
"""Words after which a number, or another order, is more than a note."""
_SWALLOWED: Final = re.compile(r"[\n,;]\s*(?:keep|hide|ban|undo|claim|skip|[khbuc])(?![\w'])")


def read_note(words: Words, orders: list[Typed], *, reply: bool) -> str | None:
    """Return the note that the rest of a line is, `None` if nothing is left.

    Raises:
        NotUnderstood: It may be something else, or no note can stand there.
    """
    raw = words.rest()
    note = raw.strip(f" \n\t,;:\"'“”{DASHES}")
    if not note:
        return None
    if len(orders) > 1:
        raise NotUnderstood(_note_after_several(words.raw, orders))
    _require_plain(words, note, orders[0], dashed=reply and raw[0] in DASHES)
    _require_short(note)
    return note


def _require_plain(words: Words, note: str, order: Typed, *, dashed: bool) -> None:
    if _is_odd(words, note, dashed=dashed) or not (dashed or _says_more(order)):
        odd = f"{words.raw} {words.after}".rstrip() if dashed else words.raw
        raise NotUnderstood(f'I do not know what "{odd}" means after {order.verb}. {EXAMPLES}')
    if order.verb in {Verb.CLAIM, Verb.SKIP}:
        raise NotUnderstood(
            f'A note cannot go with {order.verb}, so "{words.raw}" says nothing. Leave it out.'
        )


def _require_short(note: str) -> None:
    if len(note) > NOTE_LENGTH:
        raise NotUnderstood(
            f"A note has at most {NOTE_LENGTH} characters; that is {len(note)}. Shorten it."
        )


def _note_after_several(word: str, orders: Sequence[Typed]) -> str:
    if len(orders) == 2 and orders[1].verb is Verb.SKIP:  # noqa: PLR2004 - an order and a dash
        return (
            f'Here "-" leaves a card as it is, so I do not know what "{word}" is. Put a note '
            "straight after: h 3 #1042 third time."
        )
    return (
        f'I do not know "{word}" after {len(orders)} orders. A note goes with a single order; '
        "several are written like h3 k - h."
    )


def _says_more(order: Typed) -> bool:
    """Whether an order has a part after which a note is plainly a note."""
    return order.case_id is not None or order.rule is not None or order.verb is Verb.BAN


def _is_odd(words: Words, note: str, *, dashed: bool) -> bool:
    """Whether a note begins with, or hides, what may have been meant as part of the order."""
    if dashed:
        return _ODD.match(note) is not None
    return (
        _names_something(words)
        or words.here[0] in f"+&/?{DASHES}"
        or words.here.rstrip("?") in VERBS
        or _ODD.match(words.here) is not None
        or re.search(r"#[0-9]", note) is not None
        or _SWALLOWED.search(note.lower()) is not None
    )


def _names_something(words: Words) -> bool:
    """Whether a word names a case or a rule by what follows it, or is a number by itself."""
    after = words.after
    if words.here in _NAMING:
        return (
            _ODD.match(after) is not None or after in VERBS or lengths.number_of(after) is not None
        )
    return not after and lengths.number_of(words.here) is not None
