"""What must be true of tasks, comments, links, batches and the small notes, whatever program writes."""

import pytest

from riskreview.cases.models import Batch, BatchItem, Comment, Draft, Following, Link, Presence, Task
from tests import expect, make

from .test_constraints import copied

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(alice):
    """One row of each kind."""
    case = make.case(by=alice)
    Following.objects.follow(alice, case=case)
    Presence.objects.look(alice, case)
    Draft.objects.keep(alice, "here", {"text": "So far"})
    batch = make.batch([case], by=alice)
    return {
        Task: make.task(case, by=alice),
        Comment: make.comment(case, by=alice),
        Link: make.link(case, by=alice),
        Following: Following.objects.get(),
        Presence: Presence.objects.get(),
        Draft: Draft.objects.get(),
        Batch: batch,
        BatchItem: batch.items.get(),
    }


@pytest.mark.parametrize(
    ("constraint", "model", "columns"),
    [
        ("task_state_known", Task, {"state": "ASLEEP"}),
        ("comment_says_something", Comment, {"text": ""}),
        ("comment_on_one_thing", Comment, {"case": None}),
        ("following_one_thing", Following, {"case": None}),
        ("batch_act_known", Batch, {"act": "APPROVE"}),
        ("batchitem_outcome_known", BatchItem, {"outcome": "PERHAPS"}),
    ],
)
def test_a_row_keeps_its_rules(rows, constraint, model, columns):
    with expect.violation(constraint):
        model.objects.filter(pk=rows[model].pk).update(**columns)


@pytest.mark.parametrize(
    ("constraint", "model"),
    [
        ("task_number_once", Task),
        ("link_once", Link),
        ("following_once", Following),
        ("presence_once", Presence),
        ("draft_once", Draft),
        ("batchitem_once", BatchItem),
    ],
)
def test_it_is_there_once(rows, constraint, model):
    with expect.violation(constraint):
        copied(model, rows[model]).save()


def test_a_comment_is_not_on_two_things(rows, alice):
    with expect.violation("comment_on_one_thing"):
        Comment.objects.filter(pk=rows[Comment].pk).update(vendor=make.vendor(by=alice))


def test_a_case_is_not_linked_to_itself(rows):
    with expect.violation("link_to_another"):
        Link.objects.filter(pk=rows[Link].pk).update(to=rows[Link].case_id)
