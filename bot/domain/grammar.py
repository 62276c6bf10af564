"""What moderators type, read strictly: ``h 3``, ``ban 7d 5 third time``, ``h3 k - b7d5``.

    line     = order {order}, or one order and a note
    order    = verb [case] [rule] [length]         rule and length in either order
    verb     = keep k | hide h | ban b | undo u | claim c | skip -
    case     = #1042, or 1042 straight after the verb where no rule has that number
    rule     = a house rule's number, or a beginning of its name that fits no other
    length   = 12h 1d 3d 7d 30d 90d 2w 1mo | 1 day 12 hours | a week | forever

A note follows a rule, a length or a case, so that no word that was meant to be one of these is
taken for it; in a reply, which is about one card, it may follow a dash instead. Nothing is
guessed: a line that is not understood to its end does nothing. A ban always says for how long and
names its case, so that nobody is banned by leaving something out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain import bans, lengths
from bot.domain.decisions import Action
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.lengths import Length
from bot.domain.lines import Words, case_number, match_rule
from bot.domain.policy import Policy

NOTE_LENGTH: Final = 500
MOST_ORDERS: Final = 20
EXAMPLES: Final = "Try: k to keep, h 3 to hide under rule 3, b 7d 5 to ban for 7 days, u to undo."


class Verb(StrEnum):
    """What an order does. Skip leaves a card as it is and goes on to the next."""

    KEEP = "keep"
    HIDE = "hide"
    BAN = "ban"
    UNDO = "undo"
    CLAIM = "claim"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One order.

    `case_id` is `None` where none was named: the card replied to, or the next newest one.
    `rule` is `None` for the one most readers gave. `length` is a ban's, which is always said;
    `None` there is for good.
    """

    verb: Verb
    case_id: CaseId | None = None
    rule: RuleNumber | None = None
    length: Length | None = None
    note: str | None = None

    @property
    def action(self) -> Action | None:
        """The verdict asked for; `None` for undo, claim and skip."""
        return _ACTIONS.get(self.verb)


_ACTIONS: Final = {Verb.KEEP: Action.KEEP, Verb.HIDE: Action.HIDE, Verb.BAN: Action.BAN}
_DASHES: Final = (
    "-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}"
    "\N{HORIZONTAL BAR}"
)
"""What phones make of a typed hyphen."""
_VERBS: Final = {
    **{verb.value: verb for verb in Verb},
    "k": Verb.KEEP,
    "h": Verb.HIDE,
    "b": Verb.BAN,
    "u": Verb.UNDO,
    "c": Verb.CLAIM,
    **dict.fromkeys((*_DASHES, "--"), Verb.SKIP),
}
_CASE: Final = re.compile(r"#([0-9]+)")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
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
_CASE_WORDS: Final = frozenset({"case", "card", "#"})
_RULE_WORDS: Final = frozenset({"for", "as", "under"})
_SMALLEST_BARE_CASE: Final = 100


def parse(text: str, policy: Policy, *, reply: bool) -> tuple[Typed, ...]:
    """Return the orders a line gives, at least one.

    `reply` says that the line answers one card: then there is one order, and a case that it
    names all the same is the one meant.

    Raises:
        NotUnderstood: Some part of it says nothing clear; the error names it and what would do.
    """
    words = Words.of(text)
    if not words.more:
        raise NotUnderstood(f"There is nothing to do in that. {EXAMPLES}")
    orders = [_order(words, policy)]
    while words.more and not _starts_note(words, reply=reply):
        orders.append(_order(words, policy))
    if len(orders) > MOST_ORDERS:
        raise NotUnderstood(
            f"That is {len(orders)} orders, and {MOST_ORDERS} go in one line, so nothing was done. "
            "Send the rest in a line of their own."
        )
    note = _note(words, orders, reply=reply)
    _refuse_twice(orders)
    return tuple(_allowed(replace(order, note=note), reply=reply) for order in orders)


def asks_help(text: str) -> bool:
    """Whether a line asks how the desk works; so does one that says nothing at all."""
    words = Words.of(text)
    return not words.more or words.here.strip("?") in {"", "help", "commands", "usage"}


def _starts_note(words: Words, *, reply: bool) -> bool:
    verb = _VERBS.get(words.here)
    if reply and verb not in {None, Verb.SKIP}:
        raise NotUnderstood(
            f'Your line is about one card, and "{words.raw}" reads as a second order, so nothing '
            "was done. Put a note after a dash: h 3 - hide this every time."
        )
    return verb is None or reply


def _note(words: Words, orders: list[Typed], *, reply: bool) -> str | None:
    if not words.more:
        return None
    order, raw = orders[-1], words.rest()
    dashed = reply and raw[0] in _DASHES
    note = raw.strip(f" \n\t,;:\"'“”{_DASHES}")
    if not note:
        return None
    if len(orders) > 1:
        raise NotUnderstood(_note_after_several(words.raw, orders))
    if _is_odd(words, note, dashed=dashed) or not (dashed or _says_more(order)):
        odd = f"{words.raw} {words.after}".rstrip() if dashed else words.raw
        raise NotUnderstood(f'I do not know what "{odd}" means after {order.verb}. {EXAMPLES}')
    if order.verb in {Verb.CLAIM, Verb.SKIP}:
        raise NotUnderstood(f'A note cannot go with {order.verb}, so "{words.raw}" says nothing.')
    _require_short(note)
    return note


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
        or words.here[0] in f"+&/?{_DASHES}"
        or words.here.rstrip("?") in _VERBS
        or _ODD.match(words.here) is not None
        or re.search(r"#[0-9]", note) is not None
        or _SWALLOWED.search(note.lower()) is not None
    )


def _names_something(words: Words) -> bool:
    """Whether a word names a case or a rule by what follows it, or is a number by itself."""
    after = words.after
    if words.here in _NAMING:
        return (
            _ODD.match(after) is not None or after in _VERBS or lengths.number_of(after) is not None
        )
    return not after and lengths.number_of(words.here) is not None


def _refuse_twice(orders: list[Typed]) -> None:
    """Rather ask than decide one case two ways."""
    named = [order.case_id for order in orders if order.case_id is not None]
    twice = next((case_id for case_id in named if named.count(case_id) > 1), None)
    if twice is not None:
        raise NotUnderstood(f"You name #{twice} twice, so nothing was done. Write it once.")


def _order(words: Words, policy: Policy) -> Typed:
    verb = _VERBS.get(words.here)
    if verb is None:
        raise NotUnderstood(f'I do not know "{words.raw}". {EXAMPLES}')
    words.advance()
    order = Typed(verb=verb)
    if verb is Verb.SKIP:
        return order
    parts = _Parts(verb)
    parts.read(words, policy)
    return replace(order, case_id=parts.case_id, rule=parts.rule, length=parts.length(words))


class _Parts:
    """Collects what follows a verb, each part once."""

    def __init__(self, verb: Verb) -> None:
        self._verb = verb
        self.case_id: CaseId | None = None
        self.rule: RuleNumber | None = None
        self._length: Length | None = None
        self._forever = False

    def read(self, words: Words, policy: Policy) -> None:
        self._read_bare_case(words, policy)
        while words.more and (
            self._read_case(words) or self._read_length(words) or self._read_rule(words, policy)
        ):
            pass

    def length(self, words: Words) -> Length | None:
        """Return a ban's length; `words` are those that were not read."""
        if self._verb is Verb.BAN and self._length is None and not self._forever:
            odd = words.more and words.here not in _VERBS
            # A number before what is not known may be part of that.
            rule = f" {self.rule}" if self.rule and not odd else ""
            raise NotUnderstood(
                (f'I do not know "{words.raw}". ' if odd else "")
                + f"Say how long the ban is to last: ban 7d{rule}, or ban forever{rule}."
            )
        return self._length

    def _read_bare_case(self, words: Words, policy: Policy) -> None:
        if _is_bare_case(words, policy):
            self.case_id = CaseId(int(words.here))
            words.advance()

    def _read_case(self, words: Words) -> bool:
        skipped = 1 if words.here in _CASE_WORDS else 0
        match = _CASE.fullmatch(words.at(skipped)) or (
            _NUMBER.fullmatch(words.at(skipped)) if skipped else None
        )
        if match is None:
            return False
        words.advance(skipped)
        if self.case_id is not None:
            raise NotUnderstood(
                f'I read two cases, #{self.case_id} and "{words.raw}". Write one after each verb.'
            )
        self.case_id = case_number(match[0])
        words.advance()
        return True

    def _read_length(self, words: Words) -> bool:
        expected = self._verb is Verb.BAN and self._length is None and not self._forever
        taken = lengths.take(words, expected=expected)
        if taken is None:
            return False
        said = " ".join(words.at(place) for place in range(taken.count)).removeprefix("for ")
        if self._verb is not Verb.BAN:
            raise NotUnderstood(
                f'Only a ban has a length, so I do not know what "{said}" means here. '
                "Leave it out, or write ban in front."
            )
        if self._length is not None or self._forever:
            raise NotUnderstood(f'I read two lengths; the second is "{said}". Write one.')
        if taken.length is not None:
            self._length = bans.of_ban(taken.length, said)
        self._forever = taken.length is None
        words.advance(taken.count)
        return True

    def _read_rule(self, words: Words, policy: Policy) -> bool:
        if words.here in _RULE_WORDS and self.rule is None:
            return self._read_rule_after(words, policy)
        if words.here == "rule" and _NUMBER.fullmatch(words.after):
            words.advance()
        if _NUMBER.fullmatch(words.here):
            self._take_number(words, policy)
            return True
        if self.rule is not None or self._verb not in {Verb.HIDE, Verb.BAN}:
            return False
        found = match_rule(words, policy)
        if found is None:
            return False
        self.rule = found.number
        return True

    def _read_rule_after(self, words: Words, policy: Policy) -> bool:
        """Read ``under rule 3`` and ``for spam``; ``for 3`` may be a length that lacks its unit."""
        if words.here == "for" and _NUMBER.fullmatch(words.after):
            return False
        words.advance()
        if words.here not in _RULE_WORDS and self._read_rule(words, policy):
            return True
        words.advance(-1)
        return False

    def _take_number(self, words: Words, policy: Policy) -> None:
        number = RuleNumber(int(words.here))
        if self._verb not in {Verb.HIDE, Verb.BAN}:
            raise NotUnderstood(
                f'A rule is not cited to {self._verb}, so I do not know what "{words.raw}" is. '
                f"A case is written #{number}."
            )
        if self.rule is not None:
            raise NotUnderstood(f"I read two rules, {self.rule} and {number}. Write one.")
        if number not in policy.by_number:
            raise NotUnderstood(
                f"There is no rule {number}. The rules: {_listed(policy)}. "
                f"A case is written #{number}."
            )
        self.rule = number
        words.advance()


def _is_bare_case(words: Words, policy: Policy) -> bool:
    if not _NUMBER.fullmatch(words.here) or words.after in lengths.UNITS:
        return False
    number = int(words.here)
    return number >= _SMALLEST_BARE_CASE and number not in policy.by_number


def _allowed(order: Typed, *, reply: bool) -> Typed:
    if order.verb is Verb.SKIP and (reply or order.note):
        raise NotUnderstood(f"There is nothing to skip to. {EXAMPLES}")
    if reply or order.case_id is not None:
        return order
    if order.verb is Verb.BAN:
        raise NotUnderstood(
            "A ban names its case, so nothing was done. Reply to its card with the same words, add "
            "its number, such as b 7d 5 #1042, or press Ban… on the card."
        )
    if order.verb in {Verb.UNDO, Verb.CLAIM}:
        letter = order.verb[0]
        raise NotUnderstood(
            f"Say which one: {order.verb} #1042, or reply to its card with {letter}. Nothing was "
            "done."
        )
    return order


def _listed(policy: Policy) -> str:
    return ", ".join(f"{rule.number} {rule.name}" for rule in policy.rules)
