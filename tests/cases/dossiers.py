"""A case with something in every part of its dossier, brought to its decision by real verbs."""

from __future__ import annotations

import datetime

from riskreview.accounts.models import User
from riskreview.cases.models import Action, Case, Confidence, Likelihood, RiskArea, SourceClass, Stance, TargetKind
from riskreview.cases.workflow import Status
from tests import make

SECRET = "The unit price was stated as 41 cents in the vendor's letter."


def waiting(alice: User) -> Case:
    """A case whose full dossier waits for its second signature."""
    case = make.case(by=alice, status=Status.IN_REVIEW)
    letter = make.document(SECRET, headline="Letter of the vendor").newest
    exhibits = [
        make.exhibit(case, by=alice),
        case.add_exhibit(
            by=alice,
            snapshot=letter,
            start=0,
            end=len(SECRET),
            stance=Stance.SUPPORTS,
            credibility=3,
            source_class=SourceClass.CONFIDENTIAL_BUSINESS,
        ),
    ]
    case.add_finding(
        by=alice,
        risk_area=RiskArea.DATA_JURISDICTION,
        judgment="Prompts sent to the hosted service are likely to be stored abroad.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.MODERATE,
        exhibits=exhibits,
        treatment="Allow evaluation in an isolated environment only.",
        risk_likelihood=5,
        risk_impact=5,
        residual_likelihood=2,
        residual_impact=3,
    )
    case.draft_effect(
        by=alice,
        action=Action.RESTRICT,
        target_kind=TargetKind.HOSTED_SERVICE,
        target="the hosted app",
        population="agency staff",
        jurisdiction="United States",
        starts_on=datetime.date(2025, 2, 10),
    )
    case.draft_condition(
        by=alice,
        text="No agency data is sent to the hosted service.",
        due_on=datetime.date(2025, 4, 30),
        owner=alice,
    )
    case.submit(
        by=alice,
        disposition="MONITOR",
        rationale="The record is thin; watch it.",
        dissent="Two reviewers would wait for the audit of the host.",
    )
    return Case.objects.get(pk=case.pk)


def decided(alice: User, bob: User) -> Case:
    """A case that bob decided."""
    case = waiting(alice)
    make.approval(case, by=bob)
    return Case.objects.get(pk=case.pk)
