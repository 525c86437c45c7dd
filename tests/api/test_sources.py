"""Sources through the API."""

import pytest

from riskreview.evidence.models import Source
from tests import make

FEED = {"name": "Harbour Wire", "url": "https://news.example/feed", "kind": "RSS", "source_class": "WIRE"}


def test_registering_a_source(post, alice):
    answer = post(alice, "sources/register/", body=FEED)

    assert answer.status_code == 201, answer.content
    assert answer.json()["enabled"] is True
    assert Source.objects.get().reliability == "F"


@pytest.mark.parametrize("url", ["ftp://news.example/feed", "https://a:b@news.example/", "javascript:alert(1)"])
def test_only_web_addresses_are_sources(post, alice, url):
    answer = post(alice, "sources/register/", body=FEED | {"url": url})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "url")


@pytest.mark.parametrize(
    ("act", "body", "shows"),
    [
        ("grade", {"reliability": "A", "reason": "Right for years."}, {"reliability": "A"}),
        ("pause", {"reason": "Moved."}, {"enabled": False}),
        ("unpause", {}, {"enabled": True}),
        ("collect-now", {}, {"enabled": True}),
    ],
)
def test_an_act_changes_the_source(post, alice, act, body, shows):
    source = make.source(by=alice)

    answer = post(alice, f"sources/{source.pk}/{act}/", source, body)

    assert answer.status_code == 200, answer.content
    assert answer.json().items() >= (shows | {"version": 2}).items()


def test_a_reader_may_not_pause_a_source(post, alice, dave):
    source = make.source(by=alice)

    assert post(dave, f"sources/{source.pk}/pause/", source, {"reason": "No."}).status_code == 403


def test_a_list_costs_the_same_however_long_it_is(api, alice, django_assert_num_queries):
    for _ in range(3):
        make.source(by=alice)
    client = api(alice)

    with django_assert_num_queries(4):
        assert client.get("/api/v1/sources/", {"enabled": "true"}).json()["count"] == 3
