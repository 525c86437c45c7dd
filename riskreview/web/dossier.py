"""Everything a case page shows, loaded in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Window, prefetch_related_objects
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.cases import grounds, trail
from riskreview.cases.models import Case, Decision, Exhibit, Finding, Flag, Signature, Suggestion
from riskreview.cases.models import Dossier as Sealed
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

NEWEST, SHOWN, SUGGESTIONS = 8, 60, 5


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


@dataclass
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
    voided: voiding.Voided | None
    activity: list[Happening]
    trail_length: int
    is_cut: bool
    now: datetime
    shows: str = ""
    opened: str = ""

    @cached_property
    def approvers(self) -> list[User]:
        """Who may sign what waits."""
        return approvers_for(self.case) if self.case.status == Status.AWAITING_APPROVAL else []

    @property
    def other_approvers(self) -> list[User]:
        """Who may sign what waits besides the reader."""
        return [person for person in self.approvers if person != self.reader]

    @property
    def grounds(self) -> grounds.Grounds:
        """What a recommendation would rest on, of what is loaded."""
        exhibits, findings = [*self.exhibits, *self.withdrawn], [*self.findings, *self.withdrawn_findings]
        return grounds.known(sorted(exhibits, key=lambda one: one.number), findings, self.flags.every)

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


def load(case: Case, user: User, *, shows: str = "", opened: str = "") -> Dossier:
    """The dossier of a case as this person may see it. `shows` names a part that is asked for in full, `opened` the
    form that is."""
    prefetch_related_objects([case], "vendors", "products", exhibits(), findings(), decisions())
    every, found, made = list(case.exhibits.all()), list(case.findings.all()), list(case.decisions.all())
    standing_ones = [each for each in every if each.stands]
    behind = standing.of_exhibits(standing_ones)
    flags = flagged.load(case)
    length = SHOWN if shows == "activity" else min(NEWEST, SHOWN)
    told, trail_length = entries_about(case, user, flags, length)
    suggested = suggestions_for(case, user)
    return Dossier(
        case=case,
        reader=user,
        exhibits=with_copies(sorted(standing_ones, key=lambda one: (one.grade, one.number)), behind),
        standing=behind,
        questions=of_exhibits(standing_ones),
        findings=[each for each in found if each.stands],
        withdrawn=[each for each in every if not each.stands],
        withdrawn_findings=[each for each in found if not each.stands],
        decisions=made,
        suggestions=suggested,
        suggestions_waiting=suggested[0].waiting if suggested else 0,
        incidents=incidents_about(case, user),
        flags=flags,
        voided=voiding.load(case, made),
        activity=activity(told, flags.every, is_cut=trail_length > length),
        trail_length=trail_length,
        is_cut=trail_length > length,
        now=timezone.now(),
        shows=shows,
        opened=opened,
    )


def entries_about(case: Case, user: User, flags: flagged.Flags, most: int) -> tuple[Sequence[Line], int]:
    """The newest entries about a case, told, and how many there are."""
    rows = Entry.objects.filter(trail.about([case], [flag.pk for flag in flags.every])).visible_to(user)
    counted = rows.annotate(every=Window(Count("pk"))).select_related("actor", "body")
    entries: list[Any] = list(counted.newest_first()[:most])
    return lines(entries), entries[0].every if entries else 0


def suggestions_for(case: Case, user: User) -> list[Any]:
    """The best suggestions that wait for somebody; each knows how many wait."""
    rows = Suggestion.objects.visible_to(user).waiting().filter(case=case).annotate(waiting=Window(Count("pk")))
    return list(rows.select_related("document__source").best_first()[:SUGGESTIONS])


def activity(told: Sequence[Line], flags: Sequence[Flag], *, is_cut: bool) -> list[Happening]:
    """Acts and raised flags, newest first; where older acts are cut off, so are older flags."""
    since = told[-1].entry.recorded_at if is_cut else None
    raised = [Happening(flag.raised_at, flag=flag) for flag in flags if since is None or flag.raised_at >= since]
    acts = [Happening(line.entry.recorded_at, line=line) for line in told]
    return sorted(acts + raised, key=lambda each: each.at, reverse=True)


def exhibits() -> Prefetch[Any]:
    """The exhibits with what they rest on, withdrawn ones too; the texts stay in the database."""
    people = ("added_by", "edited_by", "withdrawn_by")
    rows = Exhibit.objects.select_related("document__source", "snapshot", *people).defer("snapshot__text")
    return Prefetch("exhibits", grounds.with_torn(rows).order_by("number"))


def findings() -> Prefetch[Any]:
    """The findings with the exhibits they rest on, withdrawn ones too."""
    people = ("author", "edited_by", "reviewed_by", "withdrawn_by")
    rows = Finding.objects.select_related(*people).prefetch_related("exhibits")
    return Prefetch("findings", rows.order_by("number"))


def with_copies(exhibits: list[Any], behind: Standing) -> list[Any]:
    """The exhibits, the first of each origin with the other documents of it and why; the later ones name the first."""
    origins = {one.document.origin_id for one in exhibits if one.document.origin_id}
    documents = [each for text in behind.texts for each in text if each.origin_id in origins]
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


def decisions() -> Prefetch[Any]:
    """Every recommendation, newest first, and whether what it stands for was sealed."""
    rows = Decision.objects.select_related("submitted_by", "approved_by", "returned_by", "voided_by")
    signed = Prefetch("signatures", Signature.objects.select_related("user", "on_behalf_of").order_by("pk"))
    is_sealed = Exists(Sealed.objects.filter(decision=OuterRef("pk")))
    return Prefetch(
        "decisions", rows.annotate(is_sealed=is_sealed).prefetch_related("authors", signed).order_by("-number")
    )


def incidents_about(case: Case, user: User) -> list[Incident]:
    """The newest incidents that involve a vendor of the case."""
    vendors = [vendor.pk for vendor in case.vendors.all()]
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
