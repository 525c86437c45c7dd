"""The bundle of a case: what was asked, found and decided, the evidence byte for byte, and the proof of every act."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from riskreview.accounts.models import User
from riskreview.audit import verifier
from riskreview.audit.bundles import PATIENT, Draft, Export, Patience
from riskreview.audit.models import Entry
from riskreview.audit.state import digest, plain
from riskreview.evidence.models import Snapshot
from riskreview.lib.hashing import sha256_hex

from . import sealing, trail
from .disclosing import Disclosed, capture, flags_of
from .memo import taking
from .models import Case, Decision, Dossier, Exhibit, Release, Signature


def export_case(
    draft: Draft, case: Case, *, by: User, told: Callable[[str], None], patience: Patience = PATIENT
) -> Entry:
    """Everything about one case that this person may read. Raises `Unsigned` when the notary does not sign."""
    # Looked up once: the entries and the states must be those of the same rows, whatever is added meanwhile.
    own = trail.own_ids([case.pk])
    entries = Entry.objects.filter(trail.in_list({"case": [str(case.pk)]} | own)).visible_to(by)

    def readable() -> None:
        case.refresh_from_db()
        flags = flags_of(case)
        evidence = [write_exhibit(draft, exhibit, flags) for exhibit in exhibits_of(case)]
        draft.write("evidence.json", verifier.canonical(evidence))
        draft.write("decision.json", verifier.canonical([decided(decision) for decision in decisions_of(case)]))
        draft.write("flags.json", verifier.canonical([flag.told() for flag in flags]))
        draft.write("index.html", page(case, entries, flags).encode())
        write_memos(draft, case)
        told(f"{len(evidence)} exhibits with their bytes")

    return Export(draft, by, "case", case, told, patience).run(entries, chain([case], trail.rows_of(own)), readable)


def write_memos(draft: Draft, case: Case) -> None:
    """Put the memo of every sealed recommendation into the bundle, and every version that was issued for others."""
    for decision in case.decisions.filter(sealed__isnull=False).select_related(*taking.READ).order_by("number"):
        draft.write(f"memo/{decision.number}.html", taking.rendered(taking.told(decision), decision, "html").data)
    for release in Release.objects.filter(case=case, issued_at__isnull=False).order_by("number"):
        made = taking.rendered(taking.told_to_others(release), release.decision, "html")
        draft.write(f"releases/{release}.json", release.document())
        draft.write(f"releases/{release}.html", made.data)


def exhibits_of(case: Case) -> list[Exhibit]:
    """The exhibits with what they point at, in order."""
    return list(case.exhibits.select_related("document", "snapshot", "added_by").order_by("number"))


def decisions_of(case: Case) -> list[Decision]:
    """Every recommendation and decision, in order."""
    return list(case.decisions.select_related("submitted_by", "approved_by", "returned_by").order_by("number"))


def write_exhibit(draft: Draft, exhibit: Exhibit, flags: list[Disclosed]) -> dict[str, Any]:
    """Put the exact bytes and the text of an exhibit into the bundle, once each, and describe it.

    `later` are the captures that say something else than the one the exhibit rests on; they are not in the bundle.
    """
    snapshot = exhibit.snapshot
    if not draft.has(raw := f"evidence/{snapshot.raw_sha256}"):
        draft.write(raw, snapshot.raw)
    if not draft.has(text := f"evidence/{snapshot.text_sha256}.txt"):
        draft.write(text, (snapshot.text or "").encode())
    return {
        "exhibit": exhibit.ref,
        "headline": exhibit.document.headline,
        "url": exhibit.document.url,
        "fetched_at": plain(snapshot.fetched_at),
        "raw_sha256": snapshot.raw_sha256,
        "text_sha256": snapshot.text_sha256,
        "start": exhibit.start,
        "end": exhibit.end,
        "passage": exhibit.passage,
        "stance": exhibit.stance,
        "grade": exhibit.grade,
        "later": [capture(after) for after in later_captures(exhibit, flags)],
    }


def later_captures(exhibit: Exhibit, flags: list[Disclosed]) -> list[Snapshot]:
    """The captures of an exhibit's document, oldest first, that were found to have changed since it was cited."""
    found = [each.change.after for each in flags if each.flag.exhibit_id == exhibit.pk and each.change.after]
    return sorted(found, key=lambda after: after.fetched_at)


def decided(decision: Decision) -> dict[str, Any]:
    """A decision, its signatures, and the dossier that was signed.

    The dossier is a line for each path, with the salt of its leaf (docs/casework.md); `dossier_sha256` is the root over
    them. Versions of before dossiers were sealed hold what they stood for, while that still has the digest signed.
    """
    return {
        "number": decision.number,
        "disposition": decision.disposition,
        "rationale": decision.rationale,
        "dissent": decision.dissent,
        "referred_to": decision.referred_to,
        "submitted_by": str(decision.submitted_by_id),
        "submitted_at": plain(decision.submitted_at),
        "approved_by": str(decision.approved_by_id) if decision.approved_by_id else None,
        "approved_at": plain(decision.approved_at),
        "returned_by": str(decision.returned_by_id) if decision.returned_by_id else None,
        "returned_at": plain(decision.returned_at),
        "voided_by": str(decision.voided_by_id) if decision.voided_by_id else None,
        "voided_at": plain(decision.voided_at),
        "void_cause": decision.void_cause,
        "title": decision.title,
        "approvals_needed": decision.approvals_needed,
        "signatures": [signed(each) for each in decision.signatures.order_by("pk")],
        "dossier_sha256": decision.dossier_sha256,
        "dossier": dossier_of(decision),
    }


def signed(signature: Signature) -> dict[str, Any]:
    """One signature, as it was given."""
    return {name: value for name, value in signature.own_state().items() if name != "decision"}


def dossier_of(decision: Decision) -> Any:
    """What was signed: the sealed lines, or what an older version stood for; None where that is not to be had."""
    sealed = Dossier.objects.filter(decision=decision).first()
    if sealed is not None:
        return sealing.disclosed(sealed.content, sealed.key, hidden=())
    old = decision.old_dossier()
    return old if digest(old) == decision.dossier_sha256 else None


def page(case: Case, entries: Any, flags: list[Disclosed]) -> str:
    """The page that people read: it stands alone, and asks nothing of a network."""
    exhibits = exhibits_of(case)
    context = {
        "case": case,
        "evidence": [{"exhibit": each, "later": later_captures(each, flags)} for each in exhibits],
        "flags": flags,
        "findings": case.findings.select_related("author").prefetch_related("exhibits").order_by("number"),
        "decisions": decisions_of(case),
        "entries": entries.select_related("actor", "body").order_by("pk"),
        "verifier": sha256_hex(Path(verifier.__file__).read_bytes()),
    }
    return render_to_string("cases/bundle.html", context)
