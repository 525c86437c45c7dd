"""What must be true of effects, conditions and what becomes of decisions, whatever program writes."""

import datetime

import pytest

from riskreview.cases.models import Condition, Effect, Exemption, LegalStatus, Publication
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 3, 1)
BEFORE = datetime.date(2025, 2, 28)


@pytest.fixture
def case(alice, bob):
    found = make.case(by=alice, status=Status.IN_REVIEW)
    make.decided_with(found, by=alice, approver=bob, effects=[{"starts_on": DAY}], conditions=[{}])
    return found


def once_more(row, **changed):
    """The same row once more, with some columns changed."""
    columns = [field.attname for field in row._meta.concrete_fields if field.name != "id"]
    return type(row)(**({name: getattr(row, name) for name in columns} | changed))


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("effect_action_known", {"action": "SHRUG"}),
        ("effect_target_kind_known", {"target_kind": "GALAXY"}),
        ("effect_ends_later", {"ends_on": BEFORE}),
        ("effect_supersedes_from_a_day", {"supersedes_on": DAY}),
    ],
)
def test_an_effect_means_something(case, constraint, columns):
    with expect.violation(constraint):
        Effect.objects.filter(case=case).update(**columns)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [("condition_state_known", {"state": "SORT_OF"}), ("condition_says_something", {"text": ""})],
)
def test_a_condition_asks_for_something(case, constraint, columns):
    with expect.violation(constraint):
        Condition.objects.filter(case=case).update(**columns)


def test_effects_and_conditions_have_their_own_numbers(case):
    with expect.violation("effect_number_once"):
        once_more(case.effects.get()).save()
    with expect.violation("condition_number_once"):
        once_more(case.conditions.get()).save()


def test_a_publication_has_a_day_or_a_reason(case, alice):
    made = make.publication(case, by=alice, on=DAY)
    with expect.violation("publication_or_reason"):
        Publication.objects.filter(pk=made.pk).update(published_on=None)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [("legalstatus_kind_known", {"kind": "ANNOYED"}), ("legalstatus_ends_later", {"until": BEFORE})],
)
def test_an_event_in_law_is_one_we_know_and_ends_after_it_began(case, alice, constraint, columns):
    made = make.legal_status(case, by=alice, as_of=DAY)
    with expect.violation(constraint):
        LegalStatus.objects.filter(pk=made.pk).update(**columns)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("exemption_ends_later", {"expires_on": BEFORE}),
        ("exemption_has_grounds", {"grounds": ""}),
    ],
)
def test_an_exemption_has_grounds_and_ends_after_it_began(alice, bob, carol, constraint, columns):
    made = make.exemption(by=alice, approver=bob, lead=carol)
    with expect.violation(constraint):
        Exemption.objects.filter(pk=made.pk).update(**columns)
