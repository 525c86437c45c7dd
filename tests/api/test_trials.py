"""Dry runs and kinds of source through the API."""

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.evidence import kinds
from riskreview.evidence.models import Source, Trial

pytestmark = pytest.mark.django_db
FEED = {"kind": "RSS", "url": "https://news.example/feed"}


def test_a_dry_run_is_asked_for_and_read_when_it_is_done(api, alice):
    client = api(alice)
    before = Entry.objects.count()
    answer = client.post("/api/v1/trials/", FEED)
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith(f"/api/v1/trials/{answer.json()['id']}/")
    assert client.get(answer["Location"]).json()["done_at"] is None
    item = {"title": "T", "url": "https://x.example/", "published": "", "summary": "", "known": True}
    Trial.objects.update(done_at=timezone.now(), count=1, items=[item])
    told = client.get(answer["Location"]).json()
    assert (told["count"], told["items"]) == (1, [item])
    assert (Source.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"url": "ftp://x.example/"}, "url"),
        ({"config": {"colour": "red"}}, "config"),
        ({"credential": "x"}, "credential"),
    ],
)
def test_what_no_source_could_be_is_told_by_field(api, alice, changed, field):
    answer = api(alice).post("/api/v1/trials/", FEED | changed, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["field"].partition(".")[0]) == (400, field)


def test_a_reader_tries_nothing(api, dave):
    assert api(dave).post("/api/v1/trials/", FEED).status_code == 403
    assert not Trial.objects.exists()


def test_a_token_that_only_reads_tries_nothing(api, alice):
    assert api(alice, ["read"]).post("/api/v1/trials/", FEED).status_code == 403


def test_somebody_who_tried_too_much_is_told_so(api, alice):
    answers = [api(alice).post("/api/v1/trials/", FEED) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [409]
    assert "You tried 20 sources within the last hour." in answers[-1].json()["detail"]


def test_dry_runs_are_their_askers_alone(api, alice, carol):
    made = api(alice).post("/api/v1/trials/", FEED).json()["id"]
    assert api(carol).get(f"/api/v1/trials/{made}/").status_code == 404
    assert api(carol).get("/api/v1/trials/").json()["count"] == 0


def test_kinds_say_what_they_need(api, dave):
    found = {each["key"]: each for each in api(dave).get("/api/v1/source-kinds/").json()}
    assert found.keys() == {about.key for about in kinds.every()}
    assert (found["RSS"]["secret"], found["RSS"]["road"]) == ("", "WEB")
