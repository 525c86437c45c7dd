"""The entry about an act, its private body, and the trace of where it came from (docs/audit.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.conf import settings
from django.db import connection, models, transaction

from . import channel, writing
from .recorded import Recorded
from .refusals import NotAllowed, Refusal
from .state import State, changes, digest, plain, subject_type
from .writing import Moment, Told

if TYPE_CHECKING:
    from riskreview.accounts.models import User

# One statement: three rows that belong together cost one journey to the database.
INSERT = """
WITH entry AS (
  INSERT INTO audit_entry (uuid, xact, kind, recorded_at, actor_id, verb, subject_type, subject_id, seq, request,
                           header)
  VALUES (%(uuid)s, %(xact)s::xid8, %(kind)s, %(recorded_at)s, %(actor)s, %(verb)s, %(subject_type)s, %(subject_id)s,
          %(seq)s, %(request)s, %(header)s)
  RETURNING id),
trace AS (
  INSERT INTO audit_trace (entry_id, salt, trace)
  SELECT id, %(trace_salt)s, %(trace)s FROM entry WHERE %(trace)s::bytea IS NOT NULL),
body AS (INSERT INTO audit_body (entry_id, salt, body) SELECT id, %(salt)s, %(body)s FROM entry)
SELECT id FROM entry
"""


MOMENT = "clock_timestamp(), pg_current_xact_id()::text"


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
        moment: Moment,
        arguments: dict[str, Any],
        before: State | None,
        meaning: str | None = None,
        behalf: str | None = None,
        strength: str | None = None,
    ) -> Entry:
        """Write down one act, in the transaction of the change itself. Without `before` it tells no old values."""
        after = subject.full_state()
        reason = arguments.pop("reason", "") or ""
        body = {
            "arguments": plain(arguments),
            "changes": {} if before is None else changes(before, after),
            "state": {"v": max(subject.recorded_columns), "sha256": digest(after)},
        }
        told = Told(by, "act", verb, subject, subject.entry_seq, body, reason, meaning, behalf, strength)
        return self._write(told, moment)

    def access(self, by: User, verb: str, subject: Recorded, **arguments: Any) -> Entry:
        """Write down that someone took something out: a download, an export, a restricted read."""
        return self._write(Told(by, "access", verb, subject, None, {"arguments": plain(arguments)}))

    def refuse(self, by: User, verb: str, subject: Recorded, why: str) -> Entry:
        """Write down that someone tried what a guard forbids."""
        return self._write(Told(by, "refusal", verb, subject, None, {"arguments": {}}, why))

    def remember(self, by: User, refusal: Refusal) -> None:
        """Write down, in a transaction of its own, an attempt that a guard forbade; other refusals leave no entry.

        A refused creation has no row to be about.
        """
        subject = refusal.subject
        if isinstance(refusal, NotAllowed) and isinstance(subject, Recorded) and subject.pk is not None:
            with transaction.atomic():
                self.refuse(by, refusal.verb, subject, str(refusal))

    def about(self, subject: Recorded) -> Self:
        """Every entry about one row."""
        return self.filter(subject_type=subject_type(subject), subject_id=str(subject.pk))

    def newest_first(self) -> Self:
        """The order a timeline is read in."""
        return self.order_by("-id")

    def visible_to(self, user: User) -> Self:
        """Entries this person may see: whoever may read the record may read its trail."""
        return self if user.can_read else self.none()

    def _write(self, told: Told, moment: Moment | None = None) -> Entry:
        with transaction.atomic(savepoint=False):
            written = writing.write(told, moment or now(), channel.current())
            with connection.cursor() as cursor:
                cursor.execute(INSERT, written)
                (identity,) = cursor.fetchone()
        columns = {name: written[name] for name in writing.COLUMNS}
        entry = self.model(pk=identity, actor=told.by, **columns)
        entry._state.adding, entry._state.db = False, connection.alias
        return entry


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
    verb = models.CharField(max_length=80, editable=False)
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
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="entry_timeline"),
            models.Index(fields=["verb"], name="entry_verb"),
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

    @property
    def whence(self) -> dict[str, Any]:
        """From which address and program it came, as far as known and kept."""
        trace = getattr(self, "trace", None)
        if trace is not None:
            return cast("dict[str, Any]", json.loads(bytes(trace.trace)))
        told = self.private.get("origin")
        return told if isinstance(told, dict) else {}

    def private_for(self, user: User) -> dict[str, Any]:
        """The private body as this person may see it: address and program only to oneself and to auditors."""
        told = self.private
        told.pop("origin", None)
        return told | {"origin": self.whence} if told and self._shows_whence_to(user) else told

    def is_whole_for(self, user: User) -> bool:
        """Whether this person may have the exact bytes of the body. Bodies of version 1 hold the address themselves."""
        told = self.private
        return bool(told) and (told["v"] > 1 or not told["origin"] or self._shows_whence_to(user))

    def _shows_whence_to(self, user: User) -> bool:
        return self.actor_id == user.pk or user.audits


class Body(models.Model):
    """The private part of an entry: arguments, changes, reasons, names. Erased, it leaves every proof valid."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="body")
    salt = models.BinaryField(editable=False)
    body = models.BinaryField(editable=False)

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return f"body of {self.entry_id}"


class Trace(models.Model):
    """Where an act came from: address and program, bound to the body by a commitment of its own.

    Apart from the body, because it is kept for a shorter time and shown to fewer people.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="trace")
    salt = models.BinaryField(editable=False)
    trace = models.BinaryField(editable=False)

    def __str__(self) -> str:
        return f"trace of {self.entry_id}"


def now() -> Moment:
    """The database's clock and the transaction's id, read in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {MOMENT}")
        return Moment(*cursor.fetchone())


def trusted(by: User, names: tuple[str, ...]) -> Moment:
    """Read again what a person is trusted with (the named columns), and the moment, in one statement.

    In plain SQL, because every verb does this: composing it anew costs four times as much as running it.
    """
    table, quoted = by._meta.db_table, connection.ops.quote_name
    columns = ", ".join(quoted(str(by._meta.get_field(name).column)) for name in names)  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}, {MOMENT} FROM {quoted(table)} WHERE id = %s", [by.pk])  # noqa: S608
        *values, at, xact = cursor.fetchone()
    for name, value in zip(names, values, strict=True):
        setattr(by, name, value)
    return Moment(at, xact)
