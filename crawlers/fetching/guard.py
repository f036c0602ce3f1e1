"""Keeps addresses that come from content or redirects out of private networks."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlsplit

# What Python calls global and is not: protocol assignments (RFC 6890), and where Azure tells machines about themselves.
_INSIDE = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("168.63.129.16/32"))
_GLOBAL = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out; elsewhere addresses of IPv4 may be hidden
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


def host_of(url: str) -> str:
    """The host of an address, lower-case, without port; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def hosts_in(options: Any) -> set[str]:
    """The hosts that the operator wrote into a source's options. Those may be local."""
    if isinstance(options, str):
        return {host} if (host := host_of(options)) else set()
    if isinstance(options, dict):
        return set().union(*map(hosts_in, options.values())) if options else set()
    return set().union(*map(hosts_in, options)) if isinstance(options, list | tuple) and options else set()


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet: not private, loopback, link-local (metadata), reserved."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast and not any(found in inside for inside in _INSIDE)
    if found in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    mapped = found.ipv4_mapped or found.sixtofour
    return is_public(str(mapped)) if mapped else found in _GLOBAL and found.is_global


async def why_not(
    url: str, own_hosts: Collection[str], addresses_of: Callable[[str], Awaitable[Sequence[str]]]
) -> str | None:
    """Why `url` must not be fetched, or None. A host that the operator wrote down himself may be anywhere.

    Raises OSError where `addresses_of` finds no host of that name.
    """
    try:
        parts = urlsplit(url)
        host, _port = host_of(url), parts.port
    except ValueError:
        return f"{url[:200]!r} is no address"
    if parts.scheme not in ("http", "https") or not host:
        return f"{url[:200]!r} is not http(s)"
    return None if host in own_hosts else why_not_there(host, await addresses_of(host))


def why_not_there(host: str, addresses: Sequence[str]) -> str | None:
    """Why a host with these addresses must not be connected to, or None."""
    private = next((address for address in addresses if not is_public(address)), None)
    return f"{host} is on a private network ({private}): not fetched" if private else None
