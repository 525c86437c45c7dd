"""Numbers without gaps or races: RR-2025-0001, RR-2025-0002, …"""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr


def next_reference(rows: models.QuerySet[Any], prefix: str, *, digits: int) -> str:
    """The next free reference with this prefix, e.g. `RR-2025-0001`. Call it inside the transaction that uses it.

    The advisory lock is held until that transaction ends, so a rolled-back row leaves no gap and two rows no tie.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [prefix])
    number = Cast(Substr("ref", len(prefix) + 1), IntegerField())
    last = rows.filter(ref__startswith=prefix).aggregate(last=Max(number))["last"] or 0
    return f"{prefix}{last + 1:0{digits}d}"
