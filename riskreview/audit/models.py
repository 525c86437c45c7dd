"""The recorded row, the entry about it, and its private body (docs/audit.md)."""

from __future__ import annotations

import datetime
import json
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now

from . import canonical, channel
from .refusals import Stale
from .state import State, Stateful, changes, digest, plain, subject_type, utc, with_parts

if TYPE_CHECKING:
    from riskreview.accounts.models import User

HEADER_LIMIT, BODY_LIMIT = 4_096, 256 * 1024


class Recorded(Stateful):
    """A row with verbs. `entry_seq` counts the entries about it, and so is its version."""

    entry_seq = models.PositiveIntegerField(default=0, editable=False)

    label_is_public: ClassVar[bool] = False
    recorded_parts: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """What the row is called, for the private body (or the header, where the label is public)."""
        return str(self)

    def lock(self, *, seen: int | None = None) -> None:
        """Re-read the row under a lock. Raises `Stale` when it changed after the caller saw it."""
        rows = type(self)._base_manager.select_for_update(no_key=True)
        self.refresh_from_db(from_queryset=rows)
        if seen is not None and seen != self.entry_seq:
            raise Stale("This has changed since you opened it.")

    def full_state(self) -> State:
        """What the row and the rows it owns say now."""
        return with_parts(self.own_state(), (part for name in self.recorded_parts for part in self._owned(name)))

    def _owned(self, name: str) -> list[Stateful]:
        if not self.pk:
            return []
        rows = getattr(self, name)
        many = [field.name for field in rows.model._meta.many_to_many]
        return list(rows.order_by("pk").prefetch_related(*many))


class XidField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's 64-bit transaction id."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """xid8 as text: it does not fit a signed 64-bit integer."""
        return None if value is None else str(value)


class EntryQuerySet(models.QuerySet["Entry"]):
    """The audit trail."""

    def add(
        self,
        by: User,
        verb: str,
        subject: Recorded,
        *,
        arguments: dict[str, Any],
        before: State,
        meaning: str | None = None,
    ) -> Entry:
        """Write down one act, in the transaction of the change itself."""
        after = subject.full_state()
        reason = arguments.pop("reason", "") or ""
        body = {
            "arguments": plain(arguments),
            "changes": changes(before, after),
            "state": {"v": max(subject.recorded_columns), "sha256": digest(after)},
        }
        return self._write(Told(by, "act", verb, subject, subject.entry_seq, body, reason, meaning))

    def access(self, by: User, verb: str, subject: Recorded, **arguments: Any) -> Entry:
        """Write down that someone took something out: a download, an export, a restricted read."""
        return self._write(Told(by, "access", verb, subject, None, {"arguments": plain(arguments)}))

    def refuse(self, by: User, verb: str, subject: Recorded, why: str) -> Entry:
        """Write down that someone tried what a guard forbids."""
        return self._write(Told(by, "refusal", verb, subject, None, {"arguments": {}}, why))

    def about(self, subject: Recorded) -> Self:
        """Every entry about one row."""
        return self.filter(subject_type=subject_type(subject), subject_id=str(subject.pk))

    def newest_first(self) -> Self:
        """The order a timeline is read in."""
        return self.order_by("-id")

    def visible_to(self, user: User) -> Self:
        """Entries this person may see: whoever may read the record may read its trail."""
        return self if user.can_read else self.none()

    @transaction.atomic
    def _write(self, told: Told) -> Entry:
        road, identity, salt = channel.current(), uuid.uuid4(), secrets.token_bytes(32)
        recorded_at, xact = clock_and_transaction()
        private = told.private(road)
        commitment = canonical.commitment(identity.bytes, salt, private)
        header = told.header(road) | {
            "id": str(identity),
            "recorded_at": utc(recorded_at),
            "tx": xact,
            "body": commitment,
        }
        entry = self.create(
            uuid=identity,
            xact=xact,
            recorded_at=recorded_at,
            request=road.request,
            header=within(HEADER_LIMIT, canonical.encode(header)),
            **told.columns(),
        )
        Body(entry=entry, salt=salt, body=private).save(force_insert=True)
        return entry


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says, before it is written down: who did what to which row, and the private rest."""

    by: User
    kind: str
    verb: str
    subject: Recorded
    seq: int | None
    body: dict[str, Any]
    reason: str = ""
    meaning: str | None = None

    def private(self, road: channel.Channel) -> bytes:
        """The private body, canonical. Raises `ValueError` when it is too large."""
        common = {"v": 1, "label": self.subject.label, "reason": self.reason, "origin": road.private()}
        return within(BODY_LIMIT, canonical.encode(self.body | common))

    def header(self, road: channel.Channel) -> dict[str, Any]:
        """The public header, but for what is known only at the moment of writing."""
        return {
            "v": 1,
            "kind": self.kind,
            "actor": str(self.by.pk),
            "behalf": None,
            "token": str(road.token) if road.token else None,
            "via": road.via,
            "request": str(road.request) if road.request else None,
            "verb": self.verb,
            "subject": {
                "type": subject_type(self.subject),
                "id": str(self.subject.pk),
                "seq": self.seq,
                "label": self.subject.label if self.subject.label_is_public else None,
            },
            "reason": bool(self.reason),
            "meaning": self.meaning,
            "strength": None,
        }

    def columns(self) -> dict[str, Any]:
        """The columns an entry is looked up by."""
        return {
            "kind": self.kind,
            "actor": self.by,
            "verb": self.verb,
            "subject_type": subject_type(self.subject),
            "subject_id": str(self.subject.pk),
            "seq": self.seq,
        }


def within(limit: int, data: bytes) -> bytes:
    """The bytes, if there are not too many. Raises `ValueError`."""
    if len(data) > limit:
        raise ValueError(f"this act is too large for one audit entry: {len(data):,} of at most {limit:,} bytes")
    return data


def clock_and_transaction() -> tuple[datetime.datetime, str]:
    """The database's clock and the transaction's id, read in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), pg_current_xact_id()::text")
        row = cursor.fetchone()
    return row[0], row[1]


class Entry(models.Model):
    """One act, access or refusal: a public header, bound to a private body by a salted commitment."""

    class Kind(models.TextChoices):
        """What an entry is about."""

        ACT = "act", "Act"
        ACCESS = "access", "Access"
        REFUSAL = "refusal", "Refusal"

    uuid = models.UUIDField(unique=True, editable=False)
    xact = XidField(db_index=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, editable=False)
    recorded_at = models.DateTimeField(db_index=True, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    verb = models.CharField(max_length=80, db_index=True, editable=False)
    subject_type = models.CharField(max_length=40, editable=False)
    subject_id = models.CharField(max_length=40, editable=False)
    seq = models.PositiveIntegerField(null=True, editable=False)
    request = models.UUIDField(null=True, editable=False)
    header = models.BinaryField(editable=False)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "seq"], name="entry_seq_once"),
            models.CheckConstraint(
                name="entry_act_has_seq",
                condition=models.Q(kind="act", seq__isnull=False) | (~models.Q(kind="act") & models.Q(seq=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb}"

    @property
    def public(self) -> dict[str, Any]:
        """The header, read."""
        return cast("dict[str, Any]", json.loads(bytes(self.header)))

    @property
    def private(self) -> dict[str, Any]:
        """The private body, read; empty once it was erased."""
        body = getattr(self, "body", None)
        return cast("dict[str, Any]", json.loads(bytes(body.body))) if body else {}

    def private_for(self, user: User) -> dict[str, Any]:
        """The private body as this person may see it: address and program only to oneself and to auditors."""
        told = self.private
        if self.actor_id != user.pk and not user.audits:
            told.pop("origin", None)
        return told


class Body(models.Model):
    """The private part of an entry: arguments, changes, reasons, names. Erased, it leaves every proof valid."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="body")
    salt = models.BinaryField(editable=False)
    body = models.BinaryField(editable=False)

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return f"body of {self.entry_id}"


class PulseQuerySet(models.QuerySet["Pulse"]):
    """The heartbeats of the sweeps."""

    def beat(self, name: str, seconds: float) -> bool:
        """Whether this tick is the first of its slot: late, doubled and repeated messages get False."""
        statement = (
            "INSERT INTO audit_pulse AS p (name, slot, at) VALUES"
            " (%s, floor(extract(epoch FROM clock_timestamp()) / %s)::bigint, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET slot = excluded.slot, at = excluded.at"
            " WHERE p.slot < excluded.slot RETURNING slot"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [name, seconds])
            return cursor.fetchone() is not None


class Pulse(models.Model):
    """One row per periodic tick, so that two beats are harmless and the health page sees a silent one."""

    name = models.CharField(max_length=80, primary_key=True)
    slot = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = PulseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
