"""What is meant for one origin: how it is told from others, added, and taken out again."""

import pytest

from riskreview.lib.confidential import Confidential, is_sound

KEY = "s3cr3t/key+1"
SEALED = Confidential("https://api.example/v1", (("X-Api-Key", "Other-Secret"),), (("api-key", KEY),))


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://api.example/elsewhere?x=1", True),
        ("https://API.example/", True),
        ("http://api.example/", False),
        ("https://api.example:8443/", False),
        ("https://www.api.example/", False),
        ("https://api.example.evil.example/", False),
        ("https://example/", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, ours):
    assert SEALED.is_for(url) is ours


def test_what_is_added_is_encoded_and_stands_last():
    assert SEALED.added_to("https://api.example/a?q=1#top") == "https://api.example/a?q=1&api-key=s3cr3t%2Fkey%2B1"
    assert SEALED.added_to("https://api.example/a") == "https://api.example/a?api-key=s3cr3t%2Fkey%2B1"


@pytest.mark.parametrize(
    "echoed",
    [
        "q=1&api-key=s3cr3t%2Fkey%2B1",
        "api-key=anything&q=1",
        "q=1&API-KEY=x",
        "api%2Dkey=x&q=1",
        "q=1&next=s3cr3t/key%2b1",
        "q=1&next=S3CR3T%2FKEY%2B1&token=other-secret",
        "q=1&s3cr3t/key+1",
    ],
)
def test_what_a_server_sends_back_is_taken_out(echoed):
    assert SEALED.removed_from(f"https://api.example/a?{echoed}") == "https://api.example/a?q=1"


@pytest.mark.parametrize(
    "told",
    [
        "https://api.example/s3cr3t/key+1/list",
        "https://api.example/S3cr3t%2Fkey%2B1",
        "https://other-secret.evil.example/",
        "https://evil.example/#OTHER-SECRET",
    ],
)
def test_what_stands_elsewhere_in_an_address_is_seen(told):
    assert SEALED.is_told_by(SEALED.removed_from(told))


def test_an_address_without_them_stays_as_it_is():
    url = "https://api.example/a?b&c=&d=%20#e"
    assert SEALED.removed_from(url) == url
    assert not SEALED.is_told_by(url)


def test_who_has_no_secret_changes_and_fears_nothing():
    nothing = Confidential("https://api.example/", (), (("api-key", ""),))
    assert not nothing.is_told_by("https://api.example/any")
    assert Confidential("").removed_from("https://api.example/?a=1&a=2") == "https://api.example/?a=1&a=2"


@pytest.mark.parametrize(
    ("name", "value", "sound"),
    [
        ("X-Api-Key", "abc", True),
        ("Authorization", "Bearer a b\tc", True),
        ("X-Empty", "", True),
        ("X-Api-Key", "abc ", False),
        ("X-Api-Key", "\tabc", False),
        ("X-Api-Key", "a\r\nX-Evil: 1", False),
        ("X-Api-Key", "a\x00b", False),
        ("X-Api-Key", "ü", False),
        ("", "a", False),
        ("X Api", "a", False),
        ("X-Api:", "a", False),
        ("X-Api\n", "a", False),
        ("Host", "inner.example", False),
        ("content-length", "5", False),
        ("Transfer-Encoding", "chunked", False),
    ],
)
def test_a_header_is_one_line_and_not_about_the_message_itself(name, value, sound):
    assert is_sound(name, value) is sound
