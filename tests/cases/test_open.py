"""A question is put to the reviewers."""

import datetime

import pytest
from django.db import DataError, transaction

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Case, Priority, Search
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 28)
ASKED = {"title": "DeepSeek", "question": "What does it mean?", "requester": "Staff", "on": DAY}


def test_it_puts_the_question_in_the_queue(alice):
    vendor = make.vendor(by=alice)
    before = Entry.objects.count()
    case = Case.objects.open(by=alice, vendors=[vendor], priority=Priority.URGENT, **ASKED)
    case.refresh_from_db()
    assert (case.ref, case.status, case.priority, case.opened_by) == ("RR-2025-0001", Status.NEW, 1, alice)
    assert (list(case.vendors.all()), case.assigned_to, case.asked_on) == ([vendor], None, DAY)
    entry = Entry.objects.about(case).get()
    assert Entry.objects.count() == before + 1
    assert (entry.verb, entry.actor, entry.seq, case.entry_seq) == ("case.open", alice, 1, 1)
    assert entry.public["subject"]["label"] == "RR-2025-0001"
    assert entry.private["changes"]["vendors"] == [None, [{"ref": f"vendor:{vendor.pk}"}]]


def test_it_asks_for_a_search_of_the_archive(alice):
    case = Case.objects.open(by=alice, **ASKED)
    assert list(Search.objects.all().left().values_list("case", flat=True)) == [case.pk]


def test_it_drops_blanks_around_the_words(alice):
    case = Case.objects.open(by=alice, **(ASKED | {"title": "  DeepSeek \n", "question": " Why? "}))
    assert (case.title, case.question) == ("DeepSeek", "Why?")


def test_it_refuses_people_who_do_not_review(outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed):
            Case.objects.open(by=person, **ASKED)
    assert not Case.objects.exists()


@pytest.mark.parametrize("field", ["title", "question"])
def test_it_needs_a_title_and_a_question(alice, field):
    with expect.refusal(NotNow, match="a title and a question"):
        Case.objects.open(by=alice, **(ASKED | {field: "  "}))


@pytest.mark.parametrize("words", ["nul \x00", "half a pair \ud800"])
@pytest.mark.parametrize("field", ["title", "question", "requester"])
def test_words_the_record_cannot_hold_leave_nothing_behind(alice, field, words):
    before = Entry.objects.count()
    with pytest.raises((ValueError, DataError), match="NUL|surrogate"), transaction.atomic():
        Case.objects.open(by=alice, **(ASKED | {field: words}))
    assert (Case.objects.count(), Search.objects.count(), Entry.objects.count()) == (0, 0, before)


def test_an_unknown_argument_fails_before_anything_happens(alice):
    with pytest.raises(TypeError, match="colour"):
        Case.objects.open(by=alice, colour="red", **ASKED)
    assert not Case.objects.exists()


def test_a_time_without_a_zone_is_refused(alice):
    naive = datetime.datetime(2025, 2, 1, 9, 0)
    with pytest.raises((TypeError, RuntimeWarning), match="zone|naive"), transaction.atomic():
        Case.objects.open(by=alice, due_at=naive, **ASKED)
    assert not Case.objects.exists()


def test_numbers_count_per_year_of_the_question(alice):
    refs = [Case.objects.open(by=alice, **(ASKED | {"on": day})).ref for day in (DAY, DAY.replace(year=2026), DAY)]
    assert refs == ["RR-2025-0001", "RR-2026-0001", "RR-2025-0002"]


def test_a_case_that_was_rolled_back_leaves_no_gap(alice):
    Case.objects.open(by=alice, **ASKED)
    with transaction.atomic():
        assert Case.objects.open(by=alice, **ASKED).ref == "RR-2025-0002"
        transaction.set_rollback(True)
    assert Case.objects.open(by=alice, **ASKED).ref == "RR-2025-0002"


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_get_eight_numbers(alice):
    opened = expect.at_once([lambda: Case.objects.open(by=alice, **ASKED)] * 8)
    assert sorted(str(case.ref) for case in opened) == [f"RR-2025-{number:04d}" for number in range(1, 9)]
    assert Entry.objects.filter(verb="case.open").count() == 8
