"""The dossier of a case: everything an approval stands for, as `{path: plain value}`, and what differs between two.

Paths are `case.title`, `finding.2.judgment`, `sheet.<checklist>.<line>.verdict`; people are `{"ref": "user:<uuid>"}`.
Withdrawn findings and exhibits are left out. The seal over it is `sealing.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from riskreview.audit.models import Entry
from riskreview.audit.state import Stateful, plain

if TYPE_CHECKING:
    from .models import Case, Condition, Consultation, Decision, Effect, Exhibit, Finding, Sheet, Submission

Content = dict[str, Any]
Paths = Iterator[tuple[str, Any]]
# What says nothing of what is signed: whose row it is, that it was not withdrawn (those are
# left out), how an effect that was decided came to be postponed, and since when nobody has reviewed a finding.
LEFT_OUT = frozenset(
    {
        *("case", "decision", "withdrawn_by", "withdrawn_at", "withdrawal"),
        *("is_asked", "is_refused", "agreed_by", "review_cleared_at"),
    }
)
RECOMMENDED = ("disposition", "title", "rationale", "dissent", "referred_to")
CAPTURED = ("fetched_at", "raw_sha256", "text_sha256")
PUBLISHED = ("headline", "url", "publisher", "published_at")
# The acts that put words into a dossier, change them or take them out: whoever did one has a hand in it for good.
HANDS = {
    "case": (
        *("add_exhibit", "amend_exhibit", "withdraw_exhibit", "add_finding", "amend_finding", "withdraw_finding"),
        *("draft_effect", "amend_effect", "drop_effect", "draft_condition", "amend_condition", "drop_condition"),
    ),
    "sheet": ("answer", "receive"),
    "submission": ("receive", "note_silence", "consider"),
    "consultation": ("send", "answer", "presume_concurrence", "mark_undeliverable"),
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows a dossier is made of, read once."""

    case: Case
    vendors: list[str]
    exhibits: list[Exhibit]
    findings: list[Finding]
    effects: list[Effect]
    conditions: list[Condition]
    submissions: list[Submission]
    consultations: list[Consultation]
    sheets: list[Sheet]

    def content(self, decision: Decision) -> Content:
        """The dossier with the words of this recommendation."""
        return dict(self._paths(decision))

    def authors(self) -> set[uuid.UUID]:
        """The accounts that had a hand in what stands in it, or in what was taken out. They cannot sign it.

        The columns name first and last writers; the audit log, which nobody can change, knows those in between.
        """
        wrote = {finding.author_id for finding in self.findings} | {exhibit.added_by_id for exhibit in self.exhibits}
        judged: list[Any] = [*self.findings, *self.exhibits]
        return (
            wrote
            | {part.edited_by_id for part in judged if part.edited_by_id}
            | {part.written_by_id for part in self.bound}
            | set(Entry.objects.filter(self._acts(), kind=Entry.Kind.ACT).values_list("actor_id", flat=True))
        )

    def _acts(self) -> Q:
        """Which entries tell of a hand in it."""
        rows: dict[str, Any] = {"case": [self.case], "sheet": self.sheets, "submission": self.submissions}
        rows |= {"consultation": self.consultations}
        asked = Q()
        for subject, acts in HANDS.items():
            ids, verbs = [str(row.pk) for row in rows[subject]], [f"{subject}.{act}" for act in acts]
            asked |= Q(subject_type=subject, subject_id__in=ids, verb__in=verbs)
        return asked

    @property
    def bound(self) -> list[Any]:
        """What the recommendation does: effects, then conditions."""
        return [*self.effects, *self.conditions]

    def _paths(self, decision: Decision) -> Paths:
        case, playbook = self.case, self.case.playbook
        yield from ((f"case.{name}", getattr(case, name)) for name in ("ref", "title", "question", "requester"))
        yield "case.vendors", self.vendors
        if playbook is not None:
            yield from ((f"playbook.{name}", getattr(playbook, name)) for name in ("key", "version", "sha256"))
        yield from ((f"recommendation.{name}", plainly(getattr(decision, name))) for name in RECOMMENDED)
        for finding in self.findings:
            yield from told(f"finding.{finding.number}", finding)
            yield f"finding.{finding.number}.exhibits", sorted(each.number for each in finding.exhibits.all())
        for exhibit in self.exhibits:
            yield from told(f"exhibit.{exhibit.number}", exhibit)
            yield from captured(f"exhibit.{exhibit.number}", exhibit)
        for bound in self.bound:
            yield from told(f"{bound._meta.model_name}.{bound.number}", bound)
        for submission in self.submissions:
            yield from told(f"submission.{submission.number}", submission)
            said = sorted(submission.considerations.all(), key=lambda each: each.pk)
            yield f"submission.{submission.number}.consideration", "\n\n".join(each.text for each in said)
            yield f"submission.{submission.number}.changed_outcome", any(each.changed_outcome for each in said)
        for number, asked in enumerate(self.consultations, start=1):
            yield from told(f"consultation.{number}", asked)
        for answer in (answer for sheet in self.sheets for answer in sheet.answers.all()):
            yield from told(f"sheet.{answer.sheet.key}.{answer.item}", answer)


def gather(case: Case, decision: Decision | None = None) -> Gathered:
    """Read what the dossier of a case rests on, in a constant number of queries.

    Effects and conditions are the drafts, and those bound to this recommendation; what an earlier decision did is not
    what is signed now.
    """
    standing, bound = Q(withdrawn_at=None), Q(decision=None) | Q(decision=decision)
    exhibits = case.exhibits.filter(standing).select_related("document__source", "snapshot").defer("snapshot__text")
    return Gathered(
        case=case,
        vendors=list(case.vendors.order_by("canonical_name").values_list("canonical_name", flat=True)),
        exhibits=list(exhibits.order_by("number")),
        findings=list(case.findings.filter(standing).prefetch_related("exhibits").order_by("number")),
        effects=list(case.effects.filter(bound).order_by("number")),
        conditions=list(case.conditions.filter(bound).order_by("number")),
        submissions=list(case.submissions.prefetch_related("considerations").order_by("number")),
        consultations=list(case.consultations.order_by("pk")),
        sheets=list(case.sheets.prefetch_related("answers").order_by("key")),
    )


def told(path: str, row: Stateful) -> Paths:
    """The recorded columns of a row; texts whole, however long."""
    for name, value in row.own_state().items():
        if name not in LEFT_OUT:
            shortened = isinstance(value, dict) and value.keys() == {"sha256", "bytes"}
            yield f"{path}.{name}", getattr(row, name) if shortened else value


def captured(path: str, exhibit: Exhibit) -> Paths:
    """What an exhibit rests on: the document, the capture of it, and how both are graded."""
    yield from ((f"{path}.{name}", plainly(getattr(exhibit.document, name))) for name in PUBLISHED)
    yield from ((f"{path}.{name}", plainly(getattr(exhibit.snapshot, name))) for name in CAPTURED)
    yield f"{path}.grade", exhibit.grade


def plainly(value: Any) -> Any:
    """A value as the dossier holds it: text whole, everything else as in the audit trail."""
    return str(value) if isinstance(value, str) else plain(value)
