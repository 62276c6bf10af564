"""What the answer to a verdict says beside the decision itself."""

from dataclasses import dataclass
from typing import Final

from bot.domain.ban import Ban


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """How things are after a decision, as the person who is answered may know it.

    `banned` is for how long the author is out after a ban came or went, all their bans taken
    together. `put_back` says that the comment was not to be seen and is shown again now.
    `held_again` says that nobody has decided about it any more, and it is on hold as before.
    `may_change` says that this person could take the decision back.
    """

    banned: Ban | None = None
    put_back: bool = False
    held_again: bool = False
    may_change: bool = True


NOTHING_ELSE: Final = Aftermath()
