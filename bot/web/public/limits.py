"""How often one source may ask, so that no one reader and no one machine keeps others out.

A bucket a source, in memory: what is spent comes back with time. The table is bounded, so that a
flood of sources costs no memory; who is pushed out of it begins anew, which the limit on all
together makes harmless.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

_MOST_SOURCES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` at once, and `each` seconds for every further one."""

    burst: float
    each: float


REPORTS = Rate(burst=10, each=20.0)
"""Of one source: a reader who goes through a bad thread, and not a machine."""

PAGES = Rate(burst=60, each=1.0)
"""Of one source, whatever it asks for."""

ALL_REPORTS = Rate(burst=400, each=0.005)
"""Of all together: what the desk can take while it answers its moderators at once."""


class Limits:
    """Buckets of one rate.

    Args:
        rate: What each source may do.
        monotonic: Seconds that never go back.
    """

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._now = monotonic
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, source: str) -> float:
        """Count one request; return 0, or after how many seconds the next may come."""
        now = self._now()
        level, at = self._levels.pop(source, (0.0, now))
        level = max(0.0, level - (now - at) / self._rate.each)
        refused = level + 1 > self._rate.burst
        self._levels[source] = (level if refused else level + 1, now)
        if len(self._levels) > _MOST_SOURCES:
            self._levels.popitem(last=False)
        return (level + 1 - self._rate.burst) * self._rate.each if refused else 0.0


def source_of(peer: str, forwarded: str | None) -> str:
    """Return what stands for whoever asks: an address, of IPv6 the network of 64 bits.

    `forwarded` is what the proxy in front wrote, if there is one; the last address of it is the
    one that the proxy saw, and all before it is whatever the reader sent.
    """
    said = forwarded.rpartition(",")[2].strip() if forwarded else peer
    try:
        address = ip_address(said.strip("[]"))
    except ValueError:
        return peer
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return f"{int(address) >> 64:x}"
    return str(address)
