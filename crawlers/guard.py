"""Keeps addresses that come from content or redirects out of private networks."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any
from urllib.parse import urlsplit


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
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return is_public(str(mapped)) if mapped else found.is_global and not found.is_multicast


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
