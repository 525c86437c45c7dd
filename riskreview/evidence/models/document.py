"""One noun for everything with bytes and provenance."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.models import Recorded
from riskreview.audit.recording import recorded_factory
from riskreview.audit.refusals import NotNow
from riskreview.lib.work import Terms, Work, WorkQuerySet, work_indexes

from .. import archive


@dataclass(frozen=True, slots=True)
class Capture:
    """Exact bytes, and how they were obtained."""

    raw: bytes
    content_type: str
    fetched_at: datetime.datetime
    final_url: str = ""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is known of a document before its bytes are read: from a feed item, or from the command line."""

    key: str
    url: str = ""
    headline: str = ""
    publisher: str = ""
    byline: tuple[str, ...] = ()
    language: str = ""
    published_at: datetime.datetime | None = None
    stamp: str = ""


class DocumentQuerySet(SeenByReaders, WorkQuerySet["Document"]):
    """Everything we hold."""

    def hold(self, announced: Announcement, *, source: Any = None, capture: Capture | None = None) -> Document:
        """Keep a document a machine came across, once per key. Without bytes it waits to be fetched."""
        with transaction.atomic():
            known = {"source": source} | announced_columns(announced)
            document, made = self.get_or_create(key=announced.key, defaults=known)
            document = self.select_for_update(no_key=True).get(pk=document.pk)
            if capture:
                document.capture(capture, stamp=announced.stamp)
            elif made or document.stamp != announced.stamp:
                document.ask_again(announced)
            return document

    @recorded_factory(who=roles.reviewer, omit=("content",))
    def upload(self, *, by: User, headline: str, content: bytes, content_type: str, now: datetime.datetime) -> Document:
        """Bring in a document by hand. Its identity is its bytes."""
        key = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if self.filter(key=key).exists():
            raise NotNow("This exact document is in the archive already.")
        document = self.model(kind=Document.Kind.UPLOAD, key=key, headline=headline)
        document.save()
        document.capture(Capture(raw=content, content_type=content_type, fetched_at=now))
        return document

    def unfetched(self) -> Self:
        """Documents whose bytes are to be fetched."""
        return self.filter(fetch_wanted=True)

    def undigested(self) -> Self:
        """Documents whose bytes are here and not read yet."""
        return self.filter(fetch_wanted=False)

    def read(self) -> Self:
        """Documents that were digested."""
        return self.exclude(digested_at=None)


def announced_columns(announced: Announcement) -> dict[str, Any]:
    """The columns an announcement fills."""
    return {
        "url": announced.url,
        "headline": announced.headline[:500],
        "publisher": announced.publisher[:200],
        "byline": [name[:200] for name in announced.byline[:20]],
        "language": announced.language[:8],
        "published_at": announced.published_at,
    }


class Document(Recorded, Work):
    """An article, notice, upload or e-mail, with every capture of its bytes."""

    class Kind(models.TextChoices):
        """What it is."""

        ARTICLE = "ARTICLE", "Article"
        OFFICIAL_NOTICE = "OFFICIAL_NOTICE", "Official notice"
        UPLOAD = "UPLOAD", "Upload"
        E_MAIL = "E_MAIL", "E-mail"

    class Scope(models.TextChoices):
        """How much of the text we have."""

        FULL = "FULL", "Full text"
        SUMMARY = "SUMMARY", "Summary only"
        PARTIAL = "PARTIAL", "Part of the text"

    terms = Terms(window=200, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS)
    work_left = Q(fetch_wanted=True) | Q(digested_at=None)

    kind = models.CharField(max_length=16, choices=Kind, default=Kind.ARTICLE)
    key = models.CharField(max_length=2100, unique=True)
    url = models.CharField(max_length=2000, blank=True)
    source = models.ForeignKey("evidence.Source", null=True, on_delete=models.PROTECT, related_name="documents")
    publisher = models.CharField(max_length=200, blank=True)
    headline = models.CharField(max_length=500, blank=True)
    byline = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    published_at = models.DateTimeField(null=True, db_index=True)
    published_granularity = models.CharField(max_length=4, blank=True)
    published_found_by = models.CharField(max_length=20, blank=True)
    first_seen_at = models.DateTimeField(db_default=Now(), db_index=True)
    language = models.CharField(max_length=8, blank=True)
    text_scope = models.CharField(max_length=7, choices=Scope, default=Scope.FULL)
    wire_credit = models.CharField(max_length=120, blank=True)
    origin = models.ForeignKey("evidence.Origin", null=True, on_delete=models.SET_NULL, related_name="documents")
    story = models.ForeignKey("evidence.Story", null=True, on_delete=models.SET_NULL, related_name="documents")
    withdrawn_at = models.DateTimeField(null=True)
    heaviest_terms = models.JSONField(default=dict, editable=False, help_text="heaviest terms, in thousandths")
    stamp = models.CharField(max_length=64, blank=True, editable=False)
    fetch_wanted = models.BooleanField(default=False, editable=False)
    digested_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()
    # The headline is a machine's to fill in, so version 2 leaves it out.
    recorded_columns = {1: ("kind", "key", "headline"), 2: ("kind", "key")}

    class Meta:
        indexes = work_indexes("document", Q(fetch_wanted=True) | Q(digested_at=None))

    def __str__(self) -> str:
        return self.headline or self.url or self.key

    def get_absolute_url(self) -> str:
        """The document's page."""
        return reverse("document", args=[self.pk])

    @property
    def is_judged(self) -> bool:
        """Whether a person brought it in."""
        return self.kind == Document.Kind.UPLOAD

    @property
    def newest(self) -> Any:
        """The newest snapshot, or None before the first fetch."""
        return self.snapshots.order_by("-fetched_at", "-pk").first()

    @property
    def outlet(self) -> str:
        """Who published it, as far as known."""
        return self.publisher or (self.source.name if self.source else "")

    def ask_again(self, announced: Announcement) -> None:
        """Fetch the bytes (again): the announcement is new or changed."""
        columns = {name: value for name, value in announced_columns(announced).items() if value}
        self._set(fetch_wanted=True, not_before=Now(), attempts=0, dead_at=None, stamp=announced.stamp, **columns)

    def capture(self, capture: Capture, *, stamp: str = "") -> Any:
        """Keep the bytes. The same bytes again make no snapshot; other bytes supersede and are to be digested."""
        sha256 = archive.put(capture.raw)
        newest = self.newest
        if newest and newest.raw_sha256 == sha256:
            self._set(fetch_wanted=False, stamp=stamp or self.stamp)
            return newest
        snapshot = self.snapshots.create(
            fetched_at=capture.fetched_at,
            final_url=capture.final_url,
            status=capture.status,
            headers=capture.headers,
            content_type=capture.content_type[:200],
            raw_sha256=sha256,
            raw_bytes=len(capture.raw),
            supersedes=newest,
        )
        fresh = {"digested_at": None, "not_before": Now(), "attempts": 0, "dead_at": None}
        self._set(fetch_wanted=False, stamp=stamp or self.stamp, **fresh)
        return snapshot

    def answered(self, capture: Capture | None, *, asked: str) -> None:
        """Keep what a fetch brought (None: still the same bytes). It answers the announcement with the stamp it was
        asked under; one that came in meanwhile still wants its own fetch."""
        announced = self.stamp
        if capture:
            self.capture(capture)
        self._set(fetch_wanted=announced != asked)

    def _set(self, **columns: Any) -> None:
        # The columns that machines own are written alone, so that a verb's full save never meets half a lease.
        Document.objects.filter(pk=self.pk).update(**columns)
        self.refresh_from_db()


class Snapshot(models.Model):
    """One capture of a document: exact bytes by hash, and the text read from them once. Never changed afterwards."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="snapshots")
    fetched_at = models.DateTimeField()
    final_url = models.CharField(max_length=2000, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    content_type = models.CharField(max_length=200, blank=True)
    raw_sha256 = models.CharField(max_length=64, db_index=True)
    raw_bytes = models.PositiveBigIntegerField()
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(null=True)  # noqa: DJ001 - None says "not read yet", which is not the empty text
    text_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    extractor_version = models.CharField(max_length=60, blank=True)
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(supersedes=None), name="snapshot_one_first_per_document"
            ),
            models.CheckConstraint(name="snapshot_not_its_own_successor", condition=~Q(supersedes=F("id"))),
            models.CheckConstraint(
                name="snapshot_text_has_hash", condition=Q(text=None, text_sha256="") | ~Q(text_sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raw_sha256[:12]} of document {self.document_id}"

    @property
    def raw(self) -> bytes:
        """The exact bytes. Raises `archive.Damaged` when they changed on disk."""
        return archive.get(self.raw_sha256)

    def passage(self, start: int, end: int) -> str:
        """The words `text[start:end]`. Raises `NotNow` when the archived text has no such place."""
        if self.text is None or not 0 <= start < end <= len(self.text):
            raise NotNow("This passage is not in the archived text.")
        return self.text[start:end]

    def read_as(self, *, title: str, text: str, extractor_version: str) -> None:
        """Keep the text read from the bytes. The first reading stays: passages are cited by its offsets."""
        if self.text is not None:
            return
        self.title, self.text, self.extractor_version = title[:500], text, extractor_version
        self.text_sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
        self.save(update_fields=["title", "text", "text_sha256", "extractor_version"])
