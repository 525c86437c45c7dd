"""What is there of a case, loaded for its requirements in a fixed number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from riskreview.evidence.models import Reliability
from riskreview.vendors.models import Vendor

from .. import requirements as wanted
from ..tradecraft import cited, errors
from .clock import Clock, Settled
from .exhibit import Credibility, Exhibit
from .finding import Finding
from .sheet import Answer
from .submission import Consideration

if TYPE_CHECKING:
    from .case import Case

# Columns of the case that a playbook may ask for by name; every other field is a particular of the case.
COLUMNS = ("title", "question", "requester")
STANDS = Q(withdrawn_at=None)
NOT_APPROVED = Q(decision=None) | Q(decision__approved_at=None)


def facts_of(case: Case, now: datetime.datetime) -> wanted.Facts:
    """The facts of a case in its present round. `now` decides which limits have run out."""
    exhibits = list(case.exhibits.filter(STANDS).select_related("document__source").order_by("number"))
    limits = list(limits_of(case, now))
    return wanted.Facts(
        parties=tuple(parties_of(case)),
        fields={name: getattr(case, name) for name in COLUMNS} | case.particulars,
        milestones=frozenset(case.milestones.filter(round=case.round).values_list("key", "party_id")),
        outputs=frozenset(case.outputs.values_list("key", flat=True)),
        exhibits=tuple(wanted.Exhibit(ref=each.ref, is_graded=is_graded(each)) for each in exhibits),
        findings=tuple(findings_of(case, {each.ref for each in exhibits})),
        answered=answered(case),
        consultations=tuple(consultations_of(case)),
        submissions=tuple(submissions_of(case)),
        limits=tuple(limits),
        followups=tuple(followups_of(case)),
        visited=frozenset(case.stages.values_list("key", flat=True)),
        is_proposed=case.decisions.filter(returned_at=None, voided_at=None).exists(),
        is_published=case.publications.filter(decision=case.decision_id).exists(),
        **drafted(case),
    )


def parties_of(case: Case) -> Iterable[wanted.Party]:
    """Who has a right to be heard: the vendors the case names, by name."""
    vendors = Vendor.objects.filter(cases=case).order_by("canonical_name")
    return (wanted.Party(vendor.pk, vendor.canonical_name) for vendor in vendors)


def is_graded(exhibit: Exhibit) -> bool:
    """Whether somebody judged its source or what it says: F6 is where everything begins."""
    source = exhibit.document.source
    return exhibit.credibility != Credibility.UNKNOWN or bool(source and source.reliability != Reliability.F)


def findings_of(case: Case, standing: set[str]) -> Iterable[wanted.Finding]:
    """The findings that stand, with what they rest on among the exhibits that do."""
    for each in case.findings.filter(STANDS).prefetch_related("exhibits").order_by("number"):
        named = {f"E{number}": None for sentence in cited(each.judgment) for number in sentence.cites}
        yield wanted.Finding(
            ref=each.ref,
            rests_on=sum(exhibit.ref in standing for exhibit in each.exhibits.all()),
            is_fact=each.is_fact,
            is_reviewed=is_reviewed(each),
            faults=tuple(remark.message for remark in errors(each.judgment)),
            astray=tuple(ref for ref in named if ref not in standing),
        )


def is_reviewed(finding: Finding) -> bool:
    """Whether a second person went through it as it reads now."""
    at = finding.reviewed_at
    return at is not None and (finding.edited_at is None or finding.edited_at <= at)


def answered(case: Case) -> dict[str, frozenset[str]]:
    """The lines answered, by checklist; one that was begun without any answer is there too."""
    found: dict[str, set[str]] = defaultdict(set, {key: set() for key in case.sheets.values_list("key", flat=True)})
    for key, item in Answer.objects.filter(sheet__case=case).values_list("sheet__key", "item"):
        found[key].add(item)
    return {key: frozenset(items) for key, items in found.items()}


def consultations_of(case: Case) -> Iterable[wanted.Asked]:
    """Who was asked in this round, and until when an answer is awaited."""
    until = dict(case.clocks.filter(consultation__isnull=False).values_list("consultation_id", "due_on"))
    for each in case.consultations.filter(round=case.round).order_by("pk"):
        yield wanted.Asked(key=each.key, who=each.consultee, state=each.state, until=until.get(each.pk))


def submissions_of(case: Case) -> Iterable[wanted.Heard]:
    """What parties said in this round."""
    considered = Exists(Consideration.objects.filter(submission=OuterRef("pk")))
    for each in case.submissions.filter(round=case.round).annotate(considered=considered).order_by("number"):
        told = {"ref": f"S{each.number}", "party": each.party_id, "state": each.state}
        yield wanted.Heard(key=each.key, is_considered=each.considered, **told)


def limits_of(case: Case, now: datetime.datetime) -> Iterable[wanted.Limit]:
    """The clocks of this round that nobody voided."""
    rules = case.rules
    today = now.astimezone(ZoneInfo(rules.timezone)).date()
    waits = {clock.key for clock in rules.clock if clock.kind == "not_before"}
    rows = case.clocks.filter(round=case.round).exclude(settled=Settled.VOID).select_related("milestone")
    for each in rows.order_by("pk"):
        yield wanted.Limit(
            key=each.key,
            party=each.milestone.party_id if each.milestone else None,
            until=each.due_on,
            is_over=has_come(each, today) if each.key in waits else has_run_out(each, now),
            is_waived=each.settled == Settled.WAIVED,
        )


def has_come(clock: Clock, today: datetime.date) -> bool:
    """Whether the first permitted day of a `not_before` clock is there."""
    return clock.due_on is not None and today >= clock.due_on


def has_run_out(clock: Clock, now: datetime.datetime) -> bool:
    """Whether the time of a clock is over."""
    return clock.settled == Settled.LAPSED or (clock.due_before is not None and now >= clock.due_before)


def followups_of(case: Case) -> Iterable[wanted.FollowUp]:
    """The conditions of the decision and the tasks that are not done."""
    kept = (
        case.conditions.filter(decision=case.decision_id, state="OPEN") if case.decision_id else case.conditions.none()
    )
    for condition in kept.order_by("number"):
        yield wanted.FollowUp(what=condition.text[:80], is_owned=condition.owner_id is not None)
    for task in case.tasks.filter(state="OPEN").order_by("number"):
        yield wanted.FollowUp(what=task.title, is_owned=task.owner_id is not None)


def drafted(case: Case) -> dict[str, int]:
    """How many effects, conditions and watches a recommendation would bind."""
    watches = list(case.conditions.filter(NOT_APPROVED).values_list("watch", flat=True))
    effects = case.effects.filter(NOT_APPROVED).count()
    return {"effects": effects, "conditions": len(watches), "watches": sum(map(bool, watches))}
