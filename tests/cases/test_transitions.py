"""Every status meets every verb: allowed with exactly one entry, or refused with nothing changed."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import VERBS, Case, Confidence, Disposition, Likelihood, Priority, RiskArea
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
WHY = "Because."
WORDS = {"disposition": Disposition.MONITOR, "rationale": WHY}
ARGUMENTS = {
    "assign": lambda case, person: {"to": person},
    "reschedule": lambda case, person: {"due_at": None, "priority": Priority.HIGH, "reason": WHY},
    "add_exhibit": lambda case, person: {"snapshot": make.snapshot(), "start": 0, "end": 5},
    "add_finding": lambda case, person: {
        "risk_area": RiskArea.PRIVACY,
        "judgment": "It is so.",
        "likelihood": Likelihood.LIKELY,
        "confidence": Confidence.LOW,
        "exhibits": list(case.exhibits.all()) or [make.exhibit(case, by=person)],
    },
    "search_again": lambda case, person: {},
    "hold": lambda case, person: {"reason": WHY},
    "resume": lambda case, person: {},
    "submit": lambda case, person: WORDS,
    "revise": lambda case, person: WORDS,
    "approve": lambda case, person: {},
    "send_back": lambda case, person: {"reason": WHY},
    "withdraw": lambda case, person: {"reason": WHY},
    "reopen": lambda case, person: {"reason": WHY},
}
# The workflow as people agreed on it, written out by hand: what each state allows.
ALLOWED = {
    Status.NEW: {"assign", "reschedule", "add_exhibit", "search_again", "withdraw"},
    Status.IN_REVIEW: {
        "assign",
        "reschedule",
        "add_exhibit",
        "add_finding",
        "search_again",
        "hold",
        "submit",
        "withdraw",
    },
    Status.ON_HOLD: {"reschedule", "add_exhibit", "search_again", "resume", "withdraw"},
    Status.AWAITING_APPROVAL: {"search_again", "revise", "approve", "send_back"},
    Status.DECIDED: {"reopen"},
    Status.WITHDRAWN: {"reopen"},
}
# Who may, where the state allows it: the assigned reviewer (who also submitted), another reviewer, a lead, an approver.
MAY = {
    "assign": {"assignee", "reviewer", "lead"},
    "reschedule": {"assignee", "lead"},
    "add_exhibit": {"assignee", "reviewer", "lead"},
    "add_finding": {"assignee", "lead"},
    "search_again": {"assignee", "reviewer", "lead"},
    "hold": {"assignee", "lead"},
    "resume": {"assignee", "lead"},
    "submit": {"assignee"},
    "revise": {"assignee", "lead"},
    "approve": {"approver"},
    "send_back": {"assignee", "approver"},
    "withdraw": {"assignee", "lead"},
    "reopen": {"lead"},
}


@pytest.fixture
def frank(invite):
    """May do everything, as far as roles go."""
    return invite("Frank", Role.REVIEWER, Role.LEAD, Role.APPROVER)


@pytest.fixture
def people(alice, bob, carol, dave, erin, mallory, invite):
    """One person of each sort; alice is the assigned reviewer."""
    named = {"assignee": alice, "approver": bob, "lead": carol, "reader": dave, "nobody": erin, "reviewer": mallory}
    return named | {"auditor": invite("Audrey", Role.AUDITOR), "administrator": invite("Adam", Role.ADMINISTRATOR)}


def prepared(status, person, approver):
    case = make.case(by=person, status=status, approver=approver)
    case.searches.update(searched_at=make.WHEN)
    if status == Status.IN_REVIEW:
        make.finding(case, by=person)
    return case


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", Status)
def test_a_state_allows_exactly_what_was_agreed(status, verb, frank, bob):
    case = prepared(status, frank, bob)
    actor = bob if verb == "approve" else frank
    arguments = ARGUMENTS[verb](case, frank) if verb in ALLOWED[status] else for_a_refusal(verb, frank)
    if verb not in ALLOWED[status]:
        with expect.refusal(NotNow, case, match=f"is {status.label.lower()}, and in that state"):
            getattr(case, verb)(by=actor, **arguments)
        return
    with expect.one_entry(f"case.{verb}", by=actor, about=case):
        getattr(case, verb)(by=actor, **arguments)
    assert case.status == (getattr(Case, verb).target or status)


def for_a_refusal(verb, person):
    if verb == "add_finding":
        return ARGUMENTS[verb](make.case(by=person), person)
    return ARGUMENTS[verb](None, person)


@pytest.mark.parametrize("verb", VERBS)
def test_the_agreed_people_may_and_nobody_else(verb, people, bob):
    status = next(status for status in Status if verb in ALLOWED[status])
    case = prepared(status, people["assignee"], bob)
    if status == Status.NEW:
        case.assigned_to = people["assignee"]
        Case.objects.filter(pk=case.pk).update(assigned_to=people["assignee"])
    arguments = for_a_refusal(verb, people["assignee"])
    assert {name for name, person in people.items() if case.may(verb, person)} == MAY[verb]
    for person in (person for name, person in people.items() if name not in MAY[verb]):
        with expect.refusal(NotAllowed, case):
            getattr(case, verb)(by=person, **arguments)


@pytest.mark.parametrize("status", Status)
def test_the_buttons_are_what_the_verbs_allow(status, people, bob):
    case = prepared(status, people["assignee"], bob)
    for name, person in people.items():
        allowed = {verb for verb in ALLOWED[status] if name in MAY[verb]}
        if status == Status.NEW and name == "assignee":
            allowed -= {"reschedule", "withdraw"}  # nobody works on it yet
        assert case.open_verbs(person) == [verb for verb in VERBS if verb in allowed], name


def test_the_list_of_verbs_is_complete():
    recorded = {name for name in dir(Case) if getattr(getattr(Case, name), "is_verb", False)}
    assert recorded == set(VERBS) == set(ALLOWED[Status.NEW]).union(*ALLOWED.values())


def test_a_dismissed_person_may_nothing(people, system, bob):
    case = prepared(Status.IN_REVIEW, people["assignee"], bob)
    people["assignee"].dismiss(by=system, reason="Left.")
    assert case.open_verbs(people["assignee"]) == []


def test_no_role_makes_one_person_two(frank, bob):
    case = prepared(Status.AWAITING_APPROVAL, frank, bob)
    assert "approve" not in case.open_verbs(frank)
    assert Entry.objects.filter(verb="case.approve").count() == 0
