"""How many sources say so? Pure.

Documents are not counted, and neither are outlets. A claim with a known primary source (the bank whose report five
papers quote) counts once for that source, whoever prints it. A claim without one counts once for each independent text.
What is only passed on ("Harbour Wire reported") adds nothing: the outlet it was taken from has to say it itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from riskreview.enrichment import rules
from riskreview.enrichment.credits import AGENCY_OF

COUNTED = "ABC"  # NATO Admiralty (AJP-2.1): C, fairly reliable, is the least that counts
CREDIBLE = 3  # possibly true, the least that counts
_POSSESSIVE = re.compile(r"[’']s\b")
_TITLE = re.compile(
    r"(?i)(?:mr|mrs|ms|mx|dr|prof|professor|sir|dame|sen|senator|rep|president|minister|judge|[a-z])\.?"
)
_ABOUT_A_PERSON = re.compile(r",| (?:of|from|at|for|who|in) ")
_OUTLETS = frozenset(name.casefold() for name in (*AGENCY_OF, *AGENCY_OF.values(), *rules.load("origins")["outlets"]))


@dataclass(frozen=True, slots=True)
class Primary:
    """Whom a claim goes back to: one key for each source, "" where none is named. `passed_on`: it is another outlet.
    `called` is the name by which the source is shown."""

    key: str = ""
    passed_on: bool = False
    called: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Report:
    """A document that makes a claim. `origin` stands for its text (a document without copies for itself); reliability
    of its source and credibility are NATO Admiralty grades; `disputes` says that it contradicts, `is_context` that it
    does neither and only tells what surrounds it."""

    document: int
    origin: str
    primary: Primary = Primary()
    reliability: str = "F"
    credibility: int = 6
    disputes: bool = False
    is_context: bool = False

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
    sources, and origins of which none is known, as are those in `context`, which support and dispute nothing; the sets
    before are all there are. `passed_on` are outlets whose
    reports are only repeated. `names` tells what the sources are called."""

    documents: set[int] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)
    primaries: set[str] = field(default_factory=set)
    passed_on: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    supporting: set[str] = field(default_factory=set)
    disputing: set[str] = field(default_factory=set)
    context: set[str] = field(default_factory=set)

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
    known = same_people(report.primary for report in every)
    every = [replace(report, primary=known.get(report.primary.key, report.primary)) for report in every]
    for report in every:
        found.documents.add(report.document)
        found.origins.add(report.origin)
        if source := report.primary.key:
            (found.passed_on if report.primary.passed_on else found.primaries).add(source)
            found.names[source] = max(
                found.names.get(source, ""), report.primary.called or source, key=lambda told: (len(told), told)
            )
    around = [report for report in every if report.counts and report.is_context]
    told = [report for report in every if report.counts and not report.is_context]
    found.supporting = sources(report for report in told if not report.disputes)
    found.disputing = sources(report for report in told if report.disputes)
    found.context = sources(around) - found.supporting - found.disputing
    return found


def sources(reports: Iterable[Report]) -> set[str]:
    """What reports count as. The same text with the attribution cut off is no second source."""
    told = list(reports)
    attributed = {report.origin for report in told if report.primary.key}
    return {report.source for report in told if report.primary.key or report.origin not in attributed}


def primary(kind: str, *, vendor: int | None = None, agency: str = "", name: str = "", called: str = "") -> Primary:
    """Whom a claim goes back to, from the source that was read with it (`kind` as in `claims.Claim`).

    `called` is how a vendor or public body is shown. Anonymous sources of two texts may be the same person or not;
    nobody can tell, so the texts are counted.
    """
    told = " ".join(_POSSESSIVE.sub("", name).split())
    plain = told.casefold()
    if is_outlet(plain):
        return Primary(f"outlet:{plain}", passed_on=True, called=told)
    if kind == "VENDOR" and vendor:
        return Primary(f"vendor:{vendor}", called=called or told)
    if kind == "AGENCY" and agency:
        return Primary(f"agency:{agency}", called=called or agency)
    if kind == "PERSON" and (person := _person(told)):
        return Primary(f"person:{person}", called=told)
    return Primary(f"document:{plain}", called=told) if kind == "DOCUMENT" and plain else Primary()


def _person(name: str) -> str:
    """A person's first and last name, or the last one alone, without title, initials and what is said of the person."""
    words = [word for word in _ABOUT_A_PERSON.split(name, maxsplit=1)[0].split() if not _TITLE.fullmatch(word)]
    names = [word for word in words if word[:1].isupper()] or words
    return " ".join(dict.fromkeys(word.casefold() for word in (names[0], names[-1]))) if names else ""


def same_people(sources: Iterable[Primary]) -> Mapping[str, Primary]:
    """For people called by their last name alone the one who is named in full, by key: "Roe" is "Ada Roe", who may not
    be "Tom Roe". Where two share the name it is one of them, the first in the alphabet."""
    people = {source.key: source for source in sources if source.key.startswith("person:")}
    in_full: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(people):
        if " " in key:
            in_full["person:" + key.rpartition(" ")[2]].append(key)
    return {short: people[in_full[short][0]] for short in people if short in in_full}


def is_outlet(name: str) -> bool:
    """Whether a name is a news outlet's: what it reported is not its own knowledge."""
    called = name.casefold().strip()
    return called in _OUTLETS or called.removeprefix("the ") in _OUTLETS
