"""The claims board of a case, worked out: who says what of each claim now, and how many sources stand behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Prefetch

from riskreview.cases.models import Allegation, Case, Says, Stand
from riskreview.cases.models.allegation import SILENCE

from .corroboration import Corroboration, Primary, Report, corroborated
from .standing import sources_in

FACTS = (Says.COURT_FINDING, Says.OFFICIAL_FINDING, Says.CONFIRMED_BY_VENDOR)
FOR = (Says.ALLEGED, Says.PARTLY_ADMITTED, *FACTS)
TAKEN_BACK = (Says.WITHDRAWN, Says.RETRACTED)


class Support(models.TextChoices):
    """How well a claim is supported, by independent sources graded C3 or better."""

    CORROBORATED = "CORROBORATED", "Corroborated"
    SINGLE_SOURCE = "SINGLE_SOURCE", "Single source"
    DISPUTED = "DISPUTED", "Disputed"
    UNVERIFIED = "UNVERIFIED", "Unverified"
    TAKEN_BACK = "TAKEN_BACK", "Taken back"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim with the newest stand of each speaker, the vendor's own apart, and what its exhibits count for."""

    claim: Allegation
    speakers: Sequence[Stand]
    vendor: Stand | None
    earlier: int
    counted: Corroboration

    @property
    def every(self) -> list[Stand]:
        """The newest stand of everybody."""
        return [*self.speakers, *([self.vendor] if self.vendor else [])]

    @property
    def standing(self) -> Says:
        """How far it got: alleged, however often it is repeated, until one of the three findings or admissions."""
        said = {stand.says for stand in self.every}
        return next((each for each in FACTS if each in said), Says.ALLEGED)

    @property
    def is_fact(self) -> bool:
        """Whether it is more than alleged."""
        return self.standing in FACTS

    @property
    def support(self) -> Support:
        """Corroborated: two or more independent sources, and fewer dispute it."""
        against, favour = len(self.counted.disputing), self.counted.independent
        if self.speakers and all(stand.says in TAKEN_BACK for stand in self.speakers):
            return Support.TAKEN_BACK
        if against and against >= favour:
            return Support.DISPUTED
        if favour >= 2:
            return Support.CORROBORATED
        return Support.SINGLE_SOURCE if favour else Support.UNVERIFIED


def of_case(case: Case) -> list[Claimed]:
    """The board of a case, in the order of its claims, in a constant number of queries."""
    stands = Stand.objects.select_related("exhibit__document__source").order_by("as_of", "recorded_at", "pk")
    rows = case.allegations.select_related("vendor").prefetch_related(Prefetch("stands", stands))
    claims = list(rows.order_by("number"))
    exhibits = {each.exhibit_id: each.exhibit for claim in claims for each in claim.stands.all() if each.exhibit}
    named = sources_in([each for each in exhibits.values() if each.stands])
    return [claimed(claim, list(claim.stands.all()), named) for claim in claims]


def claimed(claim: Allegation, stands: Sequence[Stand], named: Mapping[int, set[Primary]]) -> Claimed:
    """One claim from all stands on it in order of time, and the sources that its exhibits' passages go back to."""
    newest: dict[str, Stand] = {}
    for stand in stands:
        key = "" if of_vendor(claim, stand) else stand.speaker.casefold()
        newest.pop(key, None)
        newest[key] = stand
    counted = corroborated(report for stand in newest.values() for report in reports(stand, named))
    vendor = newest.pop("", None)
    earlier = len(stands) - len(newest) - bool(vendor)
    return Claimed(claim, list(newest.values()), vendor, earlier, counted)


def of_vendor(claim: Allegation, stand: Stand) -> bool:
    """Whether a stand is the vendor's own, or about its silence."""
    name = claim.vendor.canonical_name.casefold() if claim.vendor else None
    own = (*SILENCE, Says.CONFIRMED_BY_VENDOR)
    return stand.says in own or stand.speaker.casefold() == name


def reports(stand: Stand, named: Mapping[int, set[Primary]]) -> list[Report]:
    """What a stand counts for: the texts behind its exhibit, for the claim or against it."""
    exhibit: Any = stand.exhibit
    if exhibit is None or exhibit.withdrawn_at or stand.says not in (*FOR, Says.DENIED):
        return []
    source = exhibit.document.source
    grade = (source.reliability if source else "F", exhibit.credibility)
    return [
        Report(exhibit.document_id, exhibit.text_key, each, *grade, disputes=stand.says == Says.DENIED)
        for each in (named.get(exhibit.pk) or {Primary()})
    ]
