"""Which network addresses are public: a URL that a stranger gave must not reach our own network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddressError(Exception):
    """The name leads to an address that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also after the ways to write IPv4 inside IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64 or ip.sixtofour is not None or ip.teredo is not None:
            return False  # tunnels that end at an IPv4 address of the writer's choice
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def public_address(host: str, port: int) -> str:
    """Resolve a name and return one of its addresses; all of them must be public.

    Raises:
        PrivateAddressError: the name leads to an address that is not public.
        OSError: the name cannot be resolved.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise PrivateAddressError("leads to an address that is not public; only an operator may add those")
    return addresses[0]
