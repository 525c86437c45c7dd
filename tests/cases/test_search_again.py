"""The archive is searched for a case once more, when somebody asks."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Search
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    opened = make.case(by=alice)
    opened.searches.update(searched_at=make.WHEN)
    return opened


def test_a_new_search_waits_for_a_worker(case, alice):
    assert not Search.objects.all().due().exists()
    with expect.one_entry("case.search_again", by=alice, about=case):
        case.search_again(by=alice)
    assert Search.objects.all().due().get().case == case
    assert case.searches.count() == 2


def test_a_search_that_was_given_up_makes_room(case, alice):
    case.searches.update(searched_at=None, dead_at=make.WHEN, last_error="The worker was lost each time.")
    case.search_again(by=alice)
    search = case.searches.get()
    assert (search.dead_at, search.last_error, search.searched_at) == (None, "", None)


def test_it_waits_for_the_search_that_is_on_its_way(case, alice):
    case.search_again(by=alice)
    with expect.refusal(NotNow, case, match="on its way"):
        case.search_again(by=alice)
    assert case.searches.count() == 2


def test_a_closed_question_is_not_searched_for(alice):
    case = make.case(by=alice, status=Status.WITHDRAWN)
    with expect.refusal(NotNow, case, match="withdrawn"):
        case.search_again(by=alice)


def test_only_people_who_review_ask_for_it(case, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed, case):
            case.search_again(by=person)


def test_it_refuses_a_stale_form(case, alice):
    with expect.refusal(Stale, case):
        case.search_again(by=alice, seen=0)
