"""Which documents share one text.

Each document comes after the earlier document it repeats most, if there is one; an origin is such a tree, rooted in its
earliest document. A text made of two others belongs to one of them and does not join the two. What a person said goes
before the rules.

One document is placed at a time: two copies that are read at the same moment must see each other. Whoever has the turn
keeps it for seconds at most; documents that were asked again and not placed by then wait in their rows, and `go_on`
places them.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from riskreview.evidence.models import Document, Fingerprint, OriginLink, Wording, page_key
from riskreview.lib.work import Postponed

from . import kinship
from .credits import agency, credit, elsewhere
from .descent import Descent
from .extract import Extracted
from .kinship import Texts
from .origins import Fingerprint as Print
from .origins import fingerprint
from .telling import tell
from .vectors import Vector, heaviest

__all__ = ["alone", "candidates", "go_on", "in_turn", "is_my_turn", "place", "tell", "together", "waiting"]

log = logging.getLogger(__name__)
PATIENCE = 4.0  # seconds to wait for a turn; whoever waits in vain comes back later
LATER = 5.0  # seconds until then, with some chance added
AT_ONCE = 100  # documents that wait, looked at in one go
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
    """Wait for the turn to place documents, and keep it until the transaction ends. Raises `Postponed` when others have
    it for too long."""
    if is_my_turn():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE * 1000:.0f}ms"])
        try:
            take("pg_advisory_xact_lock", "origins")
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Postponed(soon(), "Other documents are being placed.") from error
            raise
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def is_my_turn() -> bool:
    """Take the turn to place documents if nobody has it, without waiting."""
    return bool(take("pg_try_advisory_xact_lock", "origins"))


def soon() -> datetime:
    """When to come back for a turn; not all at once."""
    return timezone.now() + timedelta(seconds=LATER * random.uniform(0.6, 1.4))  # noqa: S311 - guards nothing


def take(lock: str, name: str) -> Any:
    """Take a lock of PostgreSQL by name, until the transaction ends; what the function that takes it answers."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [name])
        return cursor.fetchone()[0]


def place(document: Document, print_: Print, extracted: Extracted, reading: Terms) -> None:
    """Give a document its origin and its story. Raises `Postponed` when its turn does not come."""
    with transaction.atomic():
        in_turn()
        wording = remember(document, print_, extracted)
        columns = {"wire_credit": credit(extracted.text)[:120], "heaviest_terms": heaviest(reading.document)}
        Document.objects.filter(pk=document.pk).exclude(**columns).update(**columns)
        texts = Texts({wording.pk: print_}, {wording.pk: extracted.text})
        others = touching([wording.pk]) if wording.has_changed else set()
        Descent(fresh={wording.pk}, texts=texts).settle(others, first=[wording.pk])
    document.refresh_from_db()


def waiting() -> Any:
    """The documents that wait to be placed anew, the earliest first."""
    return Wording.objects.filter(asked_at__isnull=False).order_by("at", "document__key")


def go_on(seconds: float = 15.0) -> bool:
    """Place documents that wait, in short transactions, for so many seconds; whether none is left. Raises `Postponed`
    when their turn does not come."""
    until = time.monotonic() + seconds
    while documents := list(waiting().values_list("pk", flat=True)[:AT_ONCE]):
        again(documents)
        if time.monotonic() > until:
            return not waiting().exists()
    return True


def again(documents: Sequence[int]) -> None:
    """Place some documents anew. When that fails each is placed alone, and the one that fails is to be read again: what
    comes of that is told on the document."""
    try:
        with transaction.atomic():
            in_turn()
            Descent().settle(documents)
    except Postponed:
        raise
    except Exception:
        log.exception("placing %s documents anew failed", len(documents))
        if len(documents) > 1:
            for each in documents:
                again([each])
        else:
            Wording.objects.filter(pk__in=documents).update(asked_at=None)
            Document.objects.filter(pk__in=documents).update(digested_at=None)


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
    """Store a wording and its hashes, and note on it whether they are others than before; what it was placed after
    stays until it is placed anew."""
    document = wording.document_id
    held = Wording.objects.filter(document=document).first()
    wording.has_changed = held is None or any(getattr(held, column) != getattr(wording, column) for column in COLUMNS)
    if wording.has_changed:
        Wording.objects.bulk_create([wording], update_conflicts=True, unique_fields=["document"], update_fields=COLUMNS)
    before = set(Fingerprint.objects.filter(document=document).values_list("h", flat=True))
    if gone := before.difference(wording.kept):
        Fingerprint.objects.filter(document=document, h__in=gone).delete()
    fresh = sorted(set(wording.kept) - before)
    Fingerprint.objects.bulk_create(Fingerprint(h=h, document_id=document) for h in fresh)
    return wording


def touching(documents: Iterable[int]) -> set[int]:
    """The documents that come after some, or are linked with them: they are asked again when these change."""
    named = set(documents)
    after = Wording.objects.filter(after__in=named).values_list("pk", "after")
    links = OriginLink.objects.filter(Q(a__in=named) | Q(b__in=named)).values_list("a", "b")
    return {pk for pair in after.union(links) for pk in pair} - named
