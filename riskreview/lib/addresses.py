"""Which network addresses count as the public internet, and which one a request comes from."""

import ipaddress

_REFUSED_V4 = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by its number, but the host agent of one cloud wherever it is asked from there
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(ipaddress.IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_ISATAP = (0x00005EFE, 0x02005EFE)


def is_public(ip: str) -> bool:
    """True when the address may be contacted without an operator's exception; False for anything unreadable.

    Own lists rather than `ipaddress.is_global`, which calls multicast, NAT64 and (before Python 3.13) 6to4 spellings of
    loopback global. The blocks are those of the IANA special-purpose registries (RFC 6890 and its updates), and one
    address that a cloud uses as its own.
    """
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in _REFUSED_V4)
    return _is_public_v6(address)


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    if address not in _GLOBAL_V6 or not address.is_global or any(address in block for block in _REFUSED_V6):
        return False
    interface = int(address) & (2**64 - 1)
    if interface >> 32 in _ISATAP:
        return is_public(str(ipaddress.IPv4Address(interface & (2**32 - 1))))
    return True


def client_address(remote: str, forwarded: str, proxies: int) -> str:
    """The address a request comes from, when some number of our own proxies stand in front.

    `remote` is the peer of the connection, `forwarded` the header X-Forwarded-For. Each proxy appends the peer it saw,
    so only the last `proxies` entries are ours to believe, and the first of those is the client. `remote` when no proxy
    stands in front, or when that entry is missing or no address.
    """
    entries = [entry.strip() for entry in forwarded.split(",")]
    if not 0 < proxies <= len(entries):
        return remote
    try:
        return str(ipaddress.ip_address(entries[-proxies]))
    except ValueError:
        return remote


def counted_as(address: str) -> str:
    """What an address counts as where tries are counted: an IPv6 address as its /64, of which one customer has every
    address (RFC 6177), an IPv4 address in IPv6 clothes as itself. What is no address counts as it is written."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
