"""Keeps the desk from being talked into calling machines inside its own network."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.errors import DeskError

_NO_PLACE_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a provider's translation
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local, where clouds keep their machines' secrets
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation, as the next but two and the one after
            "192.88.99.0/24",  # relays to IPv6
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
_PLACES_6 = IPv6Network("2000::/3")
"""The only part of IPv6 from which addresses of the whole Internet are given out."""

_NO_PLACE_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo, benchmarks, ORCHID and other protocol assignments
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which leads to any IPv4 address
            "3ffe::/16",  # given back
            "3fff::/20",  # documentation
        ),
    )
)
_STANDS_FOR_4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""Mapped and translated: what is meant is the IPv4 address in the last 32 bits."""


class PrivateAddress(DeskError):
    """The site's name leads into a private network, and the settings do not allow that."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The site's address {host} is in a private network, which the settings do not allow."
        )
        self.host = host


def is_public(address: str) -> bool:
    """Whether an IP address, written as text, can be reached from anywhere.

    By IANA's registries of special-purpose addresses, of which Python's own list knows more with
    each version. IPv6 addresses that stand for an IPv4 one are judged by that one.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if not _is_in(_STANDS_FOR_4, ip):
            return ip in _PLACES_6 and not _is_in(_NO_PLACE_6, ip)
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    return not _is_in(_NO_PLACE_4, ip)


def _is_in(
    networks: Sequence[IPv4Network | IPv6Network], address: IPv4Address | IPv6Address
) -> bool:
    return any(address in network for network in networks)


def check_literal(host: str) -> None:
    """Refuse a host that is itself a private address; a name is checked once it is resolved.

    Raises:
        PrivateAddress: It is one, however it is written.
    """
    address = _literal(host)
    if address is not None and not is_public(address):
        raise PrivateAddress(host)


def _literal(host: str) -> str | None:
    """Return the address that a host is, also in the old ways of writing, `None` for a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        # 127.1, 2130706433, 0x7f.1 and 0177.0.0.1 are all this machine to whoever connects.
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses one that leads to any private address.

    The connection is made to the very addresses that were checked, so that a name which answers
    differently the second time gains nothing.
    """

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of `host`.

        Raises:
            OSError: It has none.
            PrivateAddress: One of them is private.
        """
        found = await self._inner.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in found):
            raise PrivateAddress(host)
        return found

    async def close(self) -> None:
        """Close the resolver that is asked."""
        await self._inner.close()
