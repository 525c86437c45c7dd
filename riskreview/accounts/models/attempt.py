"""How often something was tried of late: counters that all processes share, because they are rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F

KEPT = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Refused:
    """A try that is one too many: how long until the next one counts, and whether it is the first that was refused."""

    wait: datetime.timedelta
    is_first: bool


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Counters by key."""

    def take(self, key: str, *, most: int, window: datetime.timedelta, now: datetime.datetime) -> Refused | None:
        """Count one more try, before it is known how it ends: of many at once, only so many get through.

        None while there were fewer than `most` since the window began, which it does with the first try.
        """
        with transaction.atomic():
            row, made = self.select_for_update().get_or_create(key=key, defaults={"since": now, "tries": 0})
            if now - row.since >= window:
                row.since, row.tries = now, 0
            row.tries += 1
            row.save()
        if made:
            self.filter(since__lt=now - KEPT).delete()
        if row.tries <= most:
            return None
        return Refused(row.since + window - now, is_first=row.tries == most + 1)

    def give_back(self, key: str) -> None:
        """Take one try back: it ended well."""
        self.filter(key=key, tries__gt=0).update(tries=F("tries") - 1)

    def forget(self, key: str) -> None:
        """Count from nothing again."""
        self.filter(key=key).delete()


class Attempt(models.Model):
    """How often something was tried since a moment. The key is a digest: neither names nor addresses are kept."""

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = AttemptQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.tries} since {self.since:%H:%M}"
