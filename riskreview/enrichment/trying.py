"""Dry runs: what a source would bring in, shown and not held."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from riskreview.evidence.models import Document, Trial
from riskreview.lib.work import Running

from . import folders
from .collecting import ask, kind_of, refuse_errors
from .credentials import secret
from .reading import parsed, read_file, told_of
from .sources import Brought, Item, ParseFailed, SourceState, mail

SHOWN = 25
SUMMARY_MAX = 300
LOOK_SECONDS = 20.0


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
        refused=[each[:300] for each in (*filter(None, [told_of(brought)]), *brought.refused)][:20],
    )


def try_out(trial: Trial) -> Brought:
    """Ask once, and read the answer. Raises `FetchFailed` or `ParseFailed`, both with a reason for staff."""
    kind = kind_of(trial)
    state = SourceState(trial.url, config=trial.config, secret=secret(trial.credential, trial.url, kind.ABOUT))
    if kind.ABOUT.road == "FOLDER":
        return looked_into(list(folders.waiting(trial.url)), state, trial.kind)
    asked = kind.request(state, now=timezone.now())
    answer = ask(asked, kind.ABOUT, heed_robots=True)
    refuse_errors(answer)
    return parsed(kind, answer.body, answer.headers, url=answer.final_url, source=state)


def looked_into(addresses: list[str], state: SourceState, kind: str) -> Brought:
    """What waits in a folder: the first messages by subject and sender, everything else by the name of its file."""
    until = time.monotonic() + LOOK_SECONDS
    items, refused = [], []
    for number, address in enumerate(addresses):
        is_read = kind == mail.ABOUT.key and number < SHOWN and time.monotonic() < until
        try:
            items.append(letter(address, state, kind) if is_read else named(address))
        except ParseFailed as error:
            refused.append(f"{named(address).title}: {error.reason}")
    return Brought(tuple(items), refused=tuple(refused))


def letter(address: str, state: SourceState, kind: str) -> Item:
    """The message in a file, told in a line. Raises `ParseFailed`."""
    first, *along = read_file(address, state, kind).items
    sender = f"From {first.publisher}" if first.publisher else "It names no sender"
    more = f", with {len(along)} more to come in with it" if along else ""
    return replace(first, url=address, summary=f"{sender}, in {named(address).title}{more}.")


def named(address: str) -> Item:
    """A file of which only the name is told."""
    return Item(address, "", title=address.rpartition("/")[2])


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
