"""What one process of a desk tells the others: that there is work, or that something has changed."""

from typing import Final

WORK: Final = "work"
"""There is something new in the outbox."""
POLICY: Final = "policy"
"""The policy was read anew, or something was set in Discord."""
ANYTHING: Final = ""
"""Nobody listened for a while, so all of it may have been said."""


def ping_of(site: str) -> str:
    """Return what says that a site has something to be looked up."""
    return f"ping {site}"
