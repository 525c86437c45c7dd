"""Dry runs: what a source would bring in, shown and not held."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from riskreview.evidence.models import Document, Trial
from riskreview.lib.work import Running

from . import folders
from .collecting import ask, kind_of, refuse_errors
from .credentials import secret
from .reading import parsed
from .sources import Brought, Item, SourceState

SHOWN = 25
SUMMARY_MAX = 300


@dataclass(frozen=True, slots=True)
class Preview:
    """One item as a dry run shows it; `known` says that its document is in the archive already."""

    title: str
    url: str
    published: str
    summary: str
    known: bool


def carry_out(work: Running[Trial]) -> None:
    """Try a source under the trial's lease, and keep what it would bring."""
    brought = try_out(work.row)
    work.finish(
        lambda row, result: None,
        None,
        done_at=Now(),
        count=len(brought.items),
        items=[asdict(each) for each in previews(brought)],
        refused=[each[:300] for each in brought.refused[:20]],
    )


def try_out(trial: Trial) -> Brought:
    """Ask once, and read the answer. Raises `FetchFailed` or `ParseFailed`, both with a reason for staff."""
    kind = kind_of(trial)
    state = SourceState(trial.url, config=trial.config, secret=secret(trial.credential, trial.url, kind.ABOUT))
    if kind.ABOUT.road == "FOLDER":
        waiting = list(folders.waiting(trial.url))
        return Brought(tuple(Item(address, "", title=address.rpartition("/")[2]) for address in waiting))
    asked = kind.request(state, now=timezone.now())
    answer = ask(asked, kind.ABOUT, heed_robots=True)
    refuse_errors(answer)
    return parsed(kind, answer.body, answer.headers, url=answer.final_url, source=state)


def previews(brought: Brought) -> list[Preview]:
    """The first items, as they are shown."""
    items = brought.items[:SHOWN]
    known = set(Document.objects.filter(key__in=[item.key for item in items]).values_list("key", flat=True))
    return [preview(item, item.key in known) for item in items]


def preview(item: Item, known: bool) -> Preview:
    """One item, shortened."""
    published: Any = item.published.isoformat() if item.published else ""
    summary = " ".join((item.summary or item.text).split())[:SUMMARY_MAX]
    return Preview(item.title[:300] or item.key[:300], item.url, published, summary, known)
