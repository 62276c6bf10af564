"""Keeps the desk from being talked into calling machines inside its own network."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.errors import DeskError

_NAT64 = IPv6Network("64:ff9b::/96")


class PrivateAddress(DeskError):
    """The site's name leads into a private network, and the settings do not allow that."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The site's address {host} is in a private network, which the settings do not allow."
        )
        self.host = host


def is_public(address: str) -> bool:
    """Whether an IP address, written as text, can be reached from anywhere.

    IPv6 addresses that stand for an IPv4 one are judged by that one.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = _inside(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _inside(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def check_literal(host: str) -> None:
    """Refuse a host that is itself a private address; a name is checked once it is resolved.

    Raises:
        PrivateAddress: It is one.
    """
    try:
        ip_address(host)
    except ValueError:
        return
    if not is_public(host):
        raise PrivateAddress(host)


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
