"""Suggestions through the API."""

import datetime

import pytest

from riskreview.cases.models import Suggestion
from tests import make


@pytest.fixture
def suggestion(alice):
    return make.suggestion(make.case(by=alice, status="IN_REVIEW"))


def test_accepting_makes_an_exhibit(post, alice, suggestion):
    body = {"stance": "SUPPORTS", "credibility": 2}
    answer = post(alice, f"suggestions/{suggestion.pk}/accept/", seen='"0"', body=body)

    assert answer.status_code == 200, answer.content
    assert (answer.json()["state"], answer.json()["exhibit"]) == ("ACCEPTED", 1)
    assert suggestion.case.exhibits.get().stance == "SUPPORTS"


def test_a_second_judgement_is_409_and_a_late_one_412(post, alice, suggestion):
    post(alice, f"suggestions/{suggestion.pk}/accept/", suggestion)

    again = post(alice, f"suggestions/{suggestion.pk}/dismiss/", suggestion, {"reason": "Off topic."})
    late = post(alice, f"suggestions/{suggestion.pk}/dismiss/", seen='"0"', body={"reason": "Off topic."})

    assert (again.status_code, late.status_code) == (409, 412)


def test_dismissing_can_be_undone(post, alice, suggestion):
    out = post(alice, f"suggestions/{suggestion.pk}/dismiss/", suggestion, {"reason": "Off topic."}).json()
    back = post(alice, f"suggestions/{suggestion.pk}/restore/", suggestion).json()

    assert (out["state"], out["dismissal"], out["judged_by"]["name"]) == ("DISMISSED", "Off topic.", "Alice")
    assert (back["state"], back["dismissal"]) == ("OPEN", "")


def test_a_reader_may_not_judge(post, dave, suggestion):
    answer = post(dave, f"suggestions/{suggestion.pk}/accept/", suggestion)

    assert answer.status_code == 403
    assert Suggestion.objects.get().state == "OPEN"


def test_the_list_begins_with_the_best_and_costs_the_same(api, alice, suggestion, django_assert_num_queries):
    for score in (40, 90):
        make.suggestion(suggestion.case, score=score)
    client = api(alice)

    with django_assert_num_queries(4):
        found = client.get("/api/v1/suggestions/", {"case": suggestion.case.ref}).json()

    assert [row["score"] for row in found["results"]] == [90, 79, 40]


def test_putting_off_can_be_undone(post, alice, suggestion):
    until = (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=3)).isoformat()
    off = post(alice, f"suggestions/{suggestion.pk}/snooze/", suggestion, {"until": until}).json()
    back = post(alice, f"suggestions/{suggestion.pk}/wake/", suggestion).json()

    assert (off["snoozed_until"], back["snoozed_until"]) == (until, None)


def test_another_case_takes_the_passage(post, alice, suggestion):
    other = make.case(by=alice, status="IN_REVIEW")

    answer = post(alice, f"suggestions/{suggestion.pk}/refer/", suggestion, {"other": other.ref})
    nowhere = post(alice, f"suggestions/{suggestion.pk}/refer/", suggestion, {"other": "RR-1999-0001"})

    assert (answer.status_code, answer.json()["dismissal"]) == (200, f"Belongs to {other.ref}.")
    assert other.exhibits.count() == 1
    assert nowhere.status_code == 400


def test_a_lead_adopts_weights(post, api, carol, alice):
    weights = make.weights()

    refused = post(alice, f"weights/{weights.pk}/adopt/", weights, {"reason": "Better."})
    adopted = post(carol, f"weights/{weights.pk}/adopt/", weights, {"reason": "Better."})
    back = post(carol, f"weights/{weights.pk}/abandon/", weights, {"reason": "Not better."})
    listed = api(alice).get("/api/v1/weights/").json()

    assert (refused.status_code, adopted.status_code, back.status_code) == (403, 200, 200)
    assert adopted.json()["adopted_by"]["name"] == "Carol"
    assert [row["name"] for row in listed["results"]] == [f"fitted-{weights.pk}"]


def test_lists_tell_what_is_put_off_from_what_waits(api, alice, bob, suggestion):
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)
    off = make.suggestion(suggestion.case, score=60)
    off.snooze(by=alice, until=day)
    decided = make.suggestion(make.case(by=alice, status="DECIDED", approver=bob), score=50)

    def ids(**narrowed):
        found = api(alice).get("/api/v1/suggestions/", narrowed).json()
        return [row["id"] for row in found["results"]]

    assert ids(state="OPEN", band="SUGGESTED") == [suggestion.pk, off.pk, decided.pk]
    assert ids(state="OPEN", snoozed="false") == [suggestion.pk, decided.pk]
    assert ids(snoozed="true") == [off.pk]
    assert ids(waiting="true") == [suggestion.pk]
    assert ids(waiting="false") == [off.pk, decided.pk]


def test_nothing_is_put_off_for_ever(post, alice, suggestion):
    answer = post(alice, f"suggestions/{suggestion.pk}/snooze/", suggestion, {"until": "9999-12-31"})

    assert answer.status_code == 409
    assert "at most 366 days" in answer.json()["detail"]
