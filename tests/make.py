"""Builders that walk the real verbs: nothing here writes a judgement without its entry."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from riskreview.accounts.confirming import Confirmation
from riskreview.accounts.models import Delegation, Team, User
from riskreview.accounts.roles import Role
from riskreview.audit.state import digest
from riskreview.cases import playbook as playbooks
from riskreview.cases.models import (
    Allegation,
    Batch,
    Case,
    Clock,
    Closure,
    Comment,
    Condition,
    Confidence,
    Consultation,
    Decision,
    Disposition,
    Effect,
    Exemption,
    Exhibit,
    Finding,
    Flag,
    Likelihood,
    Link,
    MatchWeights,
    Milestone,
    Playbook,
    Publication,
    Release,
    RiskArea,
    Sheet,
    Stance,
    Submission,
    Suggestion,
    Task,
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
    approval(case, by=approver)


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


def confirmed(by: User, ago: datetime.timedelta = datetime.timedelta()) -> Confirmation:
    """What a face makes of the right password."""
    return Confirmation(by.pk, datetime.datetime.now(datetime.UTC) - ago, "password")


def pen(case: Case, by: User) -> dict[str, Any]:
    """What an approver signs with: the digest of what waits (or waited last), and who they are."""
    newest = case.decisions.order_by("-number").first()
    return {"dossier_sha256": newest.dossier_sha256 if newest else "0" * 64, "confirmed": confirmed(by)}


def approval(case: Case, *, by: User, **given: Any) -> Decision:
    """A signature under what waits."""
    return case.approve(by=by, **(pen(case, by) | given))


def task(case: Case, *, by: User, title: str = "Ask the vendor", **details: object) -> Task:
    """Something to do for a case."""
    return Task.objects.add(by=by, case=case, title=title, **details)


def comment(case: Case, *, by: User, text: str = "Look at the second source.") -> Comment:
    """A note to colleagues on a case."""
    return Comment.objects.write(by=by, case=case, text=text)


def link(case: Case, *, by: User, kind: str = "RELATED") -> Link:
    """A link from a case to a fresh one."""
    return Link.objects.draw(by=by, case=case, to=make_case(by=by, title="A related question"), kind=kind)


def team(*, by: User, name: str = "Chips", members: Sequence[User] = ()) -> Team:
    """People who share an inbox."""
    return Team.objects.set_up(by=by, slug=name.lower(), name=name, members=list(members))


def batch(cases: Sequence[Case], *, by: User) -> Batch:
    """One label for many cases, waiting for the worker."""
    versions = [case.entry_seq for case in cases]
    return Batch.objects.begin(by=by, act="LABEL", cases=list(cases), versions=versions, labels=["chips"])


make_case = case


def claim(case: Case, *, by: User, **told: object) -> Allegation:
    """A claim on the board of a case."""
    said = {"text": "Outputs of a model were used in training.", "speaker": "OpenAI", "as_of": WHEN.date()}
    return Allegation.objects.enter(by=by, case=case, **(said | told))


def at_stage(case: Case, stage: str, *, by: User) -> None:
    """Put a case at a stage of its playbook past what the stages before ask for: they have tests of their own."""
    case.stages.filter(left_at=None).update(left_at=WHEN)
    case.stages.create(number=case.next_number("stages"), key=stage, entered_by=by)


def decided_by_playbook(*, by: User, approver: User) -> Case:
    """A case of the internal review, decided."""
    decided = make_case(by=by, playbook="internal_review", status=Status.IN_REVIEW)
    decided.enter_stage(by=by, stage="review")
    finding(decided, by=by)
    decided.enter_stage(by=by, stage="decision")
    decided.submit(by=by, disposition="NO_ACTION", rationale="Nothing to do.")
    approval(decided, by=approver)
    return decided


def effect(case: Case, *, by: User, **details: object) -> Effect:
    """What a decision is to do."""
    given = {
        "action": "PROHIBIT",
        "target_kind": "HOSTED_SERVICE",
        "target": "chat.deepseek.com",
        "population": "Federal agencies",
        "jurisdiction": "United States",
        "vendor": vendor(by=by),
    }
    return case.draft_effect(by=by, **(given | details))


def condition(case: Case, *, by: User, **details: object) -> Condition:
    """What a decision is to ask for."""
    return case.draft_condition(by=by, **({"text": "The ownership stays as it is."} | details))


def decided_with(
    case: Case, *, by: User, approver: User, effects: Sequence[dict] = (), conditions: Sequence[dict] = ()
) -> Decision:
    """A case in review is decided, with these effects and conditions."""
    for each in effects:
        effect(case, by=by, **each)
    for each in conditions:
        condition(case, by=by, **each)
    finding(case, by=by)
    submission(case, by=by)
    return approval(case, by=approver)


def publication(case: Case, *, by: User, on: datetime.date, **details: object) -> Publication:
    """The decision of a case is made public."""
    given = {"decision": case.decision, "channel": "Federal Register", "published_on": on}
    return Publication.objects.publish(by=by, case=case, **(given | details))


def sheet(case: Case, *, by: User, name: str = "supplier-1") -> Sheet:
    """A checklist or a questionnaire of a case, begun."""
    return Sheet.objects.begin(by=by, case=case, name=name)


def full_sheet(case: Case, name: str, *, by: User) -> Sheet:
    """A checklist of the playbook, gone through."""
    begun = sheet(case, by=by, name=name)
    begun.receive(by=by, answers=[{"key": each.key, "answer": "yes"} for each in begun.asked.question])
    return begun


def consultation(case: Case, *, by: User, **details: object) -> Consultation:
    """A body that a case of the transaction review asked to concur."""
    given = {"key": "final", "consultee": "Department of State", "sent_at": WHEN}
    return Consultation.objects.send(by=by, case=case, **(given | details))


def heard(case: Case, *, by: User, **details: object) -> Submission:
    """What the party of a case of the transaction review submitted."""
    given = {"key": "party_response", "received_at": WHEN, "kinds": ["argument"], "summary": "We do not agree."}
    return Submission.objects.receive(by=by, case=case, party=vendor(by=by), **(given | details))


def delegation(*, by: User, to: User | None = None, days: int = 0) -> Delegation:
    """Somebody signs in the place of an approver, from today on."""
    today = datetime.datetime.now(datetime.UTC).date()
    other = to or User.objects.invite(
        by=User.objects.system(), email=f"stand-in-{next(counter)}@example.org", name="Stand-in", roles=[Role.APPROVER]
    )
    until = today + datetime.timedelta(days=days)
    return Delegation.objects.delegate(by=by, to=other, starts_on=today, ends_on=until, reason="On leave.")


def before_sealing(decision: Decision) -> Decision:
    """A recommendation as it was before dossiers were sealed: its digest is over what it stood for then."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_dossier DISABLE TRIGGER kept")
        cursor.execute("DELETE FROM cases_dossier WHERE decision_id = %s", [decision.pk])
        cursor.execute("ALTER TABLE cases_dossier ENABLE TRIGGER kept")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    Decision.objects.filter(pk=decision.pk).update(dossier_sha256=digest(decision.old_dossier()))
    decision.refresh_from_db()
    return decision


def milestone(case: Case, *, by: User, on: str = "2025-01-28") -> Milestone:
    """The tasking of a case that follows the interagency policy review."""
    day, proof = datetime.date.fromisoformat(on), document()
    return Milestone.objects.record(by=by, case=case, key="tasked", stated_on=day, document=proof)


def clock(case: Case, *, by: User, key: str = "terms") -> Clock:
    """A limit that the tasking started."""
    milestone(case, by=by)
    return case.clocks.get(key=key)


def closure(*, by: User, day: str = "2025-01-09") -> Closure:
    """A day on which federal offices were closed."""
    told = {"calendar": "us-federal", "day": datetime.date.fromisoformat(day), "why": "A day of mourning."}
    return Closure.objects.announce(by=by, **told)


def guide(case: Case, playbook: str, stage: str, *, by: User) -> None:
    """Let a case follow a playbook from some stage on, whatever state it is in."""
    taken = Playbook.objects.frozen(playbooks.newest()[playbook])
    Case.objects.filter(pk=case.pk).update(playbook=taken)
    case.refresh_from_db()
    at_stage(case, stage, by=by)


def exemption(*, by: User, approver: User, lead: User) -> Exemption:
    """Somebody to whom the decision of a fresh case does not apply."""
    found = make_case(by=by, status=Status.DECIDED, approver=approver)
    days = {"starts_on": datetime.date(2025, 3, 1), "expires_on": datetime.date(2026, 2, 28)}
    given = {"decision": found.decision, "holder": "The incident response team", "grounds": "They study it."}
    return Exemption.objects.grant(by=lead, case=found, **given, **days)


def release(*, by: User, approver: User, issued: bool = False) -> Release:
    """A version of a decided case's decision for other eyes."""
    decided = case(by=by, status=Status.DECIDED, approver=approver, title="What may others read?")
    prepared = Release.objects.prepare(by=by, case=decided, decision=decided.decision, audience="The vendor")
    prepared.redact(by=by, path="exhibit.1.note", ground="Not asked for")
    if issued:
        prepared.issue(by=approver)
    return prepared
