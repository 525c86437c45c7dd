"""Triage."""

from __future__ import annotations

import datetime
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.cases.models import Suggestion
from riskreview.cases.models.suggestion import today
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, Origin, Story
from riskreview.web import twice
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


def test_it_needs_a_constant_number_of_queries(browse, alice, suggestion, django_assert_num_queries):
    client = browse(alice)
    with CaptureQueriesContext(connection) as few:
        client.get("/signals/")
    for number in range(8):
        make.suggestion(make.case(by=alice, title=f"Question {number}"), score=60 + number)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get("/signals/")
    assert len(few.captured_queries) <= 15


@pytest.fixture
def scored(suggestion):
    """A suggestion with the parts of a real score."""
    Suggestion.objects.filter(pk=suggestion.pk).update(parts=parts(suggestion.case.vendors.get()), score=79)
    suggestion.refresh_from_db()
    return suggestion


def parts(vendor):
    text = {"w": 400, "points": 37, "document": 273, "passage": 698, "lead": 10, "terms": [["DeepSeek", 319]]}
    text |= {"curve": "cold", "a": -3850, "b": 10000, "v": 916, "raw": 624}
    text |= {"shares": {"document": 1000, "passage": 500, "lead": 250}}
    signal = {"w": 350, "points": 17, "v": 500, "categories": {"security_review": 1000}, "enough": 2, "bodies": []}
    signal |= {"statuses": {"security_review": "ALLEGED"}}
    named = {"w": 250, "points": 25, "v": 1000, "vendors": {str(vendor.pk): 1000}, "of": 1}
    return {"score": 79, "factor": 1000, "text": text, "vendor": named, "signal": signal}


def test_the_list_tells_vendor_risk_and_reason(browse, alice, scored):
    told = text_of(browse(alice).get("/signals/"))
    assert "DeepSeek" in told
    assert "official security review (alleged)" in told
    assert told.count(scored.reasons[0]) == 2


def test_the_sum_can_be_done_again_on_the_page(browse, alice, scored):
    told = text_of(browse(alice).get("/signals/"))
    assert "Recompute: 37 words + 25 vendors + 17 risks = 79" in told
    assert "Words: whole, passage, start: 1 x 273 + 0.5 x 698 + 0.25 x 10 = 624; on the curve" in told
    assert "Score: (400 x 916 + 250 x 1000 + 350 x 500) x 1 / 10,000 = 79" in told


def test_copies_are_folded_and_counted(browse, alice, suggestion):
    again = make.suggestion(suggestion.case, score=70)
    origin = Origin.objects.create(root=suggestion.document)
    Document.objects.filter(pk__in=[suggestion.document_id, again.document_id]).update(origin=origin)
    page = browse(alice).get("/signals/")
    assert page.content.count(b"data-row") == 1
    assert "2 copies" in text_of(page)


def test_an_event_tells_on_how_many_origins_it_rests(browse, alice, suggestion):
    others = [make.document(), make.document(), suggestion.document]
    day = suggestion.document.published_at
    story = Story.objects.create(title="Review", first_at=day, last_at=day)
    one, two = (Origin.objects.create(root=each) for each in others[:2])
    Document.objects.filter(pk=others[1].pk).update(story=story, origin=two)
    Document.objects.filter(pk__in=[others[0].pk, others[2].pk]).update(story=story, origin=one)
    assert "3 documents, 2 origins" in text_of(browse(alice).get("/signals/"))


def test_putting_off_can_be_undone(post, browse, alice, suggestion):
    day = timezone.now().date() + datetime.timedelta(days=2)
    response = post(alice, f"/signals/{suggestion.pk}/snooze/", suggestion, until=day.isoformat())
    page = browse(alice).get(response["Location"])
    assert "Put off until" in text_of(page)
    assert page.content.count(b"data-row") == 0
    assert browse(alice).get("/signals/?band=snoozed").content.count(b"data-row") == 1
    suggestion.refresh_from_db()
    assert post(alice, f"/signals/{suggestion.pk}/wake/", suggestion).status_code == 303
    assert browse(alice).get("/signals/").content.count(b"data-row") == 1


def test_a_day_that_is_past_is_asked_for_again(post, alice, suggestion):
    response = post(alice, f"/signals/{suggestion.pk}/snooze/", suggestion, until="2020-01-01")
    assert response.status_code == 422
    assert "Choose a day to come." in text_of(response)


def test_another_case_can_be_chosen(post, browse, alice, suggestion):
    other = make.case(by=alice, title="Another", status="IN_REVIEW")
    assert (
        f'<option value="{other.ref}">{other.ref} Another</option>' in browse(alice).get("/signals/").content.decode()
    )
    given = {"stance": "SUPPORTS", "credibility": 2}
    wrong = post(alice, f"/signals/{suggestion.pk}/refer/", suggestion, other="RR-1999-0001", **given)
    assert (wrong.status_code, "There is no case" in text_of(wrong)) == (422, True)
    none = post(alice, f"/signals/{suggestion.pk}/refer/", suggestion, **given)
    assert (none.status_code, "Choose a case, or give its reference." in text_of(none)) == (422, True)
    assert post(alice, f"/signals/{suggestion.pk}/refer/", suggestion, other=other.ref, **given).status_code == 303
    assert other.exhibits.get().passage == suggestion.excerpt


def test_every_act_has_its_key(browse, alice, suggestion):
    page = browse(alice).get("/signals/").content.decode()
    assert [key for key in "acids" if f'data-key="{key}"' not in page] == []


def test_an_incident_can_be_begun_from_it(browse, alice, suggestion):
    page = browse(alice).get("/signals/").content.decode()
    address = html.unescape(re.search(r'href="(/incidents/[?]title[^"]*)"', page)[1])
    begun = browse(alice).get(address.partition("#")[0]).content.decode()
    assert 'value="Review of DeepSeek"' in begun
    assert suggestion.excerpt[:40] in html.unescape(begun)


def test_what_came_back_says_why(browse, alice, suggestion):
    suggestion.dismiss(by=alice, reason="Old news.")
    told = {"renewed_at": timezone.now(), "renewal": "A figure was corrected."}
    Suggestion.objects.filter(pk=suggestion.pk).update(renewed_snapshot=suggestion.snapshot_id, **told)
    page = text_of(browse(alice).get("/signals/"))
    assert "It was dismissed by Alice (Old news.), and is suggested again. A figure was corrected." in page
    assert "Accept into" in page


def test_the_page_of_the_weights_tells_what_is_in_force(browse, post, carol, alice, suggestion):
    suggestion.accept(by=alice)
    weights = make.weights()
    page = text_of(browse(alice).get("/signals/weights/"))
    assert "In force: shipped-1" in page
    assert "100 % (1 of 1)" in page
    assert "Brier score 140 of 1000" in page
    assert b"matchweights" not in browse(alice).get("/signals/weights/").content
    assert post(carol, f"/signals/weights/{weights.pk}/adopt/", weights, reason="").status_code == 422
    assert post(carol, f"/signals/weights/{weights.pk}/adopt/", weights, reason="Better.").status_code == 303
    assert f"In force: fitted-{weights.pk}" in text_of(browse(alice).get("/signals/weights/"))
    weights.refresh_from_db()
    assert post(carol, f"/signals/weights/{weights.pk}/abandon/", weights, reason="Not better.").status_code == 303


@pytest.fixture
def decided(alice, bob):
    """A suggestion for a case that takes no exhibits now."""
    return make.suggestion(make.case(by=alice, status=Status.DECIDED, approver=bob, title="Settled"))


def test_a_decided_case_says_that_it_must_be_opened_again_first(browse, alice, carol, decided):
    page = browse(alice).get("/signals/?band=decided").content.decode()
    assert "A lead can open it again" in page
    assert f"Accept into {decided.case.ref}" not in page
    assert [verb for verb in ("dismiss", "snooze") if f"/signals/{decided.pk}/{verb}/" not in page] == []
    address = f"{decided.case.get_absolute_url()}?open=reopen#reopen"
    assert address in browse(carol).get("/signals/?band=decided").content.decode()
    assert 'id="reopen" open' in browse(carol).get(address).content.decode()


def test_what_waits_for_a_second_signature_says_that_it_must_be_sent_back(browse, alice, invite):
    row = make.suggestion(make.case(by=alice, status=Status.AWAITING_APPROVAL))
    address = f"{row.case.get_absolute_url()}?open=send-back#send-back"
    assert address in browse(alice).get("/signals/?band=decided").content.decode()
    assert 'id="send-back" open' in browse(alice).get(address).content.decode()
    other = browse(invite("Frank", Role.REVIEWER)).get("/signals/?band=decided")
    assert "Once the recommendation is sent back" in text_of(other)
    assert address not in other.content.decode()


def test_what_cannot_be_accepted_now_is_not_counted_as_waiting(browse, api, alice, suggestion, decided):
    make.suggestion(suggestion.case, score=60).snooze(by=alice, until=today() + datetime.timedelta(days=2))
    page = browse(alice).get("/signals/")
    assert "Waiting 1 For decided cases 1 Weak 0 Put off 1" in text_of(page)
    assert re.search(r'Signals to triage<span class="nav-count nav-count--alert">1<', page.content.decode())
    assert decided.case.ref not in page.content.decode()
    listed = api(alice).get("/api/v1/suggestions/", {"waiting": "true"}).json()
    assert [row["id"] for row in listed["results"]] == [suggestion.pk]


def test_the_signals_of_a_decided_case_are_shown_at_once(browse, alice, decided):
    told = text_of(browse(alice).get(f"/signals/?case={decided.case.ref}"))
    assert decided.excerpt in told
    assert "Nothing to triage here" in text_of(browse(alice).get(f"/signals/?case={decided.case.ref}&band="))


def test_accepting_says_what_it_was_and_where_it_is_now(post, browse, alice, suggestion):
    answer = post(alice, f"/signals/{suggestion.pk}/accept/", suggestion, stance="CONTEXT", credibility=6)
    page = signed_in_after(browse, alice, answer)
    case = suggestion.case
    assert f"Accepted: “Review of DeepSeek” is exhibit E1 of {case.ref} now: {case.title}" in text_of(page)
    assert f'<a href="{case.get_absolute_url()}#E1">' in page.content.decode()


def test_accepting_into_another_case_says_where_it_is_now(post, browse, alice, suggestion):
    other = make.case(by=alice, title="Another", status="IN_REVIEW")
    given = {"stance": "SUPPORTS", "credibility": 2, "near": other.ref}
    answer = post(alice, f"/signals/{suggestion.pk}/refer/", suggestion, **given)
    assert f"exhibit E1 of {other.ref} now: Another" in text_of(signed_in_after(browse, alice, answer))


def signed_in_after(browse, user, answer):
    """The page an answer leads to, in the browser that got it."""
    client = browse(user)
    client.cookies.update(answer.client.cookies)
    return client.get(answer["Location"])


SENT = {
    "accept": {"stance": "CONTEXT", "credibility": 6},
    "dismiss": {"reason": "Nothing new"},
    "snooze": {"until": (today() + datetime.timedelta(days=3)).isoformat()},
}


@pytest.mark.parametrize("verb", SENT)
def test_a_form_sent_twice_by_one_person_is_answered_as_if_sent_once(verb, post, alice, suggestion):
    answers = [post(alice, f"/signals/{suggestion.pk}/{verb}/", None, seen=0, **SENT[verb]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Entry.objects.about(suggestion).get().verb == f"suggestion.{verb}"


@pytest.mark.parametrize(
    ("who", "verb", "changed", "between"),
    [
        ("carol", "dismiss", {}, None),
        ("alice", "dismiss", {"reason": "Something else"}, None),
        ("alice", "dismiss", {}, "restored"),
        ("alice", "dismiss", {}, "later"),
    ],
)
def test_what_is_no_second_click_is_refused(who, verb, changed, between, post, alice, carol, suggestion, monkeypatch):
    post(alice, f"/signals/{suggestion.pk}/{verb}/", None, seen=0, **SENT[verb])
    if between == "restored":
        Suggestion.objects.get().restore(by=alice)
    elif between == "later":
        monkeypatch.setattr(twice, "A_MOMENT", datetime.timedelta(0))
    again = {"alice": alice, "carol": carol}[who]
    answer = post(again, f"/signals/{suggestion.pk}/{verb}/", None, seen=0, **(SENT[verb] | changed))
    assert answer.status_code == 409


@pytest.mark.parametrize("days", [367, 3_000_000])
def test_nothing_is_put_off_for_more_than_a_year(days, post, alice, suggestion):
    until = min(datetime.date.max, datetime.date.fromordinal(min(today().toordinal() + days, 3_652_059)))
    answer = post(alice, f"/signals/{suggestion.pk}/snooze/", suggestion, until=until.isoformat())
    assert (answer.status_code, "at most 366 days" in text_of(answer)) == (422, True)
    suggestion.refresh_from_db()
    assert suggestion.snoozed_until is None


def test_the_list_opens_the_item_it_marks(browse, alice, suggestion):
    other = make.suggestion(suggestion.case, score=60)
    body = browse(alice).get(f"/signals/?selected={other.pk}").content.decode()
    assert "data-opens" in body
    marked = re.search(r'<li class="sig is-cursor" data-row id="signal-(\d+)">', body)
    assert int(marked[1]) == other.pk
    assert body.index(f'action="/signals/{other.pk}/accept/"')
