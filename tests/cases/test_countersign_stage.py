"""Where two have to agree, a second person signs before the stage is left."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.requirements import Unready
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    """At a stage that wants a second person, with all else that it asks for."""
    case = make.case(by=alice, playbook="icts_transaction_review", status=Status.IN_REVIEW)
    make.at_stage(case, "initial_determination", by=alice)
    make.full_sheet(case, "initial_determination", by=alice)
    case.attach_output(by=alice, output="initial_determination", document=make.document())
    return case


def test_a_second_person_signs_and_the_stage_may_be_left(case, alice, bob):
    with expect.refusal(Unready, case, match="A second person has not signed this stage yet"):
        case.enter_stage(by=alice, stage="agency_notice")
    with expect.one_entry("case.countersign_stage", by=bob, about=case):
        case.countersign_stage(by=bob)
    assert case.stage_now().countersigned_by == bob
    case.enter_stage(by=alice, stage="agency_notice")


def test_who_entered_it_is_no_second_person(case, alice):
    with expect.refusal(NotAllowed, case, match="A second person signs"):
        case.countersign_stage(by=alice)


def test_nor_is_the_same_person_under_another_account(case, alice, invite):
    admin, twin = invite("Adam", Role.ADMINISTRATOR), invite("Alias", Role.REVIEWER)
    twin.join(by=admin, other=alice)
    with expect.refusal(NotAllowed, case):
        case.countersign_stage(by=twin)


def test_whoever_sits_as_second_reviewer_signs_and_nobody_else(case, bob, carol, mallory):
    case.seat(by=carol, role="second_reviewer", user=bob)
    with expect.refusal(NotAllowed, case):
        case.countersign_stage(by=mallory)
    case.countersign_stage(by=bob)


def test_nobody_signs_where_no_second_person_is_asked_for(alice, bob):
    case = make.case(by=alice, playbook="internal_review", status=Status.IN_REVIEW)
    assert not case.may("countersign_stage", bob)
    with expect.refusal(NotNow, case, match="needs no second person"):
        case.countersign_stage(by=bob)


def test_nobody_signs_twice(case, bob, carol):
    case.countersign_stage(by=bob)
    with expect.refusal(NotNow, case, match="one has signed"):
        case.countersign_stage(by=carol)


def test_another_paper_takes_the_signature_away(case, alice, bob):
    case.countersign_stage(by=bob)
    case.attach_output(by=alice, output="initial_determination", document=make.document())
    assert case.stage_now().countersigned_by is None
