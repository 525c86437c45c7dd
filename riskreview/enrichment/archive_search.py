"""Looking through the archive for a case that opened: the database finds candidates, the rules read only the best."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from riskreview.cases.models import Case
from riskreview.evidence.models import Document, Salience, Snapshot

from . import grouping, judging, watched
from .analysis import analyse
from .names import gazetteer
from .prepared import PreparedCase, Reading, prepare, read
from .ranking import Scored, scored
from .vectors import Background, cosine, unit

LOOKED_AT = 20_000  # the newest documents about the case's vendors, by their heaviest terms alone
READ = 200  # of those, the most alike, which are read whole
RAREST = 40  # terms of a question that names no vendor, any of which a document must have


def find_for(case: Case) -> list[tuple[Snapshot, Scored]]:
    """Look through the archive for the documents a case should see, best first."""
    with transaction.atomic():
        grouping.alone()  # readings being written now are in the archive afterwards; later ones see this case
    common, weigh, cut = watched.background(), watched.weights(), watched.bands()
    subject = prepare(watched.profiles([case])[0], common)
    found = []
    for document in candidates(subject, READ):
        snapshot = document.snapshots.exclude(text=None).order_by("-fetched_at", "-pk").first()
        if snapshot:
            result = scored(understood(document.headline, snapshot, common), subject, common, weights=weigh, bands=cut)
            found.append((snapshot, result))
    shown = [(snapshot, result) for snapshot, result in found if result.band != "HIDDEN"]
    return sorted(shown, key=lambda pair: (-pair[1].score, -pair[0].pk))


def understood(title: str, snapshot: Snapshot, background: Background) -> Reading:
    """A stored text, read and prepared for comparison."""
    document = snapshot.document
    said = judging.judged(document, snapshot.text_sha256).verdicts
    names = gazetteer(timezone.now().date())
    analysis = analyse(title, snapshot.text or "", names, language=document.language, said=said)
    return read(
        title,
        analysis.text,
        analysis.names.mentions,
        background,
        title_found=analysis.title_found,
        spans=analysis.spans,
        spoken=analysis.counting,
    )


def candidates(case: PreparedCase, most: int) -> list[Document]:
    """The documents whose heaviest terms are most like the question, the newest of equals first.

    For a case with vendors only documents about one of them: the others cannot reach a score that is shown.
    """
    alike = ((_likeness(case, terms), pk) for pk, terms in _looked_at(case))
    best = heapq.nlargest(most, (pair for pair in alike if pair[0] or case.profile.vendors))
    documents = Document.objects.in_bulk([pk for _, pk in best])
    return [documents[pk] for _, pk in best if pk in documents]


def _looked_at(case: PreparedCase) -> Iterator[tuple[int, dict[str, int]]]:
    vendors = case.profile.vendors
    about = Salience.objects.filter(vendor__in=vendors, value__gt=0).values("document")
    wanted = Q(pk__in=about) if vendors else Q(heaviest_terms__has_any_keys=rare(case))
    rows = Document.objects.read().filter(wanted).order_by("-first_seen_at", "-pk")
    return rows.values_list("pk", "heaviest_terms")[:LOOKED_AT].iterator()


def rare(case: PreparedCase) -> list[str]:
    """The heaviest terms of the question, which are its rarest."""
    return heapq.nsmallest(RAREST, case.question, key=lambda term: (-case.question[term], term))


def _likeness(case: PreparedCase, terms: dict[str, int]) -> float:
    document = unit(terms)
    return max(cosine(document, side) for _, side in case.sides)
