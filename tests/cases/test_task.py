"""Tasks: something to do for a case, for somebody, by a day."""

import datetime

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Task, ToDo
from tests import expect, make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 2, 3)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


@pytest.fixture
def task(case, alice):
    return make.task(case, by=alice)


def test_it_is_added_with_an_owner_and_a_day(case, alice, bob):
    task = Task.objects.add(by=alice, case=case, title=" Ask the vendor ", owner=bob, due_on=DAY, detail="By letter.")
    assert (task.number, task.title, task.owner, task.due_on, task.state) == (1, "Ask the vendor", bob, DAY, "OPEN")
    assert make.task(case, by=alice).number == 2


def test_it_may_be_about_a_part_of_its_case(case, alice):
    make.finding(case, by=alice)
    assert Task.objects.add(by=alice, case=case, title="Check it", about=" f1 ").about == "F1"
    for about in ("F2", "X1", "F", "F99999", "F-1", "F²"):
        with expect.refusal(NotNow, case):
            Task.objects.add(by=alice, case=case, title="Check it", about=about)


def test_a_task_says_what_is_to_be_done(case, alice):
    with expect.refusal(NotNow, case, match="Say what"):
        Task.objects.add(by=alice, case=case, title="  ")


def test_nobody_is_given_a_task_who_only_reads(case, alice, dave):
    with expect.refusal(NotNow, case, match="does not work on cases"):
        Task.objects.add(by=alice, case=case, title="Do it", owner=dave)


@pytest.mark.parametrize("person", ["dave", "erin"])
def test_readers_add_none(case, person, request):
    by = request.getfixturevalue(person)
    with expect.refusal(NotAllowed, case, match="work on cases"):
        Task.objects.add(by=by, case=case, title="Do it")


def test_it_is_amended_and_the_same_words_are_no_change(task, alice, bob):
    with expect.one_entry("task.amend", by=bob, about=task):
        task.amend(by=bob, title="Ask again", owner=alice, due_on=DAY)
    task.amend(by=bob, title="Ask again", owner=alice, due_on=DAY)
    assert task.entry_seq == 2


def test_it_is_finished_with_a_note_and_taken_up_again(task, bob):
    with expect.one_entry("task.finish", by=bob, about=task):
        task.finish(by=bob, note="They answered.")
    assert (task.state, task.settlement, task.settled_at is None) == (ToDo.DONE, "They answered.", False)
    with expect.one_entry("task.take_up", by=bob, about=task):
        task.take_up(by=bob)
    assert (task.state, task.settlement, task.settled_at) == (ToDo.OPEN, "", None)


def test_it_is_dropped_for_a_reason(task, alice):
    with expect.refusal(NotNow, task, match="Say why"):
        task.drop(by=alice, reason=" ")
    task.drop(by=alice, reason="The question fell away.")
    assert (task.state, task.settlement) == (ToDo.DROPPED, "The question fell away.")


def test_what_is_settled_is_neither_amended_nor_settled_again(task, alice):
    with expect.refusal(NotNow, task, match="to do"):
        task.take_up(by=alice)
    task.finish(by=alice)
    for act in (lambda: task.amend(by=alice, title="x"), lambda: task.finish(by=alice)):
        with expect.refusal(NotNow, task, match="is done"):
            act()


def test_the_next_day_comes_first(case, alice):
    days = [None, DAY, DAY - datetime.timedelta(days=1)]
    for day in days:
        make.task(case, by=alice, due_on=day)
    assert list(Task.objects.open().by_day().values_list("due_on", flat=True)) == [days[2], days[1], None]
