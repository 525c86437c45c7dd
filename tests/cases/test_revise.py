"""The recommendation changes while it waits for approval."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Disposition
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
WORDS = {"disposition": Disposition.ADVISORY, "rationale": "Warn the desks."}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def test_it_replaces_the_words(case, alice):
    sealed = case.open_decision().dossier_sha256
    with expect.one_entry("case.revise", by=alice, about=case):
        decision = case.revise(by=alice, **WORDS)
    assert (decision.number, decision.disposition, decision.rationale) == (1, "ADVISORY", "Warn the desks.")
    assert decision.dossier_sha256 != sealed
    assert case.status == Status.AWAITING_APPROVAL


def test_the_entry_holds_the_old_words_and_the_new(case, alice):
    decision = case.revise(by=alice, **WORDS)
    changes = Entry.objects.about(case).newest_first()[0].private["changes"]
    old, new = changes[f"decision:{decision.pk}.rationale"]
    assert (old, new) == ("The record is thin; watch it.", "Warn the desks.")


def test_whoever_revises_becomes_an_author(case, alice, carol):
    case.revise(by=carol, **WORDS)
    assert set(case.open_decision().authors.all()) == {alice, carol}


def test_a_revised_recommendation_can_still_be_approved(case, alice, bob):
    case.revise(by=alice, **WORDS)
    assert case.approve(by=bob).disposition == Disposition.ADVISORY


def test_it_refuses_others(case, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.revise(by=person, **WORDS)


def test_it_needs_reasons(case, alice):
    with expect.refusal(NotNow, case, match="reasons"):
        case.revise(by=alice, disposition=Disposition.MONITOR, rationale="")


def test_it_refuses_a_decided_case(case, alice, bob):
    case.approve(by=bob)
    with expect.refusal(NotNow, case, match="decided"):
        case.revise(by=alice, **WORDS)


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.revise(by=alice, seen=1, **WORDS)
