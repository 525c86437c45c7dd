"""Triage."""

from __future__ import annotations

import pytest

from riskreview.audit.models import Entry
from riskreview.cases.models import Suggestion
from riskreview.cases.workflow import Status
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggestion(alice):
    return make.suggestion(make.case(by=alice, status="IN_REVIEW"))


def test_it_shows_the_reason_in_words(browse, alice, suggestion):
    told = text_of(browse(alice).get("/signals/"))
    assert suggestion.reasons[0] in told
    assert suggestion.excerpt in told
    assert "Score 79 of 100" in told


def test_accept_makes_an_exhibit(post, alice, suggestion):
    response = post(
        alice, f"/signals/{suggestion.pk}/accept/", suggestion, stance="SUPPORTS", credibility=2, next="case=X"
    )
    assert (response.status_code, response["Location"]) == (303, "/signals/?case=X")
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.exhibit.stance) == ("ACCEPTED", "SUPPORTS")
    assert Entry.objects.about(suggestion).get().verb == "suggestion.accept"


def test_dismiss_says_why_and_can_be_undone(post, browse, alice, suggestion):
    response = post(alice, f"/signals/{suggestion.pk}/dismiss/", suggestion, reason="Nothing new")
    assert f"undo={suggestion.pk}" in response["Location"]
    assert "Dismissed: Review of DeepSeek" in text_of(browse(alice).get(response["Location"]))
    suggestion.refresh_from_db()
    assert suggestion.dismissal == "Nothing new"
    assert post(alice, f"/signals/{suggestion.pk}/restore/", suggestion).status_code == 303
    suggestion.refresh_from_db()
    assert suggestion.state == Suggestion.State.OPEN


def test_dismiss_without_a_reason_asks_for_one(post, alice, suggestion):
    response = post(alice, f"/signals/{suggestion.pk}/dismiss/", suggestion, reason="")
    assert response.status_code == 422
    assert b'id="error-summary-title"' in response.content


def test_what_was_judged_meanwhile_is_not_judged_again(post, alice, carol, suggestion):
    seen = suggestion.entry_seq
    suggestion.dismiss(by=carol, reason="Nothing new")
    response = post(alice, f"/signals/{suggestion.pk}/accept/", None, seen=seen, stance="CONTEXT", credibility=6)
    assert response.status_code == 409
    assert "Carol dismissed a suggestion" in text_of(response)


def test_a_reader_may_not_judge(post, browse, dave, suggestion):
    assert b'data-key="a"' not in browse(dave).get("/signals/").content
    assert post(dave, f"/signals/{suggestion.pk}/dismiss/", suggestion, reason="No").status_code == 403
    assert Entry.objects.about(suggestion).get().kind == "refusal"


def test_it_filters_by_case_and_band(browse, alice, suggestion):
    other = make.suggestion(make.case(by=alice, title="Another"), score=40)
    client = browse(alice)
    assert client.get(f"/signals/?case={other.case.ref}").content.count(b"data-row") == 1
    assert client.get("/signals/").content.count(b"data-row") == 2
    assert client.get("/signals/?band=dismissed").content.count(b"data-row") == 0


def test_accepted_and_dismissed_ones_tell_by_whom(browse, alice, suggestion):
    suggestion.accept(by=alice)
    assert "Accepted by Alice" in text_of(browse(alice).get("/signals/?band=accepted"))


def test_it_needs_a_constant_number_of_queries(browse, alice, suggestion, django_assert_max_num_queries):
    for _ in range(8):
        make.suggestion(suggestion.case)
    client = browse(alice)
    with django_assert_max_num_queries(14):
        client.get("/signals/")


def test_a_decided_case_says_that_it_must_be_opened_again_first(browse, alice, bob):
    decided = make.case(by=alice, status=Status.DECIDED, approver=bob)
    make.suggestion(decided)
    page = browse(alice).get("/signals/").content.decode()
    assert "A lead can open it again" in page
    assert f"Accept into {decided.ref}" not in page
