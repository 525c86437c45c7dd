"""A signature against the recommendation."""

import pytest

from riskreview.accounts.confirming import NotConfirmed
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def dissent(case, by, **given):
    return case.dissent(
        by=by, **({"text": "The second source is the first again.", "confirmed": make.confirmed(by)} | given)
    )


def test_it_is_signed_and_leaves_the_recommendation_open(case, bob):
    with expect.one_entry("case.dissent", by=bob, about=case):
        decision = dissent(case, bob)
    signature = decision.signatures.get()
    assert (signature.meaning, signature.statement) == ("DISSENTED", "The second source is the first again.")
    assert (case.status, decision.is_open, decision.approvals) == (Status.AWAITING_APPROVAL, True, 0)
    assert Entry.objects.about(case).newest_first().first().public["meaning"] == "dissented"


def test_whoever_dissents_cannot_approve(case, bob):
    dissent(case, bob)
    with expect.refusal(NotAllowed, case, match="nobody twice"):
        make.approval(case, by=bob)


def test_another_may_still_approve(case, bob, invite):
    dissent(case, bob)
    make.approval(case, by=invite("Beth", "APPROVER"))
    assert case.status == Status.DECIDED


def test_it_needs_words(case, bob):
    with expect.refusal(NotNow, case, match="Say why"):
        dissent(case, bob, text=" ")


def test_it_needs_proof(case, bob, alice):
    with expect.refusal(NotConfirmed, case):
        dissent(case, bob, confirmed=make.confirmed(alice))


def test_an_author_has_no_dissent_of_an_approver(case, alice, system):
    alice.grant(by=system, role="APPROVER")
    with expect.refusal(NotAllowed, case):
        dissent(case, alice)
