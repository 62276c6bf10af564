"""What moderators type, read strictly: ``h 3``, ``ban 7d 5 third time``, ``h3 k - b7d5``.

    line     = order {order}, or one order and a note
    order    = verb [case] [rule] [length]         rule and length in either order
    verb     = keep k | hide h | ban b | undo u | claim c | skip -
    case     = #1042, or 1042 straight after the verb where no rule has that number
    rule     = a house rule's number, or a beginning of its name that fits no other
    length   = 12h 1d 3d 7d 30d 90d 2w | forever

In a reply, which is about one card, a note may follow a dash. Nothing is guessed: a line that is
not understood to its end does nothing. A ban always says for how long, so that nobody is banned
for good by leaving something out.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.domain import durations
from bot.domain.decision import Action
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.policy import Policy
from bot.domain.words import Words, match_rule

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
    `rule` is `None` for the one most readers gave. `lasting` is a ban's length, which is always
    said; `None` there is for good.
    """

    verb: Verb
    case_id: CaseId | None = None
    rule: RuleNumber | None = None
    lasting: timedelta | None = None
    note: str | None = None

    @property
    def action(self) -> Action | None:
        """The verdict asked for; `None` for undo, claim and skip."""
        return _ACTIONS.get(self.verb)


_ACTIONS: Final = {Verb.KEEP: Action.KEEP, Verb.HIDE: Action.HIDE, Verb.BAN: Action.BAN}
_DASHES: Final = "-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
"""What phones make of a typed hyphen."""
_VERBS: Final = {
    **{verb.value: verb for verb in Verb},
    "k": Verb.KEEP,
    "h": Verb.HIDE,
    "b": Verb.BAN,
    "u": Verb.UNDO,
    "c": Verb.CLAIM,
    **dict.fromkeys(_DASHES, Verb.SKIP),
}
_CASE: Final = re.compile(r"#([0-9]{1,15})")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_ODD: Final = re.compile(r"#?[0-9]+(?!(?:st|nd|rd|th)\b)\w*|#\S+")
"""What looks like part of an order, but is none: ``5x``, ``7dd``. No note begins so."""
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
    note = _note(words, orders)
    return tuple(_allowed(replace(order, note=note), reply=reply) for order in orders)


def _starts_note(words: Words, *, reply: bool) -> bool:
    verb = _VERBS.get(words.here)
    if reply and verb is not None and words.here not in _DASHES:
        raise NotUnderstood(
            f'A reply decides one card, and "{words.raw}" reads as a second order. Put a note '
            "after a dash: h 3 - hide this every time."
        )
    return verb is None or reply


def _note(words: Words, orders: list[Typed]) -> str | None:
    note = words.rest().strip(f" \n\t,;:\"'“”{_DASHES}")
    if not note:
        return None
    if _ODD.fullmatch(words.here):
        raise NotUnderstood(f'I do not know what "{words.raw}" is to {orders[-1].verb}. {EXAMPLES}')
    if len(orders) > 1:
        raise NotUnderstood(
            f'I do not know "{words.raw}" after {len(orders)} orders. A note goes with a single '
            "order; several are written like h3 k - b7d5."
        )
    if len(note) > NOTE_LENGTH:
        raise NotUnderstood(
            f"A note has at most {NOTE_LENGTH} characters; that is {len(note)}. Shorten it."
        )
    return note


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
    return replace(order, case_id=parts.case_id, rule=parts.rule, lasting=parts.length())


class _Parts:
    """Collects what follows a verb, each part once."""

    def __init__(self, verb: Verb) -> None:
        self._verb = verb
        self.case_id: CaseId | None = None
        self.rule: RuleNumber | None = None
        self._lasting: timedelta | None = None
        self._forever = False

    def read(self, words: Words, policy: Policy) -> None:
        self._read_bare_case(words, policy)
        while words.more and (
            self._read_case(words) or self._read_length(words) or self._read_rule(words, policy)
        ):
            pass

    def length(self) -> timedelta | None:
        if self._verb is Verb.BAN and self._lasting is None and not self._forever:
            rule = f" {self.rule}" if self.rule else ""
            raise NotUnderstood(
                f"Say how long the ban is to last: ban 7d{rule}, or ban forever{rule}."
            )
        return self._lasting

    def _read_bare_case(self, words: Words, policy: Policy) -> None:
        if words.here == "case" and _NUMBER.fullmatch(words.after):
            words.advance()
        elif not _is_bare_case(words, policy):
            return
        self.case_id = CaseId(int(words.here))
        words.advance()

    def _read_case(self, words: Words) -> bool:
        match = _CASE.fullmatch(words.here)
        if match is None:
            return False
        if self.case_id is not None:
            raise NotUnderstood(
                f'I read two cases, #{self.case_id} and "{words.raw}". Write one after each verb.'
            )
        self.case_id = CaseId(int(match[1]))
        words.advance()
        return True

    def _read_length(self, words: Words) -> bool:
        taken = _length(words)
        if taken is None:
            return False
        lasting, count = taken
        if self._verb is not Verb.BAN:
            raise NotUnderstood(
                f'Only a ban has a length, so I do not know what "{words.raw}" is to {self._verb}. '
                "Leave it out, or write ban in front."
            )
        if self._lasting is not None or self._forever:
            raise NotUnderstood(f'I read two lengths; the second is "{words.raw}". Write one.')
        self._lasting, self._forever = lasting, lasting is None
        words.advance(count)
        return True

    def _read_rule(self, words: Words, policy: Policy) -> bool:
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
    if not _NUMBER.fullmatch(words.here) or durations.spelled_unit(words.after):
        return False
    number = int(words.here)
    return number >= _SMALLEST_BARE_CASE and number not in policy.by_number


def _length(words: Words) -> tuple[timedelta | None, int] | None:
    """Return the length written here and how many words it takes, `None` if there is none."""
    start = 1 if words.here == "for" else 0
    word, after = words.at(start), words.at(start + 1)
    if word in durations.FOREVER or (start and word == "good"):
        return None, start + 1
    letter = durations.spelled_unit(after)
    if _NUMBER.fullmatch(word) and letter:
        return durations.parse(word + letter), start + 2
    lasting = durations.parse(word)
    return (lasting, start + 1) if lasting is not None else None


def _allowed(order: Typed, *, reply: bool) -> Typed:
    if order.verb is Verb.SKIP and (reply or order.note):
        raise NotUnderstood(f"There is nothing to skip to. {EXAMPLES}")
    if order.verb is Verb.UNDO and order.case_id is None and not reply:
        raise NotUnderstood("Say which one: undo #1042, or reply to its card with u.")
    return order


def _listed(policy: Policy) -> str:
    return ", ".join(f"{rule.number} {rule.name}" for rule in policy.rules)
