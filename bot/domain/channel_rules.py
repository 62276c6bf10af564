"""What a newsroom decided about its channel when much waits there."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """How cards are posted, and how typed lines are read.

    From `backlog_digest` open cards on, further cases share one message; 0 is never. A line that
    names no case means cards that had stood for `seen_after` when it was typed; one that is not
    picked up within `late_after` does not count as prompt.
    """

    backlog_digest: int = 50
    seen_after: timedelta = timedelta(seconds=5)
    late_after: timedelta = timedelta(seconds=30)
