"""The desk that works through the story: who sits there, on which day, and how it waits for the workers."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from riskreview.accounts.models import User
from riskreview.cases.models import Case, Credibility, Exhibit, Stance
from riskreview.evidence.models import Document
from riskreview.vendors.models import Vendor

from .people import Cast

Tell = Callable[[str], None]
LOOK_SECONDS = 0.25
PROBABLE: dict[str, Any] = {"stance": Stance.SUPPORTS, "credibility": Credibility.PROBABLY_TRUE}
INVENTED = "Written for the riskreview demonstration. The desk and this paper are invented."


class Unfinished(Exception):
    """The workers did not get through in time; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works, on which day, where the newsroom is, and how many seconds the workers get for a step."""

    cast: Cast
    newsroom: str
    now: datetime.datetime
    tell: Tell
    patience: float

    @property
    def today(self) -> datetime.date:
        """The day on which the story is told, in UTC."""
        return self.now.date()

    def ago(self, **span: float) -> datetime.datetime:
        """A moment before the story is told, such as `hours=3`."""
        return self.now - datetime.timedelta(**span)

    def wait(self, missing: Callable[[], str]) -> None:
        """Wait until nothing is missing any more. Raises `Unfinished` with what still is."""
        until = time.monotonic() + self.patience
        while words := missing():
            if time.monotonic() > until:
                raise Unfinished(f"after {self.patience:.0f} s {words}")
            time.sleep(LOOK_SECONDS)

    def paper(self, title: str, text: str) -> Document:
        """A paper that alice wrote for the case, in the archive. It says that it is made up."""
        words = f"{title}\n\n{text}\n\n{INVENTED}\n"
        made: Document = Document.objects.upload(
            by=self.cast.alice,
            headline=title,
            content=words.encode(),
            content_type="text/plain; charset=utf-8",
            now=self.now,
            publisher="The desk (invented)",
        )
        return made

    def accept_best(self, case: Case, count: int) -> list[Exhibit]:
        """Alice accepts the best suggestions of a case. Raises `Unfinished` where nothing was suggested."""
        best = list(case.suggestions.waiting().best_first()[:count])
        if not best:
            raise Unfinished(f"nothing was suggested to {case.ref}")
        return [each.accept(by=self.cast.alice, **PROBABLE) for each in best]

    def quote(self, case: Case, address: str, words: str) -> Exhibit:
        """Alice puts the sentence that holds these words before the reviewers. `address` is how the page's ends."""
        return quoted(case, self.cast.alice, address, words)


def quoted(case: Case, by: User, address: str, words: str) -> Exhibit:
    """A sentence of a collected page as an exhibit of a case."""
    snapshot = Document.objects.get(url__endswith=address).newest
    start, end = sentence(snapshot.text, words)
    exhibit: Exhibit = case.add_exhibit(by=by, snapshot=snapshot, start=start, end=end, **PROBABLE)
    return exhibit


def sentence(text: str, words: str) -> tuple[int, int]:
    """From where to where the sentence goes that holds these words."""
    found = text.index(words)
    start = max(text.rfind("\n", 0, found), text.rfind(". ", 0, found) + 1) + 1
    return start, text.find(".", found + len(words) - 1) + 1 or len(text)


def vendor(slug: str) -> Vendor:
    """A vendor of the register."""
    found: Vendor = Vendor.objects.get(slug=slug)
    return found
