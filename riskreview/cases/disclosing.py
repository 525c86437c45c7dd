"""What a bundle tells of a case's flags: what changed at a source, what rests on it, and what a person said to that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from riskreview.audit.models import Entry
from riskreview.audit.state import plain
from riskreview.evidence.models import Change, Snapshot
from riskreview.lib.revisions import Edit, revision

from .models import Case, Decision, Finding, Flag


@dataclass(frozen=True)
class Disclosed:
    """A flag with everything a reader of the bundle needs to judge it."""

    flag: Flag
    findings: list[Finding]
    decisions: list[Decision]
    settling: Entry | None

    @property
    def change(self) -> Change:
        """What changed at the source."""
        return self.flag.change

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """The sentences that differ between the two captures; empty where one of them is missing or was not read."""
        before, after = self.change.before, self.change.after
        if before is None or after is None or before.text is None or after.text is None:
            return ()
        return revision(before.text, after.text).edits

    def told(self) -> dict[str, Any]:
        """The flag for programs: canonical plain values."""
        flag = self.flag
        return {
            "exhibit": flag.exhibit.ref,
            "findings": [finding.ref for finding in self.findings],
            "decisions": [decision.number for decision in self.decisions],
            "passage_stands": flag.passage_stands,
            "raised_at": plain(flag.raised_at),
            "change": changed(self.change) | {"sentences": [sentence(edit) for edit in self.edits]},
            "settled": settled(flag, self.settling),
        }


def flags_of(case: Case) -> list[Disclosed]:
    """The flags of a case, oldest first, each with the findings and the decisions that rest on its exhibit.

    The decisions are the one in force and the recommendation that waits: those that were sent back rest on nothing.
    """
    rows = Flag.objects.about(case).select_related("change__before", "change__after", "change__because")
    flags = list(rows.prefetch_related("exhibit__findings").order_by("raised_at", "pk"))
    standing = [each for each in case.decisions.order_by("number") if each.is_open or each.pk == case.decision_id]
    acts = Entry.objects.filter(subject_type="flag", subject_id__in=[str(flag.pk) for flag in flags])
    by_flag = {entry.subject_id: entry for entry in acts.filter(verb="flag.settle", kind=Entry.Kind.ACT)}
    return [disclosed(flag, standing, by_flag.get(str(flag.pk))) for flag in flags]


def disclosed(flag: Flag, standing: list[Decision], settling: Entry | None) -> Disclosed:
    """A flag with what rests on it: a decision does as soon as one of the findings does."""
    findings = flag.findings
    return Disclosed(flag, findings, standing if findings else [], settling)


def changed(change: Change) -> dict[str, Any]:
    """What changed between two captures, or since another document says so."""
    because = change.because
    return {
        "document": change.document.headline,
        "url": change.document.url,
        "kind": change.kind,
        "summary": change.summary,
        "note": change.note,
        "found_at": plain(change.found_at),
        "before": capture(change.before),
        "after": capture(change.after),
        "because": because and {"headline": because.headline, "url": because.url},
    }


def capture(snapshot: Snapshot | None) -> dict[str, Any] | None:
    """A capture by its time and its hashes."""
    if snapshot is None:
        return None
    hashes = {"raw_sha256": snapshot.raw_sha256, "text_sha256": snapshot.text_sha256}
    return {"fetched_at": plain(snapshot.fetched_at)} | hashes


def sentence(edit: Edit) -> dict[str, str]:
    """A sentence that is gone, new or changed."""
    return {"kind": edit.kind, "before": edit.before, "after": edit.after}


def settled(flag: Flag, act: Entry | None) -> dict[str, Any] | None:
    """What a person said of the change, and the entry of that act; None while nobody has."""
    if flag.settled_at is None:
        return None
    return {
        "by": str(flag.settled_by_id),
        "at": plain(flag.settled_at),
        "still_holds": flag.still_holds,
        "words": flag.settlement,
        "entry": str(act.uuid) if act else None,
    }
