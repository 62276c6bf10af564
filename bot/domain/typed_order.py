"""One order that somebody typed: what it does, and to what."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.decisions import Action
from bot.domain.ids import CaseId, RuleNumber
from bot.domain.lengths import Length

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
DASHES: Final = (
    "-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}"
    "\N{HORIZONTAL BAR}"
)
"""What phones make of a typed hyphen."""
VERBS: Final = {
    **{verb.value: verb for verb in Verb},
    "k": Verb.KEEP,
    "h": Verb.HIDE,
    "b": Verb.BAN,
    "u": Verb.UNDO,
    "c": Verb.CLAIM,
    **dict.fromkeys((*DASHES, "--"), Verb.SKIP),
}
