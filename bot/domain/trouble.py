"""What Discord does not let the desk do for now, in words for those who can mend it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is refused now and tried again.

    Attributes:
        name: The same for as long as it is the same trouble, such as ``post 1234``.
        words: What happened, and what it means for the comments.
        over: What is said when it is over.
        mend: What to do about it, where somebody can.
        channel_id: The channel it is about, `None` for all of them.
        grave: Whether something does not come that somebody waits for.
    """

    name: str
    words: str
    over: str
    mend: str = ""
    channel_id: int | None = None
    grave: bool = False

    @property
    def said(self) -> str:
        """The whole of it, as one paragraph."""
        return f"{self.words} {self.mend}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTrouble:
    """A trouble as it is kept: since when it stands, when staff were told, when it was over."""

    trouble: Trouble
    since: datetime
    told_at: datetime | None = None
    over_at: datetime | None = None
