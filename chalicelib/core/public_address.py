"""Which IP addresses are public: those that may be called on behalf of whoever chose an address.

In comes an address as text; out goes why it is not public, or nothing where it is. A list of what is meant
is safer than `ipaddress`'s own properties, which have changed between versions of Python. The ranges are
those of IANA's special-purpose registries (RFC 6890), and where clouds keep the credentials of machines.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_Network = IPv4Network | IPv6Network

_NOT_PUBLIC: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("is of no network (unspecified)", ("0.0.0.0/8", "::/128")),
    ("is a loopback address", ("127.0.0.0/8", "::1/128")),
    ("is a metadata address", ("169.254.169.254/32", "168.63.129.16/32", "fd00:ec2::/32")),
    ("is link-local", ("169.254.0.0/16", "fe80::/10")),
    ("is private", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    ("is shared behind a carrier's NAT", ("100.64.0.0/10",)),
    ("is multicast", ("224.0.0.0/4", "ff00::/8")),
    (
        "is for documentation or benchmarks",
        (
            "192.0.2.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "3fff::/20",
        ),
    ),
    (
        "stands for an IPv4 address",
        ("::ffff:0:0/96", "::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "192.88.99.0/24"),
    ),
    ("is reserved", ("192.0.0.0/24", "240.0.0.0/4", "2001::/23")),
)
"""By what is said of them; of several that hold, the first is said."""

_RULES: tuple[tuple[str, _Network], ...] = tuple(
    (words, ip_network(each)) for words, networks in _NOT_PUBLIC for each in networks
)
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 reaches it: the IPv4 address stands in the last bits (RFC 6052)."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")


def why_not_public(address: str) -> str:
    """What keeps the address from being public, to be read behind "it"; empty where it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return "is no IP address"
    if isinstance(found, IPv6Address) and found in _TRANSLATED:
        found = IPv4Address(int(found) & 0xFFFF_FFFF)
    for words, network in _RULES:
        if found in network:
            return words
    if isinstance(found, IPv6Address) and found not in _GLOBAL_UNICAST:
        return "is reserved"
    return ""


def is_loopback(address: str) -> bool:
    """Whether it is the machine itself."""
    return why_not_public(address) == _NOT_PUBLIC[1][0]
