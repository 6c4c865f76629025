"""Which addresses may be called: the public ones, in no disguise any other."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.public_address import is_loopback, why_not_public

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2600:1f18::1",
    "2a00:1450:4001::200e",
    "64:ff9b::808:808",  # 8.8.8.8, from a network without IPv4
]

NOT_PUBLIC = {
    "is of no network (unspecified)": ["0.0.0.0", "0.1.2.3", "::"],
    "is a loopback address": ["127.0.0.1", "127.255.255.254", "::1", "64:ff9b::7f00:1"],
    "is a metadata address": [
        "169.254.169.254",
        "168.63.129.16",
        "fd00:ec2::254",
        "64:ff9b::a9fe:a9fe",
    ],
    "is link-local": ["169.254.0.1", "169.254.170.2", "fe80::1", "fe80::1%eth0", "64:ff9b::a9fe:aa02"],
    "is private": [
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "fc00::1",
        "fdff::1",
        "fec0::1",
        "64:ff9b::a00:1",
    ],
    "is shared behind a carrier's NAT": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
    "is multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "is for documentation or benchmarks": [
        "192.0.2.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "2001:db8::1",
        "3fff::1",
    ],
    "stands for an IPv4 address": [
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "::8.8.8.8",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001:0:53aa:64c::1",
        "64:ff9b:1::a00:1",
        "192.88.99.1",
    ],
    "is reserved": [
        "192.0.0.192",
        "240.0.0.1",
        "255.255.255.255",
        "2001:20::1",
        "100::1",
        "4000::1",
        "5f00::1",
    ],
    "is no IP address": ["", "localhost", "127.1", "0x7f000001", "2130706433", "1.2.3.4/32", "[::1]"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_called(address: str) -> None:
    assert why_not_public(address) == ""


@pytest.mark.parametrize(
    ("address", "words"), [(each, words) for words, addresses in NOT_PUBLIC.items() for each in addresses]
)
def test_an_address_that_is_not_public_is_told_by_its_rule(address: str, words: str) -> None:
    assert why_not_public(address) == words


@given(st.ip_addresses())
def test_what_python_knows_to_be_private_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert why_not_public(str(address)) or address in ipaddress.ip_network("64:ff9b::/96")


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_when_a_network_translates_it(address: ipaddress.IPv4Address) -> None:
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(address))
    assert why_not_public(str(translated)) == why_not_public(str(address))


def test_this_machine_is_known_as_such() -> None:
    assert [is_loopback(each) for each in ("127.0.0.1", "::1", "10.0.0.1", "8.8.8.8", "x")] == [
        True,
        True,
        False,
        False,
        False,
    ]
