"""What people said of a document, ready to be applied to a reading of it, and attached to what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from riskreview.evidence.fingerprints import fingerprint, mention_key
from riskreview.evidence.models import Document, Judgement
from riskreview.vendors.models import Vendor

from .analysis import Analysis
from .verdicts import Verdict, Verdicts, key_of

OF_VENDORS = (Judgement.Kind.MENTION, Judgement.Kind.CLAIM)
_VENDOR = re.compile(r"^([A-Za-z]+:)([0-9]{1,18})(?=:|$)")


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgements in force about a document, by the fingerprint each has in a text, and a mark of them all: while
    it stays the same, nobody has said anything else."""

    verdicts: Verdicts = field(default_factory=Verdicts)
    rows: Mapping[str, Judgement] = field(default_factory=dict)
    mark: tuple[tuple[int, int], ...] = ()


def judged(document: Document, text_sha256: str) -> Judged:
    """What people said of a document, as it bears on a text of it: one query, two where somebody judged a mention."""
    every = list(document.judgements.order_by("pk"))
    rows = by_fingerprint((row for row in every if row.withdrawn_at is None), text_sha256)
    said = {key: Verdict(row.verdict, row.value) for key, row in rows.items()}
    return Judged(Verdicts(text_sha256, said), rows, mark_of(every))


def mark_of(rows: Iterable[Judgement]) -> tuple[tuple[int, int], ...]:
    """What changes whenever somebody judges or takes a judgement back."""
    return tuple((row.pk, row.entry_seq) for row in rows)


def has_changed(document: Document, held: Judged) -> bool:
    """Whether somebody said something about the document since its judgements were looked up."""
    return mark_of(document.judgements.order_by("pk")) != held.mark


def by_fingerprint(rows: Iterable[Judgement], text_sha256: str) -> dict[str, Judgement]:
    """Judgements by the fingerprint that their target has now. What is read as a vendor that was merged into another is
    the other's by now, and what was said of it goes on to hold.

    A claim in two parts is the exception: a judgement knows its first part alone, and is orphaned by a merge.
    """
    found = {row.fingerprint: row for row in rows}
    of_vendors = [row for row in found.values() if row.target_kind in OF_VENDORS]
    if of_vendors:
        merged = dict(merged_vendors())
        for row in of_vendors:
            key = renamed(row.key, merged)
            if key != row.key and row.fingerprint == placed(row, text_sha256, row.key):
                found[placed(row, text_sha256, key)] = found.pop(row.fingerprint)
    return found


def renamed(key: str, merged: Mapping[int, int]) -> str:
    """What a target is, by the vendor that the one in its key counts as now."""
    return _VENDOR.sub(lambda told: f"{told[1]}{merged.get(int(told[2]), int(told[2]))}", key)


def placed(row: Judgement, text_sha256: str, key: str) -> str:
    """The fingerprint of a judged target of one span in a text, read as something."""
    return fingerprint(text_sha256, row.target_kind, [(row.start, row.end)], key)


def merged_vendors() -> Iterable[tuple[int, int]]:
    """The vendors that are another by now, with that one."""
    rows = Vendor.objects.values_list("pk", "merged_into")
    return [(pk, into) for pk, into in rows.exclude(merged_into=None) if into is not None]


def attach(document: Document, held: Judged, analysis: Analysis) -> None:
    """Note which judgements have their target in what was read, and which have lost it."""
    if held.mark:
        found = fingerprints(held.verdicts, analysis)
        Judgement.objects.attach(document, [row.pk for key, row in held.rows.items() if key in found])


def fingerprints(said: Verdicts, analysis: Analysis) -> set[str]:
    """The fingerprints of everything that was read."""
    sha256 = said.text_sha256
    mentions = (*analysis.names.mentions, *analysis.rejected)
    return {
        *(fingerprint(sha256, "MENTION", [(m.start, m.end)], mention_key(m.name.vendor)) for m in mentions),
        *(fingerprint(sha256, "CLAIM", claim.content, key_of(claim)) for claim in analysis.claims),
        *(fingerprint(sha256, "SIGNAL", [analysis.spans[s.sentence]], s.category) for s in analysis.signals),
    }
