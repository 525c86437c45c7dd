"""What is there of a case, loaded for its requirements in a fixed number of queries.

Rows are sorted out here and not in the query, so that a page that has loaded them for its readers reads them once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects

from riskreview.evidence.models import Reliability

from .. import requirements as wanted
from ..tradecraft import cited, errors
from ..winding import of_round
from .clock import Clock, Settled
from .effect import Kept
from .exhibit import Credibility, Exhibit
from .finding import Finding

if TYPE_CHECKING:
    from .case import Case

# Columns of the case that a playbook may ask for by name; every other field is a particular of the case.
COLUMNS = ("title", "question", "requester")


def loaded(rows: Any, *related: str) -> list[Any]:
    """The rows of a case with what belongs to each: read once, or as the page that shows them has read them."""
    found = list(rows.all())
    prefetch_related_objects(found, *related)
    return found


def is_draft(row: Any) -> bool:
    """Whether an effect or a condition belongs to no decision that was signed."""
    return row.decision is None or row.decision.approved_at is None


def facts_of(case: Case, now: datetime.datetime) -> wanted.Facts:
    """The facts of a case in its present round. `now` decides which limits have run out."""
    exhibits = loaded(case.exhibits, "document__source")
    exhibits = sorted((each for each in exhibits if each.stands), key=attrgetter("number"))
    limits = list(limits_of(case, now))
    return wanted.Facts(
        parties=tuple(parties_of(case)),
        fields={name: getattr(case, name) for name in COLUMNS} | case.particulars,
        milestones=frozenset((each.key, each.party_id) for each in of_round(case.milestones.all(), case)),
        outputs=frozenset(each.key for each in case.outputs.all()),
        exhibits=tuple(wanted.Exhibit(ref=each.ref, is_graded=is_graded(each)) for each in exhibits),
        findings=tuple(findings_of(case, {each.ref for each in exhibits})),
        answered=answered(case),
        consultations=tuple(consultations_of(case)),
        submissions=tuple(submissions_of(case)),
        limits=tuple(limits),
        followups=tuple(followups_of(case)),
        visited=frozenset(each.key for each in case.stages.all()),
        is_proposed=any(each.returned_at is None and each.voided_at is None for each in case.decisions.all()),
        is_published=any(each.decision_id == case.decision_id for each in case.publications.all()),
        **drafted(case),
    )


def parties_of(case: Case) -> Iterable[wanted.Party]:
    """Who has a right to be heard: the vendors the case names, by name."""
    vendors = sorted(case.vendors.all(), key=attrgetter("canonical_name"))
    return (wanted.Party(vendor.pk, vendor.canonical_name) for vendor in vendors)


def is_graded(exhibit: Exhibit) -> bool:
    """Whether somebody judged its source or what it says: F6 is where everything begins."""
    source = exhibit.document.source
    return exhibit.credibility != Credibility.UNKNOWN or bool(source and source.reliability != Reliability.F)


def findings_of(case: Case, standing: set[str]) -> Iterable[wanted.Finding]:
    """The findings that stand, with what they rest on among the exhibits that do."""
    zone = ZoneInfo(case.rules.timezone)
    findings = (each for each in loaded(case.findings, "exhibits") if each.stands)
    for each in sorted(findings, key=attrgetter("number")):
        named = {f"E{number}": None for sentence in cited(each.judgment) for number in sentence.cites}
        yield wanted.Finding(
            ref=each.ref,
            rests_on=sum(exhibit.ref in standing for exhibit in each.exhibits.all()),
            is_fact=each.is_fact,
            is_reviewed=is_reviewed(each),
            cleared_on=each.review_cleared_at.astimezone(zone).date() if each.review_cleared_at else None,
            faults=tuple(remark.message for remark in errors(each.judgment)),
            astray=tuple(ref for ref in named if ref not in standing),
        )


def is_reviewed(finding: Finding) -> bool:
    """Whether a second person went through it as it reads now."""
    at = finding.reviewed_at
    return at is not None and (finding.edited_at is None or finding.edited_at <= at)


def answered(case: Case) -> dict[str, frozenset[str]]:
    """The lines answered, by checklist; one that was begun without any answer is there too."""
    return {sheet.key: frozenset(each.item for each in sheet.answers.all()) for sheet in loaded(case.sheets, "answers")}


def consultations_of(case: Case) -> Iterable[wanted.Asked]:
    """Who was asked in this round, and until when an answer is awaited."""
    until = {each.consultation_id: each.due_on for each in case.clocks.all() if each.consultation_id}
    for each in of_round(case.consultations.all(), case):
        yield wanted.Asked(key=each.key, who=each.consultee, state=each.state, until=until.get(each.pk))


def submissions_of(case: Case) -> Iterable[wanted.Heard]:
    """What parties said in this round."""
    for each in of_round(loaded(case.submissions, "considerations"), case, "number"):
        told = {"ref": f"S{each.number}", "party": each.party_id, "state": each.state}
        yield wanted.Heard(key=each.key, is_considered=bool(each.considerations.all()), **told)


def limits_of(case: Case, now: datetime.datetime) -> Iterable[wanted.Limit]:
    """The clocks of this round that nobody voided."""
    rules = case.rules
    today = now.astimezone(ZoneInfo(rules.timezone)).date()
    waits = {clock.key for clock in rules.clock if clock.kind == "not_before"}
    rows = of_round(loaded(case.clocks, "milestone"), case)
    for each in (row for row in rows if row.settled != Settled.VOID):
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
    bound = [each for each in case.conditions.all() if each.decision_id and each.decision_id == case.decision_id]
    for condition in sorted((each for each in bound if each.state == Kept.OPEN), key=attrgetter("number")):
        yield wanted.FollowUp(what=condition.text[:80], is_owned=condition.owner_id is not None)
    for task in sorted((each for each in case.tasks.all() if each.is_open), key=attrgetter("number")):
        yield wanted.FollowUp(what=task.title, is_owned=task.owner_id is not None)


def drafted(case: Case) -> dict[str, int]:
    """How many effects, conditions and watches a recommendation would bind."""
    watches = [each.watch for each in loaded(case.conditions, "decision") if is_draft(each)]
    effects = [each for each in loaded(case.effects, "decision") if is_draft(each)]
    return {"effects": len(effects), "conditions": len(watches), "watches": sum(map(bool, watches))}
