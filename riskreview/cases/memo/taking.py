"""Taking a memo out: what stands beside the dossier is read, the form is made, and the record says who took it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Checkpoint, Entry, Leaf
from riskreview.audit.refusals import NotNow
from riskreview.lib.datafile import words
from riskreview.lib.dates import in_words
from riskreview.lib.printing import NotPrinted
from riskreview.lib.text import without_bidi

from .. import releasing
from ..models import Case, Decision, Dossier, Release, Signature
from .content import Memo, Proof, Signed, Standing, memo
from .pages import html, pdf
from .reading import Hidden
from .word import word

READ = ("sealed", "submitted_by", "approved_by", "case")
NOT_ISSUED = "This version was not issued yet: a second person lets it out."
DRAFT = "Draft, not issued"
UNSEALED = "There is no sealed recommendation in this case yet. Submitting one seals it."
TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MAKERS: dict[str, Callable[[Memo, datetime.datetime], str | bytes]] = {"html": html, "pdf": pdf, "docx": word}


@dataclass(frozen=True, slots=True)
class Taken:
    """A memo somebody took: what is in it, how it was taken, and what the file is called."""

    memo: Memo
    data: bytes
    content_type: str
    name: str


def take(case: Case, *, by: User, form: str, number: int | None = None) -> Taken:
    """The memo of a recommendation or decision of a case, and the entry about who took it. Raises `NotNow`."""
    decision = of(case, number)
    made = rendered(told(decision), decision, form)
    Entry.objects.access(by, "case.export_memo", case, decision=decision.number, form=form)
    return made


def take_release(release: Release, *, by: User, form: str) -> Taken:
    """A version for other eyes, and the entry about who took it. Raises `NotNow` for one that is not issued."""
    refuse_draft(release)
    made = rendered(told_to_others(release), release.decision, form)
    Entry.objects.access(by, "release.export_memo", release, form=form)
    return made


def take_file(release: Release, *, by: User) -> bytes:
    """The released file that verifies, and the entry about who took it. Raises `NotNow` for one that is not issued."""
    refuse_draft(release)
    data = release.document()
    if releasing.sha256_of(data) != release.sha256:
        raise NotNow("This version does not read any more as it was issued. Ask an auditor to verify the record.")
    Entry.objects.access(by, "release.export_file", release, sha256=release.sha256)
    return data


def refuse_draft(release: Release) -> None:
    """Raise `NotNow` for a version that no second person let out: no file of it leaves the house."""
    if release.issued_at is None:
        raise NotNow(NOT_ISSUED)


def rendered(made: Memo, decision: Decision, form: str) -> Taken:
    """The memo in a form. Raises `NotNow` where this server cannot make it."""
    try:
        data = MAKERS[form](made, moment_of(decision))
    except NotPrinted as problem:
        raise NotNow(str(problem)) from None
    return Taken(made, data.encode() if isinstance(data, str) else data, TYPES[form], f"{made.name}.{form}")


def of(case: Case, number: int | None = None) -> Decision:
    """The recommendation asked for; else what waits or is in force, else the newest that was sealed."""
    rows = case.decisions.filter(sealed__isnull=False).select_related(*READ)
    found = list(rows.order_by("number") if number is None else rows.filter(number=number))
    if not found:
        raise NotNow(UNSEALED)
    current = [each for each in found if each.is_open or each.pk == case.decision_id]
    return (current or found)[-1]


def told(decision: Decision) -> Memo:
    """The memo of a sealed recommendation, for those who may see everything."""
    return memo(sealed(decision).content, {}, standing(decision))


def told_to_others(release: Release) -> Memo:
    """The memo of a release: what it hides comes out as bars."""
    grounds, content = release.grounds(), release.sealed.content
    hidden = {path: grounds[by] for path, by in releasing.covered(content, grounds).items()}
    return memo(content, hidden, standing(release.decision, release))


def sealed(decision: Decision) -> Dossier:
    """The dossier of a recommendation. Raises `NotNow` without one."""
    dossier: Dossier | None = getattr(decision, "sealed", None)
    if dossier is None:
        raise NotNow(UNSEALED)
    return dossier


def standing(decision: Decision, release: Release | None = None) -> Standing:
    """How far the recommendation is, and who signed it."""
    signatures = list(Signature.objects.filter(decision=decision).select_related("user").order_by("pk"))
    approved = sum(each.meaning == "APPROVED" for each in signatures)
    at = moment_of(decision)
    beside = {}
    if release is not None:
        beside = {"marking": marking_of(release), "audience": release.audience, "release": str(release)}
    return Standing(
        number=decision.number,
        date=in_words(at.isoformat()),
        is_final=decision.approved_at is not None,
        status=status_of(decision),
        signatures=signed(decision, signatures, release),
        missing=max(decision.approvals_needed - approved, 1) if decision.is_open else 0,
        proof=proof(decision),
        **beside,
    )


def marking_of(release: Release) -> str:
    """What stands above and below every version for others: of a draft, that it is one."""
    return release.marking if release.issued_at else ". ".join(each for each in (DRAFT, release.marking) if each)


def status_of(decision: Decision) -> str:
    """How far it is, in words; never “final” before the last signature."""
    if decision.approved_at is not None:
        return "Final, signed by two people or more"
    if decision.returned_at is not None:
        return "Proposed, and returned to the reviewer: not a decision"
    if decision.voided_at is not None:
        return "Proposed, and void, because something under it changed: not a decision"
    return "Proposed, awaiting a further signature"


def signed(decision: Decision, signatures: list[Signature], release: Release | None) -> list[Signed]:
    """Who signed: the submitter first. A release may leave out the names and what they said with it."""
    ground = release.grounds().get("signatures") if release else None
    lines = [Signed(decision.submitted_by.name, "", "Submitted", when(decision.submitted_at))]
    for each in signatures:
        statement = without_bidi(each.statement)
        lines.append(
            Signed(each.user.name, role(each.role), each.get_meaning_display(), when(each.signed_at), statement)
        )
    if decision.approved_by is not None and not any(each.user_id == decision.approved_by_id for each in signatures):
        statement = without_bidi(decision.statement)
        lines.append(Signed(decision.approved_by.name, "", "Approved", when(decision.approved_at), statement))
    if ground is None:
        return lines
    bar = Hidden(ground)
    return [Signed(bar, each.role, each.meaning, each.when, bar if each.statement else "") for each in lines]


def role(key: str) -> str:
    """By what right somebody signed: the role, or the seat, in words."""
    return str(dict(Role.choices).get(key) or words(key.lower()))


def proof(decision: Decision) -> Proof:
    """Where the record holds it: by the newest act that changed the recommendation or a signature under it."""
    entry = acted(decision)
    return Proof(str(entry.uuid) if entry else "", sealed(decision).root, checkpoint_over(entry) if entry else "")


def acted(decision: Decision) -> Entry | None:
    """The newest act on a recommendation; None where its body was erased."""
    signatures = Signature.objects.filter(decision=decision).values_list("pk", flat=True)
    names = (f"decision:{decision.pk}.", *(f"signature:{pk}." for pk in signatures))
    acts = Entry.objects.about(decision.case).filter(kind=Entry.Kind.ACT).select_related("body").newest_first()
    for entry in acts.iterator(chunk_size=50):
        if any(name.startswith(names) for name in entry.private.get("changes") or ()):
            return entry
    return None


def checkpoint_over(entry: Entry) -> str:
    """The first signed checkpoint over an entry, as `size root`; empty until there is one. It never changes again."""
    leaf = Leaf.objects.filter(entry=entry).first()
    over = Checkpoint.objects.filter(log=leaf.log_id, size__gt=leaf.index).order_by("size").first() if leaf else None
    return " ".join(over.note.split("\n")[1:3]) if over else ""


def moment_of(decision: Decision) -> datetime.datetime:
    """The time a memo speaks of: when it became what it is."""
    return decision.approved_at or decision.returned_at or decision.voided_at or decision.submitted_at


def when(moment: datetime.datetime | None) -> str:
    """A moment as a memo tells it."""
    at = moment.astimezone(datetime.UTC) if moment else None
    return f"{in_words(at.isoformat())}, {at:%H:%M} UTC" if at else ""
