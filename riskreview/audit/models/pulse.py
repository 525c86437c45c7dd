"""Heartbeats of the periodic ticks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, models
from django.db.models.functions import Now


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
