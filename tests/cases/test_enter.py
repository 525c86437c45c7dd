"""A claim is put on the board of a case."""

import datetime

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Allegation, Says
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 29)
SAID = {"text": "Outputs of a model were used in training.", "speaker": "OpenAI", "as_of": DAY}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


def test_it_says_who_claims_it_and_on_what_evidence(case, alice):
    exhibit, vendor = make.exhibit(case, by=alice), make.vendor(by=alice)
    claim = Allegation.objects.enter(
        by=alice, case=case, vendor=vendor, exhibit=exhibit, note="In an interview.", fingerprint="ab" * 32, **SAID
    )
    stand = claim.stands.get()
    assert (claim.short, claim.text, claim.vendor, claim.entered_by) == ("C1", SAID["text"], vendor, alice)
    assert (stand.says, stand.speaker, stand.as_of, stand.exhibit) == (Says.ALLEGED, "OpenAI", DAY, exhibit)
    assert (stand.note, stand.recorded_by) == ("In an interview.", alice)


def test_it_leaves_one_entry_with_its_first_stand(case, alice):
    claim = Allegation.objects.enter(by=alice, case=case, **SAID)
    assert claim.entry_seq == 1
    assert expect.told(claim)[f"stand:{claim.stands.get().pk}.speaker"] == "OpenAI"


def test_claims_are_numbered_within_their_case(case, alice):
    other = make.case(by=alice)
    refs = [Allegation.objects.enter(by=alice, case=each, **SAID).short for each in (case, case, other)]
    assert refs == ["C1", "C2", "C1"]


@pytest.mark.parametrize(
    ("changed", "match"),
    [({"text": " "}, "what is claimed"), ({"speaker": " "}, "who says so")],
)
def test_it_wants_words_and_a_speaker(case, alice, changed, match):
    with expect.refusal(NotNow, match=match):
        Allegation.objects.enter(by=alice, case=case, **(SAID | changed))
    assert not case.allegations.exists()


def test_it_takes_no_exhibit_of_another_case_and_none_that_was_withdrawn(case, alice):
    strange, gone = make.exhibit(make.case(by=alice), by=alice), make.exhibit(case, by=alice)
    case.withdraw_exhibit(by=alice, exhibit=gone, reason="A hoax.")
    for exhibit in (strange, gone):
        with expect.refusal(NotNow, match="exhibit of this case"):
            Allegation.objects.enter(by=alice, case=case, exhibit=exhibit, **SAID)


def test_a_case_that_is_over_takes_none(case, alice, carol):
    case.withdraw(by=carol, reason="The question fell away.")
    with expect.refusal(NotNow, match="is withdrawn"):
        Allegation.objects.enter(by=alice, case=case, **SAID)


def test_it_refuses_who_does_not_review(case, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed):
            Allegation.objects.enter(by=person, case=case, **SAID)


def test_who_reads_cases_sees_them(case, alice, dave, erin):
    claim = Allegation.objects.enter(by=alice, case=case, **SAID)
    assert list(Allegation.objects.visible_to(dave)) == [claim]
    assert list(Allegation.objects.visible_to(erin)) == []


def test_the_state_that_counts_is_the_one_the_case_has_now(case, alice, carol):
    stale = type(case).objects.get(pk=case.pk)
    case.withdraw(by=carol, reason="The question fell away.")
    with expect.refusal(NotNow, match="is withdrawn"):
        Allegation.objects.enter(by=alice, case=stale, **SAID)
