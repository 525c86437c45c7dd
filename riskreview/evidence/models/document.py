"""One noun for everything with bytes and provenance."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.recording import recorded, recorded_factory
from riskreview.audit.refusals import HeldAlready, NotNow
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.urls import canonical_url
from riskreview.lib.work import Terms, Work, WorkQuerySet, note, work_indexes

from .. import archive
from ..replaying import begin_again
from .leaving import Leavable
from .watched import CHECKED, Watched

ONLY_AN_EXCERPT = "The terms of its source let an excerpt be kept only, not the whole text."


@dataclass(frozen=True, slots=True)
class Capture:
    """Exact bytes, and how they were obtained.

    One that is `live` was taken just now, so it is newer than all we hold whatever the clocks of the workers say.
    """

    raw: bytes
    content_type: str
    fetched_at: datetime.datetime
    final_url: str = ""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    live: bool = False

    @property
    def is_excerpt(self) -> bool:
        """Whether it is what may be kept of a text whose terms forbid more."""
        return "retained" in self.headers


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
    fetch_url: str = ""
    kind: str = ""


class DocumentQuerySet(SeenByReaders, WorkQuerySet["Document"]):
    """Everything we hold."""

    def hold(self, announced: Announcement, *, source: Any = None, capture: Capture | None = None) -> Document:
        """Keep a document a machine came across, once per key. Without bytes it waits to be fetched."""
        with transaction.atomic():
            known = {"source": source} | announced_columns(announced)
            document, made = self.get_or_create(key=announced.key, defaults=known)
            document = self.select_for_update(no_key=True).get(pk=document.pk)
            if capture and not made and document.is_excerpt and not capture.is_excerpt:
                return document  # whoever has the whole text: the terms of its source forbid to keep it
            if capture:
                document.capture(capture, stamp=announced.stamp)
            elif made or document.stamp != announced.stamp:
                document.ask_again(announced)
            return document

    @recorded_factory(who=roles.reviewer)
    def bring(self, *, by: User, url: str, headline: str = "") -> Document:
        """Bring in an address by hand. Its bytes are fetched by a worker."""
        key = page_key(url)
        if held := self.filter(key=key).first():
            raise HeldAlready("This address is in the archive already.", held)
        return self.model(key=key, url=url[:2000], headline=headline[:500], fetch_wanted=True)

    @recorded_factory(who=roles.reviewer, omit=("content",))
    def upload(
        self,
        *,
        by: User,
        headline: str,
        content: bytes,
        content_type: str,
        now: datetime.datetime,
        publisher: str = "",
        file_name: str = "",
    ) -> Document:
        """Bring in a document by hand. Its identity is its bytes; `publisher` says where it is from. A headline that
        is only the `file_name` without its ending gives way to the title that the document states itself."""
        key = f"sha256:{sha256_hex(content)}"
        if held := self.filter(key=key).first():
            raise HeldAlready("This exact document is in the archive already.", held)
        document = self.model(kind=Document.Kind.UPLOAD, key=key, headline=headline, publisher=publisher[:200])
        document.save()
        named = {"file-name": file_name[:500]} if file_name else {}
        document.capture(Capture(raw=content, content_type=content_type, fetched_at=now, headers=named))
        return document

    @recorded_factory(who=roles.reviewer, omit=("content",))
    def push(
        self,
        *,
        by: User,
        url: str,
        headline: str,
        content: bytes,
        content_type: str,
        now: datetime.datetime,
        source: Any = None,
        publisher: str = "",
        byline: Sequence[str] = (),
        language: str = "",
        published_at: datetime.datetime | None = None,
    ) -> Document:
        """Take in a document from another system, with its bytes. A newer text of it is a `recapture`."""
        if source and not source.keeps_whole:
            raise NotNow(ONLY_AN_EXCERPT)
        announced = Announcement(page_key(url), url[:2000], headline, publisher, tuple(byline), language, published_at)
        if held := self.filter(key=announced.key).first():
            words = "This address is in the archive already. Send its newer text to the document itself."
            raise HeldAlready(words, held)
        document = self.model(key=announced.key, source=source, **announced_columns(announced))
        document.save()
        document.capture(Capture(raw=content, content_type=content_type, fetched_at=now, final_url=url[:2000]))
        return document

    def unfetched(self) -> Self:
        """Documents whose bytes are to be fetched. Bytes that are here and not read yet come first."""
        return self.filter(fetch_wanted=True).exclude(at_hand())

    def undigested(self) -> Self:
        """Documents whose bytes are here and not read yet."""
        return self.filter(Q(fetch_wanted=False) | at_hand())

    def read(self) -> Self:
        """Documents that were digested."""
        return self.exclude(digested_at=None)

    def check_again(self, wanted: Q) -> None:
        """Of the watched documents whose next look is due: ask for the bytes of those that somebody still rests on,
        as `wanted` tells, and watch the others no more."""
        idle = Q(fetch_wanted=False) | Q(dead_at__isnull=False)
        with transaction.atomic():
            # Locked, and without waiting: others hold documents in the order of their keys.
            rows = self.filter(idle, check_at__lte=Now()).select_for_update(skip_locked=True, no_key=True)
            due = self.filter(pk__in=list(rows.values_list("pk", flat=True)[:CHECKED]))
            still = list(due.filter(wanted).values_list("pk", flat=True))
            due.exclude(pk__in=still).update(check_at=None, checks=None)
            tomorrow = Now() + datetime.timedelta(days=1)  # should this look fail for good
            again: dict[str, Any] = {"fetch_wanted": True, "not_before": Now(), "attempts": 0, "dead_at": None}
            self.filter(pk__in=still).update(check_at=tomorrow, **again)


def after(newest: datetime.datetime, capture: Capture) -> datetime.datetime:
    """When a capture was taken. A live one follows what we hold: a clock that was ahead pins nothing for ever."""
    return max(capture.fetched_at, newest + datetime.timedelta(microseconds=1)) if capture.live else capture.fetched_at


def page_key(url: str) -> str:
    """The identity of a document that is known by its address."""
    return canonical_url(url)[:2100]


def at_hand() -> Q:
    """The condition that a document has bytes which nobody has read."""
    from .snapshot import Snapshot  # it speaks of this module

    return Q(digested_at=None) & Q(Exists(Snapshot.objects.filter(document=OuterRef("pk"))))


def announced_columns(announced: Announcement) -> dict[str, Any]:
    """The columns an announcement fills."""
    return {
        "url": announced.url,
        "headline": announced.headline[:500],
        "publisher": announced.publisher[:200],
        "byline": [name[:200] for name in announced.byline[:20]],
        "language": announced.language[:8],
        "published_at": announced.published_at,
        "fetch_url": announced.fetch_url,
        "kind": announced.kind or Document.Kind.ARTICLE,
    }


class Document(Leavable, Watched, Work):
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

    terms = Terms(window=200, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
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
    fetch_url = models.CharField(max_length=2000, blank=True, editable=False)
    heaviest_terms = models.JSONField(default=dict, editable=False, help_text="heaviest terms, in thousandths")
    stamp = models.CharField(max_length=64, blank=True, editable=False)
    fetch_wanted = models.BooleanField(default=False, editable=False)
    digested_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()
    # The headline is a machine's to fill in, so version 2 leaves it out.
    recorded_columns = {1: ("kind", "key", "headline"), 2: ("kind", "key")}

    class Meta:
        indexes = [
            *work_indexes("document", Q(fetch_wanted=True) | Q(digested_at=None)),
            models.Index(fields=["check_at"], name="document_check", condition=Q(check_at__isnull=False)),
            models.Index(fields=["dead_at"], name="document_dead", condition=Q(dead_at__isnull=False)),
        ]

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
        """The newest snapshot by the time of its capture, or None before the first fetch."""
        return self.snapshots.order_by("-fetched_at", "-pk").first()

    @property
    def passed_over(self) -> Any:
        """The oldest capture that nobody has read and that is not the newest, or None."""
        newest = self.newest
        unread = self.snapshots.filter(text=None).order_by("fetched_at", "pk")
        return unread.exclude(pk=newest.pk).first() if newest else None

    @property
    def last_held(self) -> int:
        """The number of the capture that came last, from wherever; 0 before the first."""
        number: int | None = self.snapshots.order_by("-pk").values_list("pk", flat=True).first()
        return number or 0

    @property
    def outlet(self) -> str:
        """Who published it, as far as known."""
        return self.publisher or (self.source.name if self.source else "")

    @property
    def is_excerpt(self) -> bool:
        """Whether only an excerpt of it may be kept."""
        return bool(self.source and not self.source.keeps_whole)

    @property
    def from_where(self) -> str:
        """The address its bytes are fetched from."""
        return self.fetch_url or self.url

    def ask_again(self, announced: Announcement) -> None:
        """Fetch the bytes (again): the announcement is new or changed."""
        columns = {name: value for name, value in announced_columns(announced).items() if value and name != "kind"}
        self._set(fetch_wanted=True, not_before=Now(), attempts=0, dead_at=None, stamp=announced.stamp, **columns)

    def capture(self, capture: Capture, *, stamp: str = "") -> Any:
        """Keep the bytes. The same bytes again make no snapshot; other bytes follow what we held, and are to be read.

        A capture from an archive may be older than what we hold: it joins the row, and the newest stays the newest.
        """
        snapshot, columns = self._kept(capture)
        self._set(stamp=stamp or self.stamp, **columns)
        return snapshot

    def _kept(self, capture: Capture) -> tuple[Any, dict[str, Any]]:
        """The snapshot of a capture, old or new, and the columns that tell of it."""
        sha256 = archive.put(capture.raw)
        last = self.snapshots.order_by("-pk").first()
        newest = self.newest if last else None
        at = after(newest.fetched_at, capture) if newest else capture.fetched_at
        if newest and (newest.raw_sha256 == sha256 or self._holds(newest, sha256, at)):
            return newest, {"fetch_wanted": False, "dead_at": None}
        snapshot = self.snapshots.create(
            fetched_at=at,
            final_url=capture.final_url,
            status=capture.status,
            headers=capture.headers,
            content_type=capture.content_type[:200],
            raw_sha256=sha256,
            raw_bytes=len(capture.raw),
            supersedes=last,
        )
        fresh = {"digested_at": None, "not_before": Now(), "attempts": 0, "dead_at": None}
        return snapshot, {"fetch_wanted": False, **fresh}

    def _holds(self, newest: Any, sha256: str, at: datetime.datetime) -> bool:
        """Whether a capture from an archive is here already: the same bytes of the same earlier moment."""
        return at < newest.fetched_at and bool(self.snapshots.filter(raw_sha256=sha256, fetched_at=at).exists())

    def answered(self, capture: Capture | None, *, asked: str) -> None:
        """Keep what a fetch brought (None: still the same bytes). It answers the announcement with the stamp it was
        asked under; one that came in meanwhile still wants its own fetch."""
        _, columns = self._kept(capture) if capture else (None, {})
        told = {"fetch_wanted": self.stamp != asked, "missing_since": None, "withdrawn_at": None}
        self._set(**(columns | told | self._checked()))

    @recorded(who=roles.reviewer, omit=("content",))
    def recapture(self, *, by: User, content: bytes, content_type: str, now: datetime.datetime) -> None:
        """Take in a newer text of the document from another system, as a snapshot beside the ones we hold."""
        if self.is_excerpt:
            raise NotNow(ONLY_AN_EXCERPT)
        self.capture(Capture(raw=content, content_type=content_type, fetched_at=now, final_url=self.url, live=True))

    @recorded(who=roles.reviewer)
    def retry(self, *, by: User) -> None:
        """Work on it again, after it was given up."""
        begin_again(self)

    def _set(self, **columns: Any) -> None:
        # The columns that machines own are written alone, so that a verb's full save never meets half a lease.
        note(self, **columns)
