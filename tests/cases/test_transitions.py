"""Every status meets every verb: allowed with exactly one entry, or refused with nothing changed."""

import datetime

import pytest

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import (
    VERBS,
    Case,
    Confidence,
    Disposition,
    Likelihood,
    Priority,
    RiskArea,
    SourceClass,
    Stance,
)
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
WHY = "Because."
SOON = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=5)
SIGNED = {"dossier_sha256": "0" * 64}
WORDS = {"disposition": Disposition.MONITOR, "rationale": WHY}


def seated(case, person):
    """The person, in a seat that may be taken back."""
    if case:
        case.seat(by=person, role="analyst", user=person)
    return person


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
    "amend_exhibit": lambda case, person: {
        "exhibit": case and case.exhibits.first(),
        "stance": Stance.CONTRADICTS,
        "credibility": 5,
        "note": WHY,
        "source_class": SourceClass.PUBLIC,
    },
    "withdraw_exhibit": lambda case, person: {
        "exhibit": case and case.exhibits.get(findings=None),
        "reason": WHY,
    },
    "amend_finding": lambda case, person: {
        "finding": case and case.findings.get(),
        "risk_area": RiskArea.PRIVACY,
        "judgment": "It is likely so.",
        "likelihood": Likelihood.LIKELY,
        "confidence": Confidence.LOW,
        "exhibits": list(case.exhibits.all()) if case else [],
    },
    "withdraw_finding": lambda case, person: {"finding": case and case.findings.get(), "reason": WHY},
    "review_finding": lambda case, person: {"finding": case and case.findings.get()},
    "search_again": lambda case, person: {},
    "hold": lambda case, person: {"reason": WHY},
    "resume": lambda case, person: {},
    "submit": lambda case, person: WORDS,
    "revise": lambda case, person: WORDS,
    "approve": lambda case, person: make.pen(case, person) if case else SIGNED | {"confirmed": make.confirmed(person)},
    "dissent": lambda case, person: {"text": WHY, "confirmed": make.confirmed(person)},
    "send_back": lambda case, person: {"reason": WHY},
    "withdraw": lambda case, person: {"reason": WHY},
    "reopen": lambda case, person: {"reason": WHY},
    "relabel": lambda case, person: {"labels": ["chips"]},
    "file": lambda case, person: {"team": make.team(by=person) if case else None},
    "snooze": lambda case, person: {"until": SOON},
    "wake": lambda case, person: (case and case.snooze(by=person, until=SOON)) or {},
    "enter_stage": lambda case, person: {"stage": "follow_up" if case and case.decision else "review"},
    "countersign_stage": lambda case, person: {},
    "seat": lambda case, person: {"role": "consultee", "user": person},
    "unseat": lambda case, person: {"role": "analyst", "user": seated(case, person)},
    "attach_output": lambda case, person: {"output": "initial_determination", "document": make.document()},
    "state_particular": lambda case, person: {"field": "intended_use", "text": WHY},
    "adopt_playbook": lambda case, person: {"playbook": "internal_review", "reason": WHY},
    "new_round": lambda case, person: {"reason": WHY},
}
DOES = {"action": "PERMIT", "target_kind": "ENTITY", "target": "X", "population": "All", "jurisdiction": "EU"}
ARGUMENTS |= {
    "draft_effect": lambda case, person: DOES,
    "amend_effect": lambda case, person: DOES | {"effect": case and case.effects.get()},
    "drop_effect": lambda case, person: {"effect": case and case.effects.get()},
    "postpone_effect": lambda case, person: {
        "effect": case and case.effects.get(),
        "starts_on": SOON + datetime.timedelta(days=1),
        "on": SOON,
        "reason": WHY,
    },
    "agree_postponement": lambda case, person: {
        "effect": case and postponed(case),
        "confirmed": make.confirmed(person),
    },
    "refuse_postponement": lambda case, person: {"effect": case and postponed(case), "reason": WHY},
    "draft_condition": lambda case, person: {"text": WHY},
    "amend_condition": lambda case, person: {"text": WHY, "condition": case and case.conditions.get()},
    "drop_condition": lambda case, person: {"condition": case and case.conditions.get()},
    "settle_condition": lambda case, person: {
        "condition": case and case.conditions.get(),
        "state": "MET",
        "note": WHY,
    },
    "trip": lambda case, person: {"condition": case and case.conditions.get(), "reason": WHY},
}
BOUND = {
    *("draft_effect", "amend_effect", "drop_effect"),
    *("draft_condition", "amend_condition", "drop_condition"),
}
KEPT = {"settle_condition", "postpone_effect", "agree_postponement", "refuse_postponement", "trip"}
EVIDENCE = {
    *("add_exhibit", "amend_exhibit", "withdraw_exhibit"),
    *("add_finding", "amend_finding", "withdraw_finding", "review_finding"),
}
# What only a case with a playbook knows: the playbook and the stage it is tried at.
STAGED = {
    "enter_stage": ("internal_review", "intake"),
    "countersign_stage": ("icts_transaction_review", "initial_determination"),
    "seat": ("internal_review", "intake"),
    "unseat": ("internal_review", "intake"),
    "attach_output": ("icts_transaction_review", "review"),
    "state_particular": ("ai_acquisition_high_impact", "inventory"),
    "new_round": ("internal_review", "intake"),
}
SEATS, PAPERS = {"seat", "unseat"}, {"attach_output", "state_particular"}
ROUNDS, MOVES = {"adopt_playbook", "new_round"}, {"enter_stage", "countersign_stage"}
# What voids a recommendation that waits: the case is with its reviewer again.
VOIDING = {*EVIDENCE, *BOUND}
FILED, PUT_OFF = {"relabel", "file"}, {"snooze", "wake"}
# What nobody does by hand: a row of the case does it with a verb of its own, so it is no button (test_unseal.py).
BY_A_ROW = {"unseal"}
# The workflow as people agreed on it, written out by hand: what each state allows.
ALLOWED = {
    Status.NEW: {
        *("assign", "reschedule", "add_exhibit", "search_again", "withdraw", *FILED, *PUT_OFF),
        *(*SEATS, *PAPERS, *ROUNDS, *MOVES),
    },
    Status.IN_REVIEW: {
        *(*SEATS, *PAPERS, *ROUNDS, *MOVES),
        "assign",
        "reschedule",
        *EVIDENCE,
        *BOUND,
        "search_again",
        "hold",
        "submit",
        "withdraw",
        *FILED,
        *PUT_OFF,
    },
    Status.ON_HOLD: {
        *("reschedule", "add_exhibit", "search_again", "resume", "withdraw", *FILED, *PUT_OFF),
        *(*SEATS, *PAPERS, *ROUNDS),
    },
    Status.AWAITING_APPROVAL: {
        *("search_again", "revise", "approve", "dissent", "send_back", *EVIDENCE, *BOUND, *FILED, *PUT_OFF),
        *SEATS,
    },
    Status.DECIDED: {*SEATS, *PAPERS, *MOVES, *KEPT, *FILED, "reopen"},
    Status.WITHDRAWN: {*FILED, "reopen"},
}
# Who may, where the state allows it: the assigned reviewer (who also submitted), another reviewer, a lead, an approver.
MAY = {
    "enter_stage": {"assignee", "lead"},
    "countersign_stage": {"reviewer", "lead", "approver"},
    "seat": {"assignee", "lead"},
    "unseat": {"assignee", "lead"},
    "attach_output": {"assignee", "reviewer", "lead"},
    "state_particular": {"assignee", "lead"},
    "adopt_playbook": {"assignee", "lead"},
    "new_round": {"assignee", "lead"},
    "assign": {"assignee", "reviewer", "lead"},
    "reschedule": {"assignee", "lead"},
    "add_exhibit": {"assignee", "reviewer", "lead"},
    "amend_exhibit": {"assignee", "lead"},
    "withdraw_exhibit": {"assignee", "lead"},
    "add_finding": {"assignee", "lead"},
    "amend_finding": {"assignee", "lead"},
    "withdraw_finding": {"assignee", "lead"},
    "review_finding": {"assignee", "reviewer", "lead"},
    "search_again": {"assignee", "reviewer", "lead"},
    "hold": {"assignee", "lead"},
    "resume": {"assignee", "lead"},
    "submit": {"assignee"},
    "revise": {"assignee", "lead"},
    "approve": {"approver"},
    "dissent": {"approver"},
    "send_back": {"assignee", "approver"},
    "withdraw": {"assignee", "lead"},
    "reopen": {"lead"},
    **{verb: {"assignee", "lead"} for verb in BOUND},
    "settle_condition": {"assignee", "reviewer", "lead"},  # the owner of the condition, or a lead
    "postpone_effect": {"lead"},
    "agree_postponement": {"approver"},  # another person than the one who asked
    "refuse_postponement": {"approver", "lead"},
    "trip": set(),  # the product itself
    "relabel": {"assignee", "reviewer", "lead"},
    "file": {"assignee", "reviewer", "lead"},
    "snooze": {"assignee", "lead"},
    "wake": {"assignee", "lead"},
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


def prepared(status, person, approver, verb=""):
    editable = status in (Status.IN_REVIEW, Status.AWAITING_APPROVAL)
    decided = status == Status.DECIDED
    case = make.case(by=person, status=Status.IN_REVIEW if editable or decided else status, approver=approver)
    if decided:
        make.decided_with(case, by=person, approver=approver, effects=[{}], conditions=[{"owner": person}])
    case.searches.update(searched_at=make.WHEN)
    if editable:
        make.finding(case, by=person)
        make.exhibit(case, by=person)  # nothing rests on it
        make.effect(case, by=person)
        make.condition(case, by=person)
    if status == Status.AWAITING_APPROVAL:
        make.submission(case, by=person)
    if verb in STAGED:
        name, stage = STAGED[verb]
        make.guide(case, name, "decision" if verb == "enter_stage" and case.decision else stage, by=person)
    return case


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", Status)
def test_a_state_allows_exactly_what_was_agreed(status, verb, frank, bob, mallory, system):
    case = prepared(status, frank, bob, verb)
    others = {
        "agree_postponement": bob,
        "approve": bob,
        "countersign_stage": bob,
        "dissent": bob,
        "review_finding": mallory,
        "trip": system,
    }
    actor = others.get(verb, frank)
    arguments = ARGUMENTS[verb](case, actor) if verb in ALLOWED[status] else for_a_refusal(verb, frank)
    if verb not in ALLOWED[status]:
        with expect.refusal(NotNow, case, match=f"is {status.label.lower()}, and in that state"):
            getattr(case, verb)(by=actor, **arguments)
        return
    with expect.one_entry(f"case.{verb}", by=actor, about=case):
        getattr(case, verb)(by=actor, **arguments)
    voided = status == Status.AWAITING_APPROVAL and verb in VOIDING
    assert case.status == (getattr(Case, verb).target or (Status.IN_REVIEW if voided else status))


def postponed(case):
    """What a lead asked for and nobody agreed to."""
    lead = User.objects.filter(roles__contains=[Role.LEAD]).first()
    days = {"starts_on": SOON + datetime.timedelta(days=1), "on": SOON}
    return case.postpone_effect(by=lead, effect=case.effects.get(), reason=WHY, **days)


def for_a_refusal(verb, person):
    if verb == "add_finding":
        return ARGUMENTS[verb](make.case(by=person), person)
    return ARGUMENTS[verb](None, person)


@pytest.mark.parametrize("verb", VERBS)
def test_the_agreed_people_may_and_nobody_else(verb, people, bob):
    status = next(status for status in Status if verb in ALLOWED[status])
    case = prepared(status, people["assignee"], bob, verb)
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
            allowed -= {"reschedule", "withdraw", "adopt_playbook", *PUT_OFF}  # nobody works on it yet
        assert case.open_verbs(person) == [verb for verb in VERBS if verb in allowed - STAGED.keys()], name


def test_the_list_of_verbs_is_complete():
    recorded = {name for name in dir(Case) if getattr(getattr(Case, name), "is_verb", False)}
    assert recorded - BY_A_ROW == set(VERBS) == set(ALLOWED[Status.NEW]).union(*ALLOWED.values())


def test_a_dismissed_person_may_nothing(people, system, bob):
    case = prepared(Status.IN_REVIEW, people["assignee"], bob)
    people["assignee"].dismiss(by=system, reason="Left.")
    assert case.open_verbs(people["assignee"]) == []


def test_no_role_makes_one_person_two(frank, bob):
    case = prepared(Status.AWAITING_APPROVAL, frank, bob)
    assert "approve" not in case.open_verbs(frank)
    assert Entry.objects.filter(verb="case.approve").count() == 0
