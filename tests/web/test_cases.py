"""The page of a case, and each of its verbs once as a form."""

from __future__ import annotations

import datetime
import re

import pytest

from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Finding
from riskreview.cases.workflow import Status
from riskreview.vendors.models import Product
from riskreview.web.templatetags.ui import estimate
from tests import make
from tests.conftest import PASSWORD

from .conftest import text_of

pytestmark = pytest.mark.django_db


def test_it_shows_the_whole_story(browse, alice, bob):
    case = make.case(by=alice, status="DECIDED", approver=bob)
    told = text_of(browse(alice).get(case.get_absolute_url()))
    for words in (
        case.question,
        "E1",
        "F1",
        "Likely (55-80 %)",
        "Monitor",
        "Decided",
        "approved the recommendation",
        "Bob",
    ):
        assert words in told, words


def test_a_new_case_opens_with_its_vendors(post, alice):
    vendor = make.vendor(by=alice)
    fields = {"title": "New", "question": "What now?", "requester": "NSC", "priority": 1, "vendors": [vendor.pk]}
    response = post(alice, "/cases/new/", due_at="2025-02-03T17:00", **fields)
    case = Case.objects.get()
    assert (response.status_code, response["Location"]) == (303, case.get_absolute_url())
    assert list(case.vendors.all()) == [vendor]
    assert case.due_at == datetime.datetime(2025, 2, 3, 17, tzinfo=datetime.UTC)


def test_products_are_folded_under_their_vendors(browse, post, alice):
    for name in ("DeepSeek", "Moonshot"):
        for product in ("Chat", "Coder"):
            make.vendor(name, by=alice).add_product(by=alice, name=f"{name} {product}", kind=Product.Kind.APP)
    page = browse(alice).get("/cases/new/")
    assert [f"{name} (2)" in text_of(page) for name in ("DeepSeek", "Moonshot")] == [True, True]
    assert '<details class="fold" open' not in page.content.decode()
    chosen = Product.objects.get(name="Moonshot Coder")
    answer = post(alice, "/cases/new/", title="Kept", priority=3, products=[chosen.pk])
    assert "Moonshot (1 of 2)" in text_of(answer)
    assert answer.content.decode().count('<details class="fold" open') == 1
    post(alice, "/cases/new/", title="T", question="Q?", requester="R", priority=3, products=[chosen.pk])
    assert list(Case.objects.get().products.all()) == [chosen]


@pytest.mark.parametrize(
    ("judgment", "is_fact", "told"),
    [
        ("Prompts are stored abroad.", False, "(likely, 55-80 %; moderate confidence)"),
        ("Prompts are probably stored abroad.", False, "(55-80 %; moderate confidence)"),
        ("That storing them is very likely was said.", False, "(likely, 55-80 %; moderate confidence)"),
        ("Prompts were stored abroad.", True, "(a fact; moderate confidence)"),
    ],
)
def test_the_summary_says_how_likely_and_how_sure(judgment, is_fact, told):
    likelihood = "" if is_fact else "LIKELY"
    finding = Finding(judgment=judgment, is_fact=is_fact, likelihood=likelihood, confidence="MODERATE")
    assert f"({estimate(finding)})" == told


@pytest.mark.parametrize(
    ("status", "reader", "told"),
    [
        ("AWAITING_APPROVAL", "alice", None),
        ("AWAITING_APPROVAL", "bob", "Review decision"),
        ("IN_REVIEW", "alice", "Add evidence"),
    ],
)
def test_the_first_button_is_what_comes_next(browse, request, alice, bob, status, reader, told):
    case = make.case(by=alice, status=status, approver=bob)
    page = browse(request.getfixturevalue(reader)).get(case.get_absolute_url()).content.decode()
    offered = page.partition("identity__actions")[2].partition("</header>")[0]
    assert ("btn--primary" in offered) == (told is not None)
    assert (told or "See what waits") in offered


def test_only_what_was_proved_is_called_a_signature(browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    told = text_of(browse(bob).get(case.get_absolute_url()))
    assert "Submitted by Alice" in re.sub(r"Submitted by \w+ Alice", "Submitted by Alice", told)
    assert "First signature" not in told
    assert "You can sign" in told
    assert "Bob can sign" not in told


def test_a_finding_says_that_it_needs_an_exhibit(browse, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    make.exhibit(case, by=alice)
    told = text_of(browse(alice).get(f"{case.get_absolute_url()}?open=add-finding"))
    assert "Rests on At least one exhibit: tick it here" in told


def test_a_new_case_without_a_question_keeps_what_was_written(post, alice):
    response = post(alice, "/cases/new/", title="Half a thought", priority=3)
    assert response.status_code == 422
    assert b"Half a thought" in response.content
    assert b'role="alert"' in response.content
    assert not Case.objects.exists()


def test_a_reader_may_not_open_a_case(post, dave):
    response = post(dave, "/cases/new/", title="T", question="Q?", requester="R", priority=3)
    assert response.status_code == 403


def newest(case):
    """The newest entry about a case."""
    return Entry.objects.about(case).newest_first().first()


def works(post, user, case, verb, **fields):
    """Send the form of a verb; it answers 303 and leaves one entry of its name."""
    before = Entry.objects.about(case).count()
    response = post(user, f"/cases/{case.ref}/{verb.replace('_', '-')}/", case, **fields)
    assert response.status_code == 303, response.content.decode()[:4000]
    assert Entry.objects.about(case).count() == before + 1
    assert newest(case).verb == f"case.{verb}"
    case.refresh_from_db()


def test_assign(post, alice, carol):
    case = make.case(by=alice)
    works(post, carol, case, "assign", to=alice.pk)
    assert (case.status, case.assigned_to) == (Status.IN_REVIEW, alice)


def test_assign_to_somebody_else_is_for_leads(post, alice, carol):
    case = make.case(by=alice)
    assert post(alice, f"/cases/{case.ref}/assign/", case, to=carol.pk).status_code == 422


def test_reschedule(post, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    works(post, alice, case, "reschedule", due_at="2025-02-03T17:00", priority=1, reason="The board meets.")
    assert case.priority == 1


def test_add_exhibit_finds_the_copied_words(post, alice):
    case, document = make.case(by=alice), make.document()
    passage = "The White House   said that\nthe National Security Council"
    graded = {"stance": "SUPPORTS", "credibility": 2, "source_class": "PUBLIC"}
    works(post, alice, case, "add_exhibit", document=document.pk, passage=passage, **graded)
    exhibit = case.exhibits.get()
    assert exhibit.passage == "The White House said that the National Security Council"
    assert exhibit.grade == "F2"


@pytest.mark.parametrize("given", [{"passage": "Words nobody wrote."}, {"document": "99999"}, {"document": "nonsense"}])
def test_add_exhibit_refuses_what_is_not_in_the_archive(post, alice, given):
    case, document = make.case(by=alice), make.document()
    fields = {"document": document.pk, "passage": "DeepSeek", "stance": "CONTEXT", "credibility": 6} | given
    response = post(alice, f"/cases/{case.ref}/add-exhibit/", case, **fields)
    assert response.status_code == 422
    assert str(next(iter(given.values()))).encode() in response.content


def test_add_finding(post, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    exhibit = make.exhibit(case, by=alice)
    fields = {"judgment": "It is so.", "likelihood": "LIKELY", "confidence": "LOW", "exhibits": [exhibit.pk]}
    works(post, alice, case, "add_finding", risk_area="PRIVACY", **fields)
    assert case.findings.get().judgment == "It is so."


def test_add_finding_without_an_exhibit_keeps_the_judgement(post, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    fields = {"risk_area": "PRIVACY", "likelihood": "LIKELY", "confidence": "LOW"}
    response = post(alice, f"/cases/{case.ref}/add-finding/", case, judgment="A thought worth keeping.", **fields)
    assert response.status_code == 422
    assert b"A thought worth keeping." in response.content


def test_hold_and_resume(post, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    works(post, alice, case, "hold", reason="Waiting for the vendor.")
    assert case.status == Status.ON_HOLD
    works(post, alice, case, "resume")
    assert case.status == Status.IN_REVIEW


def signing(case):
    """What the approve page sends, besides words."""
    digest = case.open_decision().dossier_sha256
    return {"dossier_sha256": digest, "read": "on", "free": "on", "password": PASSWORD}


def test_submit_revise_and_approve(post, alice, bob, carol):
    case = make.case(by=alice, status="IN_REVIEW")
    make.finding(case, by=alice)
    case.refresh_from_db()
    works(post, alice, case, "submit", disposition="MONITOR", rationale="Thin.")
    works(post, carol, case, "revise", disposition="REFER", rationale="Send on.", referred_to="Export control")
    works(post, bob, case, "approve", **signing(case), statement="Read in full.")
    assert case.status == Status.DECIDED
    assert (case.decision.approved_by, case.decision.statement) == (bob, "Read in full.")


def test_submit_to_refer_says_where(post, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    response = post(alice, f"/cases/{case.ref}/submit/", case, disposition="REFER", rationale="Long thoughts.")
    assert response.status_code == 422
    assert b"Say to whom the case is referred." in response.content
    assert b"Long thoughts." in response.content


def test_submit_without_a_finding_is_not_possible_now(post, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    response = post(alice, f"/cases/{case.ref}/submit/", case, disposition="MONITOR", rationale="Long thoughts.")
    assert response.status_code == 409
    assert b"at least one finding" in response.content
    assert b"Long thoughts." in response.content


def test_send_back(post, browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    works(post, bob, case, "send_back", reason="Say more on F1.")
    assert case.status == Status.IN_REVIEW
    assert "Say more on F1." in text_of(browse(alice).get(case.get_absolute_url()))


def test_withdraw_and_reopen(post, alice, carol):
    case = make.case(by=alice, status="IN_REVIEW")
    works(post, alice, case, "withdraw", reason="The question fell away.")
    works(post, carol, case, "reopen", reason="It is back.")
    assert case.status == Status.NEW


def test_approve_shows_the_dossier_first(browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    told = text_of(browse(bob).get(f"/cases/{case.ref}/approve/"))
    assert case.open_decision().dossier_sha256[:12] in told
    assert "You are about to make this decision final" in told


def test_approve_without_the_confirmations_signs_nothing(post, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    response = post(bob, f"/cases/{case.ref}/approve/", case, statement="My words.")
    assert response.status_code == 422
    assert b"My words." in response.content
    case.refresh_from_db()
    assert case.status == Status.AWAITING_APPROVAL


def test_approve_refuses_the_submitter_names_who_can_and_remembers(post, browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    entries = Entry.objects.about(case).count()
    response = post(alice, f"/cases/{case.ref}/approve/", case, **signing(case), statement="Let me.")
    assert response.status_code == 403
    told = text_of(response)
    assert "A second person must approve" in told
    assert "Who can: Bob" in told
    assert "Let me." in told
    refusal = newest(case)
    assert (refusal.kind, refusal.verb, refusal.actor, refusal.seq) == ("refusal", "case.approve", alice, None)
    assert Entry.objects.about(case).count() == entries + 1
    assert "was refused: approve" in text_of(browse(bob).get(case.get_absolute_url()))


def test_the_button_that_cannot_work_says_why(browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    page = browse(alice).get(case.get_absolute_url())
    assert b'aria-disabled="true" aria-describedby="why-not"' in page.content
    assert "Unavailable: you submitted this recommendation. Bob can sign." in text_of(page)
    assert b'aria-describedby="why-not"' not in browse(bob).get(case.get_absolute_url()).content


def test_a_stale_form_is_refused_with_its_text_and_what_changed(post, alice, carol):
    case = make.case(by=alice, status="IN_REVIEW")
    seen = case.entry_seq
    case.reschedule(by=carol, due_at=None, priority=1, reason="The board meets on Monday.")
    fields = {"risk_area": "PRIVACY", "likelihood": "LIKELY", "confidence": "LOW"}
    exhibit = make.exhibit(case, by=alice)
    response = post(
        alice,
        f"/cases/{case.ref}/add-finding/",
        None,
        seen=seen,
        judgment="Hours of work.",
        exhibits=[exhibit.pk],
        **fields,
    )
    assert response.status_code == 409
    told, body = text_of(response), response.content.decode()
    assert "Hours of work." in told
    assert "Carol set the priority to urgent" in told
    assert "The board meets on Monday." in told
    case.refresh_from_db()
    assert f'name="seen" value="{case.entry_seq}"' in body
    again = post(
        alice, f"/cases/{case.ref}/add-finding/", case, judgment="Hours of work.", exhibits=[exhibit.pk], **fields
    )
    assert again.status_code == 303


def test_a_refusal_swaps_the_whole_page_of_htmx(browse, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    address = f"/cases/{case.ref}/submit/"
    fields = {"disposition": "MONITOR", "rationale": "R", "seen": case.entry_seq}
    response = browse(alice).post(address, fields, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Retarget"]) == (409, "#main")


def test_readers_see_no_forms(browse, alice, dave):
    case = make.case(by=alice, status="IN_REVIEW")
    page = browse(dave).get(case.get_absolute_url()).content
    assert b'class="act"' not in page
    assert b'class="act"' in browse(alice).get(case.get_absolute_url()).content


def test_the_same_date_once_more_says_that_nothing_was_changed(browse, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    given = {"seen": case.entry_seq, "due_at": "", "priority": case.priority, "reason": "None."}
    page = browse(alice).post(f"{case.get_absolute_url()}reschedule/", given, follow=True)
    assert "Nothing was changed." in text_of(page)
    assert "Rescheduled." not in text_of(page)
    assert not Entry.objects.filter(verb="case.reschedule").exists()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("IN_REVIEW", None),
        ("AWAITING_APPROVAL", None),
        ("DECIDED", "the case is decided"),
        ("WITHDRAWN", "the case is withdrawn"),
    ],
)
def test_where_no_evidence_can_be_added_the_page_says_why(browse, alice, bob, carol, status, words):
    withdrawn = status == "WITHDRAWN"
    case = make.case(by=alice, status="IN_REVIEW" if withdrawn else status, approver=bob)
    if withdrawn:
        case.withdraw(by=carol, reason="The question fell away.")
    page = browse(alice).get(f"{case.get_absolute_url()}?open=add-exhibit")
    body, told = page.content.decode(), text_of(page)
    assert body.count('id="add-exhibit"') == 1
    assert ("No evidence can be added" in told) == (words is not None)
    assert (f'action="{case.get_absolute_url()}add-exhibit/"' in body) == (words is None)
    assert words is None or words in told


def test_a_reader_who_follows_the_link_learns_who_adds_evidence(browse, alice, dave):
    case = make.case(by=alice, status="IN_REVIEW")
    assert "Evidence is added by a reviewer" in text_of(browse(dave).get(f"{case.get_absolute_url()}?open=add-exhibit"))
    assert "Evidence is added by" not in text_of(browse(dave).get(case.get_absolute_url()))
