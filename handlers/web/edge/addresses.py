"""Whose address a request comes from: the other end of the connection, or what a listed proxy says of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from aiohttp import web

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_HOME_NETWORK = 64  # an IPv6 household has that many bits to itself: its addresses count as one


class Addresses:
    """`trusted`: addresses and networks of proxies, whose `X-Forwarded-For` is believed."""

    def __init__(self, trusted: Sequence[str] = ()) -> None:
        self._trusted: tuple[Network, ...] = tuple(ipaddress.ip_network(one, strict=False) for one in trusted)

    def of(self, request: web.Request) -> str:
        """The address to count by: from the near end of the chain, the first that is not a listed proxy's."""
        peer = request.transport.get_extra_info("peername") if request.transport is not None else None
        nearest = _parsed(peer[0]) if isinstance(peer, tuple) else None
        if nearest is None:
            return "unknown"
        if self._trusts(nearest):
            for one in reversed(_forwarded(request)):
                further = _parsed(one)
                if further is None:
                    break
                nearest = further
                if not self._trusts(further):
                    break
        return _counted(nearest)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


ADDRESSES: web.AppKey[Addresses] = web.AppKey("addresses", Addresses)


def client_address(request: web.Request) -> str:
    """The address that this request is counted by."""
    return request.config_dict[ADDRESSES].of(request)


def _forwarded(request: web.Request) -> list[str]:
    return [one.strip() for line in request.headers.getall("X-Forwarded-For", []) for one in line.split(",")]


def _parsed(text: str) -> Address | None:
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:  # IPv4 with a port, as some proxies write it
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _counted(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, _HOME_NETWORK), strict=False))
