"""What people said of what was read in a document, in words: on its page, and in the message after saying it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from riskreview.evidence.models import Claim, Document, Judgement, Signal
from riskreview.vendors.models import Vendor

from .forms.judging import Withdraw
from .understood import Item, agency, category, items_of, may_judge

READ = {"RIGHT": "was read rightly", "WRONG": "was read wrongly", "DISPUTED": "was read rightly, but is disputed"}


def verdicts(document: Document, user: Any) -> list[dict[str, Any]]:
    """Everything people said of a document, the newest first, each with what it was said of and the way back."""
    may = may_judge(user)
    rows = list(document.judgements.select_related("judged_by", "withdrawn_by").order_by("-pk"))
    names, read = vendors_of(rows), read_now(document, rows)
    return [
        {
            "row": row,
            "about": about(row, names, read.get(row.fingerprint)),
            "withdraw": Withdraw(subject=row, user=user) if may and row.withdrawn_at is None else None,
        }
        for row in rows
    ]


def vendors_of(rows: Iterable[Judgement]) -> dict[str, str]:
    """The names of the vendors that judgements are about, by their ids as keys spell them."""
    parts = [row.key.split(":") for row in rows if row.target_kind != Judgement.Kind.SIGNAL]
    wanted = {part[1] for part in parts if len(part) > 1 and part[1].isdecimal()}
    return {str(pk): name for pk, name in Vendor.objects.filter(pk__in=wanted).values_list("pk", "canonical_name")}


def read_now(document: Document, rows: Iterable[Judgement]) -> dict[str, Any]:
    """The statements and signals that judgements are about, as far as the newest text has them."""
    wanted = [row.fingerprint for row in rows]
    kinds: tuple[Any, ...] = (Claim, Signal) if wanted else ()
    held = (kind.objects.filter(snapshot=document.newest, fingerprint__in=wanted) for kind in kinds)
    return {row.fingerprint: row for kept in held for row in kept}


def about(row: Judgement, names: dict[str, str], read: Any) -> str:
    """What somebody judged: whose name, whose statement of which sort, which kind of risk and where it stood."""
    if row.target_kind == Judgement.Kind.MENTION:
        return f"Name of {names.get(row.key.partition(':')[2], 'a vendor that is gone')}"
    if row.target_kind == Judgement.Kind.SIGNAL:
        return f"Kind of risk: {category(row.key)}{f', {read.get_status_display().lower()}' if read else ''}"
    return f"Statement of {source(row.key, names)}{f', {read.get_kind_display().lower()}' if read else ''}"


def source(key: str, names: dict[str, str]) -> str:
    """Who says something, from the key of a claim (`riskreview.evidence.fingerprints`)."""
    kind, vendor, body, name = (*key.split(":", 3), "", "", "")[:4]
    named = names.get(vendor) or (agency(body) if body else "") or name
    return named or str(Claim.SourceKind(kind).label).lower()


def found(document: Document, kind: str, fingerprint: str) -> Item | None:
    """What a judgement is about, with its place on the page of the document."""
    newest = document.newest
    every = items_of(newest, kind) if newest is not None and newest.text is not None else iter(())
    return next((each for each in every if each.row.fingerprint == fingerprint), None)


def recorded(each: Item | None, verdict: str, value: str) -> str:
    """What is on record now, and what becomes of it."""
    if each is None:
        return "Recorded. The document is read again."
    if each.kind == Judgement.Kind.MENTION:
        means = "means" if verdict == Judgement.Verdict.RIGHT else "does not mean"
        return f"Recorded: the name “{each.row.surface}” {means} {each.label}. The document is read again."
    status = f", and its status is “{Signal.Status(value).label.lower()}”" if value else ""
    return f"Recorded: {each.ref} {READ[verdict]}{status}. The document is read again."
