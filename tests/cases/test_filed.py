"""Where a case is filed: labels, a team's inbox, and out of sight until something happens."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from riskreview.audit.refusals import NotNow
from riskreview.cases import resurfacing
from riskreview.cases.models import Case, Suggestion
from tests import expect, make

pytestmark = pytest.mark.django_db
LATER = timezone.now().date() + datetime.timedelta(days=10)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


def test_labels_are_small_words_each_once(case, alice):
    with expect.one_entry("case.relabel", by=alice, about=case):
        case.relabel(by=alice, labels=["  Export   control ", "chips", "CHIPS", ""])
    assert case.labels == ["chips", "export control"]
    case.relabel(by=alice, labels=["chips", "export control"])
    assert case.entry_seq == 3
    case.relabel(by=alice, labels=[])
    assert case.labels == []


@pytest.mark.parametrize("labels", [["a" * 41], [str(number) for number in range(21)], ["a,b"]])
def test_what_is_no_label_is_refused(case, alice, labels):
    with expect.refusal(NotNow, case):
        case.relabel(by=alice, labels=labels)


def test_it_lies_in_the_inbox_of_one_team(case, alice, carol):
    team = make.team(by=carol)
    with expect.one_entry("case.file", by=alice, about=case):
        case.file(by=alice, team=team)
    assert list(team.cases.all()) == [case]
    case.file(by=alice, team=None)
    assert case.team is None


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_it_is_put_off_until_a_later_day_within_a_year(case, alice, days):
    with expect.refusal(NotNow, case, match="later day"):
        case.snooze(by=alice, until=timezone.now().date() + datetime.timedelta(days=days))


def test_it_is_called_back(case, alice):
    with expect.refusal(NotNow, case, match="not put off"):
        case.wake(by=alice)
    case.snooze(by=alice, until=LATER)
    assert case.snoozed_by == alice
    with expect.one_entry("case.wake", by=alice, about=case):
        case.wake(by=alice)
    assert (case.snoozed_until, case.snoozed_at, case.snoozed_by) == (None, None, None)


@pytest.fixture
def asleep(case, alice):
    case.snooze(by=alice, until=LATER)
    return case


def back(case, user, on=None):
    """Why a case is back, "" if it is not; both ways of asking agree."""
    day = on or timezone.now().date()
    cases = Case.objects.filter(pk=case.pk)
    why = resurfacing.told(cases, user, day).get().back
    assert resurfacing.awake(cases, user, day).exists() == bool(why)
    assert resurfacing.asleep(cases, user, day).exists() != bool(why)
    return why


def test_it_sleeps_until_its_day(asleep, alice):
    assert back(asleep, alice) == ""
    assert back(asleep, alice, LATER) == "day"


def test_a_case_that_was_never_put_off_is_in_the_queue(case, alice):
    today = timezone.now().date()
    assert resurfacing.awake(Case.objects.all(), alice, today).get().back == ""
    assert not resurfacing.asleep(Case.objects.all(), alice, today).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lambda case, carol: make.suggestion(case), "suggestion"),
        (lambda case, carol: make.flag(case.exhibits.get()), "flag"),
        (lambda case, carol: make.exhibit(case, by=carol), "exhibit"),
        (lambda case, carol: make.comment(case, by=carol, text="@Alice, look"), "mention"),
        (lambda case, carol: make.comment(case, by=carol, text="@Carol, look"), ""),
        (lambda case, carol: case.relabel(by=carol, labels=["new"]), "entry"),
        (lambda case, carol: case.relabel(by=case.snoozed_by, labels=["new"]), ""),
        (lambda case, carol: make.task(case, by=carol), ""),
    ],
)
def test_whatever_happens_to_it_brings_it_back(alice, carol, happens, why):
    case = make.case(by=alice, status="IN_REVIEW")
    make.exhibit(case, by=alice)
    case.snooze(by=alice, until=LATER)
    assert back(case, alice) == ""
    happens(case, carol)
    assert back(case, alice) == why


def test_a_suggestion_that_somebody_judged_is_no_news(asleep, alice):
    found = make.suggestion(asleep)
    Suggestion.objects.filter(pk=found.pk).update(suggested_at=timezone.now() + datetime.timedelta(seconds=1))
    assert back(asleep, alice) == "suggestion"
    Suggestion.objects.filter(pk=found.pk).update(band=Suggestion.Band.WEAK)
    assert back(asleep, alice) == ""
    connection.check_constraints()
