"""An open case takes up another playbook only by a person who says why, and never loses its place."""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases import playbook, sweeping
from riskreview.cases.models import Case, Clock, Playbook
from tests import expect, make

from .running import running, tasked

pytestmark = pytest.mark.django_db
WHY = "The rule changed."


@pytest.fixture
def older(alice):
    """A case that follows a version of the internal review that is no longer the newest."""
    case = make.case(by=alice, playbook="internal_review", status="IN_REVIEW")
    shipped = playbook.newest()["internal_review"]
    old = Playbook.objects.create(
        key="internal_review", version=7, sha256="0" * 64, content=playbook.to_plain(shipped.playbook)
    )
    Case.objects.filter(pk=case.pk).update(playbook=old)
    case.refresh_from_db()
    return case


def test_it_takes_up_the_newest_version_and_stays_where_it_is(older, alice):
    with expect.one_entry("case.adopt_playbook", by=alice, about=older):
        older.adopt_playbook(by=alice, playbook="internal_review", reason=WHY)
    assert (older.playbook.version, older.stage_now().key, older.stages.count()) == (1, "intake", 1)


def test_a_case_without_one_begins_at_the_first_stage(alice):
    case = make.case(by=alice, status="IN_REVIEW")
    case.adopt_playbook(by=alice, playbook="internal_review", reason=WHY)
    assert (case.stage_now().key, case.playbook.key) == ("intake", "internal_review")


def test_the_present_stage_must_be_known_to_it(older, alice):
    make.at_stage(older, "follow_up", by=alice)
    with expect.refusal(NotNow, older, match="has no stage “follow_up”"):
        older.adopt_playbook(by=alice, playbook="fascsa_order", reason=WHY)


def test_the_same_one_again_changes_nothing(alice):
    case = make.case(by=alice, playbook="internal_review", status="IN_REVIEW")
    with expect.refusal(NotNow, case, match="newest version of this playbook already"):
        case.adopt_playbook(by=alice, playbook="internal_review", reason=WHY)


@pytest.mark.parametrize(
    ("key", "reason", "match"), [("nowhere", WHY, "There are: internal_review, "), ("internal_review", " ", "Say why")]
)
def test_it_says_which_and_why(older, alice, key, reason, match):
    with expect.refusal(NotNow, older, match=match):
        older.adopt_playbook(by=alice, playbook=key, reason=reason)


def test_another_reviewer_does_not(older, mallory):
    with expect.refusal(NotAllowed, older):
        older.adopt_playbook(by=mallory, playbook="internal_review", reason=WHY)


def test_a_new_round_begins_and_what_was_dated_before_counts_no_more(alice):
    from riskreview.cases.models import Milestone

    case = make.case(by=alice, playbook="cfius_like_transaction", status="IN_REVIEW")
    key = case.rules.milestone[0].key
    Milestone.objects.record(by=alice, case=case, key=key, stated_on=make.WHEN.date(), document=make.document())
    assert [name for name, _ in case.facts().milestones] == [key]
    case.new_round(by=alice, reason="Withdrawn and filed again.")
    assert (case.round, case.facts().milestones) == (2, frozenset())
    assert Entry.objects.about(case).newest_first()[0].verb == "case.new_round"


def test_the_limits_that_still_ran_are_void_with_the_reason_and_nobody_is_told_of_them(alice):
    case = running(alice)
    tasked(case, alice, on=f"{timezone.now().date()}")
    ran = case.clocks.filter(settled="", satisfied_at=None)
    keys = [*ran.values_list("pk", flat=True)]
    Clock.objects.filter(pk=keys[0]).update(due_before=make.WHEN)  # that one is missed, and stays so
    case.new_round(by=alice, reason="Filed again.")
    void = case.clocks.filter(pk__in=keys[1:])
    assert keys[1:]
    assert {(each.settled, each.settled_by, each.settlement) for each in void} == {
        ("VOID", alice, "A new round began: Filed again.")
    }
    assert [Entry.objects.about(each).newest_first()[0].verb for each in void] == ["clock.void"] * len(void)
    assert (Clock.objects.get(pk=keys[0]).settled, {each.next_moment for each in case.clocks.filter(round=1)}) == (
        "",
        {None},
    )
    sweeping.sweep(timezone.now() + datetime.timedelta(days=4000))
    told = Entry.objects.filter(verb__in=("clock.warn", "clock.expire"), subject_id__in=[str(key) for key in keys])
    assert not told.exists()


def test_a_case_without_a_playbook_has_no_rounds(alice):
    case = make.case(by=alice, status="IN_REVIEW")
    with expect.refusal(NotNow, case):
        case.new_round(by=alice, reason=WHY)


def test_a_limit_is_made_void_by_who_works_on_the_case_and_with_a_reason(alice, mallory):
    case = running(alice)
    tasked(case, alice, on=f"{timezone.now().date()}")
    clock = case.clocks.filter(settled="", satisfied_at=None).first()
    with expect.refusal(NotAllowed, clock):
        clock.void(by=mallory, reason=WHY)
    with expect.refusal(NotNow, clock):
        clock.void(by=alice, reason=" ")
    with expect.one_entry("clock.void", by=alice, about=clock):
        clock.void(by=alice, reason=WHY)
