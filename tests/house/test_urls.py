"""No address answers a stranger unless it is listed here."""

import itertools
import uuid

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

# Pages and documents that everybody may see, and why.
OPEN = {
    "login": "the door",
    "logout": "leaving needs no key",
    "healthz": "asked by the machine that restarts us",
    "accessibility": "a statement to everybody",
    "api-schema": "what the API is, not what is in it",
    "api-docs": "what the API is, not what is in it",
}
# Addresses that are a secret themselves, and what a wrong one answers.
SECRET = {"calendar": "a calendar program cannot sign in: its address is its key, and a wrong one is not found"}
SAMPLES = ["RR-2025-0001", "INC-2025-001", "1", "deepseek", str(uuid.UUID(int=1))]


def named(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, tuple(pattern.pattern.regex.groupindex)
        else:
            yield from named(pattern.url_patterns)


def addresses():
    """A sample address for each name."""
    for name, groups in named(get_resolver().url_patterns):
        if name and "format" not in groups:
            yield name, sample(name, groups)


def sample(name, groups):
    for values in itertools.product(SAMPLES, repeat=len(groups)):
        try:
            return reverse(name, kwargs=dict(zip(groups, values, strict=True)))
        except NoReverseMatch:
            continue
    raise AssertionError(f"no sample fits {name}")


EVERY = sorted(set(addresses()))
STRANGER = {"REMOTE_ADDR": "192.0.2.1"}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), EVERY, ids=[name for name, _ in EVERY])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_the_door(name, address, method):
    answer = getattr(Client(), method)(address, **STRANGER)
    if name in OPEN:
        return
    if name in SECRET:
        assert answer.status_code == (404 if method == "get" else 405)
        return
    if name.startswith("api-"):
        assert answer.status_code in (401, 404) if name == "api-nowhere" else answer.status_code == 401
    elif method == "post" and answer.status_code != 405:
        assert (answer.status_code, reverse("login") in answer.content.decode()) == (401, True)  # and the text is kept
    elif answer.status_code != 405:
        assert (answer.status_code, answer.headers.get("Location", "").partition("?")[0]) == (302, reverse("login"))


@pytest.mark.django_db
def test_an_open_page_is_open():
    for name, address in EVERY:
        if name in OPEN and name != "logout":
            assert Client().get(address, **STRANGER).status_code == 200, name


def test_every_listed_name_is_an_address():
    assert {*OPEN, *SECRET} <= {name for name, _ in EVERY}
