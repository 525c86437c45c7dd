"""How collection goes: due, left, given up, and for how long the oldest has waited."""

import datetime

import pytest

from riskreview.cases.models import Case, Search
from riskreview.cases.workflow import Status
from riskreview.enrichment.health import counted, given_up, hosts_left_alone, left_as_they_are, work
from riskreview.evidence.models import Answer, Document, Host, Source, Visit
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def loads(now):
    return {load.kind: load for load in work(now)}


def test_nothing_waits_where_nothing_is():
    assert {(load.due, load.left, load.dead, load.oldest_due_seconds) for load in work(NOW)} == {(0, 0, 0, None)}


def test_work_is_counted_per_kind_with_the_wait_of_the_oldest(alice):
    source, later = make.source(by=alice), make.source(by=alice)
    now = datetime.datetime.now(datetime.UTC)
    Source.objects.filter(pk=source.pk).update(not_before=now - 2 * HOUR)
    Source.objects.filter(pk=later.pk).update(not_before=now + HOUR)
    Visit.objects.note(later, Answer(later.url, b"<rss/>"))
    found = loads(now)
    assert (found["source"].due, found["source"].left, found["source"].oldest_due_seconds) == (1, 2, 7200)
    assert (found["visit"].due, found["visit"].oldest_due_seconds) == (1, 0)


def test_what_was_given_up_is_counted_apart(alice):
    make.document()
    visit = Visit.objects.note(make.source(by=alice), Answer("https://x.example/", b"<rss/>"))
    Document.objects.update(dead_at=NOW)
    Visit.objects.filter(pk=visit.pk).update(dead_at=NOW)
    found = loads(NOW)
    assert (found["document"].dead, found["visit"].dead, found["visit"].left) == (1, 1, 0)
    assert counted(given_up()) == {"document": 1, "visit": 1, "search": 0}


def test_what_somebody_left_as_it_is_needs_nobody_until_it_is_given_up_again(alice):
    document = make.document()
    Document.objects.update(dead_at=NOW)
    document.set_aside(by=alice, reason="The page was moved.")
    assert (counted(given_up())["document"], counted(left_as_they_are())["document"]) == (0, 1)
    Document.objects.update(dead_at=datetime.datetime.now(datetime.UTC) + HOUR)
    assert (counted(given_up())["document"], counted(left_as_they_are())["document"]) == (1, 0)


def test_a_search_for_a_closed_case_needs_nobody(alice):
    case = make.case(by=alice)
    Search.objects.update(dead_at=NOW)
    assert counted(given_up())["search"] == 1
    case.assign(by=alice, to=alice)
    case.withdraw(by=alice, reason="It fell away.")
    assert Case.objects.get().status == Status.WITHDRAWN
    assert counted(given_up())["search"] == 0


def test_it_costs_the_same_however_much_there_is(alice, django_assert_num_queries):
    for _ in range(3):
        make.source(by=alice)
        make.document()
    with django_assert_num_queries(15):
        work(NOW)


@pytest.mark.parametrize(("until", "rests"), [(None, False), (-1, False), (1, True)])
def test_a_host_rests_until_its_time_is_over(until, rests):
    Host.objects.create(name="slow.example", open_until=None if until is None else NOW + until * HOUR, failures=5)
    assert hosts_left_alone(NOW).exists() is rests
