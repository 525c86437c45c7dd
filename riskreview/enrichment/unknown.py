"""Names that look like ones of the field and are on no register: models, listings and organisations. Pure.

They are for people to look at: nothing else counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from riskreview.enrichment import rules
from riskreview.enrichment.found import Found, UnknownFound
from riskreview.enrichment.surroundings import Surroundings
from riskreview.vendors.matching import Gazetteer, Listing
from riskreview.vendors.versions import AFTER_PRODUCT, AFTER_WEAK_PRODUCT, is_bare_digit, product_key, version_end

Span = tuple[int, int]
_BEFORE = 64
NAMES_MAX = 500

_DATA = rules.load("linking")["unknown"]
_KEYS = (
    "field",
    "field_words",
    "kind_after",
    "suffix",
    "name_before",
    "apposition",
    "domain",
    "ordinary_ending",
    "model_after",
    "not_models",
)
_RULES = {key: rules.pattern(_DATA[key], f"linking.toml [unknown] {key}") for key in _KEYS}
# Each begins with plain letters: such a search is many times as fast as one for all in one pattern.
_KINDS = [rules.pattern(word + _DATA["kind"], f"linking.toml [unknown] kind {word}") for word in _DATA["kind_of"]]
_NOT_NAMES = frozenset(_DATA["not_names"].split())


@dataclass(frozen=True, slots=True)
class Family:
    """A family of models by its name: whose it is, and whether the name is an ordinary word, too."""

    makers: tuple[str, ...]
    common: bool


_COMMON_FAMILIES = frozenset(rules.load("linking")["common_families"]["names"])
FAMILIES = {
    name: Family(tuple(makers), name in _COMMON_FAMILIES) for name, makers in rules.load("linking")["families"].items()
}


def listings(found: Iterable[Listing], mentions: Sequence[Found], text: str) -> list[UnknownFound]:
    """Symbols with an exchange that nobody registered; right after a vendor's name the hint is that vendor."""
    ends = {mention.end: mention.name.vendor for mention in mentions if mention.state == "ACCEPTED"}
    unknown = []
    for each in found:
        if each.name is None and each.ticker.exchange:
            hint = next((ends[end] for end in (each.start - 1, each.start - 2) if end in ends), None)
            key = f"{each.ticker.exchange}:{each.ticker.symbol}"
            unknown.append(UnknownFound(each.start, each.end, text[each.start : each.end], key, "TICKER", hint))
    return unknown


def family_version(text: str, end: int, family: Family) -> int | None:
    """Where the version ends behind a family's name that ends at `end`; None without one."""
    stop = version_end(AFTER_WEAK_PRODUCT if family.common else AFTER_PRODUCT, text, end)
    counted = family.common and stop is not None and text[end] == " " and is_bare_digit(text[end:stop])
    return None if counted else stop


def model(
    family: Family, span: tuple[int, int, int], around: Surroundings, gazetteer: Gazetteer
) -> UnknownFound | None:
    """The model of a family that nobody registered; None for an ordinary word in a sentence of something else."""
    start, end, stop = span
    if family.common and not _is_of_the_field(around, start):
        return None
    surface = around.text[start:stop]
    makers = (gazetteer.vendor_of(maker) for maker in family.makers)
    hint = next((vendor for vendor in makers if vendor is not None), None)
    return UnknownFound(start, stop, surface, product_key(surface, end - start), "MODEL", hint)


def versions(mentions: Iterable[Found], gazetteer: Gazetteer) -> list[UnknownFound]:
    """Models of registered families and makers that are no registered product themselves."""
    return [
        UnknownFound(each.start, each.end, each.surface, each.product_key, "MODEL", each.name.vendor)
        for each in mentions
        if each.state == "ACCEPTED"
        and len(each.surface) > len(each.name.text)
        and each.product_key
        and not gazetteer.has_product(each.product_key)
    ]


def owned(mentions: Iterable[Found], around: Surroundings) -> list[UnknownFound]:
    """Model names behind their maker's: "Alibaba's new model Marco-o1"."""
    unknown = []
    for each in mentions:
        match = _RULES["model_after"].match(around.text, each.end) if each.state == "ACCEPTED" else None
        if match and not _RULES["not_models"].match(match["model"]) and _is_of_the_field(around, each.start):
            key = product_key(match["model"])
            unknown.append(UnknownFound(*match.span("model"), match["model"], key, "MODEL", each.name.vendor))
    return unknown


def organisations(around: Surroundings) -> list[UnknownFound]:
    """Names of what seem to be organisations of the field, by their form or by what they are called. At most 500."""
    if not _RULES["field"].search(around.text):
        return []
    seen: dict[int, UnknownFound] = {}
    for start, end in (*_with_suffix(around), *_with_kind(around.text), *_domains(around.text)):
        span = _without_ordinary_words(around.text, start, end)
        if span and len(seen) < NAMES_MAX:
            surface = around.text[slice(*span)]
            seen.setdefault(span[0], UnknownFound(*span, surface, product_key(surface, len(surface)), "NAME"))
    return [found for _, found in sorted(seen.items())]


def _with_suffix(around: Surroundings) -> Iterator[Span]:
    """ "Zhipu AI", "Figure Robotics": AI speaks for itself, the others need a word of the field beside them."""
    text = around.text
    for match in _RULES["suffix"].finditer(text):
        blank = match.start() - 1
        if blank < 0 or not text[blank].isspace():
            continue
        before = _RULES["name_before"].search(text, max(0, blank - _BEFORE), blank)
        of_the_field = before and (match.group() in _FIELD or _is_of_the_field(around, match.start()))
        if before and of_the_field and not _opens_as_a_word(around, before.start()):
            yield before.start(), match.end()


def _with_kind(text: str) -> Iterator[Span]:
    """ "the AI start-up Genspark", "Genspark, an AI company"."""
    for match in (match for kind in _KINDS for match in kind.finditer(text)):
        if text[match.start() - 1 : match.start()].isalnum():
            continue
        after = _RULES["kind_after"].match(text, match.end())
        if after:
            yield after.span("name")
        before = _RULES["apposition"].search(text, max(0, match.start() - 2 * _BEFORE), match.start())
        if before:
            yield before.span("name")


def _domains(text: str) -> Iterator[Span]:
    """ "Character.ai"."""
    for match in _RULES["domain"].finditer(text):
        before = re.search(r"[\w-]{2,24}$", text[max(0, match.start() - 24) : match.start()])
        if (
            before
            and text[match.start() - len(before.group()) - 1 : match.start() - len(before.group())] not in _IN_URL
        ):
            yield match.start() - len(before.group()), match.end()


_IN_URL = ("/", ".", "@", "-", ":")


def _is_of_the_field(around: Surroundings, place: int) -> bool:
    return bool(_RULES["field_words"].search(around.text, *around.sentence(place)))


def _without_ordinary_words(text: str, start: int, end: int) -> Span | None:
    """The span without ordinary words at its beginning and end; None when nothing of a name is left."""
    words = [(start + each.start(), start + each.end()) for each in re.finditer(r"\S+", text[start:end])]
    while words and text[slice(*words[0])] in _ORDINARY:
        words.pop(0)
    while words and text[slice(*words[-1])] in _ORDINARY:
        words.pop()
    if not words or (len(words) == 1 and text[slice(*words[0])] in _FIELD):
        return None
    return words[0][0], words[-1][1]


_FIELD = frozenset(["AI", "A.I."])
_ORDINARY = _NOT_NAMES - _FIELD
_FIRST_WORD = re.compile(r"\w{1,24}")


def _opens_as_a_word(around: Surroundings, start: int) -> bool:
    """True for what may be an adjective with the capital of a sentence's beginning: "Cheaper AI"."""
    word = _FIRST_WORD.match(around.text, start)
    ordinary = word is not None and _RULES["ordinary_ending"].search(word.group()) is not None
    return ordinary and around.sentence(start)[0] == start
