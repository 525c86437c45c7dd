"""A source changed since it was cited: where that is shown, and settling it."""

from __future__ import annotations

import datetime

import pytest

from riskreview.audit.models import Entry
from riskreview.cases.models import Flag
from riskreview.enrichment.statements import quoted
from riskreview.evidence.models import Change
from riskreview.web import dossier
from tests import make
from tests.conftest import NOW

from .conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


@pytest.fixture
def exhibit(case, alice):
    exhibit = make.exhibit(case, by=alice)
    make.finding(case, by=alice, exhibits=[exhibit])
    return exhibit


@pytest.fixture
def flag(exhibit):
    make.correction(exhibit.document, note="A correction: the model is old.")
    return Flag.objects.get()


def test_a_case_shows_what_changed_and_what_rests_on_it(browse, alice, case, flag):
    page = browse(alice).get(case.get_absolute_url())
    told = text_of(page)
    for words in (
        "A source changed since it was cited",
        "New became old.",
        "A correction: the model is old.",
        "The cited words no longer stand there",
        "F1 rests on it",
        "Source changed",
        "Basis changed",
    ):
        assert words in told, words
    assert f'href="{flag.exhibit.document.get_absolute_url()}?tab=captures"' in page.content.decode()
    assert f'action="/flags/{flag.pk}/settle/"' in page.content.decode()


def test_words_that_still_stand_are_said_to(browse, alice, case, exhibit):
    make.correction(exhibit.document, text=make.TEXT + " A figure was added: 7 %.")
    assert "The cited words still stand" in text_of(browse(alice).get(case.get_absolute_url()))


@pytest.mark.parametrize("kind", ["GONE", "CORRECTION"])
def test_a_change_without_a_newer_capture_is_told_apart(browse, alice, case, exhibit, kind):
    because = None if kind == "GONE" else make.document(headline="Correction to an earlier notice")
    told = {"kind": kind, "material": True, "summary": "Something.", "before": exhibit.snapshot}
    change = Change.objects.keep(document=exhibit.document, after=None, because=because, told=told)
    Flag.objects.raise_for(change)
    words = "can no longer be seen at their address" if kind == "GONE" else "Another document says so"
    assert words in text_of(browse(alice).get(case.get_absolute_url()))


def test_a_case_without_flags_shows_none(browse, alice, case, exhibit):
    body = browse(alice).get(case.get_absolute_url()).content.decode()
    assert 'id="changed"' not in body


def test_settling_says_who_when_and_why(post, browse, alice, case, flag):
    response = post(alice, f"/flags/{flag.pk}/settle/", flag, still_holds="False", reason="The point is gone.")
    assert (response.status_code, response["Location"]) == (303, f"{case.get_absolute_url()}#changed")
    flag.refresh_from_db()
    assert (flag.still_holds, flag.settled_by) == (False, alice)
    told = text_of(browse(alice).get(case.get_absolute_url()))
    assert "No longer holds" in told
    assert "The point is gone." in told
    assert "A source changed since it was cited" not in told


@pytest.mark.parametrize(
    "fields", [{"still_holds": "True"}, {"reason": "Because."}, {"still_holds": "x", "reason": "y"}]
)
def test_half_an_answer_settles_nothing_and_keeps_the_words(post, alice, flag, fields):
    response = post(alice, f"/flags/{flag.pk}/settle/", flag, **fields)
    assert (response.status_code, Flag.objects.open().count()) == (422, 1)
    assert fields.get("reason", "") in text_of(response)
    assert f'id="settle-{flag.pk}" open' in response.content.decode()


def test_an_old_form_is_refused(post, alice, flag):
    post(alice, f"/flags/{flag.pk}/settle/", flag, still_holds="True", reason="Fine.")
    response = post(alice, f"/flags/{flag.pk}/settle/", flag, still_holds="False", reason="Not fine.")
    assert response.status_code == 409


def test_who_does_not_review_sees_it_and_settles_nothing(post, browse, dave, bob, erin, case, flag):
    for person in (dave, bob):
        body = browse(person).get(case.get_absolute_url()).content.decode()
        assert "A source changed since it was cited" in body
        assert f'action="/flags/{flag.pk}/settle/"' not in body
        assert post(person, f"/flags/{flag.pk}/settle/", flag, still_holds="True", reason="x").status_code == 403
    assert post(erin, f"/flags/{flag.pk}/settle/", flag, still_holds="True", reason="x").status_code == 403
    assert Flag.objects.open().count() == 1


def test_the_approver_sees_it_before_signing(browse, bob, alice, case, exhibit):
    make.submission(case, by=alice)
    flag = make.flag(exhibit)
    page = browse(bob).get(f"{case.get_absolute_url()}approve/")
    told = text_of(page)
    assert told.index("A source changed since it was cited") < told.index("What you would sign")
    assert "so does the recommendation that waits for its second signature" in told
    assert f'action="/flags/{flag.pk}/settle/"' not in page.content.decode()


def test_a_decision_says_that_its_evidence_changed_until_somebody_settles_it(browse, alice, bob):
    case = make.case(by=alice, status="DECIDED", approver=bob)
    change = make.correction(case.exhibits.get().document)
    client, flag = browse(alice), Flag.objects.get()
    words = f"Evidence under this decision changed on {change.found_at.day} {change.found_at:%b %Y}"
    told = text_of(client.get(case.get_absolute_url()))
    assert words in told
    assert "so does the decision of" in told
    flag.settle(by=alice, still_holds=False, reason="It was the point.")
    told = text_of(client.get(case.get_absolute_url()))
    assert words in told
    assert "Alice says that what rests on it no longer holds." in told
    Flag.objects.filter(pk=flag.pk).update(still_holds=True)
    assert words not in text_of(client.get(case.get_absolute_url()))


def test_the_queue_counts_open_flags_in_one_query(browse, alice, case, flag, django_assert_max_num_queries):
    other = make.case(by=alice, status="IN_REVIEW", title="Another question")
    for _ in range(2):
        make.correction(make.exhibit(other, by=alice).document)
    client = browse(alice)
    with django_assert_max_num_queries(15):
        told = text_of(client.get("/queue/?view=mine"))
    assert f"1 change at sources of {case.ref} to settle" in told
    assert f"2 changes at sources of {other.ref} to settle" in told
    flag.settle(by=alice, still_holds=True, reason="Fine.")
    assert f"sources of {case.ref}" not in text_of(browse(alice).get("/queue/"))


def test_a_case_costs_the_same_however_many_flags_it_has(browse, alice, case, exhibit, django_assert_max_num_queries):
    client = browse(alice)
    for number in range(4):
        make.correction(make.exhibit(case, by=alice).document, text=f"{number} is another text.")
    client.get(case.get_absolute_url())
    with django_assert_max_num_queries(34):
        client.get(case.get_absolute_url())


def test_the_audit_log_leads_to_the_case(browse, alice, case, flag):
    flag.settle(by=alice, still_holds=True, reason="Fine.")
    page = browse(alice).get("/audit/?verb=flag.settle")
    assert "settled a change at a source: what rests on it still holds" in text_of(page)
    assert f'href="{case.get_absolute_url()}"' in page.content.decode()
    assert Entry.objects.about(flag).get().actor == alice


def test_the_activity_tells_what_enrichment_saw_and_what_a_person_said_to_it(browse, alice, case, flag):
    page = browse(alice).get(case.get_absolute_url())
    told = text_of(page)
    assert "Enrichment saw a change at the source of E1 : correction" in told
    assert f'<a href="#flag-{flag.pk}">correction</a>' in page.content.decode()
    assert "settled a change at a source" not in told
    flag.settle(by=alice, still_holds=False, reason="It was the point.")
    told = text_of(browse(alice).get(case.get_absolute_url()))
    assert "correction , settled since" in told
    assert "settled a change at a source: what rests on it no longer holds" in told
    assert (
        Entry.objects.about(case).count() + 1
        == browse(alice).get(case.get_absolute_url()).context["dossier"].trail_length
    )


def test_the_log_about_a_case_tells_of_its_settled_flags_only(browse, alice, case, flag):
    other = make.case(by=alice, status="IN_REVIEW", title="Another question")
    foreign = make.flag(make.exhibit(other, by=alice))
    for each in (flag, foreign):
        each.settle(by=alice, still_holds=True, reason="Fine.")
    lines = browse(alice).get("/audit/", {"subject": case.ref}).context["lines"]
    about = {(told["line"].entry.subject_type, told["line"].entry.subject_id) for told in lines}
    assert about == {("case", str(case.pk)), ("flag", str(flag.pk))}
    assert {told["page"] for told in lines} == {case.get_absolute_url()}


def test_where_older_acts_are_cut_off_older_flags_are_too(browse, alice, case, flag, monkeypatch):
    monkeypatch.setattr(dossier, "SHOWN", 2)
    client = browse(alice)
    assert "Enrichment saw" in text_of(client.get(case.get_absolute_url()))
    for day in (1, 2, 3):
        case.reschedule(by=alice, due_at=NOW + datetime.timedelta(days=day), priority=2, reason="It moves.")
    told = text_of(client.get(case.get_absolute_url()))
    assert "Enrichment saw" not in told
    assert "Show all" in told


@pytest.mark.parametrize("length", [3, 50])
def test_the_publishers_words_stand_there_once(browse, alice, case, exhibit, length):
    note = "Correction: " + " ".join(["the model is old"] * length)
    summary = f"The publisher states a correction: {quoted(note)}"
    make.correction(exhibit.document, note=note, summary=summary)
    page = browse(alice).get(case.get_absolute_url()).content.decode()
    box = page[page.index('class="alert alert--warn" id="flag-') :].partition("</article>")[0]
    assert box.count("Correction: the model is old") == 1
    assert note in box
