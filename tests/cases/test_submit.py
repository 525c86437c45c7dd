"""A recommendation asks for its second signature."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Disposition
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
WORDS = {"disposition": Disposition.MONITOR, "rationale": "The record is thin; watch it."}


@pytest.fixture
def case(alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    make.finding(case, by=alice)
    return case


def test_it_waits_for_a_second_person(case, alice):
    with expect.one_entry("case.submit", by=alice, about=case):
        decision = case.submit(by=alice, dissent="One of us disagrees.", **WORDS)
    assert case.status == Status.AWAITING_APPROVAL
    assert (decision.number, decision.disposition, decision.submitted_by) == (1, Disposition.MONITOR, alice)
    assert (decision.dissent, decision.approved_by, case.decision) == ("One of us disagrees.", None, None)
    assert Entry.objects.about(case).newest_first()[0].public["meaning"] == "submitted"


def test_the_dossier_is_frozen_by_its_digest(case, alice):
    decision = case.submit(by=alice, **WORDS)
    assert len(decision.dossier_sha256) == 64
    told = expect.told(case)
    assert told[f"decision:{decision.pk}.dossier_sha256"] == decision.dossier_sha256


def test_whoever_wrote_a_finding_is_an_author(case, alice, carol):
    make.finding(case, by=carol)
    decision = case.submit(by=alice, **WORDS)
    assert set(decision.authors.all()) == {alice, carol}


def test_it_needs_a_finding(alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    with expect.refusal(NotNow, case, match="at least one finding"):
        case.submit(by=alice, **WORDS)


def test_it_needs_reasons(case, alice):
    with expect.refusal(NotNow, case, match="reasons"):
        case.submit(by=alice, disposition=Disposition.MONITOR, rationale=" ")


def test_a_referral_says_to_whom(case, alice):
    with expect.refusal(NotNow, case, match="to whom"):
        case.submit(by=alice, disposition=Disposition.REFER, rationale="Not ours.")
    assert case.submit(by=alice, disposition=Disposition.REFER, rationale="Not ours.", referred_to="Counsel")


def test_it_refuses_a_disposition_nobody_knows(case, alice):
    with expect.refusal(NotNow, case, match="cannot be decided so"):
        case.submit(by=alice, disposition="BAN", rationale="Because.")


def test_only_the_assigned_reviewer_submits(case, mallory, carol, outsiders):
    for person in [mallory, carol, *outsiders]:
        with expect.refusal(NotAllowed, case, match="assigned to"):
            case.submit(by=person, **WORDS)


def test_it_refuses_a_second_submission(case, alice):
    case.submit(by=alice, **WORDS)
    with expect.refusal(NotNow, case, match="awaiting approval"):
        case.submit(by=alice, **WORDS)


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.submit(by=alice, seen=1, **WORDS)
