"""Whoever had a hand in a dossier cannot sign it, whoever wrote after them, and although their part was taken out."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed
from riskreview.cases.models import Decision
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
SERVICE = {
    "action": "PROHIBIT",
    "target_kind": "HOSTED_SERVICE",
    "target": "The chat",
    "population": "Federal agencies",
    "jurisdiction": "United States",
}


@pytest.fixture
def bob(bob, system):
    """Approves, and for once reviews and leads as well."""
    bob.grant(by=system, role=Role.REVIEWER)
    bob.grant(by=system, role=Role.LEAD)
    return bob


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


def drafts_an_effect_that_is_amended(case, alice, bob):
    case.amend_effect(by=alice, effect=make.effect(case, by=bob), **SERVICE, clause="(a)")


def words_a_finding_that_is_worded_again(case, alice, bob):
    finding = make.finding(case, by=alice)
    given = {"risk_area": "DATA_JURISDICTION", "likelihood": "LIKELY", "confidence": "MODERATE"}
    for by, judgment in ((bob, "Prompts are likely to be kept abroad."), (alice, "Prompts are likely kept abroad.")):
        case.amend_finding(by=by, finding=finding, judgment=judgment, exhibits=[*finding.exhibits.all()], **given)


def withdraws_an_exhibit(case, alice, bob):
    contrary = make.exhibit(case, by=alice, text="Nothing of DeepSeek is ever stored abroad, says the vendor now.")
    case.withdraw_exhibit(by=bob, exhibit=contrary, reason="Not needed.")


def drops_a_condition(case, alice, bob):
    case.drop_condition(by=bob, condition=make.condition(case, by=alice))


def answers_a_checklist(case, alice, bob):
    sheet = make.sheet(case, by=alice)
    sheet.receive(by=bob, answers=[{"key": sheet.asked.question[0].key, "answer": "yes"}])


@pytest.mark.parametrize(
    "hand",
    [
        drafts_an_effect_that_is_amended,
        words_a_finding_that_is_worded_again,
        withdraws_an_exhibit,
        drops_a_condition,
        answers_a_checklist,
    ],
)
def test_a_hand_in_it_is_a_hand_in_it(hand, case, alice, bob):
    hand(case, alice, bob)
    make.finding(case, by=alice)
    make.submission(case, by=alice)

    with expect.refusal(NotAllowed, case):
        make.approval(case, by=bob)


def test_who_had_none_signs(case, alice, bob):
    make.finding(case, by=alice)
    make.submission(case, by=alice)

    make.approval(case, by=bob)

    assert case.status == Status.DECIDED


def test_an_account_that_turns_out_to_be_the_signers_own_signs_no_second_time(alice, bob, invite, system):
    case, beth = make.case(by=alice, status=Status.AWAITING_APPROVAL), invite("Beth", Role.APPROVER)
    Decision.objects.update(approvals_needed=2)
    make.approval(case, by=bob)
    bob.join(by=system, other=beth)

    with expect.refusal(NotAllowed, case):
        make.approval(case, by=beth)
