"""Watching what cases rest on: looking again, telling what changed, and flagging who cites it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from riskreview.cases.models import Flag, WatchCheck, resting
from riskreview.evidence.models import Change, Document, Snapshot

from .changes import Compared


def look_again() -> None:
    """Ask for the bytes of documents whose next look is due and that a case cites or a condition watches; what nobody
    rests on any more is left alone."""
    cited = Exists(resting().filter(document=OuterRef("pk")))
    watched = Exists(WatchCheck.objects.documents().filter(watched=OuterRef("pk")))
    Document.objects.check_again(Q(cited) | Q(watched))


def older(snapshot: Snapshot) -> Snapshot | None:
    """The capture before this one that has a text, by the time of capture."""
    rows = Snapshot.objects.filter(
        document=snapshot.document_id, text__isnull=False, fetched_at__lt=snapshot.fetched_at
    )
    return rows.exclude(text="").order_by("-fetched_at", "-pk").first()


def keep_compared(snapshot: Snapshot, found: Compared | None) -> None:
    """Keep what a capture says differently."""
    if found:
        tell(
            snapshot.document,
            Change.Kind(found.kind),
            found.summary,
            before=older(snapshot),
            after=snapshot,
            material=found.material,
            note=found.note,
            reasons=found.reasons,
        )


def corrects(document: Document, key: str) -> None:
    """Keep that a document says it corrects another one."""
    corrected = Document.objects.filter(key=key).first()
    if corrected and corrected.pk != document.pk:
        tell(corrected, Change.Kind.CORRECTION, f"{document} corrects it.", because=document)


def tell(
    document: Document,
    kind: Change.Kind,
    summary: str,
    *,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    because: Document | None = None,
    material: bool = True,
    note: str = "",
    reasons: Iterable[str] = (),
) -> None:
    """Keep a change, once, and flag every exhibit that rests on what it changed."""
    told = {
        "kind": kind,
        "material": material,
        "summary": summary[:500],
        "note": note[:1000],
        "reasons": [reason[:300] for reason in reasons][:30],
        "before": before,
    }
    change = Change.objects.keep(document=document, after=after, because=because, told=told)
    if material:
        Flag.objects.raise_for(change)
        WatchCheck.objects.hurry_for_document(document)
