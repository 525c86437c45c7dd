"""What was read out of a snapshot becomes rows: once, whole, and untouched where a later reading finds the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models.functions import Now

from riskreview.evidence.fingerprints import fingerprint
from riskreview.evidence.models import (
    AgencyMention,
    Claim,
    Document,
    Mention,
    Reading,
    Salience,
    SearchText,
    Signal,
    Snapshot,
    UnknownName,
)

from . import said
from .analysis import Analysis, pipeline_version
from .found import Found
from .verdicts import REJECTED, key_of

LONGEST = 200  # characters of a name that is kept; a longer one is none
LONGEST_TRIGGER = 300
PORTION = 1_000


@dataclass(frozen=True, slots=True)
class Read:
    """An analysis with what it was made with: the version of the names, the text's hash, and how long it took."""

    analysis: Analysis
    text_sha256: str
    gazetteer_version: str
    milliseconds: int = 0


def keep(snapshot: Snapshot, read: Read) -> bool:
    """Replace what was read in a snapshot. Whether anything was written: the same found again, under the same versions,
    changes no row. What was read in earlier captures of the document goes: the newest text speaks."""
    analysis, made_by = (
        read.analysis,
        {"pipeline_version": pipeline_version(), "gazetteer_version": read.gazetteer_version},
    )
    sha256 = analysis.sha256
    before = Reading.objects.filter(snapshot=snapshot).first()
    keep_salience(snapshot.document, analysis.salience)
    SearchText.objects.index(snapshot.document, analysis.title, analysis.text)
    if before and before.sha256 == sha256:
        if all(getattr(before, name) == value for name, value in made_by.items()):
            return False
        Reading.objects.filter(pk=before.pk).update(**made_by, read_at=Now(), milliseconds=read.milliseconds)
        return True
    forget(snapshot.document)
    counts = write(snapshot, read)
    told = {"counts": counts, "not_analysed": analysis.names.not_analysed[:200], "milliseconds": read.milliseconds}
    Reading.objects.create(snapshot=snapshot, sha256=sha256, **made_by, **told)
    return True


def forget(document: Document) -> None:
    """Drop what was read in a document's captures."""
    for model in (Signal, Claim, UnknownName, AgencyMention, Mention, Reading):
        model.objects.filter(snapshot__document=document).delete()


def write(snapshot: Snapshot, read: Read) -> dict[str, int]:
    """Insert the rows of an analysis; how many of each kind."""
    analysis = read.analysis
    names = analysis.names
    found = [(each, str(each.state)) for each in names.mentions] + [(each, REJECTED) for each in analysis.rejected]
    rows: dict[str, Any] = {
        "mentions": made(Mention, (mention(snapshot, each, state) for each, state in short(found))),
        "agencies": made(AgencyMention, agencies(snapshot, analysis)),
        "unknown": made(UnknownName, unknown(snapshot, analysis)),
        "claims": made(Claim, [claim(snapshot, read, number) for number in range(len(analysis.claims))]),
    }
    rows["signals"] = made(Signal, [signal(snapshot, read, at, rows["claims"]) for at in range(len(analysis.signals))])
    concern(rows["signals"], analysis)
    return {kind: len(each) for kind, each in rows.items()}


def made(model: Any, rows: Iterable[Any]) -> list[Any]:
    """Insert rows, and return them with their ids."""
    inserted: list[Any] = model.objects.bulk_create(rows, batch_size=PORTION)
    return inserted


def short(found: Iterable[tuple[Found, str]]) -> Iterator[tuple[Found, str]]:
    """The mentions whose words fit: what is cut is not what the text says."""
    return ((each, state) for each, state in found if len(each.surface) <= LONGEST)


def mention(snapshot: Snapshot, found: Found, state: str) -> Mention:
    """A vendor or product that is named."""
    return Mention(
        snapshot=snapshot,
        start=found.start,
        end=found.end,
        surface=found.surface,
        vendor_id=found.name.vendor,
        product_id=found.name.product,
        alias_id=found.name.alias,
        product_key=found.product_key[:80],
        kind=found.kind,
        role=found.role,
        state=state,
        score=found.score,
        reasons=reasons(found.reasons),
    )


def agencies(snapshot: Snapshot, analysis: Analysis) -> Iterator[AgencyMention]:
    """The public bodies that are named."""
    for each in analysis.names.agencies:
        if len(each.surface) <= LONGEST:
            place = {"start": each.start, "end": each.end, "surface": each.surface}
            yield AgencyMention(
                snapshot=snapshot, **place, agency=each.key, role=each.role, reasons=reasons(each.reasons)
            )


def unknown(snapshot: Snapshot, analysis: Analysis) -> Iterator[UnknownName]:
    """The names on no register, one at a place."""
    placed = {(each.start, each.end): each for each in reversed(analysis.names.unknown)}
    for _, each in sorted(placed.items()):
        if len(each.surface) <= LONGEST:
            place = {"start": each.start, "end": each.end, "surface": each.surface}
            yield UnknownName(snapshot=snapshot, **place, key=each.key[:LONGEST], kind=each.kind, hint_id=each.hint)


def claim(snapshot: Snapshot, read: Read, number: int) -> Claim:
    """A statement with its source."""
    analysis, each = read.analysis, read.analysis.claims[number]
    text, (start, end) = analysis.text, each.content[0]
    more = each.content[1] if len(each.content) > 1 else None
    return Claim(
        snapshot=snapshot,
        kind=each.kind,
        sentence=each.sentence,
        start=start,
        end=end,
        words=text[start:end],
        more_words=text[more[0] : more[1]] if more else "",
        **ends(more=more, cue=each.cue, source=each.source.span, anonymous=each.anonymous),
        **source(each.source),
        hedges=[asdict(hedge) for hedge in each.hedges],
        figures=[asdict(figure) for figure in each.figures],
        denies=each.denies,
        reasons=reasons(each.reasons),
        state=analysis.claim_states[number],
        fingerprint=fingerprint(read.text_sha256, "CLAIM", each.content, key_of(each)),
    )


def ends(**spans: said.Span | None) -> dict[str, int | None]:
    """The columns of spans that may not be there."""
    told = {name: span or (None, None) for name, span in spans.items()}
    return {f"{name}_{side}": span[at] for name, span in told.items() for at, side in enumerate(("start", "end"))}


def source(who: said.Source) -> dict[str, Any]:
    """The columns that say who says it."""
    return {
        "source_kind": who.kind,
        "source_vendor_id": who.vendor,
        "source_agency": who.agency,
        "source_name": who.name[:LONGEST],
    }


def signal(snapshot: Snapshot, read: Read, number: int, claims: list[Claim]) -> Signal:
    """A kind of risk that a sentence speaks of."""
    analysis, each = read.analysis, read.analysis.signals[number]
    span = analysis.spans[each.sentence]
    end = min(each.end, each.start + LONGEST_TRIGGER)
    return Signal(
        snapshot=snapshot,
        category=each.category,
        start=each.start,
        end=end,
        surface=analysis.text[each.start : end],
        sentence_start=span[0],
        sentence_end=span[1],
        scope=each.scope,
        status=each.status,
        agencies=sorted(each.agencies),
        claim=None if each.claim is None else claims[each.claim],
        reasons=reasons(each.reasons),
        state=analysis.signal_states[number],
        fingerprint=fingerprint(read.text_sha256, "SIGNAL", [span], each.category),
    )


def concern(rows: list[Signal], analysis: Analysis) -> None:
    """Note which vendors each signal concerns."""
    through = Signal.vendors.through
    pairs = zip(rows, analysis.signals, strict=True)
    concerned = (through(signal_id=row.pk, vendor_id=vendor) for row, each in pairs for vendor in sorted(each.vendors))
    through.objects.bulk_create(concerned, batch_size=PORTION)


def reasons(told: Iterable[str]) -> list[str]:
    """Reasons as they are kept."""
    return [reason[:200] for reason in told]


def keep_salience(document: Document, weights: Mapping[int, int]) -> None:
    """Replace how much the document is about each vendor, unless it is as it was."""
    wanted = {vendor: value for vendor, value in weights.items() if value}
    if dict(document.salience.values_list("vendor", "value")) == wanted:
        return
    document.salience.all().delete()
    Salience.objects.bulk_create(Salience(document=document, vendor_id=v, value=n) for v, n in wanted.items())
