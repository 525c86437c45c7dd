"""The kinds of risk, and the words that speak of each. Pure; the lists are in data/signals.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from riskreview.enrichment import rules
from riskreview.enrichment.families import Rule, Words, rule
from riskreview.enrichment.strength import LEXICON, Place, spoken

Span = tuple[int, int]
Pattern = re.Pattern[str]
# Signs that stand for a name: stored text holds no such character.
VENDOR, PLACE, BODY = "\x01", "\x03", "\x02"

_DATA = rules.load("signals")
_WORDS: Mapping[str, str] = _DATA["words"]
_REFERENCE = re.compile(r"\{([a-z]{1,20})\}")
_LONGEST = 2_000
# Small ASCII letters and straight quotes, sign for sign: the places stay those of the text.
_PLAIN = str.maketrans(
    {chr(capital): chr(capital + 32) for capital in range(65, 91)}
    | dict.fromkeys("’‘ʼ", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‐‑", "-")
    | dict.fromkeys("–—―", ";")
)


def spelled_out(pattern: str) -> str:
    """A pattern with each {word} replaced by its entry of [words]."""
    while _REFERENCE.search(pattern):
        pattern = _REFERENCE.sub(lambda match: _WORDS[match.group(1)], pattern)
    return pattern


def compiled(pattern: str, where: str) -> Pattern:
    """A pattern of the list for text that was made `plain`."""
    return rules.pattern(spelled_out(pattern), f"signals.toml {where}")


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of risk: its name in plain words, and how much (thousandths) finding it says about a case that asks.

    `mit` are subdomains of the MIT AI Risk Repository's domain taxonomy, `areas` risk areas of a finding. `channel`
    tells whether it counts for a vendor that is only the place where it happened, `previous` whether it may be taken
    over from the sentence before.
    """

    key: str
    label: str
    weight: int
    mit: tuple[str, ...]
    areas: tuple[str, ...]
    channel: bool
    previous: bool
    yields_to: frozenset[str]
    triggers: Pattern
    vetoes: Pattern | None
    foreign: Pattern | None
    weak: Pattern | None
    together: tuple[Rule, ...]
    beside: tuple[Rule, ...]

    def found(self, sentence: str, words: Words) -> list[Place] | None:
        """The places in a plain sentence that speak of it, in order; None where only other meanings of them stand."""
        spans = sorted(self._spans(sentence, words))
        silencers = (_UNSAID, self.vetoes) if spans else ()
        vetoed = [veto.span() for each in silencers if each for veto in each.finditer(sentence)]
        left = [place for place in spans if not any(start < place.end and place.start < end for start, end in vetoed)]
        return None if spans and not left else left

    def _spans(self, sentence: str, words: Words) -> Iterator[Place]:
        for match in self.triggers.finditer(sentence):
            yield Place(*match.span(), bool(self.weak and self.weak.fullmatch(sentence, *match.span())))
        for weak, group in ((False, self.together), (True, self.beside)):
            yield from (Place(*span, weak) for each in group for span in each.found(words))


def _category(key: str, entry: Mapping[str, Any]) -> Category:
    where = f"[category.{key}]"
    vetoes = [pattern for pattern, _ in entry.get("vetoes", [])]
    return Category(
        key,
        entry["label"],
        entry["weight"],
        tuple(entry["mit"]),
        tuple(entry["areas"]),
        entry.get("channel", False),
        entry.get("previous", True),
        frozenset(entry.get("yields_to", [])),
        trigger("|".join(pattern for pattern, _ in entry["triggers"]), where),
        compiled("|".join(vetoes), where) if vetoes else None,
        compiled(entry["foreign"], where) if "foreign" in entry else None,
        compiled(entry["weak"], where) if "weak" in entry else None,
        tuple(rule(text, LEXICON, where) for text, _ in entry.get("together", [])),
        tuple(rule(text, LEXICON, where) for text, _ in entry.get("beside", [])),
    )


def trigger(pattern: str, where: str) -> Pattern:
    """A trigger: it begins where a word begins, or with a sign."""
    return compiled(rf"(?<![\w{VENDOR}{BODY}{PLACE}])(?:{pattern})", where)


_UNSAID = compiled(_DATA["unsaid"], "unsaid")
_SUSPICION = compiled(_DATA["suspicion"], "suspicion")
CATEGORIES: dict[str, Category] = {key: _category(key, entry) for key, entry in _DATA["category"].items()}


def plain(text: str, start: int = 0, end: int | None = None, names: Iterable[tuple[int, int, str]] = ()) -> str:
    """The words of [start, end), at most 2,000 characters, as the patterns read them: small letters, names taken out.

    `names` are spans of the text with the sign that stands for the name. Length and places are kept.
    """
    end = min(len(text) if end is None else end, start + _LONGEST)
    words = text[start:end].translate(_PLAIN)
    for first, last, sign in names:
        left, right = max(first, start) - start, min(last, end) - start
        if left < right:
            words = words[:left] + sign * (right - left) + words[right:]
    return words


def spoken_of(text: str) -> Iterator[str]:
    """The categories a question or a title speaks of, whoever it is about."""
    yield from triggered(plain(text), 2)


def triggered(sentence: str, vendors: int) -> dict[str, Span]:
    """What a plain sentence with so many vendors speaks of, each with its first place.

    Patterns, rules and single words are weighed against each other (see strength).
    """
    words = Words(sentence, LEXICON)
    read = {key: category.found(sentence, words) for key, category in CATEGORIES.items()}
    places = {
        key: _apart(CATEGORIES[key], sentence, found, vendors) for key, found in read.items() if found is not None
    }
    found = spoken(places, words)
    weakly = {key for key in found if all(place.weak for place in places[key])}
    return {
        key: place for key, place in found.items() if not (key in weakly and CATEGORIES[key].yields_to & found.keys())
    }


def _apart(category: Category, sentence: str, places: Iterable[Place], vendors: int) -> list[Place]:
    """The places without those that need a second vendor or a word of suspicion."""
    if category.foreign is None or vendors > 1 or _SUSPICION.search(sentence):
        return list(places)
    return [place for place in places if not category.foreign.match(sentence, place.start, place.end)]
