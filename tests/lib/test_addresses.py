import pytest

from riskreview.lib.addresses import client_address, counted_as, is_public


@pytest.mark.parametrize("ip", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1"])
def test_the_public_internet_is_allowed(ip):
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.9",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2606:2800::5efe:7f00:1",
        "2606:2800::200:5efe:a00:1",
        "not an address",
    ],
)
def test_everything_else_is_not(ip):
    assert not is_public(ip)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, "10.0.0.9"),
        ("198.51.100.7", 0, "10.0.0.9"),
        ("198.51.100.7", -1, "10.0.0.9"),
        ("", 1, "10.0.0.9"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7,10.0.0.8", 2, "198.51.100.7"),
        ("198.51.100.7", 2, "10.0.0.9"),
        ("198.51.100.7,", 1, "10.0.0.9"),
        ("unknown", 1, "10.0.0.9"),
        ("2A00:1450::1", 1, "2a00:1450::1"),
    ],
)
def test_only_what_our_own_proxies_added_is_believed(forwarded, proxies, expected):
    assert client_address("10.0.0.9", forwarded, proxies) == expected


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_tries_are_counted_by_whoever_holds_the_addresses(address, counted):
    assert counted_as(address) == counted
