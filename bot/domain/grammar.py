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
from dataclasses import replace
from typing import Final

from bot.domain import bans, lengths
from bot.domain.errors import NotUnderstood
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.lengths import Length
from bot.domain.lines import Words, case_number, match_rule
from bot.domain.policy import Policy
from bot.domain.typed_note import read_note
from bot.domain.typed_order import EXAMPLES, VERBS, Typed, Verb

MOST_ORDERS: Final = 20


_CASE: Final = re.compile(r"#([0-9]+)")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
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
    note = read_note(words, orders, reply=reply)
    _refuse_twice(orders)
    return tuple(_allowed(replace(order, note=note), reply=reply) for order in orders)


def asks_help(text: str) -> bool:
    """Whether a line asks how the desk works; so does one that says nothing at all."""
    words = Words.of(text)
    return not words.more or words.here.strip("?") in {"", "help", "commands", "usage"}


def _starts_note(words: Words, *, reply: bool) -> bool:
    verb = VERBS.get(words.here)
    if reply and verb not in {None, Verb.SKIP}:
        raise NotUnderstood(
            f'Your line is about one card, and "{words.raw}" reads as a second order, so nothing '
            "was done. Put a note after a dash: h 3 - hide this every time."
        )
    return verb is None or reply


def _refuse_twice(orders: list[Typed]) -> None:
    """Rather ask than decide one case two ways."""
    named = [order.case_id for order in orders if order.case_id is not None]
    twice = next((case_id for case_id in named if named.count(case_id) > 1), None)
    if twice is not None:
        raise NotUnderstood(f"You name #{twice} twice, so nothing was done. Write it once.")


def _order(words: Words, policy: Policy) -> Typed:
    verb = VERBS.get(words.here)
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

    @property
    def _has_length(self) -> bool:
        return self._length is not None or self._forever

    @property
    def _lacks_length(self) -> bool:
        return self._verb is Verb.BAN and not self._has_length

    def read(self, words: Words, policy: Policy) -> None:
        self._read_bare_case(words, policy)
        while words.more and (
            self._read_case(words) or self._read_length(words) or self._read_rule(words, policy)
        ):
            pass

    def length(self, words: Words) -> Length | None:
        """Return a ban's length; `words` are those that were not read."""
        if self._lacks_length:
            odd = words.more and words.here not in VERBS
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
        taken = lengths.take(words, expected=self._lacks_length)
        if taken is None:
            return False
        said = " ".join(words.at(place) for place in range(taken.count)).removeprefix("for ")
        if self._verb is not Verb.BAN:
            raise NotUnderstood(
                f'Only a ban has a length, so I do not know what "{said}" means here. '
                "Leave it out, or write ban in front."
            )
        if self._has_length:
            raise NotUnderstood(f'I read two lengths; the second is "{said}". Write one.')
        if taken.length is not None:
            self._length = bans.of_ban(taken.length, said)
        self._forever = taken.length is None
        words.advance(taken.count)
        return True

    def _read_rule(self, words: Words, policy: Policy) -> bool:
        if words.here in _RULE_WORDS and self.rule is None:
            return self._read_rule_after(words, policy)
        return self._read_number(words, policy) or self._read_name(words, policy)

    def _read_number(self, words: Words, policy: Policy) -> bool:
        if words.here == "rule" and _NUMBER.fullmatch(words.after):
            words.advance()
        if not _NUMBER.fullmatch(words.here):
            return False
        self._take_number(words, policy)
        return True

    def _read_name(self, words: Words, policy: Policy) -> bool:
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
    if not reply and order.case_id is None:
        _refuse_unnamed(order)
    return order


def _refuse_unnamed(order: Typed) -> None:
    """Refuse what is never done to the case that happens to come next."""
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


def _listed(policy: Policy) -> str:
    return ", ".join(f"{rule.number} {rule.name}" for rule in policy.rules)
