"""How a source is walked through in several requests, and where the walk stands in the cursor.

A cursor may be damaged, or an older version's: whatever cannot be made sense of counts as not there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from riskreview.enrichment.sources.reading import epoch, whole
from riskreview.enrichment.sources.shapes import PAGES_MAX

# A walk that was broken off by a page nobody can get must not hold the source up for ever.
_BROKEN_OFF = timedelta(days=1)


def broken_off(cursor: Mapping[str, Any], now: datetime) -> bool:
    """Whether the next page was due over a day ago and never came: then the walk starts again at its beginning."""
    at = epoch(cursor.get("at"))
    return at is not None and now - at > _BROKEN_OFF


@dataclass(frozen=True, slots=True)
class Backwards:
    """A walk from the newest item back to `after`: by page, and where pages end too early, by time.

    Times are seconds since 1970. `before` is where the pages of this stretch begin, 0 for now; `page` counts from 0;
    `pages` are those of this round; `newest` is the newest time met, from which the next walk goes back to here.
    """

    after: int
    before: int = 0
    page: int = 0
    pages: int = 0
    newest: int = 0

    @classmethod
    def resumed(cls, cursor: Mapping[str, Any], now: datetime, *, first: timedelta) -> "Backwards":
        """The walk as the cursor left it; a source without one is walked back by `first`."""
        left = epoch(cursor.get("after"))
        after = seconds(min(left, now) if left else now - first)
        if broken_off(cursor, now):
            return cls(after)
        return cls(after, *(whole(cursor.get(name)) for name in ("before", "page", "pages", "newest")))

    def onward(
        self, times: Iterable[datetime | None], now: datetime, *, last: bool, rest: bool
    ) -> tuple[dict[str, int], bool, str]:
        """The next cursor, whether to go on at once, and what could not be had, in words.

        `times` are those of the items of this page, `last` says that there are no more pages, `rest` that there are
        older items all the same. A time in the future is not believed: it would hide everything up to it.
        """
        stamps = [seconds(at) for at in times if at and at <= now]
        newest = max(stamps, default=0)
        here = replace(self, newest=max(self.newest, newest), pages=self.pages + 1)
        if not last:
            return here._further(replace(here, page=self.page + 1), now)
        if not rest:
            return {"after": max(self.after, here.newest)}, False, ""
        oldest, through = min(stamps, default=0), {"after": max(self.after, here.newest)}
        if not stamps or (self.before and oldest >= self.before):
            return through, False, "There is more than the service gives, and it could not be had."
        if oldest <= self.after:
            return through, False, ""
        return here._further(replace(here, before=oldest, page=0), now)

    def _further(self, there: "Backwards", now: datetime) -> tuple[dict[str, int], bool, str]:
        more = self.pages < PAGES_MAX
        cursor = {"after": there.after, "before": there.before, "page": there.page, "newest": there.newest}
        # Without a time the walk has paused of its own accord, and may do so for as long as the source likes.
        return cursor | ({"pages": there.pages, "at": seconds(now)} if more else {}), more, ""


@dataclass(frozen=True, slots=True)
class Windows:
    """A walk forwards through windows of time, the oldest first: one that holds too much is halved.

    `until` is up to where everything is through; `waiting` are the windows to come, the first being the current one,
    whose next page is `page`, from 1. Numbers are days or seconds, as the service counts.
    """

    until: int
    waiting: tuple[tuple[int, int], ...] = ()
    page: int = 1
    pages: int = 0

    @classmethod
    def resumed(cls, cursor: Mapping[str, Any], *, least: int, most: int) -> "Windows":
        """The walk as the cursor left it; `until` is 0 for a source without one. Numbers outside of `least` and `most`
        are no times of this service."""
        waiting = cursor.get("windows")
        pairs = [each for each in waiting if _is_window(each, least, most)] if isinstance(waiting, list) else []
        until, page = whole(cursor.get("until")), whole(cursor.get("page"), 1) if pairs else 1
        return cls(
            until if least <= until <= most else 0,
            tuple((start, end) for start, end in pairs),
            max(1, page),
            whole(cursor.get("pages")),
        )

    def to_next_page(self, window: tuple[int, int]) -> tuple[dict[str, Any], bool]:
        """On to the next page of the window."""
        return self._onward(self.until, [window, *self.waiting[1:]], self.page + 1)

    def to_next_window(self, window: tuple[int, int]) -> tuple[dict[str, Any], bool]:
        """The window is through."""
        return self._onward(window[1], list(self.waiting[1:]), 1)

    def to_halves(self, first: tuple[int, int], second: tuple[int, int]) -> tuple[dict[str, Any], bool]:
        """The window held too much."""
        return self._onward(self.until, [first, second, *self.waiting[1:]], 1)

    def _onward(self, until: int, waiting: list[tuple[int, int]], page: int) -> tuple[dict[str, Any], bool]:
        pages = self.pages + 1
        more = bool(waiting) and pages < PAGES_MAX
        cursor = {"until": until, "windows": [list(each) for each in waiting], "page": page}
        return cursor | ({"pages": pages} if more else {}), more


def _is_window(value: object, least: int, most: int) -> bool:
    match value:
        case [int(start), int(end)]:
            return least <= start <= end <= most
    return False


def seconds(at: datetime) -> int:
    """A time in seconds since 1970."""
    return int(at.timestamp())


def written(stamp: int, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """Seconds since 1970 as services write a time in UTC."""
    return datetime.fromtimestamp(stamp, tz=UTC).strftime(form)
