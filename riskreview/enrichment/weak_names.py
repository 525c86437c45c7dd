"""What speaks for and against a weak name's meaning a vendor: points in thousandths, each with its reason. Pure.

What the name is worth by itself, what the document says elsewhere, the words of its sentence, and those beside it.
"""

import re

from riskreview.enrichment import rules
from riskreview.enrichment.neighbours import Place, follows_bare, speaking_against, speaking_for
from riskreview.enrichment.roles import is_possessive, is_subject
from riskreview.enrichment.surroundings import Surroundings
from riskreview.vendors.matching import Hit, NameKind

Parts = list[tuple[int, str]]
_AFTER_WINDOW = 60

_DATA = rules.load("linking")
_SCORE: dict[str, int] = _DATA["score"]
_SAID: dict[str, str] = _DATA["said"]
_PRIOR: dict[str, int] = _DATA["prior"]["names"]
_ANY_PRIOR = {
    NameKind.STRONG: _DATA["prior"]["strong"],
    NameKind.PRODUCT: _DATA["prior"]["strong"],
    NameKind.WEAK: _DATA["prior"]["vendor"],
    NameKind.PRODUCT_WEAK: _DATA["prior"]["product"],
}
COMMON = frozenset(_DATA["weak"]["common"])
_BARE = frozenset(_DATA["weak"]["bare_versions"])
PERSONAL = frozenset(_DATA["weak"]["personal"])
_MASS = frozenset(_DATA["weak"]["mass"])
_DEVICES = frozenset(_DATA["weak"]["devices"])
_HEADLINE_VERB = rules.pattern(_DATA["context"]["headline_verb"], "linking.toml [context] headline_verb", re.IGNORECASE)
_VERBISH = re.compile(r"\s[a-z]{2,15}ed\b")
_MONEY = re.compile(r"[$€£¥]\d")
_TITLE = rules.pattern(_DATA["context"]["personal_title"], "linking.toml [context] personal_title")


def weighed(hit: Hit, around: Surroundings) -> Parts:
    """All parts of the score of a weak name."""
    parts = [*of_the_name(hit), *of_the_document(hit, around)]
    parts += _of_the_line(hit, around) if hit.capitals else _of_the_place(hit, around)
    return [*parts, *_beside(hit, around), *_of_the_sentence(hit, around)]


def is_of_a_person(hit: Hit, around: Surroundings) -> bool:
    """True when a name that people have, too, stands among words for one."""
    place = Place(around.text, hit.start, hit.end, around.sentence(hit.start))
    if hit.capitals or hit.small:
        return False
    headline = around.is_headline(hit.start)
    said = {key for key, _ in speaking_against(place, person=True, headline=headline)}
    return bool(said & _PERSON_SAID) or _TITLE.search(around.text[max(0, hit.start - 24) : hit.start]) is not None


_PERSON_SAID = frozenset(["age", "longer_name", "name_before", "person_before", "who"])


def _prior(hit: Hit) -> int:
    return hit.name.prior or _PRIOR.get(hit.name.text) or _ANY_PRIOR[NameKind(hit.name.kind)]


def of_the_name(hit: Hit) -> Parts:
    """What a name is worth by itself."""
    parts = []
    prior = _prior(hit)
    if hit.small:
        parts.append((_SCORE["small"], "in small letters, as any word"))
    if prior:
        parts.append((prior, "how often the name means this vendor"))
    if hit.extended:
        parts.append((_SCORE["plain_digit"], "with a number that may be its version"))
    if hit.name.text in COMMON:
        parts.append((_SCORE["common_word"], "also a very common word"))
    if not hit.capitals and hit.surface.isupper() and hit.surface.isalpha() and len(hit.surface) <= 4:
        parts.append((_SCORE["short_capitals"], "a short word in capitals"))
    return parts


def of_the_document(hit: Hit, around: Surroundings) -> Parts:
    """What the document says of its vendor, and of others, elsewhere."""
    vendor, parts = hit.name.vendor, []
    times = around.strong[vendor] + (around.believed[vendor] if hit.name.kind == NameKind.PRODUCT_WEAK else 0)
    if times:
        parts.append((_SCORE["same_vendor_elsewhere"], f"same vendor named elsewhere {_times(times)}"))
    elif hit.name.text in _BARE:
        key = "bare_beside" if around.strong else "bare_version"
        parts.append((_SCORE[key], "a version without its maker"))
    if around.sense(hit):
        parts.append((_SCORE["same_name"], "the same name means the vendor elsewhere"))
    others = len(around.strong) - (vendor in around.strong)
    if others:
        points = min(_SCORE["other_vendors_most"], _SCORE["other_vendor"] * others)
        parts.append((points, f"{others} other vendor{'s' if others > 1 else ''} named in the document"))
    return parts


def _of_the_line(hit: Hit, around: Surroundings) -> Parts:
    text = around.text
    parts = [(_SCORE["line_of_capitals"], "in a line of capitals, where any word looks like a name")]
    if _HEADLINE_VERB.match(text, hit.end):
        parts.append((_SCORE["headline_verb"], "before what companies do in headlines"))
    if _MONEY.search(text, *around.sentence(hit.start)):
        parts.append((_SCORE["line_of_money"], "with a sum"))
    return parts


def _of_the_place(hit: Hit, around: Surroundings) -> Parts:
    before, after = around.text[max(0, hit.start - 24) : hit.start], around.text[hit.end : hit.end + _AFTER_WINDOW]
    parts = []
    if is_possessive(after):
        parts.append((_SCORE["possessive"], "in the possessive"))
    if is_subject(after):
        key = "person_acts" if hit.name.text in PERSONAL | _MASS and _prior(hit) < _SCORE["accept"] else "subject"
        parts.append((_SCORE[key], "does or says something"))
    elif _VERBISH.match(after):
        parts.append((_SCORE["verbish"], "before what looks like a verb"))
    if _is_inside(hit, around):
        parts.append((_SCORE["capital_inside"], "with a capital inside a sentence"))
        if hit.name.text in COMMON and follows_bare(Place(around.text, hit.start, hit.end, around.sentence(hit.start))):
            parts.append((_SCORE["bare_inside"], "with a capital and no article"))
    elif _opens_bare(hit, after, around):
        parts.append((_SCORE["opens_bare"], "opens the sentence without an article, as names do"))
    if _TITLE.search(before):
        parts.append((_SCORE["personal_title"], "after a person's title"))
    return parts


def _of_the_sentence(hit: Hit, around: Surroundings) -> Parts:
    parts, words = [], around.context(hit.start)
    if words:
        points = min(_SCORE["context_most"], _SCORE["context_word"] * len(words))
        parts.append((points, "words of technology and business in the sentence: " + ", ".join(words[:4])))
    others = around.other_fields(hit.start)
    if others:
        points = max(_SCORE["other_fields_most"], _SCORE["other_field"] * len(others))
        parts.append((points, "words of other things in the sentence: " + ", ".join(others[:4])))
    return parts


def _beside(hit: Hit, around: Surroundings) -> Parts:
    """What stands right beside the name."""
    place = Place(around.text, hit.start, hit.end, around.sentence(hit.start))
    given = dict([*speaking_for(place), *around.company(hit), *around.siblings(hit)])
    if hit.capitals and hit.name.text in COMMON:
        given.pop("sibling", None)  # two ordinary words in capitals say no more than one
    parts, left = [], _SCORE["beside_most"]
    for key, word in given.items():
        points = min(left, _SCORE[key])
        left -= points
        parts.append((points, f"{_SAID[key]}: {word}"))
    return [part for part in parts if part[0]] + _against(hit, place, around)


def _against(hit: Hit, place: Place, around: Surroundings) -> Parts:
    headline = hit.capitals or around.is_headline(hit.start)
    person, vendor = hit.name.text in PERSONAL, hit.name.kind == NameKind.WEAK
    parts = []
    for key, word in speaking_against(place, person=person, headline=headline):
        if key == "name_before" and around.ends_a_name(hit.start - 1):
            parts.append((_SCORE["maker_before"], f"{_SAID['maker_before']}: {word}"))
        elif not _is_harmless(key, hit, around):
            parts.append((_SCORE[_degree(key, hit, doubtful=person or not vendor)], f"{_SAID[key]}: {word}"))
    return parts


def _is_harmless(key: str, hit: Hit, around: Surroundings) -> bool:
    """A vendor's name behind it makes no longer name; things have articles; of well-known vendors people speak, too."""
    if key == "longer_name":
        return around.begins_a_name(hit.end + 1)
    if key == "article":
        return hit.name.text in _DEVICES
    return key == "pronoun" and _prior(hit) >= _SCORE["accept"]


def _degree(key: str, hit: Hit, *, doubtful: bool) -> str:
    """A longer name is less of a surprise behind a company's name than behind a person's or a product's."""
    if key != "longer_name" or doubtful:
        return key
    return "longer_famous" if _prior(hit) >= _SCORE["accept"] else "longer_vendor"


def _is_inside(hit: Hit, around: Surroundings) -> bool:
    """True when nothing but the name itself asks for its capital."""
    if not hit.surface[0].isupper() or hit.name.text in PERSONAL:
        return False
    before = around.text[around.sentence(hit.start)[0] : hit.start]
    return before[-40:].strip(" \"'“‘(") != "" and not around.is_headline(hit.start)


def _opens_bare(hit: Hit, after: str, around: Surroundings) -> bool:
    """True for a name at the beginning of a sentence that acts, owns or is explained."""
    if hit.name.text in PERSONAL | _MASS or hit.small:
        return False
    if around.text[around.sentence(hit.start)[0] : hit.start].strip("\"'“‘("):
        return False
    acts = is_possessive(after) or is_subject(after) or _VERBISH.match(after)
    return bool(acts) or _EXPLAINED.match(after) is not None


_EXPLAINED = re.compile(r",\s(?:which|the|an?|its|as|once|now|formerly|like|with|whose)\s")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
