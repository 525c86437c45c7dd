"""Third chapter: a direction for managed devices is decided, and a new official notice opens it again.

Public: what Australia, Texas, Taiwan, NASA and the Navy did. Invented: our agency's direction, and the notice about
the ownership with the register that gives it. No change of the vendor's ownership is known.
"""

from __future__ import annotations

import datetime
from typing import Any

from riskreview.audit.models import Entry
from riskreview.cases.models import (
    Action,
    Case,
    Condition,
    Confidence,
    Exemption,
    Following,
    Likelihood,
    Milestone,
    Publication,
    RiskArea,
    TargetKind,
)
from riskreview.evidence.models import Document, Source

from ..desk import Desk, vendor
from ..newsroom import corpus
from ..people import proof_of
from ..visit import Visitor

OWNERSHIP = "No ownership change."
HOSTED: dict[str, Any] = {
    "action": Action.PROHIBIT,
    "target_kind": TargetKind.HOSTED_SERVICE,
    "target": "App and web service",
}
WEIGHTS: dict[str, Any] = {
    "action": Action.PERMIT_WITH_CONDITIONS,
    "target_kind": TargetKind.OPEN_WEIGHTS,
    "target": "Published weights on machines of our own",
    "clause": "As long as the owner of the vendor stays the same",
}


def direct(desk: Desk, case: Case) -> None:
    """Rapid analysis, direction, signatures, publication and one exemption."""
    analyse(desk, case)
    decide(desk, case)
    publish(desk, case)


def analyse(desk: Desk, case: Case) -> None:
    """Three hours ago the trigger lay on the desk; its limits are counted in hours."""
    alice, carol = desk.cast.alice, desk.cast.carol
    case.assign(by=carol, to=alice)
    case.seat(by=carol, role="deciding_official", user=desk.cast.bob)
    Milestone.objects.record(by=alice, case=case, key="triggered", stated_at=desk.ago(hours=3))
    exhibits = desk.accept_best(case, 2)
    case.enter_stage(by=alice, stage="rapid_analysis")
    finding = case.add_finding(
        by=alice,
        risk_area=RiskArea.DATA_JURISDICTION,
        judgment="What is typed into the app on a managed device is likely to leave our control.",
        likelihood=Likelihood.LIKELY,
        confidence=Confidence.MODERATE,
        exhibits=exhibits,
        basis="Other governments gave this ground when they took the product off their devices.",
    )
    case.review_finding(by=carol, finding=finding)
    case.enter_stage(by=alice, stage="direction")
    words = "Remove the app; block the web service; the weights may be studied apart from the network."
    case.attach_output(by=alice, output="direction", document=desk.paper("Direction on managed devices", words))


def decide(desk: Desk, case: Case) -> None:
    """Two effects with days of their own, one condition that watches itself, and two people who stand behind it."""
    alice, bob = desk.cast.alice, desk.cast.bob
    common: dict[str, Any] = {"population": "Managed devices", "jurisdiction": "Our agency", "starts_on": desk.today}
    for effect in (HOSTED, WEIGHTS):
        case.draft_effect(by=alice, vendor=vendor("deepseek"), **effect, **common)
    case.draft_condition(by=alice, text=OWNERSHIP, owner=alice, watch=Condition.Watch.OWNERSHIP_CHANGED)
    rationale = "The hosted service sends what is typed abroad; weights on a machine without a network do not."
    case.submit(by=alice, disposition="BLOCK_WITH_EXEMPTIONS", rationale=rationale)
    read = case.open_decision().dossier_sha256
    case.approve(by=bob, dossier_sha256=read, confirmed=proof_of(bob))
    desk.tell(f"{case.ref} decided by alice and bob, on the condition “{OWNERSHIP}”, which watches itself")


def publish(desk: Desk, case: Case) -> None:
    """The direction is made public in the agency, one team is exempt for a year, and alice follows the case."""
    alice, carol = desk.cast.alice, desk.cast.carol
    Following.objects.follow(alice, case=case)
    case.enter_stage(by=desk.cast.bob, stage="identify_and_remove")
    Publication.objects.publish(
        by=alice, case=case, decision=case.decision, channel="Staff circular", published_on=desk.today
    )
    Exemption.objects.grant(
        by=carol,
        case=case,
        decision=case.decision,
        holder="Incident response team",
        grounds="They study how the app behaves, on devices that hold nothing else.",
        starts_on=desk.today,
        expires_on=desk.today + datetime.timedelta(days=365),
    )


def change_owner(desk: Desk, case: Case) -> None:
    """A register publishes a notice. The workers collect it, the watch looks at once, and the case is open again."""
    [notice] = corpus.load().held
    Visitor(desk.newsroom).press("/_control/publish")
    Source.objects.get(name=notice.outlet.name).collect_now(by=desk.cast.carol)
    desk.wait(lambda: "" if tripped(case) else "the new notice did not arrive, or did not open the case again")
    entry = tripped(case)
    document = Document.objects.get(pk=number_of(entry))
    desk.tell(f"new at {document.outlet}: “{document}”")
    seconds = seconds_after(entry, document)
    desk.tell(f"{case.ref} was opened again by the product {seconds:.1f} s after it had read the notice")


def tripped(case: Case) -> Any:
    """The act by which a watch opened a case again; None before."""
    return Entry.objects.about(case).filter(verb="case.trip").first()


def seconds_after(entry: Entry, document: Document) -> float:
    """How long after a document was read an act was done."""
    read_at = document.digested_at or entry.recorded_at  # what opens a case was read before
    return (entry.recorded_at - read_at).total_seconds()


def number_of(entry: Entry) -> int:
    """Which document the watch gave as its reason."""
    return int(entry.private["arguments"]["document"]["ref"].partition(":")[2])
