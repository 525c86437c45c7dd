"""Flags through the API: what changed under the cases' feet, and settling it."""

import pytest

from riskreview.cases.models import Flag
from tests import make


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


@pytest.fixture
def flag(case, alice):
    exhibit = make.exhibit(case, by=alice)
    make.finding(case, by=alice, exhibits=[exhibit])
    return make.flag(exhibit)


def test_a_flag_says_what_changed_and_what_rests_on_it(api, dave, case, flag):
    shown = api(dave).get(f"/api/v1/flags/{flag.pk}/").json()

    assert (shown["case"], shown["exhibit"], shown["findings"]) == (case.ref, 1, [1])
    assert shown["case_url"] == f"http://testserver/api/v1/cases/{case.ref}/"
    assert api(dave).get(shown["case_url"]).json()["ref"] == case.ref
    assert (shown["passage_stands"], shown["settled_at"], shown["version"]) == (False, None, 0)
    assert shown["document"]["id"] == flag.exhibit.document_id
    assert (shown["change"]["kind"], shown["change"]["summary"]) == ("CORRECTION", "New became old.")


def test_open_flags_of_a_case_are_counted_listed_and_settled(api, post, alice, case, flag):
    client = api(alice)
    assert client.get(f"/api/v1/cases/{case.ref}/").json()["open_flags"] == 1
    assert client.get("/api/v1/flags/", {"case": case.ref, "open": "true"}).json()["count"] == 1

    answer = post(alice, f"flags/{flag.pk}/settle/", flag, {"still_holds": False, "reason": "It was the point."})

    assert answer.status_code == 200, answer.content
    assert (answer.json()["still_holds"], answer.json()["settlement"]) == (False, "It was the point.")
    assert answer.json()["settled_by"]["name"] == "Alice"
    assert client.get(f"/api/v1/cases/{case.ref}/").json()["open_flags"] == 0
    counts = [client.get("/api/v1/flags/", {"open": word}).json()["count"] for word in ("true", "false")]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    "body", [{}, {"still_holds": True}, {"reason": "x"}, {"still_holds": "perhaps", "reason": "x"}]
)
def test_half_an_answer_is_400(post, alice, flag, body):
    assert post(alice, f"flags/{flag.pk}/settle/", flag, body).status_code == 400
    assert Flag.objects.open().count() == 1


def test_a_flag_is_settled_once_on_the_version_seen_by_who_reviews(post, alice, dave, flag):
    body = {"still_holds": True, "reason": "Only the adjective."}
    road = f"flags/{flag.pk}/settle/"
    assert post(dave, road, flag, body).status_code == 403
    assert post(alice, road, None, body).status_code == 428
    assert post(alice, road, flag, body, seen='"7"').status_code == 412
    assert post(alice, road, flag, body).status_code == 200
    assert post(alice, road, flag, body).status_code == 409


def test_a_list_costs_the_same_however_long_it_is(api, alice, case, flag, django_assert_num_queries):
    client = api(alice)
    for _ in range(3):
        with django_assert_num_queries(5):
            client.get("/api/v1/flags/", {"open": "true"})
        make.flag(make.exhibit(case, by=alice))
