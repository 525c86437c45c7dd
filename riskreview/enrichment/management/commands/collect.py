"""`manage.py collect PATH_OR_URL…`: bring in files, pages and feeds, and say what became of them."""

from __future__ import annotations

import argparse
import datetime
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.enrichment import collecting, holding, office, pdf, pipeline
from riskreview.enrichment.decoding import NotText, decoded
from riskreview.enrichment.manners import policy
from riskreview.enrichment.sources import KINDS, NotAFeed, ParseFailed, SourceState
from riskreview.evidence.models import Announcement, Capture, Document, page_key
from riskreview.lib.hashing import sha256_hex
from riskreview.lib.http import FetchFailed, fetch

LARGEST = 25_000_000
PACKED = (pdf.PDF, office.DOCX)  # whether such a file holds text, its reader says
READABLE = ("text/html", "text/plain", "text/markdown", "application/xhtml+xml", "application/xml", "text/xml", "")


class Command(BaseCommand):
    """Collect each argument; one that fails never stops the others."""

    help = "Collect text files, HTML pages, RSS or Atom feeds, or http(s) addresses, and show what was read in them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One or more paths or addresses."""
        parser.add_argument("what", nargs="+", metavar="PATH_OR_URL")
        parser.add_argument("--later", action="store_true", help="leave the reading to the workers")

    def handle(self, *, what: list[str], later: bool, **_: Any) -> None:
        """Hold, read and report each; fail at the end if any failed."""
        failed = sum(self.bring_in(each, later=later) for each in what)
        if failed:
            raise CommandError(f"{failed} of {len(what)} could not be collected; the others were.")

    def bring_in(self, each: str, *, later: bool) -> bool:
        """Collect one argument; whether that failed."""
        try:
            documents = collect(each)
        except (FetchFailed, ParseFailed, NotText) as error:
            return self.complain(each, error.reason)
        except OSError as error:
            return self.complain(each, error.strerror or str(error))
        failed = [self.report(document, later=later) for document in documents]
        return any(failed)

    def complain(self, each: str, reason: str) -> bool:
        """Say why one could not be collected."""
        self.stderr.write(self.style.ERROR(f"{each}: {reason}"))
        return True

    def report(self, document: Document, *, later: bool) -> bool:
        """Say what a document is, and after reading it, whom it names and which cases it may matter to.

        Returns whether it could not be read; it is archived then all the same, with the reason on its row.
        """
        read = not later and document.newest is not None and read_now(document)
        if not read and document.last_error:
            return self.complain(str(document), document.last_error)
        self.stdout.write(self.style.MIGRATE_HEADING(str(document)))
        for line in findings(document) if read else ["held; the workers will read it"]:
            self.stdout.write(f"  {line}")
        return False


def collect(what: str) -> list[Document]:
    """Hold what an argument names. Raises an error with a `reason` in plain words, or `OSError`."""
    if what.startswith(("http://", "https://")):
        return collect_address(what)
    return collect_file(Path(what))


def collect_address(url: str) -> list[Document]:
    """A feed's items, or one page."""
    answer = fetch(url, policy=policy(LARGEST))
    collecting.refuse_errors(answer)
    return collect_bytes(collecting.capture(answer), url)


def collect_file(path: Path) -> list[Document]:
    """A text file, a saved page or a saved feed."""
    if path.stat().st_size > LARGEST:
        raise ParseFailed(f"The file is larger than {LARGEST:,} bytes.")
    now = datetime.datetime.now(datetime.UTC)
    kind = mimetypes.guess_type(path.name)[0] or ""
    return collect_bytes(Capture(raw=path.read_bytes(), content_type=kind, fetched_at=now), "", path.stem)


def collect_bytes(capture: Capture, url: str, name: str = "") -> list[Document]:
    """Hold bytes as a feed if they are one, else as one document that is known by its address or its hash."""
    if not capture.raw.strip():
        raise ParseFailed("There is nothing in it.")
    try:
        headers, source = {"content-type": capture.content_type}, SourceState(url)
        found = KINDS["RSS"].parse(capture.raw, headers, url=url, source=source, now=capture.fetched_at)
    except NotAFeed:
        return [hold_page(capture, url, name)]
    return [holding.hold(item) for item in found.items]


def hold_page(capture: Capture, url: str, name: str) -> Document:
    """One document. Bytes without text are refused before anything is stored."""
    if capture.content_type.partition(";")[0].strip().lower() not in PACKED:
        decoded(capture.raw, capture.content_type)
    key = page_key(url) if url else f"sha256:{sha256_hex(capture.raw)}"
    headline = "" if url else name.replace("-", " ").replace("_", " ")
    return Document.objects.hold(Announcement(key=key, url=url, headline=headline), capture=capture)


def read_now(document: Document) -> bool:
    """Read a document at once, the way a worker would; False when a worker has it already."""
    if document.digested_at:
        return True
    Document.objects.filter(pk=document.pk).update(not_before=datetime.datetime.now(datetime.UTC))
    return pipeline.digest_now(document)


def findings(document: Document) -> Iterator[str]:
    """What was read, line by line."""
    mentions = document.newest.mentions.filter(state="ACCEPTED").select_related("vendor")
    names = sorted({mention.vendor.canonical_name for mention in mentions})
    yield f"{mentions.count()} mentions: {', '.join(names) or 'no vendor on the register'}"
    suggestions = document.suggestions.select_related("case").best_first()
    for rank, suggestion in enumerate(suggestions, start=1):
        yield f"{rank}. {suggestion.case.ref} {suggestion.case.title} (score {suggestion.score})"
        yield f"   “{suggestion.excerpt}”"
        for reason in suggestion.reasons:
            yield f"   {reason}"
    if not suggestions:
        yield "suggested to no open case"
