"""An exhibit is judged anew."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import SourceClass, Stance
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, Origin
from tests import expect, make

pytestmark = pytest.mark.django_db
SAID = {"stance": Stance.CONTRADICTS, "credibility": 4, "note": "Thin.", "source_class": SourceClass.PARTY_RECORDS}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def exhibit(case, alice):
    return make.exhibit(case, by=alice)


def test_it_says_how_it_is_judged_and_who_edited_it(case, exhibit, alice, carol):
    with expect.one_entry("case.amend_exhibit", by=carol, about=case):
        case.amend_exhibit(by=carol, exhibit=exhibit, **SAID)
    exhibit.refresh_from_db()
    assert {name: getattr(exhibit, name) for name in SAID} == SAID
    assert (exhibit.added_by, exhibit.edited_by) == (alice, carol)


def test_the_same_judgement_changes_nothing(case, exhibit, alice):
    before, said = Entry.objects.count(), {name: getattr(exhibit, name) for name in SAID}
    assert case.amend_exhibit(by=alice, exhibit=exhibit, **said) is None
    exhibit.refresh_from_db()
    assert (Entry.objects.count(), exhibit.edited_by) == (before, None)


def test_it_voids_what_waits_for_approval(case, exhibit, alice):
    make.finding(case, by=alice)
    waiting = make.submission(case, by=alice)
    case.amend_exhibit(by=alice, exhibit=exhibit, **SAID)
    waiting.refresh_from_db()
    assert (case.status, waiting.void_cause) == (Status.IN_REVIEW, "exhibit E1")


def test_confirmed_needs_another_text_of_the_same_stance(case, exhibit, alice):
    confirmed = SAID | {"stance": Stance.SUPPORTS, "credibility": 1}
    make.exhibit(case, by=alice, stance=Stance.CONTRADICTS)
    with expect.refusal(NotNow, case, match="another origin"):
        case.amend_exhibit(by=alice, exhibit=exhibit, **confirmed)
    make.exhibit(case, by=alice)
    assert case.amend_exhibit(by=alice, exhibit=exhibit, **confirmed).credibility == 1


def test_copies_of_one_text_confirm_nothing(case, exhibit, alice):
    copy = make.exhibit(case, by=alice)
    origin = Origin.objects.create(root=exhibit.document)
    Document.objects.filter(pk__in=[exhibit.document_id, copy.document_id]).update(origin=origin)
    with expect.refusal(NotNow, case, match="Copies of one text count once"):
        case.amend_exhibit(by=alice, exhibit=exhibit, **(SAID | {"stance": Stance.SUPPORTS, "credibility": 1}))


def test_a_new_exhibit_is_not_confirmed_by_itself(case, alice):
    with expect.refusal(NotNow, case, match="another origin"):
        case.add_exhibit(by=alice, snapshot=make.snapshot(), start=0, end=5, credibility=1)
    first = case.add_exhibit(by=alice, snapshot=make.snapshot(), start=0, end=5)
    again = case.add_exhibit(by=alice, snapshot=make.snapshot(), start=0, end=5, credibility=1)
    assert (first.credibility, again.credibility) == (6, 1)


def test_it_refuses_others(case, exhibit, mallory, outsiders):
    for person in [mallory, *outsiders]:
        with expect.refusal(NotAllowed, case):
            case.amend_exhibit(by=person, exhibit=exhibit, **SAID)


def test_an_exhibit_of_another_case_is_not_here(case, alice):
    strange = make.exhibit(make.case(by=alice), by=alice)
    with expect.refusal(NotNow, case, match="no such exhibit in this case"):
        case.amend_exhibit(by=alice, exhibit=strange, **SAID)
