"""Batches: one light act on many cases, one by one, each with its own entry."""

import pytest

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases import bulk
from riskreview.cases.models import Batch, Case, Priority
from riskreview.cases.models.batch import BulkAct, words_of
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(alice):
    return [make.case(by=alice, title=f"Question {number}") for number in range(3)]


def begin(cases, by, act="LABEL", **told):
    given = told or {"labels": ["chips"]}
    return Batch.objects.begin(by=by, act=act, cases=cases, versions=[case.entry_seq for case in cases], **given)


def carried_out(batch):
    """The outcome of each case, after the worker was there."""
    for pk, offer in Batch.objects.offer():
        with Batch.objects.start(pk, str(offer)) as work:
            bulk.carry_out(work)
    batch.refresh_from_db()
    assert batch.done_at is not None
    return list(batch.items.order_by("pk").values_list("outcome", flat=True))


ACTS = {
    "ASSIGN": lambda people: {"to": people["alice"]},
    "PRIORITISE": lambda people: {"priority": Priority.URGENT, "reason": "The board asked."},
    "LABEL": lambda people: {"labels": ["Chips"]},
    "FILE": lambda people: {"team": people["team"]},
}
SAYS = {
    "ASSIGN": lambda case: case.assigned_to.name == "Alice",
    "PRIORITISE": lambda case: case.priority == Priority.URGENT,
    "LABEL": lambda case: case.labels == ["chips", "old"],
    "FILE": lambda case: case.team.slug == "chips",
}


@pytest.mark.parametrize("act", BulkAct.values)
def test_each_case_is_changed_by_its_own_verb_and_undone_by_it(act, cases, alice, carol):
    for case in cases:
        case.relabel(by=alice, labels=["old"])
    team = make.team(by=carol)
    batch = begin(cases, carol, act, **ACTS[act]({"alice": alice, "team": team}))
    before = Entry.objects.count()
    assert carried_out(batch) == ["DONE"] * 3
    assert Entry.objects.count() == before + 3
    assert {entry.actor for entry in Entry.objects.newest_first()[:3]} == {carol}
    assert all(SAYS[act](case) for case in Case.objects.all())
    back = Batch.objects.undo(by=carol, batch=batch)
    assert carried_out(back) == (["REFUSED"] * 3 if act == "ASSIGN" else ["DONE"] * 3)
    if act != "ASSIGN":
        told = {(case.team, tuple(case.labels), case.priority) for case in Case.objects.all()}
        assert told == {(None, ("old",), Priority.NORMAL)}


def test_a_reviewer_is_given_back_a_case_that_was_somebodys(alice, carol, mallory):
    case = make.case(by=alice, status="IN_REVIEW")
    batch = begin([case], carol, "ASSIGN", to=mallory)
    carried_out(batch)
    assert carried_out(Batch.objects.undo(by=carol, batch=batch)) == ["DONE"]
    case.refresh_from_db()
    assert case.assigned_to == alice


def test_a_case_that_changed_since_is_left_alone_and_the_others_are_not(cases, alice, carol):
    batch = begin(cases, carol)
    Case.objects.get(pk=cases[1].pk).relabel(by=alice, labels=["mine"])
    assert carried_out(batch) == ["DONE", "REFUSED", "DONE"]
    assert "changed" in batch.items.get(case=cases[1]).why
    assert Case.objects.get(pk=cases[1].pk).labels == ["mine"]


def test_what_a_case_says_already_is_no_act(cases, alice):
    cases[0].relabel(by=alice, labels=["chips"])
    batch = begin(cases[:2], alice)
    assert carried_out(batch) == ["UNCHANGED", "DONE"]
    assert [case.entry_seq for case in Case.objects.order_by("pk")[:2]] == [2, 2]


def test_the_guards_are_those_of_the_verbs(cases, alice, mallory, carol):
    batch = begin(cases, alice, "ASSIGN", to=mallory)
    assert carried_out(batch) == ["REFUSED"] * 3
    assert "Only a lead" in batch.items.first().why


def test_a_second_run_does_nothing_twice(cases, alice):
    batch = begin(cases, alice)
    carried_out(batch)
    newest = Entry.objects.count()
    for item in batch.items.all():
        assert item.outcome == "DONE"
    Batch.objects.filter(pk=batch.pk).update(done_at=None)
    carried_out(batch)
    assert Entry.objects.count() == newest


def test_who_lost_the_role_meanwhile_changes_nothing(cases, alice, system):
    batch = begin(cases, alice)
    alice.revoke(by=system, role="REVIEWER")
    assert carried_out(batch) == ["REFUSED"] * 3


def test_it_is_undone_once_and_only_where_something_was_done(cases, alice):
    batch = begin(cases, alice)
    with expect.refusal(NotNow, batch, match="nothing in this batch"):
        Batch.objects.undo(by=alice, batch=batch)
    carried_out(batch)
    back = Batch.objects.undo(by=alice, batch=batch)
    for each in (batch, back):
        with expect.refusal(NotNow, each):
            Batch.objects.undo(by=alice, batch=each)


def test_decisions_are_not_in_its_vocabulary(cases, alice):
    for act in ("APPROVE", "SUBMIT", "approve", "WITHDRAW", "REOPEN", "SEND_BACK"):
        with pytest.raises(ValueError, match="is not a valid"):
            begin(cases, alice, act)


@pytest.mark.parametrize(
    ("act", "told", "why"),
    [
        ("ASSIGN", {"to": None}, "who is to have"),
        ("PRIORITISE", {"priority": 9, "reason": "x"}, "Choose a priority"),
        ("PRIORITISE", {"priority": 1}, "why the priority"),
        ("LABEL", {"labels": [" "]}, "at least one label"),
    ],
)
def test_each_act_says_what_it_needs(cases, alice, act, told, why):
    with expect.refusal(NotNow, cases[0], match=why):
        begin(cases, alice, act, **told)


def test_it_names_between_one_and_200_cases_each_once(cases, alice):
    for chosen in ([], [cases[0], cases[0]], cases * 70):
        with expect.refusal(NotNow, cases[0]):
            begin(chosen, alice)


def test_readers_begin_none(cases, dave, bob):
    for person in (dave, bob):
        with expect.refusal(NotAllowed, cases[0]):
            begin(cases, person)


def test_the_preview_says_what_the_worker_would_find_and_changes_nothing(cases, alice, mallory):
    cases[0].relabel(by=alice, labels=["chips"])
    cases[1].entry_seq += 7
    before = (Entry.objects.count(), [case.labels for case in Case.objects.order_by("pk")])
    words = words_of(BulkAct.LABEL, {"labels": ["chips"]})
    told = bulk.preview(cases, "LABEL", words, by=alice)
    assert [each.outcome for each in told] == ["UNCHANGED", "REFUSED", "DONE"]
    assert (told[2].before["labels"], told[2].after["labels"]) == ([], ["chips"])
    assert "changed" in told[1].why
    assert (Entry.objects.count(), [case.labels for case in Case.objects.order_by("pk")]) == before
