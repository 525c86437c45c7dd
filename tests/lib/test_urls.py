import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskreview.lib.urls import ascii_host, canonical_url, safe_url, same_site


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://News.Example:80/a", "https://news.example/a"),
        ("https://news.example:443/a/", "https://news.example/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/a#part", "https://news.example/a"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("https://news.example/../../etc", "https://news.example/etc"),
        ("https://news.example/%7Euser/%e4%b8%ad", "https://news.example/~user/%E4%B8%AD"),
        ("https://news.example/中", "https://news.example/%E4%B8%AD"),
        ("https://news.example/a?b=2&a=1&utm_source=x&fbclid=y", "https://news.example/a?a=1&b=2"),
        ("https://news.example/a?UTM_Medium=x", "https://news.example/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://127.0.0.1:8123/x", "https://127.0.0.1:8123/x"),
        ("http://[::1]:8123/x", "https://[::1]:8123/x"),
    ],
)
def test_it_has_one_spelling(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.example", "javascript:alert(1)", "https://", "/relative", "file:///etc"]
)
def test_it_refuses_what_is_no_web_address(url):
    with pytest.raises(ValueError, match="not a web address"):
        canonical_url(url)


@given(st.text(alphabet="ab/.%?&=#~中 ;+", max_size=40))
def test_spelling_it_twice_changes_nothing(rest):
    once = canonical_url("https://news.example/" + rest)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "base", "safe"),
    [
        ("https://news.example/a", "", "https://news.example/a"),
        ("/a?b", "https://news.example/feed", "https://news.example/a?b"),
        ("//other.example/a", "https://news.example/", "https://other.example/a"),
        (" https://news.example/a b\n", "", "https://news.example/a%20b"),
        ("https://news.example/中?q=é", "", "https://news.example/%E4%B8%AD?q=%C3%A9"),
    ],
)
def test_a_web_address_is_made_absolute(url, base, safe):
    assert safe_url(url, base) == safe


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "gopher://news.example/",
        "https://user@news.example/",
        "https://user:secret@news.example/",
        "https://good.example\\@evil.example/",
        "https://news.example/\u202egpj.exe",
        "https://news.example/\x00",
        "https://news.example:99999/",
        "https://news.example:port/",
        "https://[::1",
        "https:///path",
        "https://news.example/" + "a" * 3000,
    ],
)
def test_what_must_not_be_linked_is_none(url):
    assert safe_url(url) is None


@given(st.text())
def test_it_never_raises_and_never_lets_another_scheme_through(url):
    safe = safe_url(url, "https://news.example/")
    assert safe is None or safe.startswith(("https://", "http://", "HTTP", "Http")) or safe[:4].lower() == "http"


def test_hosts_are_spelled_as_dns_knows_them():
    assert ascii_host("News.Example.") == "news.example"
    assert ascii_host("①②⑦.0.0.1") == "127.0.0.1"
    assert ascii_host("127。0。0。1") == "127.0.0.1"
    with pytest.raises(ValueError, match="not a host name"):
        ascii_host("a b.example")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.news.example/a", "https://news.example/b", True),
        ("https://amp.news.example/a", "https://news.example/b", True),
        ("https://news.example/a", "https://evilnews.example/b", False),
        ("https://news.example/a", "https://wire.example/b", False),
        ("", "https://news.example/", False),
    ],
)
def test_a_site_is_a_host_and_what_lies_below_it(one, other, same):
    assert same_site(one, other) is same


@pytest.mark.parametrize("host", ["\u0301\u0323" * 200_000, "ü." * 200_000, "a" * 2_049])
def test_an_address_that_is_too_long_is_refused_before_it_is_looked_at(host):
    since = time.process_time()
    assert safe_url(f"http://{host}/") is None
    assert safe_url(f"//{host}/", base="https://news.example/") is None
    assert time.process_time() - since < 0.5
