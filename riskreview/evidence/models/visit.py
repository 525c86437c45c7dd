"""What a source answered: a row of its own, because reading hostile bytes is other work than fetching them."""

from __future__ import annotations

import datetime
import zlib
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Now, TruncDate

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.accounts.seeing import SeenByReaders
from riskreview.audit.recording import recorded
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.work import Terms, Work, WorkQuerySet, note, work_indexes

from ..replaying import begin_again
from .leaving import Leavable
from .visited import GAPS_SEEN

FORGOTTEN = 5_000  # so many old visits are dropped at once


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request to a source brought back: exact bytes after inflation, and where they came from.

    `url` is what was asked, without secrets; `question` tells which address and settings it answers.
    """

    url: str
    body: bytes
    final_url: str = ""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    question: str = ""


class VisitQuerySet(SeenByReaders, WorkQuerySet["Visit"]):
    """Answers, read and unread."""

    def note(self, source: Any, answer: Answer) -> Visit:
        """Keep an answer until it is read."""
        return self.create(
            source=source,
            url=answer.url,
            final_url=answer.final_url,
            status=answer.status,
            headers=answer.headers,
            sha256=sha256_hex(answer.body),
            size=len(answer.body),
            packed=zlib.compress(answer.body, 1),
        )

    def overtake(self) -> None:
        """Drop the answers that nobody has read: the question was changed. Whoever reads one loses the lease."""
        said = "The source was amended before this was read."
        self.filter(read_at=None).update(read_at=Now(), reason=said, packed=None, lease=None, lease_until=None)

    def note_failure(self, source: Any, url: str, reason: str) -> Visit:
        """Keep that a visit brought nothing, and why."""
        return self.create(source=source, url=url, reason=reason[:500], read_at=Now())

    def newest(self) -> Visit | None:
        """The last answer that brought bytes."""
        return self.exclude(sha256="").order_by("-pk").defer("packed").first()

    def fruitful(self) -> Self:
        """Visits that brought something new."""
        return self.filter(new_items__gt=0)

    def forget(self) -> None:
        """Drop visits that were read long ago (`VISITS_KEPT_DAYS`), a portion at a time. What could not be read stays,
        and so does what somebody asked to have read again, and what still tells how often its source brings something
        and whether it answers the same again."""
        earlier = self.filter(at__lt=Now() - datetime.timedelta(days=settings.VISITS_KEPT_DAYS))
        read = earlier.filter(read_at__isnull=False, dead_at=None, packed=None, entry_seq=0)
        later = Visit.objects.filter(source=OuterRef("source"), pk__gt=OuterRef("pk"))
        telling = later.fruitful().order_by("pk")[GAPS_SEEN : GAPS_SEEN + 1]
        spent = read.filter(Q(new_items=0) | Exists(telling), Q(sha256="") | Exists(later.exclude(sha256="")))
        self.filter(pk__in=list(spent.order_by("pk").values_list("pk", flat=True)[:FORGOTTEN])).delete()

    def per_day(self, since: datetime.date) -> dict[datetime.date, int]:
        """How many new items came on each day (UTC) from a day on; days without any are left out."""
        rows = self.fruitful().filter(at__date__gte=since).annotate(day=TruncDate("at")).values("day")
        return dict(rows.annotate(brought=Sum("new_items")).order_by("day").values_list("day", "brought"))


class Visit(Leavable, Work):
    """One answer of a source, or one failure to get any. The bytes go once they are read; those that could not be
    read stay."""

    terms = Terms(window=50, offer=settings.OFFER_SECONDS, run=settings.RUN_SECONDS, rest=settings.BACKOFF_SECONDS)
    work_left = Q(read_at=None)

    source = models.ForeignKey("evidence.Source", on_delete=models.CASCADE, related_name="visits")
    at = models.DateTimeField(db_default=Now())
    url = models.CharField(max_length=2000, blank=True)
    final_url = models.CharField(max_length=2000, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    packed = models.BinaryField(null=True)
    read_at = models.DateTimeField(null=True)
    items = models.PositiveIntegerField(default=0)
    new_items = models.PositiveIntegerField(default=0)
    refused = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = VisitQuerySet.as_manager()
    recorded_columns = {1: ("source", "at")}

    class Meta:
        indexes = [
            *work_indexes("visit", Q(read_at=None)),
            models.Index(fields=["source", "-at"], name="visit_of_source"),
            models.Index(fields=["dead_at"], name="visit_dead", condition=Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"answer of {self.at:%d %b %Y, %H:%M} UTC"

    @property
    def is_judged(self) -> bool:
        """Machines make visits; people only ask to have one read again."""
        return False

    @property
    def body(self) -> bytes:
        """The bytes; empty once they are read."""
        return zlib.decompress(bytes(self.packed)) if self.packed is not None else b""

    @property
    def is_overtaken(self) -> bool:
        """Whether a newer answer of its source was read already: where the source stands is no longer this one's to
        say. Sure for whoever holds the source's row."""
        newer = self.source.visits.filter(pk__gt=self.pk, reason="", read_at__isnull=False)
        return bool(newer.exclude(sha256="").exists())

    def read(self, *, items: int, new_items: int, refused: tuple[str, ...] = (), reason: str = "") -> None:
        """Note what was in it. The bytes are needed no more, unless some items could not be read."""
        self._set(
            read_at=Now(),
            items=items,
            new_items=new_items,
            refused=[each[:300] for each in refused[:20]],
            reason=reason[:500],
            **self._bytes(keep=bool(refused)),
        )

    def unreadable(self, reason: str, *, keep: bool = True) -> None:
        """Note that it cannot be read, and why."""
        self._set(read_at=Now(), reason=reason[:500], **self._bytes(keep=keep))

    def _bytes(self, *, keep: bool) -> dict[str, Any]:
        """The column that lets the bytes go: unless they are of use, and the source's terms let them be kept."""
        return {} if keep and self.source.keeps_whole else {"packed": None}

    @recorded(who=roles.reviewer)
    def retry(self, *, by: User) -> None:
        """Read the kept bytes again, after they were given up."""
        begin_again(self)

    def _set(self, **columns: Any) -> None:
        note(self, **columns)
