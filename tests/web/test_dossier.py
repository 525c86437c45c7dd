"""What the page of a case takes from the database, and in what shape it shows what is there."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.cases.models import Case, Milestone, Submission
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db


def filled(by, **details):
    """A case with a little of everything in it."""
    case = make.case(by=by, status="IN_REVIEW", **details)
    exhibits = [make.exhibit(case, by=by) for _ in range(6)]
    for _ in range(4):
        make.finding(case, by=by, exhibits=exhibits[:3])
        make.suggestion(case)
    make.incident(by=by).involve(by=by, role="ACCUSED", vendor=make.vendor(by=by))
    make.task(case, by=by)
    make.comment(case, by=by)
    return case


def guided(by):
    """A case with a little of everything in it that follows a playbook in which others are asked and parties heard."""
    case = filled(by, playbook="icts_transaction_review")
    more_of_it(case, by)
    make.effect(case, by=by)
    make.condition(case, by=by)
    make.sheet(case, by=by)
    make.correction(case.exhibits.first().document)
    return case


def more_of_it(case, by):
    """One more of each thing whose number grows in the life of a case; a served party starts clocks."""
    party = make.vendor(f"Party {case.vendors.count()}", by=by)
    case.vendors.add(party)
    served = {"key": "served", "party": party, "document": make.document(), "stated_on": datetime.date(2025, 3, 3)}
    Milestone.objects.record(by=by, case=case, **served)
    make.consultation(case, by=by, consultee=f"Body {case.consultations.count()}")
    told = {"key": "party_response", "received_at": make.WHEN, "kinds": ["argument"], "summary": "We disagree."}
    Submission.objects.receive(by=by, case=case, party=party, **told)
    make.claim(case, by=by)
    make.task(case, by=by)
    make.comment(case, by=by)
    make.finding(case, by=by, exhibits=[make.exhibit(case, by=by)])


def statements(client, case):
    """How many statements the page of a case takes, once the person has been there."""
    client.get(case.get_absolute_url())
    with CaptureQueriesContext(connection) as found:
        assert client.get(case.get_absolute_url()).status_code == 200
    return len(found)


def test_it_takes_few_statements_whoever_looks_at_it(browse, alice, bob, carol, dave):
    case = filled(alice)
    for person, most in ((alice, 30), (bob, 30), (carol, 31), (dave, 30)):
        assert statements(browse(person), case) <= most
    make.submission(case, by=alice)
    for person, most in ((alice, 33), (carol, 34), (bob, 37)):
        assert statements(browse(person), case) <= most


def test_a_case_that_follows_a_playbook_takes_what_its_kinds_of_rows_take(browse, alice, bob, carol):
    case = guided(alice)
    for person, most in ((alice, 45), (bob, 45), (carol, 46)):
        assert statements(browse(person), case) <= most


def test_more_of_everything_takes_no_more_statements(browse, alice):
    case, client = guided(alice), browse(alice)
    before = statements(client, case)
    for _ in range(3):
        more_of_it(case, alice)
    assert statements(client, case) == before


def test_a_form_that_offers_the_registers_is_fetched_when_it_is_opened(browse, alice, bob):
    case = make.case(by=alice, status="IN_REVIEW")
    page, client = case.get_absolute_url(), browse(alice)
    for place in ("task-add", "draft-effect", "assign"):
        closed = client.get(page).content.decode()
        link = re.search(rf'href="([^"]+)#{place}"', closed)
        assert link, place
        assert f'<details class="act" id="{place}"' not in closed
        opened = client.get(unescape(link.group(1))).content.decode()
        assert f'<details class="act" id="{place}" open>' in opened


def test_what_can_be_compared_is_compared_when_somebody_asks(browse, alice, bob):
    earlier = make.case(by=alice, status="DECIDED", approver=bob, title="Asked before")
    case, client = make.case(by=alice, status="IN_REVIEW"), browse(alice)
    make.finding(case, by=alice)
    assert earlier.title not in text_of(client.get(case.get_absolute_url()))
    assert earlier.title in text_of(client.get(case.get_absolute_url(), {"show": "alike"}))
    assert "On the same risk it was decided before" in text_of(client.get(case.get_absolute_url(), {"open": "submit"}))


def test_every_section_has_its_tab(browse, alice):
    page = browse(alice).get(guided(alice).get_absolute_url()).content.decode()
    tabs = page[page.index('class="subnav') : page.index("</nav>", page.index('class="subnav'))]
    sections = re.findall(r'<section class="section[^"]*" id="([a-z]+)"', page)
    assert set(sections) == set(re.findall(r'href="#([a-z]+)"', tabs))


def test_the_tab_of_the_hearing_counts_who_was_asked(browse, alice):
    case = guided(alice)
    asked = case.consultations.count()
    page = browse(alice).get(case.get_absolute_url()).content.decode()
    assert asked
    assert f'href="#hearing">Hearing <span class="count">{asked + case.submissions.count()}</span>' in page


def test_a_version_of_before_dossiers_were_sealed_is_said_to_be_unsignable(browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    assert "cannot be signed" not in text_of(browse(bob).get(case.get_absolute_url()))
    make.before_sealing(case.open_decision())
    for address in (case.get_absolute_url(), f"{case.get_absolute_url()}approve/"):
        told = text_of(browse(bob).get(address))
        assert "What waits cannot be signed. It was submitted before dossiers were sealed" in told
        assert "saves it once more" in told


def test_the_last_look_says_that_the_case_is_not_what_was_submitted(browse, alice, bob):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    assert "cannot be signed" not in text_of(browse(bob).get(f"{case.get_absolute_url()}approve/"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_case DISABLE TRIGGER USER")
    Case.objects.filter(pk=case.pk).update(question="Another question?")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_case ENABLE TRIGGER USER")
    told = text_of(browse(bob).get(f"{case.get_absolute_url()}approve/"))
    assert "The case is not what was submitted any more" in told
    assert "Another question?" in told


def test_a_decided_case_says_what_has_ended_and_what_still_runs(browse, alice, bob):
    case = make.case(by=alice, status="DECIDED", approver=bob)
    assert "The review has ended. Nothing is due any more." in text_of(browse(alice).get(case.get_absolute_url()))
    watched = make.case(by=alice, status="IN_REVIEW", title="Watched")
    asked = [{"text": "No new owner.", "watch": "OWNERSHIP_CHANGED", "owner": alice}]
    make.decided_with(watched, by=alice, approver=bob, conditions=asked)
    assert "1 condition is still watched" in text_of(browse(alice).get(watched.get_absolute_url()))
