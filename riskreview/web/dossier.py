"""Everything a case page shows, loaded in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.cases import trail
from riskreview.cases.models import Case, Decision, Finding, Flag, Signature, Suggestion
from riskreview.cases.workflow import Status
from riskreview.enrichment import standing
from riskreview.enrichment.questioning import Questions, of_exhibits
from riskreview.enrichment.standing import Standing
from riskreview.evidence.models import Document, OriginLink
from riskreview.incidents.models import Incident

from . import flagged, voiding
from .people import approvers_for
from .sections import procedure
from .wording import Line, lines

SHOWN, SUGGESTIONS = 60, 5


@dataclass(slots=True)
class Step:
    """One step of the way to a decision; `state` is done, now or empty."""

    title: str
    state: str
    note: str | datetime | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the activity: an entry of the audit log, or a flag that a machine raised, which has none."""

    at: datetime
    line: Line | None = None
    flag: Flag | None = None


@dataclass(slots=True)
class Dossier:
    """A case with its evidence, findings, decisions and trail."""

    case: Case
    reader: User
    exhibits: list[Any]
    standing: Standing
    questions: Questions
    findings: list[Finding]
    withdrawn: list[Any]
    withdrawn_findings: list[Finding]
    decisions: list[Decision]
    suggestions: list[Suggestion]
    suggestions_waiting: int
    incidents: list[Incident]
    flags: flagged.Flags
    approvers: list[User]
    voided: voiding.Voided | None
    activity: list[Happening]
    trail_length: int

    @property
    def is_cut(self) -> bool:
        """Whether there are more entries than the activity shows."""
        return self.trail_length > SHOWN

    @property
    def waiting(self) -> Decision | None:
        """The recommendation that waits for the second signature."""
        return next((decision for decision in self.decisions if decision.is_open), None)

    @property
    def current(self) -> Decision | None:
        """What the decision section shows: what waits, or what was decided."""
        return self.waiting or next((one for one in self.decisions if one.pk == self.case.decision_id), None)

    @property
    def earlier(self) -> list[Decision]:
        """The other recommendations."""
        return [decision for decision in self.decisions if decision is not self.current]

    @property
    def has_signed(self) -> bool:
        """Whether the reader has put a name under what waits."""
        signed = self.waiting.signatures.all() if self.waiting else ()
        return any(each.person == self.reader.human for each in signed)

    @property
    def judgement(self) -> list[Finding]:
        """What the summary says: the findings on risk, in their own order."""
        return self.findings[:3]


def load(case: Case, user: User) -> Dossier:
    """The dossier of a case as this person may see it."""
    every, findings = exhibits_of(case), findings_of(case)
    exhibits = [each for each in every if each.stands]
    shown = with_copies(sorted(exhibits, key=lambda one: (one.grade, one.number)))
    flags, decisions = flagged.load(case), decisions_of(case)
    entries = Entry.objects.filter(trail.about([case], [flag.pk for flag in flags.every])).visible_to(user)
    suggested = Suggestion.objects.visible_to(user).waiting().filter(case=case)
    return Dossier(
        case=case,
        reader=user,
        exhibits=shown,
        standing=standing.of_exhibits(exhibits),
        questions=of_exhibits(exhibits),
        findings=[each for each in findings if each.stands],
        withdrawn=[each for each in every if not each.stands],
        withdrawn_findings=[each for each in findings if not each.stands],
        decisions=decisions,
        suggestions=list(suggested.select_related("document__source").best_first()[:SUGGESTIONS]),
        suggestions_waiting=suggested.count(),
        incidents=incidents_about(case, user),
        flags=flags,
        approvers=approvers_for(case) if case.status == Status.AWAITING_APPROVAL else [],
        voided=voiding.load(case, decisions),
        activity=activity(lines(entries.select_related("actor", "body").newest_first()[:SHOWN]), flags.every),
        trail_length=entries.count(),
    )


def activity(told: Sequence[Line], flags: Sequence[Flag]) -> list[Happening]:
    """Acts and raised flags, newest first; where older acts are cut off, so are older flags."""
    since = told[-1].entry.recorded_at if len(told) == SHOWN else None
    raised = [Happening(flag.raised_at, flag=flag) for flag in flags if since is None or flag.raised_at >= since]
    acts = [Happening(line.entry.recorded_at, line=line) for line in told]
    return sorted(acts + raised, key=lambda each: each.at, reverse=True)


def exhibits_of(case: Case) -> list[Any]:
    """The exhibits with what they rest on, withdrawn ones too; the texts stay in the database."""
    people = ("added_by", "edited_by", "withdrawn_by")
    rows = case.exhibits.select_related("document__source", "snapshot", *people).defer("snapshot__text")
    return list(rows.order_by("number"))


def findings_of(case: Case) -> list[Finding]:
    """The findings with the exhibits they rest on, withdrawn ones too."""
    people = ("author", "edited_by", "reviewed_by", "withdrawn_by")
    return list(case.findings.select_related(*people).prefetch_related("exhibits").order_by("number"))


def with_copies(exhibits: list[Any]) -> list[Any]:
    """The exhibits, the first of each origin with the other documents of it and why; the later ones name the first."""
    origins = {one.document.origin_id for one in exhibits if one.document.origin_id}
    documents = list(
        Document.objects.filter(origin__in=origins).select_related("source").order_by("published_at", "pk")
    )
    why = reasons_between(documents)
    first: dict[int | None, str] = {}
    for one in exhibits:
        origin = one.document.origin_id
        one.same_text_as = first.get(origin, "") if origin else ""
        first.setdefault(origin, one.ref)
        one.copies = [
            {"document": other, "why": why.get(frozenset((other.pk, one.document_id)), "")}
            for other in documents
            if other.origin_id == origin and other.pk != one.document_id
        ]
    return exhibits


def reasons_between(documents: list[Document]) -> dict[frozenset[int], str]:
    """Why documents share an origin, per pair."""
    ids = [document.pk for document in documents]
    links = OriginLink.objects.filter(a__in=ids, b__in=ids) if len(ids) > 1 else []
    return {frozenset((link.a_id, link.b_id)): link.why for link in links}


def decisions_of(case: Case) -> list[Decision]:
    """Every recommendation, newest first."""
    rows = case.decisions.select_related("submitted_by", "approved_by", "returned_by", "voided_by")
    signed = Prefetch("signatures", Signature.objects.select_related("user", "on_behalf_of").order_by("pk"))
    return list(rows.prefetch_related("authors", signed).order_by("-number"))


def incidents_about(case: Case, user: User) -> list[Incident]:
    """The newest incidents that involve a vendor of the case."""
    vendors = case.vendors.all()
    named = Q(involvements__vendor__in=vendors) | Q(involvements__product__vendor__in=vendors)
    return list(Incident.objects.visible_to(user).filter(named).distinct().order_by("-occurred_from", "-pk")[:6])


def steps(case: Case, dossier: Dossier) -> list[Step]:
    """The way of the case, with dates and with whom it is now."""
    newest = dossier.decisions[0] if dossier.decisions else None
    if case.status == Status.WITHDRAWN:
        return [Step("Opened", "done", case.opened_at), Step("Withdrawn", "now", None)]
    if case.playbook is not None:
        return [Step(*each) for each in procedure.steps(case)]
    at = {Status.NEW: 0, Status.IN_REVIEW: 1, Status.ON_HOLD: 1, Status.AWAITING_APPROVAL: 2, Status.DECIDED: 4}
    here = at[Status(case.status)]
    with_whom = f"on hold, {case.assigned_to}" if case.status == Status.ON_HOLD else f"with {case.assigned_to}"
    notes: list[str | datetime | None] = [
        case.opened_at,
        with_whom if here == 1 else None,
        newest.submitted_at if newest and here >= 2 else None,
        newest.approved_at if newest and here == 4 else None,
    ]
    titles = ("Opened", "In review", "Second signature", "Decided")
    return [
        Step(title, "done" if index < here else "now" if index == here else "", note)
        for index, (title, note) in enumerate(zip(titles, notes, strict=True))
    ]
