"""How many sources say so? Pure.

Documents are not counted, and neither are outlets. A claim with a known primary source (the bank whose report five
papers quote) counts once for that source, whoever prints it. A claim without one counts once for each independent text.
What is only passed on ("Harbour Wire reported") adds nothing: the outlet it was taken from has to say it itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from riskreview.enrichment import rules
from riskreview.enrichment.credits import AGENCY_OF

COUNTED = "ABC"  # NATO Admiralty (AJP-2.1): C, fairly reliable, is the least that counts
CREDIBLE = 3  # possibly true, the least that counts
_OUTLETS = frozenset(name.casefold() for name in (*AGENCY_OF, *AGENCY_OF.values(), *rules.load("origins")["outlets"]))


@dataclass(frozen=True, slots=True)
class Primary:
    """Whom a claim goes back to: one key for each source, "" where none is named. `passed_on`: it is another outlet."""

    key: str = ""
    passed_on: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A document that makes a claim. `origin` stands for its text (a document without copies for itself); reliability
    of its source and credibility are NATO Admiralty grades; `disputes` says that it contradicts."""

    document: int
    origin: str
    primary: Primary = Primary()
    reliability: str = "F"
    credibility: int = 6
    disputes: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is graded C3 or better and is more than hearsay of another outlet."""
        graded = self.reliability in COUNTED and self.credibility <= CREDIBLE
        return graded and not self.primary.passed_on

    @property
    def source(self) -> str:
        """What it counts as."""
        return self.primary.key or self.origin


@dataclass(slots=True)
class Corroboration:
    """What documents, texts and sources stand behind a claim. `supporting` and `disputing` are what counts: primary
    sources, and origins of which none is known; the sets before are all there are."""

    documents: set[int] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)
    primaries: set[str] = field(default_factory=set)
    supporting: set[str] = field(default_factory=set)
    disputing: set[str] = field(default_factory=set)

    @property
    def independent(self) -> int:
        """How many independent sources support it."""
        return len(self.supporting)

    @property
    def is_corroborated(self) -> bool:
        """Whether two or more independent sources support it and fewer dispute it."""
        return self.independent >= 2 and len(self.disputing) < self.independent

    def __str__(self) -> str:
        told = [(len(self.documents), "document"), (len(self.origins), "origin")]
        told += [(len(self.primaries), "primary source")] if self.primaries else []
        return ", ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in told)


def corroborated(reports: Iterable[Report]) -> Corroboration:
    """What stands behind one claim."""
    found = Corroboration()
    every = list(reports)
    for report in every:
        found.documents.add(report.document)
        found.origins.add(report.origin)
        if report.primary.key:
            found.primaries.add(report.primary.key)
    for disputes, counted in ((False, found.supporting), (True, found.disputing)):
        told = [report for report in every if report.counts and report.disputes == disputes]
        attributed = {report.origin for report in told if report.primary.key}
        # The same text with the attribution cut off is no second source.
        counted.update(r.source for r in told if r.primary.key or r.origin not in attributed)
    return found


def primary(kind: str, *, vendor: int | None = None, agency: str = "", name: str = "") -> Primary:
    """Whom a claim goes back to, from the source that was read with it (`kind` as in `claims.Claim`).

    People are known by their last name, so that "Roe" and "Ada Roe" are one. Anonymous sources of two texts may be the
    same person or not; nobody can tell, so the texts are counted.
    """
    called = " ".join(name.casefold().replace("’s", "").replace("'s", "").split())
    if is_outlet(called):
        return Primary(f"outlet:{called}", passed_on=True)
    if kind == "VENDOR" and vendor:
        return Primary(f"vendor:{vendor}")
    if kind == "AGENCY" and agency:
        return Primary(f"agency:{agency}")
    if kind == "PERSON" and called:
        return Primary(f"person:{called.split()[-1]}")
    return Primary(f"document:{called}") if kind == "DOCUMENT" and called else Primary()


def is_outlet(name: str) -> bool:
    """Whether a name is a news outlet's: what it reported is not its own knowledge."""
    called = name.casefold().strip()
    return called in _OUTLETS or called.removeprefix("the ") in _OUTLETS
