"""Whether a name that stands in a text means the vendor, with the parts of the score as reasons. Pure.

Strong names, products, versioned model names and stock symbols are believed on sight, but for their vetoes. A weak
name, which is also a common word or a person's name, is scored from its context.
"""

import re
from dataclasses import dataclass

from riskreview.enrichment import rules
from riskreview.enrichment.found import Found, State
from riskreview.enrichment.roles import is_possessive, is_subject, role
from riskreview.enrichment.surroundings import Surroundings
from riskreview.vendors.matching import Hit, NameKind
from riskreview.vendors.versions import is_bare_digit

Parts = list[tuple[int, str]]
_VETO_WINDOW = 60
_AFTER_WINDOW = 60

_DATA = rules.load("linking")
_SCORE: dict[str, int] = _DATA["score"]
_PRIOR: dict[str, int] = _DATA["prior"]["names"]
_ANY_PRIOR = {NameKind.WEAK: _DATA["prior"]["vendor"], NameKind.PRODUCT_WEAK: _DATA["prior"]["product"]}
_COMMON = frozenset(_DATA["weak"]["common"])
_BARE = frozenset(_DATA["weak"]["bare_versions"])
_PERSONAL = frozenset(_DATA["weak"]["personal"])
_FIRST_NAMES = frozenset(_DATA["weak"]["first_names"])
_NOT_A_FIRST_NAME = frozenset(_DATA["weak"]["not_a_first_name"])
_OWNER = rules.pattern(_DATA["context"]["owner"], "linking.toml [context] owner")
_HEADLINE_VERB = rules.pattern(_DATA["context"]["headline_verb"], "linking.toml [context] headline_verb", re.IGNORECASE)
_TITLE = rules.pattern(_DATA["context"]["personal_title"], "linking.toml [context] personal_title")
_NAME_BEFORE = rules.pattern(_DATA["context"]["name_before"], "linking.toml [context] name_before")

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
        return True
    # One plain digit after a very common word may count something: "Opus 9".
    common = hit.name.text in _COMMON and is_bare_digit(hit.surface[len(hit.name.text) :])
    return hit.extended and not common


def is_vetoed(hit: Hit, around: Surroundings) -> bool:
    """True when the words around a name say that it means something else."""
    vetoes = _VETOES_IN_CAPITALS if hit.capitals else VETOES
    veto = vetoes.get(hit.name.text)
    if not veto or hit.name.kind == NameKind.TICKER:
        return False
    headline = hit.capitals or around.is_headline(hit.start)
    return veto.rejects(around.text, hit.start, hit.end, extended=hit.extended, headline=headline)


def judged(hit: Hit, around: Surroundings) -> Found | None:
    """The mention that a hit is that no veto rejects; None when its context does not speak for the vendor."""
    if is_certain(hit):
        why = "a model name with its version" if hit.extended else _WHY_CERTAIN[NameKind(hit.name.kind)]
        return _found(hit, around.text, _SCORE["certain"], (why,))
    parts = _parts(hit, around)
    score = sum(points for points, _ in parts)
    if score < _SCORE["uncertain"]:
        return None
    return _found(hit, around.text, score, tuple(f"{reason} ({points / 1000:+.1f})" for points, reason in parts))


def _found(hit: Hit, text: str, score: int, reasons: tuple[str, ...]) -> Found:
    state: State = "ACCEPTED" if score >= _SCORE["accept"] else "UNCERTAIN"
    kind, part = NameKind(hit.name.kind), role(text, hit.start, hit.end, hit.name.text)
    return Found(hit.start, hit.end, hit.surface, hit.name, kind, score, state, part, reasons, hit.product_key)


def _parts(hit: Hit, around: Surroundings) -> Parts:
    parts = [*_of_the_name(hit), *_of_the_document(hit, around)]
    parts += _of_the_line(hit, around.text) if hit.capitals else _of_the_place(hit, around)
    words = around.context(hit.start)
    if words:
        points = min(_SCORE["context_most"], _SCORE["context_word"] * len(words))
        parts.append((points, "words of technology and business in the sentence: " + ", ".join(words[:4])))
    return parts


def _of_the_name(hit: Hit) -> Parts:
    parts = []
    prior = hit.name.prior or _PRIOR.get(hit.name.text) or _ANY_PRIOR.get(NameKind(hit.name.kind), 0)
    if prior:
        parts.append((prior, "how often the name means this vendor"))
    if hit.extended:
        parts.append((_SCORE["plain_digit"], "with a number that may be its version"))
    if hit.name.text in _COMMON:
        parts.append((_SCORE["common_word"], "also a very common word"))
    if not hit.capitals and hit.surface.isupper() and hit.surface.isalpha() and len(hit.surface) <= 4:
        parts.append((_SCORE["short_capitals"], "a short word in capitals"))
    return parts


def _of_the_document(hit: Hit, around: Surroundings) -> Parts:
    vendor, parts = hit.name.vendor, []
    times = around.strong[vendor] + (around.believed[vendor] if hit.name.kind == NameKind.PRODUCT_WEAK else 0)
    if times:
        parts.append((_SCORE["same_vendor_elsewhere"], f"same vendor named elsewhere {_times(times)}"))
    elif hit.name.text in _BARE:
        parts.append((_SCORE["bare_version"], "a version without its maker"))
    others = len(around.strong) - (vendor in around.strong)
    if others:
        points = min(_SCORE["other_vendors_most"], _SCORE["other_vendor"] * others)
        parts.append((points, f"{others} other vendor{'s' if others > 1 else ''} named in the document"))
    return parts


def _of_the_line(hit: Hit, text: str) -> Parts:
    parts = [(_SCORE["line_of_capitals"], "in a line of capitals, where any word looks like a name")]
    if _HEADLINE_VERB.match(text, hit.end):
        parts.append((_SCORE["headline_verb"], "before what companies do in headlines"))
    return parts


def _of_the_place(hit: Hit, around: Surroundings) -> Parts:
    before, after = around.text[max(0, hit.start - 24) : hit.start], around.text[hit.end : hit.end + _AFTER_WINDOW]
    parts = []
    if is_possessive(after):
        parts.append((_SCORE["possessive"], "in the possessive"))
    if is_subject(after):
        parts.append((_SCORE["subject"], "does or says something"))
    if _is_inside(hit, around):
        parts.append((_SCORE["capital_inside"], "with a capital inside a sentence"))
    if _OWNER.match(after):
        parts.append((_SCORE["owner"], "owns, backs or makes something"))
    if _TITLE.search(before):
        parts.append((_SCORE["personal_title"], "after a person's title"))
    if _follows_a_name(hit, before) and not around.is_headline(hit.start):
        parts.append((_SCORE["name_before"], "after another capitalised name"))
    return parts


def _is_inside(hit: Hit, around: Surroundings) -> bool:
    """True when nothing but the name itself asks for its capital."""
    if not hit.surface[0].isupper() or hit.name.text in _FIRST_NAMES:
        return False
    before = around.text[around.sentence(hit.start)[0] : hit.start]
    return before[-40:].strip(" \"'“‘(") != "" and not around.is_headline(hit.start)


def _follows_a_name(hit: Hit, before: str) -> bool:
    name = _NAME_BEFORE.search(before) if hit.name.text in _PERSONAL else None
    return name is not None and name.group(1) not in _NOT_A_FIRST_NAME


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
