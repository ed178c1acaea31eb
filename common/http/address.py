"""The one address of whoever sends a request: limits, logs and records ask here."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings

UNKNOWN = "::"  # of a request that came through a socket file
IPV6_OF_ONE_PLACE = 64  # bits: a household or a company has so many addresses of its own


def client_address(request: Any) -> str:
    """The address in its canonical form, of a Django or DRF request.

    Each of the `TRUSTED_PROXIES` in front appends to X-Forwarded-For whom it heard, so the entry
    that many from the right is true, and what stands left of it the sender's own words. Without
    proxies the header is not read. Where it has no such entry, or one that is no address, the
    request did not come by the proxies: whoever is connected counts.
    """
    proxies = settings.TRUSTED_PROXIES
    connected = request.META.get("REMOTE_ADDR", "")
    named = ""
    if proxies:
        entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        named = entries[-proxies] if len(entries) >= proxies else ""
    return _canonical(named) or _canonical(connected) or UNKNOWN


def network_of(address: str) -> str:
    """What limits count by: an IPv4 address, or the network that an IPv6 one can choose from."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_OF_ONE_PLACE}", strict=False))


def _canonical(text: str) -> str:
    """Without port, brackets and zone, an IPv4 address out of its IPv6 form; "" for no address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
