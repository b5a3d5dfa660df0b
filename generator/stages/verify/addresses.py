"""Host names, IP addresses and blocks of them."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from generator.model.lazy_pattern import lazy_pattern
from generator.stages.verify.names import SUBDOMAIN_SIZE, is_subdomain

HOST_EXPECTED = "expected a lower-case name like 'shop.example.com' or '*.example.com', not an address"
_DOTTED_NUMBERS = lazy_pattern(r"[0-9]+(\.[0-9]+){3}")


@lru_cache(1 << 14)
def is_host(text: str) -> bool:
    """Say whether *text* is a host name as an Ingress takes it: a subdomain, perhaps behind `*.`."""
    if len(text) > SUBDOMAIN_SIZE or _DOTTED_NUMBERS.fullmatch(text):
        return False
    return is_subdomain(text.removeprefix("*."))


@lru_cache(1 << 10)
def is_address(text: str) -> bool:
    """Say whether *text* is an IPv4 or IPv6 address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


@lru_cache(1 << 10)
def is_block(text: str) -> bool:
    """Say whether *text* is a block of addresses in CIDR notation, whose host bits are zero."""
    address, slash, size = text.partition("/")
    # The standard library takes a mask, a zone, and zeros in front of the size; an API server does not.
    if not slash or not (size.isascii() and size.isdigit()) or str(int(size)) != size or "%" in address:
        return False
    network = _network(text)
    return network is not None and getattr(network.network_address, "ipv4_mapped", None) is None


@lru_cache(1 << 10)
def is_within(inner: str, outer: str) -> bool:
    """Say whether the block *inner* is a part of the block *outer*, and smaller; what is no block is not."""
    small, large = _network(inner), _network(outer)
    if small is None or large is None or small.version != large.version:
        return False
    return small != large and small.network_address in large and small.prefixlen > large.prefixlen


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None
