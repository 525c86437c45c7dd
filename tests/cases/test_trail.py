"""The trail of a case covers what belongs to it, and nothing else, in a fixed number of queries."""

import pytest

from riskreview.audit.models import Entry
from riskreview.cases import trail
from riskreview.cases.models import Release, Task
from tests import make
from tests.cases import dossiers

pytestmark = pytest.mark.django_db


def verbs(case):
    found = Entry.objects.filter(trail.about([case]), kind="act")
    return set(found.values_list("verb", flat=True))


def test_entries_of_own_rows_belong_to_it_and_those_of_others_do_not(alice, bob):
    case, other = dossiers.decided(alice, bob), make.case(by=alice)
    Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")
    assert "release.prepare" in verbs(case)
    assert verbs(other) == {"case.open"}
    assert not Entry.objects.filter(trail.about([])).exists()


def test_it_takes_two_queries_whatever_there_is(alice, bob, django_assert_num_queries):
    case = dossiers.decided(alice, bob)
    for name in ("The vendor", "The press"):
        Release.objects.prepare(by=alice, case=case, decision=case.decision, audience=name)
    with django_assert_num_queries(2):
        list(Entry.objects.filter(trail.about([case], flags=[])))


def test_rows_nobody_acted_on_are_no_subject(alice):
    case = make.case(by=alice)
    assert list(trail.rows_of(trail.own_ids([case.pk]))) == []
    assert Task in trail.own_models()
