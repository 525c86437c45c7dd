"""The evidence of a case as a web archive that other people's tools read: every capture of every cited document."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri

from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.audit.state import plain
from riskreview.evidence.archive import Damaged
from riskreview.evidence.models import Document, Snapshot
from riskreview.lib import webarchive
from riskreview.lib.webarchive import Record

from .models import Case, Exhibit

log = logging.getLogger(__name__)
FIELDS, JSON, TEXT = "application/warc-fields", "application/json", "text/plain; charset=utf-8"
ABOUT = (
    "The evidence of {ref}: every capture of every document that an exhibit cites. Bodies are kept inflated, with the"
    " HTTP headers that were kept. A conversion record holds the text that passages are cited from, by Unicode code"
    " points; the metadata record of a document says what is known of it."
)


class Evidence:
    """The evidence of a case, record by record. `missing` fills with what the archive could not give, in words."""

    def __init__(self, case: Case) -> None:
        self.case, self.missing, self.info = case, list[str](), ""
        rows = case.exhibits.select_related("document__source", "snapshot").defer("snapshot__text")
        by_document = sorted(rows.order_by("number"), key=attrgetter("document_id"))
        self.exhibits = {pk: list(each) for pk, each in groupby(by_document, key=attrgetter("document_id"))}
        self.cited = {exhibit.snapshot_id for exhibit in by_document}
        captures = Snapshot.objects.filter(document__in=self.exhibits).defer("text")
        self.captures = list(captures.order_by("document_id", "fetched_at", "pk"))

    def taken(self, *, by: User) -> Iterator[bytes]:
        """The file in pieces, on record as taken by this person.

        Raises `Unreachable`; before anything is on record when the archive cannot even give the first capture.
        """
        records = iter(self)
        begun = list(islice(records, 2))
        Entry.objects.access(by, "case.export_evidence", self.case, documents=len(self.exhibits))
        return (record.packed for record in chain(begun, records))

    def __iter__(self) -> Iterator[Record]:
        """Every record: what this is, then one document after the other. Holds one capture at a time."""
        yield self._warcinfo()
        for pk, rows in groupby(self.captures, key=attrgetter("document_id")):
            yield from self._document(self.exhibits[pk], list(rows))

    def _warcinfo(self) -> Record:
        """What this file is. Its time is that of the newest capture in it: the same evidence makes the same file."""
        told = {
            "software": f"riskreview/{settings.VERSION}",
            "format": f"WARC File Format {webarchive.VERSION}",
            "conformsTo": webarchive.CONFORMS_TO,
            "isPartOf": self.case.ref,
            "description": ABOUT.format(ref=self.case.ref),
        }
        at = max((capture.fetched_at for capture in self.captures), default=self.case.opened_at)
        info = webarchive.record("warcinfo", webarchive.fields(told), at=at, content_type=FIELDS)
        self.info = info.id
        return info

    def _document(self, exhibits: list[Exhibit], captures: list[Snapshot]) -> Iterator[Record]:
        document, told = exhibits[0].document, list[dict[str, Any]]()
        for capture in captures:
            record, problem = self._capture(document, capture)
            yield record
            told.append(described(capture) | {"record": record.id} | ({"problem": problem} if problem else {}))
            if capture.pk in self.cited:
                yield self._text(document, capture, record)
        known = about(document) | {"captures": told, "exhibits": [quoted(exhibit) for exhibit in exhibits]}
        yield self._metadata(document, captures[-1], known)

    def _capture(self, document: Document, capture: Snapshot) -> tuple[Record, str]:
        """The bytes of a capture, or a record that says why they are not there, with the same in words."""
        try:
            body = capture.raw
        except (FileNotFoundError, Damaged) as error:
            problem = str(error) if isinstance(error, Damaged) else "The archive does not hold these bytes any more."
            self._miss(f"{document}, captured {plain(capture.fetched_at)}: {problem}")
            return self._metadata(document, capture, described(capture) | {"problem": problem}), problem
        if capture.status is None:
            return self._record("resource", document, capture, body, kind_of(capture)), ""
        headers = {"content-type": kind_of(capture)} | capture.headers
        http = webarchive.http_head(capture.status, headers, length=len(body))
        return self._record("response", document, capture, body, webarchive.RESPONSE, http=http), ""

    def _miss(self, told: str) -> None:
        log.warning("evidence of %s: %s", self.case.ref, told)
        self.missing.append(told)

    def _text(self, document: Document, capture: Snapshot, source: Record) -> Record:
        text = Snapshot.objects.values_list("text", flat=True).get(pk=capture.pk) or ""  # not kept on the capture
        return self._record("conversion", document, capture, text.encode(), TEXT, refers_to=source.id)

    def _metadata(self, document: Document, capture: Snapshot, known: dict[str, Any]) -> Record:
        body = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace")
        return self._record("metadata", document, capture, body, JSON)

    def _record(
        self, kind: str, document: Document, capture: Snapshot, body: bytes, content_type: str, **also: Any
    ) -> Record:
        uri, at = address(document, capture), capture.fetched_at
        return webarchive.record(
            kind, body, uri=uri, at=at, content_type=content_type, warcinfo=self.info, seed=document.key, **also
        )


def address(document: Document, capture: Snapshot) -> str:
    """Where a capture was taken; what has no address is named by its bytes."""
    return iri_to_uri(capture.final_url or document.url) or f"urn:sha256:{capture.raw_sha256}"


def kind_of(capture: Snapshot) -> str:
    """The content type a capture came with."""
    return webarchive.plain(capture.content_type) or "application/octet-stream"


def about(document: Document) -> dict[str, Any]:
    """What is known of a document."""
    source = document.source
    told = {
        "key": document.key,
        "kind": document.kind,
        "url": document.url,
        "headline": document.headline,
        "publisher": document.publisher,
        "byline": document.byline,
        "published_at": document.published_at,
        "language": document.language,
        "first_seen_at": document.first_seen_at,
        "withdrawn_at": document.withdrawn_at,
        "source": source and {"name": source.name, "class": source.source_class, "reliability": source.reliability},
    }
    return {name: plain(value) for name, value in told.items()}


def described(capture: Snapshot) -> dict[str, Any]:
    """A capture without its bytes."""
    told = {"fetched_at": plain(capture.fetched_at), "sha256": capture.raw_sha256, "bytes": capture.raw_bytes}
    return told | {"status": capture.status, "headers": capture.headers, "text_sha256": capture.text_sha256}


def quoted(exhibit: Exhibit) -> dict[str, Any]:
    """The passage of an exhibit: `text[start:end]` in Unicode code points, in the text of that hash."""
    return {
        "exhibit": exhibit.ref,
        "sha256": exhibit.snapshot.raw_sha256,
        "text_sha256": exhibit.snapshot.text_sha256,
        "start": exhibit.start,
        "end": exhibit.end,
        "passage": exhibit.passage,
        "stance": exhibit.stance,
        "grade": exhibit.grade,
    }
