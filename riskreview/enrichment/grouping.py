"""Which documents share one text, and which are about one event.

Runs under one lock: two copies that are read at the same moment must see each other.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q

from riskreview.evidence.models import Document, Fingerprint, Origin, OriginLink, Story

from . import stories
from .extract import Extracted
from .origins import Fingerprint as Sketch
from .origins import credit, fingerprint, relation
from .ranking import Reading
from .vectors import heaviest

WINDOW = timedelta(days=45)
SHARED = 3  # kept hashes two documents have in common before they are compared
STORIES = 200


def alone() -> None:
    """Wait for every other reading that is being written, and make the next ones wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('origins', 0))")


def place(document: Document, sketch: Sketch, extracted: Extracted, reading: Reading) -> None:
    """Give a document its origin and its story."""
    alone()
    keep_fingerprint(document, sketch)
    columns = {"wire_credit": credit(extracted.text)[:120], "heaviest_terms": heaviest(reading.document)}
    Document.objects.filter(pk=document.pk).update(**columns)
    document.refresh_from_db()
    links = [link for other in candidates(document, sketch) if (link := compare(document, sketch, other))]
    OriginLink.objects.filter(Q(a=document) | Q(b=document)).delete()
    OriginLink.objects.bulk_create(links)
    join(document, links)
    tell(document)


def keep_fingerprint(document: Document, sketch: Sketch) -> None:
    """Replace a document's kept hashes."""
    document.fingerprints.all().delete()
    Fingerprint.objects.bulk_create(Fingerprint(h=h, document_id=document.pk) for h in sketch.kept)


def candidates(document: Document, sketch: Sketch) -> list[Document]:
    """Documents of the same weeks that share enough kept hashes to be worth comparing."""
    day = document.published_at or document.first_seen_at
    near = Q(published_at__range=(day - WINDOW, day + WINDOW)) | Q(published_at=None)
    shared = (
        Fingerprint.objects.filter(h__in=sketch.kept)
        .exclude(document=document)
        .values("document")
        .annotate(shared=Count("h"))
        .filter(shared__gte=min(SHARED, len(sketch.kept)))
    )
    return list(Document.objects.filter(near, pk__in=shared.values("document")).select_related("origin").order_by("pk"))


def compare(document: Document, sketch: Sketch, other: Document) -> OriginLink | None:
    """Why two documents belong together, or None when they stand alone."""
    text = other.newest.text or ""
    found = relation(sketch, fingerprint(text))
    if found.kind == "INDEPENDENT":
        return None
    a, b = sorted((document.pk, other.pk))
    share = f"{found.containment / 10:.0f} % of the shorter text also stands in the other"
    return OriginLink(a_id=a, b_id=b, relation=found.kind, containment=found.containment, why=share)


def join(document: Document, links: list[OriginLink]) -> None:
    """Put a document and its copies under one origin, rooted in the earliest of them."""
    same = {pk for link in links if link.relation != OriginLink.Relation.SHARES for pk in (link.a_id, link.b_id)}
    same.discard(document.pk)
    if not same and document.origin and document.origin.documents.count() == 1:
        return
    leave(document)
    # By numbers, so that an index finds them: a condition over two tables would read the whole archive.
    theirs = list(Document.objects.filter(pk__in=same, origin__isnull=False).values_list("origin", flat=True))
    members = list(Document.objects.filter(Q(pk__in=same | {document.pk}) | Q(origin__in=theirs)))
    emptied = {each.origin_id for each in members if each.origin_id}
    root = earliest(members)
    Document.objects.filter(pk__in=[each.pk for each in members]).update(origin=None)
    Origin.objects.filter(pk__in=emptied).delete()
    origin = Origin.objects.create(root=root, wire=root.wire_credit)
    Document.objects.filter(pk__in=[each.pk for each in members]).update(origin=origin)


def leave(document: Document) -> None:
    """Take a document out of its origin; the rest is rooted anew, an empty origin goes."""
    old, document.origin = document.origin, None
    if old is None:
        return
    Document.objects.filter(pk=document.pk).update(origin=None)
    rest = list(old.documents.all())
    if rest:
        old.root = earliest(rest)
        old.save()
    else:
        old.delete()


def earliest(documents: list[Document]) -> Document:
    """The document the others may have copied from: first published, else first seen."""
    return min(documents, key=lambda each: (each.published_at or each.first_seen_at, each.first_seen_at, each.pk))


def tell(document: Document) -> None:
    """Put a document into the story it is about, or open one."""
    document.refresh_from_db()
    before = document.story_id
    day = document.published_at or document.first_seen_at
    near = list(Story.objects.near(document).order_by("-last_at", "pk")[:STORIES])
    chosen = stories.choose(document.heaviest_terms, members(near, document))
    if chosen is None:
        story = Story.objects.create(title=str(document)[:500], first_at=day, last_at=day)
    else:
        story = near[chosen]
        story.first_at, story.last_at = min(story.first_at, day), max(story.last_at, day)
        story.save()
    Document.objects.filter(pk=document.pk).update(story=story)
    if before and before != story.pk:
        Story.objects.filter(pk=before, documents=None).delete()


def members(near: list[Story], document: Document) -> list[list[dict[str, float]]]:
    """The terms of each story's documents, copies of one origin counted once."""
    found: dict[int, dict[int | None, dict[str, float]]] = {story.pk: {} for story in near}
    told = Document.objects.filter(story__in=found).exclude(pk=document.pk).order_by("-pk")
    for story, origin, terms in told.values_list("story", "origin", "heaviest_terms"):
        found[story][origin] = terms
    return [list(found[story.pk].values()) for story in near]
