"""The log: entries in one order, hashed into an RFC 6962 tree, and the checkpoints that were signed over it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now

from ..entries import Entry
from ..verifier import Frontier, Key


class LogQuerySet(models.QuerySet["Log"]):
    """One log per year, or more when a lost database made a new beginning necessary."""

    def in_order(self) -> Self:
        """From the first to the one that grows."""
        return self.order_by("number")

    def current(self) -> Log | None:
        """The log that grows, or None before the notary's first run."""
        return self.filter(open=True).first()

    def unsigned_since(self) -> datetime.datetime | None:
        """Since when the oldest entry waits for a place or for a signature; None when all are signed for."""
        waiting = Pending.objects.order_by("entry_id").values_list("since", flat=True).first()
        growing = self.current()
        if growing is None:
            return waiting
        unsigned = growing.leaves.filter(index__gte=growing.signed_size).order_by("index")
        placed = unsigned.values_list("entry__recorded_at", flat=True).first()
        return min((each for each in (waiting, placed) if each is not None), default=None)


class Log(models.Model):
    """One tree of entries: its size, its root, and the frontier it grows at. The notary alone writes here."""

    number = models.PositiveIntegerField(primary_key=True)
    origin = models.CharField(max_length=200, unique=True)
    year = models.PositiveSmallIntegerField()
    size = models.PositiveBigIntegerField(default=0)
    frontier = ArrayField(models.BinaryField(), default=list)
    root = models.BinaryField(default=b"")
    open = models.BooleanField(default=True)
    vkeys = ArrayField(models.TextField(), default=list)
    grown_at = models.DateTimeField(db_default=Now())
    trouble = models.TextField(blank=True, help_text="Why the signer refuses, in words; empty when it does not.")
    troubled_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = LogQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["open"], condition=Q(open=True), name="log_one_open"),
        ]

    def __str__(self) -> str:
        return self.origin

    @property
    def newest(self) -> Checkpoint | None:
        """Its newest checkpoint, or None before the first."""
        return self.checkpoints.order_by("-size").first()

    @property
    def signed_size(self) -> int:
        """How many of its entries are signed for."""
        return self.checkpoints.aggregate(signed=models.Max("size"))["signed"] or 0

    @property
    def tree(self) -> Frontier:
        """Where the tree grows."""
        return Frontier(self.size, [bytes(each) for each in self.frontier])


class PendingQuerySet(models.QuerySet["Pending"]):
    """Entries that wait."""

    def take(self, entries: Sequence[int]) -> int:
        """Take entries off the queue, in one statement; how many were there."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_pending WHERE entry_id = ANY (%s)", [list(entries)])
            return int(cursor.rowcount)


class Pending(models.Model):
    """An entry that is not in a log yet. A trigger of the entry's table adds it, the sequencer takes it."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="pending")
    since = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = PendingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "pending"

    def __str__(self) -> str:
        return f"{self.entry_id} is not in the log yet"


class LeafQuerySet(models.QuerySet["Leaf"]):
    """Places in a log."""

    def place(self, log: Log, first: int, entries: Sequence[int], hashes: Sequence[bytes]) -> None:
        """Put entries, in this order, at the places from `first` on, in one statement."""
        statement = (
            "INSERT INTO audit_leaf (entry_id, log_id, index, hash)"
            " SELECT entry, %s, %s + place - 1, hash"
            " FROM unnest(%s::bigint[], %s::bytea[]) WITH ORDINALITY AS given (entry, hash, place)"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [log.pk, first, list(entries), list(hashes)])

    def put_back(self, log: Log, size: int) -> int:
        """Undo the places from a size on: their entries wait again, and tiles that reach beyond it go."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_pending (entry_id) SELECT l.entry_id FROM audit_leaf l JOIN audit_entry e"
                " ON e.id = l.entry_id WHERE l.log_id = %s AND l.index >= %s ORDER BY l.index",
                [log.pk, size],
            )
            back = int(cursor.rowcount)
            cursor.execute("DELETE FROM audit_leaf WHERE log_id = %s AND index >= %s", [log.pk, size])
            reach = "(index + 1) * (256::numeric ^ (level + 1))"
            cursor.execute(f"DELETE FROM audit_tile WHERE log_id = %s AND {reach} > %s", [log.pk, size])  # noqa: S608
        return back


class Leaf(models.Model):
    """The place of an entry in a log. It stays when retention takes the entry, so that every proof keeps working."""

    pk = models.CompositePrimaryKey("log", "index")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="leaves")
    index = models.PositiveBigIntegerField()
    # No constraint, and null to the ORM: a leaf outlives the entry that retention takes.
    entry = models.OneToOneField(
        Entry, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="leaf"
    )
    hash = models.BinaryField()

    objects: ClassVar[Any] = LeafQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "leaves"

    def __str__(self) -> str:
        return f"leaf {self.index} of {self.log_id}"


class Tile(models.Model):
    """256 hashes of one level of the tree, in one row (C2SP tlog-tiles; only full ones are kept)."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="tiles")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "index"], name="tile_once")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index} of {self.log_id}"


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    """What was signed."""

    def newest(self) -> Checkpoint | None:
        """The newest checkpoint of the newest log, or None before the first."""
        return self.select_related("log").order_by("-log", "-size").first()


class Checkpoint(models.Model):
    """A signed statement that a log of this size has this root (C2SP tlog-checkpoint)."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.PositiveBigIntegerField()
    note = models.TextField()
    signed_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = CheckpointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["log", "size"], name="checkpoint_once"),
            models.CheckConstraint(name="checkpoint_not_empty", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.log_id} at {self.size}"

    @property
    def whole(self) -> str:
        """The note with every cosignature that came back."""
        return self.note + "".join(self.cosignatures.order_by("pk").values_list("line", flat=True))


class Cosignature(models.Model):
    """The line a witness wrote under a checkpoint (C2SP tlog-cosignature)."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosignature_once")]

    @staticmethod
    def by(key: Key) -> str:
        """How a witness is called here: its name with the id of its key, so that with a new key it signs anew."""
        return f"{key.name}+{key.id.hex()}"

    def __str__(self) -> str:
        return f"{self.witness} under {self.checkpoint_id}"
