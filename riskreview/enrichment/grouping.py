"""Which documents share one text.

Each document comes after the earlier document it repeats most, if there is one; an origin is such a tree, rooted in its
earliest document. A text made of two others belongs to one of them and does not join the two. What a person said goes
before the rules.

One document is placed at a time: two copies that are read at the same moment must see each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import Q

from riskreview.evidence.models import Document, Fingerprint, OriginJudgement, OriginLink, Wording, page_key

from . import kinship
from .credits import agency, credit, elsewhere
from .descent import Descent
from .extract import Extracted
from .kinship import Texts
from .origins import Fingerprint as Print
from .origins import fingerprint
from .telling import tell
from .vectors import Vector, heaviest

__all__ = ["alone", "candidates", "in_turn", "place", "settle", "tell", "together"]


COLUMNS = ("at", "publisher", "agency", "shingles", "kept", "figures", "digest", "title", "based_on")


class Terms(Protocol):
    """A text prepared for comparison with cases."""

    @property
    def document(self) -> Vector:
        """The weighted terms of the whole text."""


def together() -> None:
    """Let whoever must see all readings that are being written wait for this transaction; readings do not wait."""
    take("pg_advisory_xact_lock_shared", "readings")


def alone() -> None:
    """Wait for every reading that is being written, and make the next ones wait until this transaction ends."""
    take("pg_advisory_xact_lock", "readings")


def in_turn() -> None:
    """Wait until no other document is being placed."""
    take("pg_advisory_xact_lock", "origins")


def take(lock: str, name: str) -> None:
    """Take a lock of PostgreSQL by name, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [name])


def place(document: Document, print_: Print, extracted: Extracted, reading: Terms) -> None:
    """Give a document its origin and its story."""
    with transaction.atomic():
        in_turn()
        wording = remember(document, print_, extracted)
        columns = {"wire_credit": credit(extracted.text)[:120], "heaviest_terms": heaviest(reading.document)}
        Document.objects.filter(pk=document.pk).exclude(**columns).update(**columns)
        texts = Texts({wording.pk: print_}, {wording.pk: extracted.text})
        Descent(fresh={wording.pk}, texts=texts).settle({wording.pk, *touching(wording.pk)})
    document.refresh_from_db()


def settle() -> int:
    """Put the origins in order that people have said something of since; the number of judgements carried out."""
    if not OriginJudgement.objects.unsettled().exists():
        return 0
    with transaction.atomic():
        in_turn()
        said = list(OriginJudgement.objects.unsettled().select_for_update(no_key=True, of=("self",)))
        named = {pk for each in said for pk in (each.document_id, each.other_id, *each.apart) if pk}
        for document in Document.objects.filter(pk__in=named, wording=None):
            remember_held(document)
        Descent().settle(named | {pk for each in named for pk in touching(each)})
        OriginJudgement.objects.note_settled(said)
    return len(said)


def candidates(document: Document, print_: Print) -> list[Any]:
    """The documents that one with this text would be compared with."""
    wording = worded(document, print_, document.published_at or document.first_seen_at)
    return kinship.candidates(wording, kinship.carriers(wording))


def remember(document: Document, print_: Print, extracted: Extracted) -> Any:
    """Keep what the rules need of a text, in place of what was kept before."""
    at = document.published_at or extracted.published or document.first_seen_at
    wording = worded(document, print_, at)
    wording.agency = (credit(extracted.text) or agency(document.outlet))[:120]
    named = elsewhere((extracted.canonical_url, *extracted.based_on), document.url)
    wording.based_on = [page_key(address) for address in named]
    return keep(wording)


def remember_held(document: Document) -> Any:
    """The same for a document that was read before wordings were kept."""
    newest = document.newest
    text = (newest.text or "") if newest else ""
    wording = worded(document, fingerprint(text, document.headline), document.published_at or document.first_seen_at)
    wording.agency = credit(text)[:120]
    return keep(wording)


def worded(document: Document, print_: Print, at: datetime) -> Any:
    """A document's wording as the rules see it, not stored."""
    sketch = print_.sketch
    return Wording(
        document=document,
        at=at,
        publisher=document.outlet.casefold()[:200],
        shingles=sketch.shingles,
        kept=list(sketch.kept),
        figures=list(sketch.figures),
        digest=sketch.digest,
        title=sketch.title,
    )


def keep(wording: Any) -> Any:
    """Store a wording and its hashes; what it was placed after stays until it is placed anew."""
    document = wording.document_id
    held = Wording.objects.filter(document=document).first()
    if held is None or any(getattr(held, column) != getattr(wording, column) for column in COLUMNS):
        Wording.objects.bulk_create([wording], update_conflicts=True, unique_fields=["document"], update_fields=COLUMNS)
    before = set(Fingerprint.objects.filter(document=document).values_list("h", flat=True))
    if gone := before.difference(wording.kept):
        Fingerprint.objects.filter(document=document, h__in=gone).delete()
    fresh = sorted(set(wording.kept) - before)
    Fingerprint.objects.bulk_create(Fingerprint(h=h, document_id=document) for h in fresh)
    return wording


def touching(document: int) -> set[int]:
    """The documents that come after one, or are linked with it: they are asked again when it changes."""
    after = Wording.objects.filter(after=document).values_list("pk", "after")
    links = OriginLink.objects.filter(Q(a=document) | Q(b=document)).values_list("a", "b")
    return {pk for pair in after.union(links) for pk in pair} - {document}
