"""What a newsroom decided about its channel when much waits there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """From `backlog_digest` open cards on, further cases share one message; 0 is never."""

    backlog_digest: int = 50
