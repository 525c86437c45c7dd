"""Documents and cases made ready for comparison, once each: as vectors, with every passage that may be shown. Pure."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from riskreview.enrichment import agencies, rules
from riskreview.enrichment.categories import CATEGORIES
from riskreview.enrichment.found import Found
from riskreview.enrichment.linking import read_names
from riskreview.enrichment.linking import salience as salience_of
from riskreview.enrichment.signals import Signal, signals
from riskreview.enrichment.vectors import Background, Vector, spellings, tokens, unit, vector
from riskreview.lib.spelled import Spellings
from riskreview.lib.text import sentences
from riskreview.vendors.matching import Gazetteer

Span = tuple[int, int]

_LIKENESS = rules.load("relevance")["likeness"]
_LEAD_TERMS: int = _LIKENESS["lead_terms"]
_SENTENCES_MAX: int = _LIKENESS["sentences"]
_STATEMENT_END = re.compile("[.!?…。！？][\"'’”»)]{0,2}$")
_CASES_KEPT = 4_096
_AS_GOOD = 1e-9  # what rounding may add to one of two equal sums


@dataclass(frozen=True, slots=True)
class CaseProfile:
    """What is known about a case: its question in words, its vendors, the kinds of risk it asks about.

    `categories` are keys of signals.CATEGORIES; others are ignored. `evidence` are texts already accepted for the case,
    `terms` the heaviest terms of such texts in thousandths, where those were kept.
    """

    id: Any
    title: str
    summary: str
    vendors: frozenset[int]
    categories: frozenset[str] = frozenset()
    evidence: tuple[str, ...] = ()
    terms: tuple[tuple[tuple[str, int], ...], ...] = ()

    @property
    def question(self) -> str:
        """Title and summary as prose."""
        return f"{self.title}. {self.summary}"


@dataclass(frozen=True, slots=True)
class PreparedCase:
    """A case as vectors: its question, and every side from which a document may be like it, each with its curve.

    `bodies` are the public bodies that the question names, `written` how it spells its terms.
    """

    profile: CaseProfile
    question: Vector
    sides: tuple[tuple[str, Vector], ...]
    categories: frozenset[str]
    bodies: frozenset[str]
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Passages:
    """Every one or two neighbouring sentences of a text that can be cited, to be found by their terms."""

    spans: Sequence[Span]
    places: Mapping[str, Sequence[tuple[int, float]]] = field(repr=False)
    heaviest: Vector = field(repr=False)

    def best(self, side: Vector) -> tuple[int, int, float]:
        """The span most like a side, and how like; of equals the first."""
        if not self.spans:
            return 0, 0, 0.0
        likeness: defaultdict[int, float] = defaultdict(float, {0: 0.0})
        for term, given in side.items():  # in this order: sums of fractions depend on it
            for place, weight in self.places.get(term, ()):
                likeness[place] += weight * given
        most = max(likeness.values()) - _AS_GOOD
        place = min(place for place, each in likeness.items() if each >= most)
        return *self.spans[place], likeness[place]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document prepared once for comparison with many cases. Make it with `read`.

    `bodies` are the public bodies named in the sentence of each signal, by the sentence.
    """

    title: str
    text: str
    salience: Mapping[int, int]
    sentences: Sequence[Span]
    signals: Sequence[Signal]
    bodies: Mapping[int, frozenset[str]]
    document: Vector
    lead: Vector
    passages: Passages = field(repr=False)


def read(
    title: str,
    text: str,
    found: Sequence[Found],
    background: Background,
    *,
    title_found: Sequence[Found] = (),
    spans: Sequence[Span] | None = None,
    spoken: Sequence[Signal] | None = None,
) -> Reading:
    """Prepares a document: vectors of the whole, of its start and of every one or two neighbouring sentences.

    `found` are the mentions of the text, `title_found` those of the title; `spans` and `spoken` its sentences and
    signals, where they were read before. Passages are looked for in the first 400 sentences.
    """
    spans = sentences(text) if spans is None else spans
    terms = [tokens(text[start:end]) for start, end in spans]
    flat = list(itertools.chain.from_iterable(terms))
    head = tokens(title)
    spoken = signals(text, spans, found) if spoken is None else spoken
    return Reading(
        title=title,
        text=text,
        salience=salience_of(found, text, title_found),
        sentences=spans,
        signals=spoken,
        bodies={each.sentence: each.agencies | bodies_in(text[slice(*spans[each.sentence])]) for each in spoken},
        document=vector(head + flat, background),
        lead=vector(head + flat[:_LEAD_TERMS], background),
        passages=_passages(*_statements(text, spans[:_SENTENCES_MAX], terms), background),
    )


@lru_cache(_CASES_KEPT)
def prepare(case: CaseProfile, background: Background) -> PreparedCase:
    """A case made ready; the same case and background are made ready once."""
    question = vector(tokens(f"{case.title} {case.title} {case.summary}"), background)
    accepted = [vector(tokens(text), background) for text in case.evidence]
    accepted += [unit(dict(terms)) for terms in case.terms]
    return PreparedCase(
        profile=case,
        question=question,
        sides=(("cold", question), *(("warm", side) for side in accepted)),
        categories=frozenset(case.categories & CATEGORIES.keys()),
        bodies=frozenset(body.key for body in read_names(case.question, "", Gazetteer((), "")).agencies),
        written=spellings(f"{case.title} {case.summary}"),
    )


def bodies_in(text: str) -> frozenset[str]:
    """The public bodies that a text names without doubt, by their keys."""
    return frozenset(key for _, _, key in _bodies().words(text))


@cache
def _bodies() -> Spellings[str]:
    return Spellings({text: each.strong for text, each in agencies.surfaces().items() if each.strong})


def _statements(
    text: str, spans: Sequence[Span], terms: Sequence[list[str]]
) -> tuple[Sequence[Span], Sequence[list[str]]]:
    """The sentences that can be cited: headings and labels are left out, unless there is nothing else."""
    kept = [i for i, (start, end) in enumerate(spans) if _STATEMENT_END.search(text[max(start, end - 3) : end])]
    return ([spans[i] for i in kept], [terms[i] for i in kept]) if kept else (spans, terms)


def _passages(spans: Sequence[Span], terms: Sequence[list[str]], background: Background) -> Passages:
    """All windows of one and of two sentences, the single ones first: of equals the shorter is shown."""
    windows = [(span, vector(each, background)) for span, each in zip(spans, terms, strict=False)]
    pairs = zip(itertools.pairwise(spans), itertools.pairwise(terms[: len(spans)]), strict=True)
    windows += [((one[0], two[1]), vector(left + right, background)) for (one, two), (left, right) in pairs]
    places = _by_term(weights for _, weights in windows)
    heaviest = {term: max(weight for _, weight in found) for term, found in places.items()}
    return Passages([span for span, _ in windows], places, heaviest)


def _by_term(vectors: Iterable[Vector]) -> dict[str, list[tuple[int, float]]]:
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, weights in enumerate(vectors):
        for term, weight in weights.items():
            found[term].append((place, weight))
    return dict(found)
