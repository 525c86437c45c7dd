"""Whether a name that stands in a text means the vendor, with the parts of the score as reasons. Pure.

Strong names, products, versioned model names and stock symbols are believed on sight, but for their vetoes. A weak
name, which is also a common word or a person's name, is scored from its context.
"""

import re
from dataclasses import dataclass

from riskreview.enrichment import rules
from riskreview.enrichment.found import Found, State
from riskreview.enrichment.other_scripts import weighed_elsewhere
from riskreview.enrichment.roles import role
from riskreview.enrichment.surroundings import Surroundings
from riskreview.enrichment.weak_names import COMMON, PERSONAL, is_of_a_person, weighed
from riskreview.vendors.matching import Hit, NameKind
from riskreview.vendors.versions import is_bare_digit

_VETO_WINDOW = 60

_DATA = rules.load("linking")
_SCORE: dict[str, int] = _DATA["score"]

_CERTAIN = (NameKind.STRONG, NameKind.PRODUCT, NameKind.TICKER)
_WHY_CERTAIN = {
    NameKind.STRONG: "a name that means only this vendor",
    NameKind.PRODUCT: "a product name that means only this vendor",
    NameKind.TICKER: "a stock symbol of this vendor",
}


_VETO_KEYS = ("before", "after", "after_version", "person_before", "person_after", "near")


@dataclass(frozen=True, slots=True)
class Veto:
    """Contexts that reject a name: right before it, right after it or its version, or near it."""

    patterns: dict[str, re.Pattern[str]]

    def rejects(self, text: str, start: int, end: int, *, extended: bool, headline: bool) -> bool:
        """True when the name at [start, end), a model name if `extended` by a version, means something else here."""
        left, right = max(0, start - _VETO_WINDOW), min(len(text), end + _VETO_WINDOW)
        before, after, both = text[left:start], text[end:right], text[left:right]
        if extended:
            return self._has("after_version", after, at_start=True) or self._has("near", both)
        if not headline and (self._has("person_before", before) or self._has("person_after", after, at_start=True)):
            return True
        return self._has("before", before) or self._has("after", after, at_start=True) or self._has("near", both)

    def _has(self, key: str, text: str, *, at_start: bool = False) -> bool:
        pattern = self.patterns.get(key)
        return pattern is not None and bool(pattern.match(text) if at_start else pattern.search(text))


def _veto(surface: str, entry: dict[str, str], flags: int = 0) -> Veto:
    where = f"linking.toml [veto.{surface}]"
    if not entry.keys() <= frozenset(_VETO_KEYS):
        raise rules.BadRules(f"{where}: {', '.join(entry.keys() - frozenset(_VETO_KEYS))}")
    return Veto({key: rules.pattern(text, where, flags) for key, text in entry.items()})


VETOES = {surface: _veto(surface, entry) for surface, entry in _DATA["veto"].items()}
_VETOES_IN_CAPITALS = {surface: _veto(surface, entry, re.IGNORECASE) for surface, entry in _DATA["veto"].items()}


def is_certain(hit: Hit) -> bool:
    """True for a name that needs no context: strong, a stock symbol, or a model name with its version."""
    if hit.name.kind in _CERTAIN:
        return hit.extended or not hit.small
    if hit.small:
        return False
    # One plain digit after a very common word may count something: "Opus 9".
    common = hit.name.text in COMMON and is_bare_digit(hit.surface[len(hit.name.text) :])
    return hit.extended and not common


def is_vetoed(hit: Hit, around: Surroundings) -> bool:
    """True when the words around a name say that it means something else."""
    if hit.name.kind == NameKind.TICKER:
        return False
    headline = hit.capitals or around.is_headline(hit.start)
    if hit.name.text in PERSONAL and hit.name.kind in _CERTAIN and is_of_a_person(hit, around):
        return True
    vetoes = _VETOES_IN_CAPITALS if hit.capitals else VETOES
    veto = vetoes.get(hit.name.text)
    return veto is not None and veto.rejects(around.text, hit.start, hit.end, extended=hit.extended, headline=headline)


def judged(hit: Hit, around: Surroundings, *, english: bool = True) -> Found | None:
    """The mention that a hit is that no veto rejects; None when its context does not speak for the vendor.

    In a text that is not `english` less is understood of the context.
    """
    if is_certain(hit):
        why = "a model name with its version" if hit.extended else _WHY_CERTAIN[NameKind(hit.name.kind)]
        return _found(hit, around.text, _SCORE["certain"], (why,))
    parts = weighed(hit, around) if english else weighed_elsewhere(hit, around)
    score = sum(points for points, _ in parts)
    if score < _SCORE["uncertain"]:
        return None
    return _found(hit, around.text, score, tuple(f"{reason} ({points / 1000:+.1f})" for points, reason in parts))


def _found(hit: Hit, text: str, score: int, reasons: tuple[str, ...]) -> Found:
    state: State = "ACCEPTED" if score >= _SCORE["accept"] else "UNCERTAIN"
    kind, part = NameKind(hit.name.kind), role(text, hit.start, hit.end, hit.name.text)
    return Found(hit.start, hit.end, hit.surface, hit.name, kind, score, state, part, reasons, hit.product_key)
