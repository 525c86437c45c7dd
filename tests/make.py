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
    MatchWeights,
    RiskArea,
    Stance,
    Suggestion,
)
from riskreview.cases.workflow import Status
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


def weights(**fitted: object) -> MatchWeights:
    """Weights that a machine fitted."""
    numbers = {"text_weight": 450, "vendor_weight": 250, "signal_weight": 300, "intercept": -4_000, "slope": 9_000}
    told = {"verdicts": 240, "accepted": 120, "brier": 140, "shipped_brier": 160}
    bins = [[100 * place, 100 * place + 100, 24, 100 * place + 50, 100 * place + 50] for place in range(10)]
    return MatchWeights.objects.propose(**(numbers | told | {"reliability": bins} | fitted))


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
