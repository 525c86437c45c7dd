"""Sources through the API."""

import datetime

import pytest

from riskreview.audit.models import Entry
from riskreview.evidence import opml
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
        ("amend", {"interval_minutes": 15}, {"interval_minutes": 15, "language": "zh", "config": {}}),
        ("amend", {"owner": "alice@example.org", "retention": "EXCERPT"}, {"retention": "EXCERPT"}),
        ("amend", {"heed_robots": False, "reason": "They asked us to."}, {"heed_robots": False}),
    ],
)
def test_an_act_changes_the_source(post, alice, act, body, shows):
    source = make.source(by=alice, language="zh")

    answer = post(alice, f"sources/{source.pk}/{act}/", source, body)

    assert answer.status_code == 200, answer.content
    assert answer.json().items() >= (shows | {"version": 2}).items()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"url": "ftp://news.example/"}, 400, "url"),
        ({"config": {"colour": "red"}}, 400, "config"),
        ({"credential": "x"}, 400, "credential"),
        ({"kind": "PAGE"}, 400, "kind"),
        ({"owner": "nobody@example.org"}, 400, "owner"),
        ({"heed_robots": False}, 409, None),
    ],
)
def test_an_amendment_that_cannot_be_changes_nothing(post, alice, body, status, field):
    source = make.source(by=alice)

    answer = post(alice, f"sources/{source.pk}/amend/", source, body)

    assert answer.status_code == status, answer.content
    assert field is None or answer.json()["errors"][0]["field"].partition(".")[0] == field
    source.refresh_from_db()
    assert (source.entry_seq, source.heed_robots) == (1, True)


def test_a_list_says_whose_a_source_is_and_how_it_stands(api, alice):
    source = make.source(by=alice, owner=alice)
    Source.objects.update(last_error="It was slow.", usual_gap=datetime.timedelta(hours=2))

    row = api(alice).get("/api/v1/sources/", {"state": "failing", "owner": str(alice.pk)}).json()["results"][0]

    shown = (row["id"], row["owner"]["name"], row["quiet"], row["usual_gap_seconds"])
    assert shown == (source.pk, "Alice", False, 7200)
    assert api(alice).get("/api/v1/sources/", {"state": "paused"}).json()["count"] == 0
    assert api(alice).get("/api/v1/sources/", {"state": "happy"}).status_code == 400


def test_a_credential_is_a_name(api, alice):
    source = make.source(by=alice)
    Source.objects.update(credential="their-key")

    assert api(alice).get(f"/api/v1/sources/{source.pk}/").json()["credential"] == "their-key"


def test_the_register_is_taken_out_as_opml(api, dave, alice):
    make.source(by=alice, name="Harbour Wire")

    answer = api(dave).get("/api/v1/sources/opml/")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/x-opml")
    assert [outline.name for outline in opml.read(answer.content)] == ["Harbour Wire"]
    assert Entry.objects.get(verb="ledger.export_sources").public["via"] == "api"


def test_a_reader_may_not_pause_a_source(post, alice, dave):
    source = make.source(by=alice)

    assert post(dave, f"sources/{source.pk}/pause/", source, {"reason": "No."}).status_code == 403


def test_a_list_costs_the_same_however_long_it_is(api, alice, django_assert_num_queries):
    for _ in range(3):
        make.source(by=alice)
    client = api(alice)

    with django_assert_num_queries(4):
        assert client.get("/api/v1/sources/", {"enabled": "true"}).json()["count"] == 3
