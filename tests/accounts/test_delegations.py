"""Somebody signs in another's place, for some days."""

import datetime

import pytest

from riskreview.accounts.models import Delegation
from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed, NotNow
from tests import expect, make

pytestmark = pytest.mark.django_db
TODAY = datetime.datetime.now(datetime.UTC).date()
NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture
def beth(invite):
    """Approves too."""
    return invite("Beth", Role.APPROVER)


def delegate(by, to, **given):
    told = {"starts_on": TODAY, "ends_on": TODAY, "reason": "On leave."}
    return Delegation.objects.delegate(by=by, to=to, **(told | given))


def test_it_counts_on_its_days(bob, beth):
    delegate(bob, beth)
    assert list(Delegation.objects.for_whom(beth, TODAY)) == [bob]
    assert not Delegation.objects.for_whom(beth, TODAY + datetime.timedelta(days=1))
    assert not Delegation.objects.for_whom(bob, TODAY)


def test_it_ends_when_the_person_says_so(bob, beth):
    row = delegate(bob, beth)
    with expect.one_entry("delegation.end", by=bob, about=row):
        row.end(by=bob, now=NOW)
    assert not Delegation.objects.for_whom(beth, TODAY)


def test_whoever_stands_in_does_not_end_it(bob, beth):
    row = delegate(bob, beth)
    with expect.refusal(NotAllowed, row):
        row.end(by=beth, now=NOW)


def test_only_an_approver_gives_it(alice, bob):
    with expect.refusal(NotAllowed):
        delegate(alice, bob)


def test_it_goes_to_an_approver_who_is_somebody_else(bob, alice, beth, system):
    with expect.refusal(NotNow, match="another approver"):
        delegate(bob, alice)
    beth.join(by=system, other=bob)
    with expect.refusal(NotNow, match="another approver"):
        delegate(bob, beth)


@pytest.mark.parametrize("given", [{"reason": " "}, {"ends_on": TODAY - datetime.timedelta(days=1)}])
def test_it_says_why_and_ends_after_it_began(bob, beth, given):
    with expect.refusal(NotNow):
        delegate(bob, beth, **given)


def test_others_see_nothing_of_it(bob, beth, dave):
    row = make.delegation(by=bob, to=beth)
    for person, rows in ((bob, [row]), (beth, [row]), (dave, [])):
        assert list(Delegation.objects.visible_to(person)) == rows


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("delegation_ends_later", {"ends_on": TODAY - datetime.timedelta(days=1)}),
        ("delegation_to_another", {"to": "of"}),
    ],
)
def test_the_table_keeps_the_rules(bob, beth, constraint, columns):
    row = delegate(bob, beth)
    given = {"to": row.of} if "to" in columns else columns
    with expect.violation(constraint):
        Delegation.objects.filter(pk=row.pk).update(**given)
