"""Visits through the API: what sources answered, and having an answer read again."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.evidence.models import Answer, Visit
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(alice):
    return make.source(by=alice)


def answered(source, **columns):
    visit = Visit.objects.note(source, Answer(source.url, b"<rss/>", status=200))
    Visit.objects.filter(pk=visit.pk).update(**columns)
    return Visit.objects.get(pk=visit.pk)


def test_the_visits_of_a_source_are_paged_newest_first(api, alice, source, django_assert_num_queries):
    for number in range(3):
        answered(source, read_at=NOW, items=number, new_items=number)
    answered(make.source(by=alice))
    client = api(alice)
    with django_assert_num_queries(5) as queries:
        answer = client.get(f"/api/v1/sources/{source.pk}/visits/", {"page_size": 2}).json()
    assert (answer["count"], [row["items"] for row in answer["results"]]) == (3, [2, 1])
    assert answer["next"]
    assert not any('"packed"' in query["sql"] for query in queries.captured_queries)


def test_a_parameter_nobody_knows_is_an_error(api, alice, source):
    assert api(alice).get(f"/api/v1/sources/{source.pk}/visits/", {"colour": "red"}).status_code == 400


def test_every_visit_is_found_by_what_became_of_it(api, alice, source):
    dead, other = answered(source, dead_at=NOW, last_error="Lost."), answered(make.source(by=alice))
    client = api(alice)
    ids = lambda **query: [row["id"] for row in client.get("/api/v1/visits/", query).json()["results"]]  # noqa: E731
    assert (ids(), ids(dead="true"), ids(source=other.source_id)) == ([other.pk, dead.pk], [dead.pk], [other.pk])
    assert client.get(f"/api/v1/visits/{dead.pk}/").json()["last_error"] == "Lost."


def test_a_visit_that_was_given_up_is_read_again(post, alice, source):
    visit = answered(source, dead_at=NOW, attempts=5)
    answer = post(alice, f"visits/{visit.pk}/retry/", visit)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["dead_at"], answer.json()["attempts"], answer.json()["version"]) == (None, 0, 1)
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit in Visit.objects.all().due(), visit.body) == (True, b"<rss/>")
    assert Entry.objects.about(visit).get().verb == "visit.retry"


@pytest.mark.parametrize("kind", ["visits", "documents"])
def test_what_was_given_up_is_left_as_it_is(post, alice, source, kind):
    row = answered(source, dead_at=NOW) if kind == "visits" else make.document()
    type(row).objects.filter(pk=row.pk).update(dead_at=NOW)
    assert post(alice, f"{kind}/{row.pk}/set-aside/", row).status_code == 400
    answer = post(alice, f"{kind}/{row.pk}/set-aside/", row, {"reason": "The page was moved."})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["set_aside_why"], bool(answer.json()["set_aside_at"])) == ("The page was moved.", True)
    row.refresh_from_db()
    assert row.is_left


def test_who_does_not_review_retries_nothing(post, dave, source):
    visit = answered(source, dead_at=NOW)
    assert post(dave, f"visits/{visit.pk}/retry/", visit).status_code == 403


def test_what_was_not_given_up_is_not_read_again(post, alice, source):
    visit = answered(source)
    assert post(alice, f"visits/{visit.pk}/retry/", visit).status_code == 409


def test_who_may_not_read_any_more_sees_no_visits(api, dave, system, source):
    visit, client = answered(source), api(dave)
    assert client.get("/api/v1/visits/").json()["count"] == 1
    dave.revoke(by=system, role=Role.READER)
    assert client.get("/api/v1/visits/").json()["count"] == 0
    assert client.get(f"/api/v1/visits/{visit.pk}/").status_code == 404
