"""Looking again at what somebody rests on: when, how often, and when an address counts as gone."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Now

CHECKED = 200  # so many watched documents are asked for again in one sweep
CHECKS = (  # how long after it was cited, and after each later check, a document is looked at again
    datetime.timedelta(hours=1),
    datetime.timedelta(hours=5),
    datetime.timedelta(hours=18),
    datetime.timedelta(days=2),
    datetime.timedelta(days=4),
    datetime.timedelta(days=23),
    datetime.timedelta(days=30),
)
MISSING_FOR = datetime.timedelta(hours=6)  # so long an address must give nothing before the document counts as gone


def next_check(checks: int) -> datetime.timedelta:
    """How long to wait before the next look at a cited document: an hour, then longer each time, at last a month."""
    return CHECKS[min(checks, len(CHECKS) - 1)]


class Watched(models.Model):
    """An address that is looked at again while somebody rests on what it said: `check_at` the next look, `checks` how
    many there were (None: nobody does), `missing_since` since when it gives nothing."""

    check_at = models.DateTimeField(null=True, editable=False)
    checks = models.PositiveSmallIntegerField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    missing_since = models.DateTimeField(null=True, editable=False)

    if TYPE_CHECKING:
        url: models.CharField[str, str]
        withdrawn_at: models.DateTimeField[Any, Any]

        @property
        def is_excerpt(self) -> bool: ...

        def _set(self, **columns: Any) -> None: ...

    class Meta:
        abstract = True

    def watch(self) -> None:
        """Look at the address again from time to time: somebody rests on what it said. Watching twice is fine.

        A text of which only an excerpt may be kept is not fetched again.
        """
        if self.url and self.checks is None and not self.is_excerpt:
            self._set(check_at=Now() + next_check(0), checks=0)

    def missed(self, now: datetime.datetime) -> bool:
        """Note that the address gives nothing (any more). Whether the document counts as gone by now: it does when
        the address gave nothing for six hours, so that a mishap of an hour is none."""
        since = self.missing_since or now
        gone = self.withdrawn_at is None and now - since >= MISSING_FOR
        columns = self._checked() if gone or self.withdrawn_at else {"check_at": now + MISSING_FOR}
        self._set(fetch_wanted=False, missing_since=since, withdrawn_at=now if gone else self.withdrawn_at, **columns)
        return gone

    def look_no_more(self) -> None:
        """Neither fetch it nor look at its address again: its terms forbid it."""
        self._set(fetch_wanted=False, check_at=None, checks=None)

    def _checked(self) -> dict[str, Any]:
        """The columns after a look at the address: when the next is due, if anybody rests on it."""
        if self.checks is None:
            return {"checked_at": Now()}
        return {"checked_at": Now(), "checks": self.checks + 1, "check_at": Now() + next_check(self.checks + 1)}
