"""One document from bytes to suggestions: `digest` reads and decides, `store` writes, in one transaction.

Both may run twice: what is written is rebuilt from the snapshot and replaces what an earlier run wrote.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from riskreview.cases.models import Case, Suggestion, WatchCheck
from riskreview.evidence.models import Document, Snapshot
from riskreview.lib.confining import Confined, confined
from riskreview.lib.work import Running, note

from . import grouping, intake_types, judging, storing, watched, watching
from .analysis import Analysis, analyse
from .changes import Compared, Version, compare
from .decoding import NotText
from .extract import VERSION, Extracted, extract
from .judging import Judged
from .linking import mentions
from .names import gazetteer
from .origins import Fingerprint, fingerprint
from .ranking import VERSION as MATCH_VERSION
from .ranking import Reading, Scored
from .ranking import read as prepare
from .stages import stage

EXTRACT_SECONDS = 45.0
PATIENCE = 2  # so many starts an older capture may spoil before the newest is read without it


class Unreadable(Exception):
    """The bytes hold no text; trying again would not help."""

    permanent = True

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Digest:
    """All that is read out of one snapshot. `held` is the capture that was the last to come when it was read, `judged`
    what people had said of the document by then."""

    snapshot: Snapshot
    held: int
    extracted: Extracted
    read: storing.Read
    judged: Judged
    reading: Reading
    fingerprint: Fingerprint
    ranked: frozenset[int]
    suggested: list[tuple[Case, Scored]]
    compared: Compared | None


def digest(document: Document) -> Digest:
    """Read a document's newest bytes. Raises `Unreadable` when they hold no text, `StageFailed` for what nobody
    foresaw."""
    held, snapshot = document.last_held, document.newest
    with stage("text"):
        extracted = read(snapshot, document.url)
    told, judged = understand(document, titled(document, snapshot, extracted), extracted)
    ranked = watching_cases()
    with stage("comparison with cases"):
        reading = prepared(told.analysis)
        suggested = watched.rank(reading, document)
    with stage("changes"):
        changed = compared(snapshot, extracted)
    with stage("origin"):
        sketch = fingerprint(extracted.text, titled(document, snapshot, extracted))
    return Digest(
        *(snapshot, held, extracted, told, judged, reading, sketch),
        ranked=ranked,
        suggested=suggested,
        compared=changed,
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


def understand(document: Document, title: str, extracted: Extracted) -> tuple[storing.Read, Judged]:
    """What is read in a text of a document, with what people said of it before."""
    begun = time.monotonic()
    names, text = gazetteer(timezone.now().date()), extracted.text
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    judged = judging.judged(document, sha256)
    language = document.language or extracted.language
    analysis = analyse(title, text, names, language=language, said=judged.verdicts)
    return storing.Read(analysis, sha256, names.version, round(1000 * (time.monotonic() - begun))), judged


def watching_cases() -> frozenset[int]:
    """The cases that hear of news, by id."""
    return frozenset(Case.objects.watching().values_list("pk", flat=True))


def prepared(analysis: Analysis) -> Reading:
    """A text that was read, made ready for comparison with cases."""
    return prepare(
        *(analysis.title, analysis.text, analysis.names.mentions, watched.background()),
        title_found=analysis.title_found,
        spans=analysis.spans,
        spoken=analysis.counting,
    )


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
        digested = digest(document)
        place(work, digested)
        work.finish(store, digested, first=grouping.together, digested_at=Now())


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


def place(work: Running[Document], digested: Digest) -> None:
    """Give a document its origin and its story, in a transaction before the rest: whoever waits for its turn must hold
    no row that the one whose turn it is has to write. Raises `LeaseLost`, and then wrote nothing: a worker that was
    overtaken must not put an older text in the place of a newer one."""
    document = work.row
    with transaction.atomic():
        grouping.in_turn()
        work.hold()
        with stage("origin and story"):
            describe(document, digested.snapshot, digested.extracted)
            grouping.place(document, digested.fingerprint, digested.extracted, digested.reading)


def store(document: Document, digested: Digest) -> None:
    """Write what was read, replacing what an earlier run wrote; rows that would say the same stay as they are."""
    snapshot, extracted = digested.snapshot, digested.extracted
    snapshot.read_as(title=extracted.title, text=extracted.text, extractor_version=VERSION)
    storing.keep(snapshot, digested.read)
    judging.attach(document, digested.judged, digested.read.analysis)
    watching.keep_compared(snapshot, digested.compared)
    WatchCheck.objects.hurry_for_vendors(list(digested.read.analysis.salience))
    # A case opened since the reading began searched the archive without this document in it.
    late = watching_cases() - digested.ranked
    suggested = watched.rank(digested.reading, document) if late else digested.suggested
    store_suggestions(snapshot, suggested, digested.ranked | late)
    if document.last_held != digested.held or judging.has_changed(document, digested.judged):
        # Other bytes came while these were read, or somebody judged what was found in them.
        Document.objects.filter(pk=document.pk).update(digested_at=None)


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


def store_found(search: object, found: list[tuple[Snapshot, Scored]]) -> None:
    """Propose what a search of the archive found."""
    case: Case = search.case  # type: ignore[attr-defined]
    if case.is_open:
        for snapshot, scored in found:
            propose(case, snapshot, scored)
