"""A passage is put before the reviewers."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import SourceClass, Stance
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Announcement, Capture, Document
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def snapshot():
    return make.snapshot()


def test_it_keeps_the_passage_word_for_word(case, alice, snapshot):
    with expect.one_entry("case.add_exhibit", by=alice, about=case):
        exhibit = case.add_exhibit(
            by=alice, snapshot=snapshot, start=9, end=17, stance=Stance.CONTRADICTS, credibility=2, note="See note."
        )
    assert (exhibit.ref, exhibit.passage, exhibit.document) == ("E1", snapshot.text[9:17], snapshot.document)
    assert (exhibit.stance, exhibit.credibility, exhibit.note, exhibit.added_by) == (
        Stance.CONTRADICTS,
        2,
        "See note.",
        alice,
    )


def test_any_reviewer_may_bring_one(case, mallory, carol, snapshot):
    case.add_exhibit(by=mallory, snapshot=snapshot, start=0, end=5)
    case.add_exhibit(by=carol, snapshot=snapshot, start=5, end=9)
    assert [exhibit.ref for exhibit in case.exhibits.order_by("number")] == ["E1", "E2"]


def test_it_refuses_others(case, outsiders, snapshot):
    for person in outsiders:
        with expect.refusal(NotAllowed, case):
            case.add_exhibit(by=person, snapshot=snapshot, start=0, end=5)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (7, 3), (-4, 3), (0, 10_000)])
def test_it_refuses_a_span_outside_the_text(case, alice, snapshot, start, end):
    with expect.refusal(NotNow, case, match="not in the archived text"):
        case.add_exhibit(by=alice, snapshot=snapshot, start=start, end=end)


def test_it_refuses_a_snapshot_nobody_has_read(case, alice):
    capture = Capture(raw=b"some bytes", content_type="text/plain", fetched_at=make.WHEN)
    unread = Document.objects.hold(Announcement(key="unread"), capture=capture).newest
    with expect.refusal(NotNow, case, match="not in the archived text"):
        case.add_exhibit(by=alice, snapshot=unread, start=0, end=1)


def test_it_refuses_the_same_passage_twice(case, alice, snapshot):
    case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5)
    with expect.refusal(NotNow, case, match="already"):
        case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5)


def test_the_same_passage_may_serve_another_case(case, alice, snapshot):
    case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5)
    other = make.case(by=alice)
    assert other.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5).number == 1


def test_it_refuses_an_unknown_stance(case, alice, snapshot):
    with pytest.raises(ValueError, match="not a valid Stance"):
        case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5, stance="MAYBE")
    assert not case.exhibits.exists()


def test_a_decided_case_takes_none(alice, bob, snapshot):
    case = make.case(by=alice, status=Status.DECIDED, approver=bob)
    with expect.refusal(NotNow, case, match="decided"):
        case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5)


def test_it_refuses_a_stale_form(case, alice, snapshot):
    with expect.refusal(Stale, case):
        case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5, seen=1)


def test_the_grade_joins_source_and_item(case, alice):
    document = make.document(source=make.source(by=alice))
    graded = case.add_exhibit(by=alice, snapshot=document.newest, start=0, end=5, credibility=3)
    unknown = case.add_exhibit(by=alice, snapshot=make.snapshot(), start=0, end=5)
    assert (graded.grade, unknown.grade) == ("B3", "F6")


def test_it_says_how_its_source_stands_in_law(case, alice, snapshot):
    exhibit = case.add_exhibit(by=alice, snapshot=snapshot, start=0, end=5, source_class=SourceClass.DEMANDED)
    assert (exhibit.source_class, exhibit.get_source_class_display()) == ("DEMANDED", "Demanded from a party")


def test_it_voids_what_waits_for_approval(case, alice, mallory, snapshot):
    make.finding(case, by=alice)
    waiting = make.submission(case, by=alice)
    case.add_exhibit(by=mallory, snapshot=snapshot, start=0, end=5)
    waiting.refresh_from_db()
    assert (case.status, waiting.void_cause) == (Status.IN_REVIEW, "exhibit E2")
