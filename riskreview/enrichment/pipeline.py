"""One document from bytes to suggestions: `digest` reads and decides, `store` writes, in one transaction.

Both may run twice: what is written is rebuilt from the snapshot and replaces what an earlier run wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.cases.models import Case, Suggestion
from riskreview.evidence.models import Document, Mention, Salience, Snapshot
from riskreview.lib.confining import Confined, confined
from riskreview.lib.work import Running, note

from . import grouping, intake_types, watching
from .changes import Compared, Version, compare
from .decoding import NotText
from .extract import VERSION, Extracted, extract
from .linking import Found, mentions
from .names import gazetteer
from .origins import Fingerprint, fingerprint
from .ranking import VERSION as MATCH_VERSION
from .ranking import CaseProfile, Reading, Scored, shipped_background, suggest
from .ranking import read as prepare
from .signals import CATEGORIES

EXTRACT_SECONDS = 45.0
PATIENCE = 2  # so many starts an older capture may spoil before the newest is read without it
SEARCHED = 2_000  # the newest documents a new case is compared with


class Unreadable(Exception):
    """The bytes hold no text; trying again would not help."""

    permanent = True

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Digest:
    """All that is read out of one snapshot. `held` is the capture that was the last to come when it was read."""

    snapshot: Snapshot
    held: int
    extracted: Extracted
    found: list[Found]
    reading: Reading
    fingerprint: Fingerprint
    ranked: frozenset[int]
    suggested: list[tuple[Case, Scored]]
    compared: Compared | None


def digest(document: Document) -> Digest:
    """Read a document's newest bytes. Raises `Unreadable` when they hold no text."""
    held, snapshot = document.last_held, document.newest
    extracted = read(snapshot, document.url)
    found, reading = understand(titled(document, snapshot, extracted), extracted.text)
    cases = list(Case.objects.watching().prefetch_related("vendors"))
    return Digest(
        snapshot=snapshot,
        held=held,
        extracted=extracted,
        found=found,
        reading=reading,
        fingerprint=fingerprint(extracted.text),
        ranked=frozenset(case.pk for case in cases),
        suggested=rank(reading, cases),
        compared=compared(snapshot, extracted),
    )


@dataclass(frozen=True, slots=True)
class Passed:
    """What is read out of a capture that is not the newest: its text, None where there is none to be had, and what it
    says differently from the one before it."""

    snapshot: Snapshot
    extracted: Extracted | None
    compared: Compared | None = None


def pass_over(document: Document, snapshot: Snapshot) -> Passed:
    """Read a capture that was followed by another before anybody read it. No case is asked: the newest text speaks."""
    try:
        extracted = read(snapshot, document.url)
    except (Unreadable, Confined):
        return Passed(snapshot, None)  # the newest has a text all the same, or says itself why not
    return Passed(snapshot, extracted, compared(snapshot, extracted))


def compared(snapshot: Snapshot, extracted: Extracted) -> Compared | None:
    """What a capture says differently from the one before it, with an eye on the names in both."""
    before = watching.older(snapshot)
    if before is None or before.text == extracted.text:
        return None
    names = gazetteer(timezone.now().date())
    old, new = Version(before.title, before.text or ""), Version(extracted.title, extracted.text)
    named = {each.surface for version in (old, new) for each in mentions(version.text, version.title, names)}
    return compare(old, new, names=named)


def understand(title: str, text: str) -> tuple[list[Found], Reading]:
    """The mentions in a text, and the text prepared for comparison with cases."""
    names = gazetteer(timezone.now().date())
    found = mentions(text, title, names)
    return found, prepare(title, text, found, shipped_background(), title_found=mentions(title, "", names))


def carry_out(work: Running[Document]) -> None:
    """Read a document under its lease, and write what was read together with the end of the work.

    Captures that nobody has read come first, the oldest of them, one in each go: afterwards the document is at the end
    of the queue again, so that a page with hundreds of them lets others pass.
    """
    document = work.row
    passed = document.passed_over if document.attempts <= PATIENCE else None
    if passed:
        work.finish(store_passed, pass_over(document, passed), not_before=Now())
    else:
        work.finish(store, digest(document), first=grouping.alone, digested_at=Now())


def digest_now(document: Document) -> bool:
    """Read a document at once, under a lease like a worker's, with all its captures; False when a worker has it."""
    begun = False
    while offers := Document.objects.filter(pk=document.pk).undigested().offer():
        begun = True
        for row, offer in offers:
            with Document.objects.start(row, str(offer)) as work:
                if work:
                    carry_out(work)
    document.refresh_from_db()
    return begun and document.digested_at is not None


def read(snapshot: Snapshot, url: str) -> Extracted:
    """The text of a snapshot: extracted once, and from then on the stored one, whose offsets are cited."""
    raw = snapshot.raw
    try:
        with confined(memory=settings.PARSE_MEMORY_BYTES, seconds=EXTRACT_SECONDS):
            extracted = extract(raw, content_type=snapshot.content_type, url=snapshot.final_url or url)
    except NotText as error:
        raise Unreadable(error.reason) from error
    if snapshot.text is None:
        return extracted
    return replace(extracted, text=snapshot.text)


def rank(reading: Reading, cases: Iterable[Case]) -> list[tuple[Case, Scored]]:
    """The cases a document may matter to, best first; those that do not fit are left out."""
    scored = [(case, suggest(reading, profile(case), shipped_background())) for case in cases]
    return sorted(((c, s) for c, s in scored if s.band != "HIDDEN"), key=lambda pair: (-pair[1].score, pair[0].pk))


def profile(case: Case) -> CaseProfile:
    """A case as the ranking sees it."""
    return CaseProfile(
        id=case.pk,
        title=case.title,
        summary=case.question,
        vendors=frozenset(vendor.pk for vendor in case.vendors.all()),
        categories=frozenset(asked_about(f"{case.title}. {case.question}")),
    )


def asked_about(question: str) -> Iterator[str]:
    """The kinds of risk a question speaks of."""
    for key, category in CATEGORIES.items():
        if category.triggers.search(question) and not (category.veto and category.veto.search(question)):
            yield key


def store(document: Document, digested: Digest) -> None:
    """Write what was read, replacing what an earlier run wrote."""
    snapshot, extracted = digested.snapshot, digested.extracted
    snapshot.read_as(title=extracted.title, text=extracted.text, extractor_version=VERSION)
    describe(document, snapshot, extracted)
    grouping.place(document, digested.fingerprint, extracted, digested.reading)
    store_mentions(snapshot, digested.found)
    watching.keep_compared(snapshot, digested.compared)
    store_salience(document, digested.reading.salience)
    # A case opened since the reading began searched the archive without this document in it.
    late = list(Case.objects.watching().exclude(pk__in=digested.ranked).prefetch_related("vendors"))
    ranked = digested.ranked | {case.pk for case in late}
    store_suggestions(snapshot, digested.suggested + rank(digested.reading, late), ranked)
    if document.last_held != digested.held:
        Document.objects.filter(pk=document.pk).update(digested_at=None)  # other bytes came while these were read


def store_passed(document: Document, passed: Passed) -> None:
    """Write what was read in a capture that is not the newest; an empty text where there is none to be had."""
    title, text = (passed.extracted.title, passed.extracted.text) if passed.extracted else ("", "")
    passed.snapshot.read_as(title=title, text=text, extractor_version=VERSION)
    watching.keep_compared(passed.snapshot, passed.compared)


def titled(document: Document, snapshot: Snapshot, extracted: Extracted) -> str:
    """What the document is called: its own title goes before the name of its file."""
    return intake_types.titled(document.headline, snapshot.headers.get("file-name", ""), extracted.title)[:500]


def describe(document: Document, snapshot: Snapshot, extracted: Extracted) -> None:
    """Fill in what the feed did not say. What is known stays."""
    dated = document.published_at or extracted.published
    note(
        document,
        headline=titled(document, snapshot, extracted),
        byline=document.byline or [name[:200] for name in extracted.byline[:20]],
        language=document.language or extracted.language[:8],
        published_at=dated,
        published_granularity=document.published_granularity or ("TIME" if dated else ""),
        published_found_by=document.published_found_by or ("feed" if document.published_at else extracted.found_by),
        text_scope=extracted.scope,
    )


def store_mentions(snapshot: Snapshot, found: Iterable[Found]) -> None:
    """Replace the mentions of a snapshot."""
    snapshot.mentions.all().delete()
    Mention.objects.bulk_create(
        Mention(
            snapshot=snapshot,
            start=each.start,
            end=each.end,
            surface=each.surface[:200],
            vendor_id=each.name.vendor,
            product_id=each.name.product,
            alias_id=each.name.alias,
            product_key=each.product_key[:80],
            kind=each.kind,
            role=each.role,
            state=each.state,
            score=each.score,
            reasons=[reason[:200] for reason in each.reasons],
        )
        for each in found
    )


def store_salience(document: Document, weights: Mapping[int, int]) -> None:
    """Replace how much the document is about each vendor."""
    document.salience.all().delete()
    rows = (Salience(document=document, vendor_id=vendor, value=value) for vendor, value in weights.items() if value)
    Salience.objects.bulk_create(rows)


def store_suggestions(snapshot: Snapshot, suggested: Iterable[tuple[Case, Scored]], ranked: frozenset[int]) -> None:
    """Propose a document to the cases it fits, and take back what no longer fits."""
    kept = set()
    for case, scored in suggested:
        propose(case, snapshot, scored)
        kept.add(case.pk)
    Suggestion.objects.take_back(snapshot.document, cases=ranked - kept)


def propose(case: Case, snapshot: Snapshot, scored: Scored) -> None:
    """Store one suggestion with its parts, reasons and passage, word for word."""
    start, end = scored.excerpt
    if end <= start:
        return
    Suggestion.objects.propose(
        case=case,
        snapshot=snapshot,
        score=scored.score,
        band=scored.band,
        parts=scored.parts,
        reasons=[reason[:400] for reason in scored.reasons],
        start=start,
        end=end,
        excerpt=(snapshot.text or "")[start:end],
        version=MATCH_VERSION,
    )


def find_for(case: Case) -> list[tuple[Snapshot, Scored]]:
    """Look through the newest documents for those a case should see."""
    subject = profile(case)
    with transaction.atomic():
        grouping.alone()  # readings being written now are in the archive afterwards; later ones see this case
    newest = Prefetch("snapshots", Snapshot.objects.order_by("-fetched_at", "-pk"))
    documents = Document.objects.read().order_by("-first_seen_at", "-pk").prefetch_related(newest)[:SEARCHED]
    found = []
    for document in documents.iterator(chunk_size=100):
        snapshot = next(each for each in document.snapshots.all() if each.text is not None)
        _, reading = understand(document.headline, snapshot.text or "")
        scored = suggest(reading, subject, shipped_background())
        if scored.band != "HIDDEN":
            found.append((snapshot, scored))
    return found


def store_found(search: object, found: list[tuple[Snapshot, Scored]]) -> None:
    """Propose what a search of the archive found."""
    case: Case = search.case  # type: ignore[attr-defined]
    if case.is_open:
        for snapshot, scored in found:
            propose(case, snapshot, scored)
