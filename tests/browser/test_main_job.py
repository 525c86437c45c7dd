"""The main job in a real browser: from a suggestion to a decision that two people signed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Suggestion
from riskreview.cases.workflow import Status
from tests import make
from tests.conftest import PASSWORD


@pytest.fixture
def case(alice):
    """A case with a finding and one suggestion."""
    case = make.case(by=alice, status="IN_REVIEW")
    make.finding(case, by=alice)
    make.suggestion(case)
    return case


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_queue_to_a_decision_of_two(visit, case, alice, bob, javascript):
    one = visit(alice, java_script_enabled=javascript)
    page = one.page
    page.get_by_role("link", name=case.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(case.title)

    page.get_by_role("link", name="Triage all").click()
    page.locator("#accept-stance").select_option("SUPPORTS")
    page.get_by_role("button", name=f"Accept into {case.ref}").click()
    expect(page.locator("#main").get_by_text(f"is exhibit E2 of {case.ref} now")).to_be_visible()
    assert Suggestion.objects.get().exhibit.stance == "SUPPORTS"

    one.go(f"/cases/{case.ref}/?open=submit#submit")
    page.get_by_label("Recommendation").select_option("MONITOR")
    page.get_by_label("Rationale").fill("The record is thin; watch it.")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("A second person must approve it now")).to_be_visible()
    expect(page.get_by_text("Unavailable: you submitted this recommendation. Bob can sign.")).to_be_visible()

    two = visit(bob, java_script_enabled=javascript)
    two.go(f"/cases/{case.ref}/")
    two.page.get_by_role("link", name="Review decision").click()
    two.page.get_by_label("I read the findings").check()
    two.page.get_by_label("I have no interest").check()
    two.page.locator("#approve-password").fill(PASSWORD)
    two.page.get_by_role("button", name="Approve and sign").click()
    expect(two.page.get_by_text("Signed. The decision is final.")).to_be_visible()

    decided = Case.objects.get(pk=case.pk)
    assert (decided.status, decided.decision.submitted_by, decided.decision.approved_by) == (Status.DECIDED, alice, bob)
    assert Entry.objects.about(case).filter(verb="case.approve").count() == 1
    assert one.console == two.console == []


def test_the_submitter_is_refused_by_the_server_whatever_the_page_shows(visit, case, alice, bob):
    make.submission(case, by=alice)
    visitor = visit(alice)
    page = visitor.go(f"/cases/{case.ref}/approve/")
    expect(page.get_by_role("button", name="Approve and sign")).to_have_attribute("aria-disabled", "true")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    sent = {"csrfmiddlewaretoken": token, "read": "on", "free": "on", "seen": str(case.entry_seq)}
    sent |= {"dossier_sha256": case.open_decision().dossier_sha256, "password": PASSWORD}
    answer = visitor.context.request.post(f"{visitor.url}/cases/{case.ref}/approve/", form=sent)
    assert answer.status == 403
    assert "Who can:</b> Bob." in answer.text()
    assert Entry.objects.about(case).newest_first().first().kind == "refusal"
    assert visitor.console == []


def test_two_windows_one_edit_and_no_lost_word(visit, case, alice, carol):
    visitor = visit(alice)
    page = visitor.go(f"/cases/{case.ref}/?open=add-finding#add-finding")
    page.get_by_label("Judgement").fill("An hour of thought.")
    page.locator("#add-finding .choices input").first.check()
    for label, choice in (("Risk area", "PRIVACY"), ("Likelihood", "LIKELY"), ("Confidence", "LOW")):
        page.get_by_label(label, exact=True).select_option(choice)
    Case.objects.get(pk=case.pk).reschedule(by=carol, due_at=None, priority=1, reason="The board meets.")
    page.get_by_role("button", name="Add finding").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This changed while you were working on it")
    expect(page.get_by_text("The board meets.")).to_be_visible()
    expect(page.get_by_label("Judgement")).to_have_value("An hour of thought.")
    page.get_by_role("button", name="Add finding").click()
    expect(page.get_by_text("Finding added.")).to_be_visible()
    assert case.findings.filter(judgment="An hour of thought.").count() == 1
    assert visitor.console == []
