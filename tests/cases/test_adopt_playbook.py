"""An open case takes up another playbook only by a person who says why, and never loses its place."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases import playbook
from riskreview.cases.models import Case, Playbook
from tests import expect, make

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
    with expect.one_entry("case.new_round", by=alice, about=case):
        case.new_round(by=alice, reason="Withdrawn and filed again.")
    assert (case.round, case.facts().milestones) == (2, frozenset())


def test_a_case_without_a_playbook_has_no_rounds(alice):
    case = make.case(by=alice, status="IN_REVIEW")
    with expect.refusal(NotNow, case):
        case.new_round(by=alice, reason=WHY)
