"""What a case rests on: vendors, sources, documents and what was read in them, incidents."""

from __future__ import annotations

import datetime
import itertools

from riskreview.accounts.models import User
from riskreview.cases.models import (
    Flag,
)
from riskreview.evidence.models import (
    Announcement,
    Capture,
    Change,
    Document,
    Judgement,
    OriginJudgement,
    Reliability,
    SearchText,
    Snapshot,
    Source,
    UnknownName,
)
from riskreview.incidents.models import Incident
from riskreview.vendors.models import DuplicateJudgement, NameJudgement, Vendor, Verdict

TEXT = (
    "DeepSeek released a new model this week. "
    "The White House said that the National Security Council is looking at what its spread means. "
    "Nobody has said what the review will cover."
)
counter = itertools.count(1)
WHEN_CORRECTED = datetime.datetime(2025, 1, 29, 12, 0, tzinfo=datetime.UTC)
WHEN = datetime.datetime(2025, 1, 28, 15, 0, tzinfo=datetime.UTC)


def vendor(name: str = "DeepSeek", *, by: User, **details: object) -> Vendor:
    """A vendor on the register."""
    return Vendor.objects.filter(canonical_name=name).first() or Vendor.objects.register(
        by=by, canonical_name=name, **details
    )


def name_judgement(*, by: User, spelling: str = "zhipu-ai") -> NameJudgement:
    """What somebody said of a name on no register."""
    given = {"kind": "NAME", "spelling": spelling, "surfaces": [spelling.title()], "verdict": Verdict.UNSURE}
    return NameJudgement.objects.judge(by=by, **given)


def origin_judgement(*, by: User) -> OriginJudgement:
    """Two documents that somebody said rest on one text."""
    documents = {"document": document(), "other": document()}
    return OriginJudgement.objects.join(by=by, reason="Both name the same letter.", **documents)


def judgement(*, by: User) -> Judgement:
    """What somebody said of a name that was read."""
    found = document()
    name = found.newest.mentions.create(
        start=0, end=8, surface="DeepSeek", vendor=vendor(by=by), kind="ORG", state="ACCEPTED", score=2_000
    )
    given = {"target_kind": Judgement.Kind.MENTION, "fingerprint": name.fingerprint, "verdict": Judgement.Verdict.RIGHT}
    return Judgement.objects.judge(by=by, document=found, **given)


def duplicate_judgement(*, by: User) -> DuplicateJudgement:
    """What somebody said of two vendors that look like one."""
    pair = {"vendor": vendor(by=by), "other": vendor("DeepSeek AI", by=by)}
    return DuplicateJudgement.objects.judge(by=by, **pair, verdict=Verdict.UNSURE)


def unknown_name(
    surface: str = "Zhipu AI", spelling: str = "zhipu-ai", kind: str = "NAME", *, text: str = "", hint: object = None
) -> UnknownName:
    """A document that uses a name of no register."""
    words = text or f"On Monday {surface} released a new model."
    held, start = document(words, headline=f"News of {surface}").newest, words.index(surface)
    place = {"snapshot": held, "start": start, "end": start + len(surface), "hint": hint}
    return UnknownName.objects.create(**place, surface=surface, key=spelling, kind=kind)


def source(*, by: User, name: str = "", **details: object) -> Source:
    """A source on the register."""
    number = next(counter)
    given = {
        "name": name or f"Harbour Wire {number}",
        "url": f"https://news.example/{number}/feed",
        "kind": "RSS",
        "source_class": Source.Class.WIRE,
        "reliability": Reliability.B,
    }
    return Source.objects.register(by=by, **(given | details))


def document(text: str = TEXT, *, headline: str = "Review of DeepSeek", source: Source | None = None) -> Document:
    """A document a machine collected and read."""
    number = next(counter)
    url = f"https://news.example/{number}"
    raw = f"<html><body><p>{text}</p><!-- {number} --></body></html>".encode()
    held = Document.objects.hold(
        Announcement(key=url, url=url, headline=headline, publisher="Harbour Wire", published_at=WHEN),
        source=source,
        capture=Capture(raw=raw, content_type="text/html", fetched_at=WHEN, final_url=url, status=200),
    )
    held.newest.read_as(title=headline, text=text, extractor_version="test")
    Document.objects.filter(pk=held.pk).update(digested_at=WHEN)
    held.refresh_from_db()
    return held


def searchable(text: str = TEXT, **details: object) -> Document:
    """A document whose words can be searched."""
    held = document(text, **details)
    SearchText.objects.index(held, held.headline, text)
    return held


def snapshot(text: str = TEXT) -> Snapshot:
    """The snapshot of a fresh document."""
    return document(text).newest


def incident(*, by: User, title: str = "Accounts blocked", **details: object) -> Incident:
    """An incident on record."""
    given = {
        "kind": Incident.Kind.ALLEGATION,
        "title": title,
        "neutral_summary": "A company is said to have blocked accounts.",
        "occurred_from": datetime.date(2025, 1, 29),
    }
    return Incident.objects.report(by=by, **(given | details))


def correction(document: Document, text: str = TEXT.replace("a new", "an old"), **told: object) -> Change:
    """A newer capture says something else, and who cites the older one is flagged."""
    before = document.newest
    after = document.capture(Capture(raw=text.encode(), content_type="text/plain", fetched_at=WHEN_CORRECTED))
    after.read_as(title="", text=text, extractor_version="test")
    given = {"kind": "CORRECTION", "material": True, "summary": "New became old.", "before": before}
    change = Change.objects.keep(document=document, after=after, because=None, told=given | told)
    Flag.objects.raise_for(change)
    return change


make_document = document
PASSAGE = "It is so ordered."


def order(words: str = PASSAGE) -> Document:
    """The paper of a court in the archive."""
    return document(f"The motion is decided.\n\n{words}\n\nThe clerk of the court.")
