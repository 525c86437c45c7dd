"""Public bodies: who they are, how texts name them, and which of them a doubtful short form means. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from riskreview.enrichment import rules
from riskreview.enrichment.found import AgencyFound
from riskreview.enrichment.roles import role
from riskreview.enrichment.surroundings import Surroundings
from riskreview.lib.spelled import Spellings

_DATA = rules.load("agencies")
_SCORE: dict[str, int] = _DATA["score"]
_CAPITALS_MIN = 4
Parts = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Agency:
    """A public body: `key` as stored, its name as shown, `jurisdiction` ISO 3166-1 alpha-2, EU, or XX."""

    key: str
    name: str
    jurisdiction: str
    known: frozenset[str]
    about: re.Pattern[str] | None
    against: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class AgencySurface:
    """One way to name public bodies: those it names for certain, at most one, and those it may name."""

    text: str
    strong: str = ""
    weak: tuple[str, ...] = ()
    after_the: bool = False


@dataclass(frozen=True, slots=True)
class AgencyHit:
    """A surface at [start, end) of the text."""

    start: int
    end: int
    surface: AgencySurface


def _pattern(words: str, where: str) -> re.Pattern[str]:
    return rules.pattern(rf"\b(?:{words.strip()})(?!\w)", where)


_PLACES = {code: _pattern(words, f"agencies.toml [places] {code}") for code, words in _DATA["places"].items()}


def _agency(entry: dict[str, Any]) -> Agency:
    where = f"agencies.toml {entry['key']}"
    if entry["jurisdiction"] not in _PLACES:
        raise rules.BadRules(f"{where}: no [places] for {entry['jurisdiction']}")
    words = {key: _pattern(entry[key], where) if key in entry else None for key in ("about", "against")}
    known = frozenset(_plain(text) for text in entry.get("known", ()))
    return Agency(entry["key"], entry["name"], entry["jurisdiction"], known, words["about"], words["against"])


def _plain(text: str) -> str:
    return text.removeprefix("the ")


AGENCIES: dict[str, Agency] = {entry["key"]: _agency(entry) for entry in _DATA["agency"]}


@cache
def surfaces() -> Mapping[str, AgencySurface]:
    """Every way to name a public body, by its spelling; apostrophes straight and curly."""
    found: dict[str, AgencySurface] = {}
    for entry in _DATA["agency"]:
        for text in _spellings(entry["strong"]):
            if text in found:
                raise rules.BadRules(f"agencies.toml {entry['key']}: {text!r} is strong for {found[text].strong}, too")
            found[text] = AgencySurface(text, strong=entry["key"])
    for entry in _DATA["agency"]:
        for text in _spellings(entry.get("weak", ())):
            plain, before = _plain(text), found.get(_plain(text), AgencySurface(_plain(text)))
            found[plain] = AgencySurface(plain, before.strong, (*before.weak, entry["key"]), text != plain)
    return found


def in_capitals(spelled: Mapping[str, AgencySurface]) -> dict[str, AgencySurface]:
    """The names without doubt, as a headline in capitals spells them."""
    return {
        text.upper(): surface
        for text, surface in spelled.items()
        if surface.strong and len(text) >= _CAPITALS_MIN and text.upper() not in spelled
    }


def _spellings(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from {text, text.replace("’", "'")}


def told(hits: Sequence[AgencyHit], around: Surroundings) -> list[AgencyFound]:
    """The public bodies named, in order: strong names all, doubtful ones where the context speaks for one body."""
    weighing, found = _Weighing(hits, around), []
    for hit in hits:
        key, reasons = weighing.read(hit)
        if key:
            surface, where = around.text[hit.start : hit.end], role(around.text, hit.start, hit.end)
            found.append(AgencyFound(hit.start, hit.end, surface, key, where, reasons))
    return found


class _Weighing:
    """Which body a short form means, judged in the order of the text."""

    def __init__(self, hits: Sequence[AgencyHit], around: Surroundings) -> None:
        self._around = around
        self._in_full = {hit.surface.strong for hit in hits if hit.surface.strong}
        if len(self._in_full) < len(hits):
            self._in_full |= _named_in(around.title)
        self._last: dict[str, int] = {}
        self._words: dict[tuple[str, int], Parts] = {}

    def read(self, hit: AgencyHit) -> tuple[str, tuple[str, ...]]:
        """The body that a surface names, "" for none, with the reasons."""
        if not hit.surface.strong:
            return self._chosen(hit)
        self._last[hit.surface.strong] = hit.start
        return hit.surface.strong, ("a name that means only this body",)

    def _chosen(self, hit: AgencyHit) -> tuple[str, tuple[str, ...]]:
        """The body whose context says most, if it says enough and more than any other's."""
        if hit.surface.after_the and not self._around.text[max(0, hit.start - 4) : hit.start].lower().endswith("the "):
            return "", ()
        weighed = {key: self._parts(AGENCIES[key], hit) for key in hit.surface.weak}
        points = {key: sum(part for part, _ in parts) for key, parts in weighed.items()}
        best = max(points, key=lambda key: points[key])
        if points[best] < _SCORE["accept"] or list(points.values()).count(points[best]) > 1:
            return "", ()
        return best, tuple(f"{why} ({part / 1000:+.1f})" for part, why in weighed[best])

    def _parts(self, agency: Agency, hit: AgencyHit) -> Parts:
        known: Parts = [(_SCORE["well_known"], "a well-known short form")] if hit.surface.text in agency.known else []
        return known + self._of_the_document(agency, hit) + self._of_the_sentence(agency, hit.start)

    def _of_the_document(self, agency: Agency, hit: AgencyHit) -> Parts:
        if agency.key not in self._in_full:
            return []
        parts = [(_SCORE["long_form"], "named in full elsewhere")]
        last = max(hit.surface.weak, key=lambda key: self._last.get(key, -1))
        if last == agency.key and last in self._last and len(hit.surface.weak) > 1:
            parts.append((_SCORE["nearest"], "the last one named in full"))
        return parts

    def _of_the_sentence(self, agency: Agency, place: int) -> Parts:
        span = self._around.sentence(place)
        if (agency.key, span[0]) not in self._words:
            self._words[agency.key, span[0]] = self._read(agency, self._around.text[slice(*span)])
        return self._words[agency.key, span[0]]

    def _read(self, agency: Agency, sentence: str) -> Parts:
        parts: Parts = []
        if agency.key not in self._in_full and agency.against and agency.against.search(sentence):
            parts.append((_SCORE["against"], "words that speak for another meaning in the sentence"))
        if _PLACES[agency.jurisdiction].search(sentence):
            parts.append((_SCORE["place_in_sentence"], "its country in the sentence"))
        elif self._around.head_has(_PLACES[agency.jurisdiction]):
            parts.append((_SCORE["place_in_text"], "its country in the text"))
        words = dict.fromkeys(agency.about.findall(sentence)) if agency.about else {}
        if words:
            points = min(_SCORE["about_most"], _SCORE["about_word"] * len(words))
            parts.append((points, "words of its work in the sentence: " + ", ".join(list(words)[:4])))
        return parts


def _named_in(title: str) -> set[str]:
    return {surface.strong for _, _, surface in _SPELLINGS.words(title) if surface.strong}


_SPELLINGS = Spellings(surfaces())
