"""All that is read out of a text, as plain values in one documented shape (docs/enrichment.md, Explain). Pure.

Spans are half-open, in code points of the text; sentences are counted from 0; vendors are called by their slugs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.analysis import Analysis
from riskreview.enrichment.categories import CATEGORIES
from riskreview.enrichment.claims import Claim, Figure, Hedge, Source
from riskreview.enrichment.found import AgencyFound, Found, UnknownFound
from riskreview.enrichment.hedges import hedges
from riskreview.enrichment.ranking import CaseProfile, Scored
from riskreview.enrichment.reasons import sum_told
from riskreview.enrichment.signals import Signal

SCHEMA = "riskreview-explain/1"
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Explained:
    """An analysis with the cases it was held against, best first, and how vendors are called."""

    analysis: Analysis
    salience: Mapping[int, int]
    ranked: Sequence[tuple[CaseProfile, Scored]]
    slugs: Mapping[int, str]
    versions: Mapping[str, str]

    def values(self) -> Values:
        """Everything as values that JSON knows, in a stable order."""
        analysis = self.analysis
        names = analysis.names
        return {
            "schema": SCHEMA,
            "versions": dict(self.versions),
            "title": analysis.title,
            "characters": len(analysis.text),
            "not_analysed": names.not_analysed,
            "sentences": [self._span(start, end) for start, end in analysis.spans],
            "mentions": [self._mention(each) for each in names.mentions],
            "agencies": [self._agency(each) for each in names.agencies],
            "unknown": [self._unknown(each) for each in names.unknown],
            "claims": [self._claim(each) for each in analysis.claims],
            "hedges": [self._hedge(each) for each in hedges(analysis.text)],
            "figures": [self._figure(each) for each in amounts(analysis.text)],
            "signals": [self._signal(each) for each in analysis.signals],
            "salience": self._salience(),
            "cases": [self._case(profile, scored) for profile, scored in self.ranked],
        }

    def _salience(self) -> dict[str, int]:
        ordered = sorted(self.salience.items(), key=lambda item: (-item[1], self._slug(item[0])))
        return {self._slug(vendor): value for vendor, value in ordered}

    def _slug(self, vendor: int) -> str:
        return self.slugs.get(vendor, str(vendor))

    def _slugs(self, vendors: Iterable[int]) -> list[str]:
        return sorted(self._slug(vendor) for vendor in vendors)

    def _span(self, start: int, end: int) -> Values:
        return {"start": start, "end": end, "text": self.analysis.text[start:end]}

    def _mention(self, found: Found) -> Values:
        return {
            **self._span(found.start, found.end),
            "vendor": self._slug(found.name.vendor),
            "product": found.product_key,
            "kind": found.kind.value,
            "role": found.role,
            "state": found.state,
            "score": found.score,
            "reasons": list(found.reasons),
        }

    def _agency(self, found: AgencyFound) -> Values:
        told = {"agency": found.key, "role": found.role, "reasons": list(found.reasons)}
        return {**self._span(found.start, found.end), **told}

    def _unknown(self, found: UnknownFound) -> Values:
        hint = "" if found.hint is None else self._slug(found.hint)
        return {**self._span(found.start, found.end), "key": found.key, "kind": found.kind, "hint": hint}

    def _claim(self, claim: Claim) -> Values:
        return {
            "kind": claim.kind,
            "sentence": claim.sentence,
            "content": [self._span(*span) for span in claim.content],
            "source": self._source(claim.source),
            "cue": self._span(*claim.cue) if claim.cue else None,
            "hedges": [self._hedge(each) for each in claim.hedges],
            "figures": [self._figure(each) for each in claim.figures],
            "anonymous": self._span(*claim.anonymous) if claim.anonymous else None,
            "denies": claim.denies,
            "reasons": list(claim.reasons),
        }

    def _source(self, source: Source) -> Values:
        return {
            "kind": source.kind,
            "words": self._span(*source.span) if source.span else None,
            "vendor": "" if source.vendor is None else self._slug(source.vendor),
            "agency": source.agency,
            "name": source.name,
        }

    def _hedge(self, hedge: Hedge) -> Values:
        return {**self._span(hedge.start, hedge.end), "kind": hedge.kind}

    def _figure(self, figure: Figure) -> Values:
        told = {"value": figure.value, "unit": figure.unit, "currency": figure.currency}
        return {**self._span(figure.start, figure.end), **told, "qualifier": figure.qualifier}

    def _signal(self, signal: Signal) -> Values:
        return {
            "category": signal.category,
            "label": CATEGORIES[signal.category].label,
            "sentence": signal.sentence,
            **self._span(signal.start, signal.end),
            "vendors": self._slugs(signal.vendors),
            "agencies": sorted(signal.agencies),
            "scope": signal.scope,
            "status": signal.status,
            "claim": signal.claim,
            "reasons": list(signal.reasons),
        }

    def _case(self, profile: CaseProfile, scored: Scored) -> Values:
        return {
            "case": str(profile.id),
            "title": profile.title,
            "vendors": self._slugs(profile.vendors),
            "categories": sorted(profile.categories),
            "score": scored.score,
            "band": scored.band,
            "sum": sum_told(scored.parts),
            "reasons": list(scored.reasons),
            "passage": self._span(*scored.excerpt),
            "parts": scored.parts,
        }
