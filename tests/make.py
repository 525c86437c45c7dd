"""Builders that walk the real verbs: nothing here writes a judgement without its entry."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence

from django.db import transaction

from riskreview.accounts.models import User
from riskreview.cases.models import (
    Case,
    Confidence,
    Decision,
    Disposition,
    Exhibit,
    Finding,
    Flag,
    Likelihood,
    RiskArea,
    Stance,
    Suggestion,
)
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Announcement, Capture, Change, Document, Reliability, Snapshot, Source
from riskreview.incidents.models import Incident
from riskreview.vendors.models import Vendor

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


def exhibit(case: Case, *, by: User, text: str = TEXT, stance: Stance = Stance.SUPPORTS) -> Exhibit:
    """A passage put before the reviewers."""
    return case.add_exhibit(by=by, snapshot=snapshot(text), start=0, end=40, stance=stance, credibility=2)


def finding(case: Case, *, by: User, exhibits: Sequence[Exhibit] = ()) -> Finding:
    """A judgement that rests on exhibits."""
    return case.add_finding(
        by=by,
        risk_area=RiskArea.DATA_JURISDICTION,
        judgment="Prompts sent to the hosted service are likely to be stored abroad.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.MODERATE,
        exhibits=exhibits or [exhibit(case, by=by)],
    )


def correction(document: Document, text: str = TEXT.replace("a new", "an old"), **told: object) -> Change:
    """A newer capture says something else, and who cites the older one is flagged."""
    before = document.newest
    after = document.capture(Capture(raw=text.encode(), content_type="text/plain", fetched_at=WHEN_CORRECTED))
    after.read_as(title="", text=text, extractor_version="test")
    given = {"kind": "CORRECTION", "material": True, "summary": "New became old.", "before": before}
    change = Change.objects.keep(document=document, after=after, because=None, told=given | told)
    Flag.objects.raise_for(change)
    return change


def flag(exhibit: Exhibit) -> Flag:
    """An exhibit whose source changed."""
    return Flag.objects.get(exhibit=exhibit, change=correction(exhibit.document))


def submission(case: Case, *, by: User) -> Decision:
    """A recommendation that waits for its second signature."""
    return case.submit(by=by, disposition=Disposition.MONITOR, rationale="The record is thin; watch it.")


def suggestion(case: Case, document: Document | None = None, *, score: int = 79) -> Suggestion:
    """A document the machine suggests for a case."""
    held = document or make_document()
    newest = held.newest
    start = newest.text.find("The White House")
    end = len(newest.text) if start < 0 else newest.text.find(".", start) + 1
    start = max(start, 0)
    with transaction.atomic():
        Suggestion.objects.propose(
            case=case,
            snapshot=newest,
            score=score,
            band=Suggestion.Band.SUGGESTED,
            parts={"score": score, "text": {"w": 400, "v": 917}},
            reasons=["The passage and the question share: national, security, council."],
            start=start,
            end=end,
            excerpt=newest.text[start:end],
            version="match-test",
        )
    return Suggestion.objects.get(case=case, document=held)


make_document = document


def case(
    *,
    by: User,
    status: Status = Status.NEW,
    assigned_to: User | None = None,
    approver: User | None = None,
    title: str = "DeepSeek: what does its expansion mean for us?",
    **details: object,
) -> Case:
    """A case in a state, brought there by real verbs."""
    given = {
        "question": "What does the spread of DeepSeek mean for our agency?",
        "requester": "National Security Council staff",
        "vendors": [vendor(by=by)],
    }
    opened = Case.objects.open(by=by, title=title, **(given | details))
    reviewer = assigned_to or by
    for step in ROADS[status]:
        step(opened, reviewer, approver)
    return opened


def _take(case: Case, reviewer: User, approver: User | None) -> None:
    case.assign(by=reviewer, to=reviewer)


def _hold(case: Case, reviewer: User, approver: User | None) -> None:
    case.hold(by=reviewer, reason="Waiting for the vendor's answer.")


def _submit(case: Case, reviewer: User, approver: User | None) -> None:
    finding(case, by=reviewer)
    submission(case, by=reviewer)


def _approve(case: Case, reviewer: User, approver: User | None) -> None:
    assert approver is not None, "a decided case needs approver="
    case.approve(by=approver)


def _withdraw(case: Case, reviewer: User, approver: User | None) -> None:
    case.withdraw(by=reviewer, reason="The requester took the question back.")


ROADS = {
    Status.NEW: (),
    Status.IN_REVIEW: (_take,),
    Status.ON_HOLD: (_take, _hold),
    Status.AWAITING_APPROVAL: (_take, _submit),
    Status.DECIDED: (_take, _submit, _approve),
    Status.WITHDRAWN: (_take, _withdraw),
}
