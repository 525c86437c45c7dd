"""The past of a case and what is taken out of it, in the browser."""

import re

import pytest

from riskreview.audit.models import Entry
from riskreview.cases.models import Release
from tests import make
from tests.cases import dossiers

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice, bob):
    return dossiers.decided(alice, bob)


def test_the_case_after_an_act_says_what_differs_since(case, browse, dave):
    entry = Entry.objects.about(case).get(verb="case.assign")
    page = browse(dave).get(f"/cases/{case.ref}/as-of/?entry={entry.uuid}")
    body = page.content.decode()
    assert page.context["differs"] > 10
    assert not page.context["broken"]
    for words in ("Every state shown has the SHA-256", "In review", "<ins>Decided</ins>", "Finding F1", "Alice"):
        assert words in body, words


def test_before_it_was_opened_there_was_nothing(case, browse, dave):
    body = browse(dave).get(f"/cases/{case.ref}/as-of/?at=2001-01-01").content.decode()
    assert "Not opened yet" in body


@pytest.mark.parametrize("asked", ["?entry=zz", "?entry=00000000-0000-4000-8000-000000000000", "?decision=9"])
def test_what_is_no_act_of_the_case_is_404(case, browse, dave, asked):
    assert browse(dave).get(f"/cases/{case.ref}/as-of/{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["?at=zz", "?at=2025-99-99", "?at=2025-01-28T10:00", "?decision="])
def test_a_senseless_moment_breaks_nothing(case, browse, dave, asked):
    assert browse(dave).get(f"/cases/{case.ref}/as-of/{asked}").status_code == 200


def test_a_decision_is_shown_as_the_approver_saw_it(case, alice, carol, browse, dave):
    case.reopen(by=carol, reason="News.")
    case.assign(by=alice, to=alice)
    make.finding(case, by=alice)
    body = browse(dave).get(f"/cases/{case.ref}/as-of/?decision=1").content.decode()
    assert "as the approver saw it" in body
    assert case.decisions.get().sealed.root in body
    assert "Finding F1" in body
    assert "Finding F2" not in body


def test_the_timeline_tells_since_when_something_is_known(case, alice, browse, dave, django_assert_max_num_queries):
    make.incident(by=alice, title="Accounts blocked").involve(by=alice, vendor=case.vendors.get(), role="DEVELOPER")
    with django_assert_max_num_queries(40):
        body = browse(dave).get(f"/cases/{case.ref}/timeline/").content.decode()
    for words in ("Accounts blocked", "29 Jan 2025", "days later", "Letter of the vendor", "Exhibit", "approved"):
        assert words in body, words
    assert "Restrict: the hosted app begins" in body


def test_the_memo_is_a_page_and_two_files(case, browse, dave):
    client = browse(dave)
    page = client.get(f"/cases/{case.ref}/memo/").content.decode()
    assert "Final, signed by two people" in page
    for form, begins in (("pdf", b"%PDF-1.7"), ("docx", b"PK")):
        answer = client.get(f"/cases/{case.ref}/memo.{form}?decision=1")
        assert answer.content.startswith(begins)
        assert f'filename="{case.ref}-memo-1.{form}"' in answer["Content-Disposition"]
    assert client.get(f"/cases/{case.ref}/memo.exe").status_code == 404
    taken = Entry.objects.about(case).filter(verb="case.export_memo")
    assert [entry.private["arguments"]["form"] for entry in taken.order_by("pk")] == ["html", "pdf", "docx"]


def test_a_case_without_a_recommendation_says_so(browse, alice):
    case = make.case(by=alice)
    answer = browse(alice).get(f"/cases/{case.ref}/memo/")
    assert answer.status_code == 409
    assert b"no sealed recommendation" in answer.content


def test_a_version_for_others_from_the_first_step_to_the_file(case, alice, bob, browse):
    one, other = browse(alice), browse(bob)
    sent = {"decision": case.decision_id, "audience": "The vendor", "marking": "RELEASABLE"}
    at = one.post(f"/cases/{case.ref}/releases/prepare/", sent)["Location"]
    release = Release.objects.get()
    assert at == f"/releases/{release.pk}/"
    assert 'value="exhibit.2"' in one.get(at).content.decode()
    one.post(f"{at}redact/", {"seen": 1, "path": "exhibit.2", "ground": "Exemption 4"})
    page = one.get(at).content.decode()
    assert dossiers.SECRET.replace("'", "&#x27;") not in page.partition("memo-kind")[2]
    assert "[Exemption 4]" in page
    assert "Issue this version" not in page
    bad = one.post(f"{at}redact/", {"seen": 2, "path": "nothing", "ground": ""})
    assert bad.status_code == 422
    assert other.get(f"{at}release.json").status_code == 409
    assert other.post(f"{at}issue/", {"seen": 2}).status_code == 303
    assert b"41 cents" not in other.get(f"{at}release.json").content
    body = browse(alice).get(case.get_absolute_url()).content.decode()
    assert "R1, for The vendor" in body
    assert "hid “Exhibit E2” in a version for others" in body


def test_the_page_of_a_version_says_what_keeps_it_from_being_issued(alice, bob, browse):
    case = dossiers.waiting(alice)
    make.approval(case, by=bob, statement=dossiers.SECRET)
    case.refresh_from_db()
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The press")
    one, at = browse(alice), f"/releases/{release.pk}/"
    assert "It cannot be issued yet" not in one.get(at).content.decode()
    one.post(f"{at}redact/", {"seen": 1, "path": "exhibit.2", "ground": "Exemption 4"})
    body = one.get(at).content.decode()
    assert "It cannot be issued yet" in body
    assert "“Exhibit E2: passage” hides is said in “The names of those who signed" in body
    assert not re.search(r">[^<]*\bexhibit\.2", body)  # no path outside the value of an option
    one.post(f"{at}redact/", {"seen": 2, "path": "signatures", "ground": "Exemption 6"})
    assert "It cannot be issued yet" not in one.get(at).content.decode()


def test_a_line_of_the_activity_leads_to_the_case_as_it_was(case, browse, dave):
    entry = Entry.objects.about(case).get(verb="case.open")
    page = browse(dave).get(f"{case.get_absolute_url()}?show=activity").content.decode()
    assert f"as-of/?entry={entry.uuid}" in page
