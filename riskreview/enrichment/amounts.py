"""Sums, shares and counts in a text, with value, unit, currency and what is said of their size. Pure; English.

A figure has a currency, a unit or a scale ("$75 billion", "160%", "40 million users"); bare numbers, dates and the
numbers of models are none. Up to two words may stand before what is counted: "65,000 patient records".
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from riskreview.enrichment import rules
from riskreview.enrichment.said import Figure
from riskreview.enrichment.wording import DATA

_NUMBERS = rules.load("corrections")["figures"]
_AMOUNTS = DATA["amounts"]
_WHERE = "claims.toml [amounts]"
_SIGN: dict[str, str] = _NUMBERS["sign"]
_SPELLED = {
    word: value for word, value in _NUMBERS["spelled"].items() if value < 100 and not word.endswith(("th", "rd"))
} | {"one": 1, "half a": 0.5}
_SCALE = {word: value for word, value in _NUMBERS["scale"].items() if word.isascii() and value >= 1_000}
_LETTER: dict[str, int] = _NUMBERS["letter"]


def _by_spelling(table: dict[str, list[str]]) -> dict[str, str]:
    return {spelling: key for key, spellings in table.items() for spelling in spellings}


_UNIT = _by_spelling(_AMOUNTS["unit"])
_CURRENCY = _by_spelling(_AMOUNTS["currency"])
_BEFORE, _AFTER = _by_spelling(_AMOUNTS["before"]), _by_spelling(_AMOUNTS["after"])
_LOOKED_BACK, _LOOKED_AHEAD = 24, 12
_YEAR = re.compile(r"(?:19|20)\d\d")


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_DIGITS = r"\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,8})?(?![\d,])|\d{1,18}(?:\.\d{1,8})?(?![\d])"
# Words between a count and what is counted: "65,000 patient records", "40 million paying users".
_COUNTED = [spelling for spelling, key in _UNIT.items() if key in frozenset(_AMOUNTS["counted"].split())]
_NO_KIND = _any({*rules.load("background")["stop"].split(), *_AMOUNTS["no_kind"].split(), *_SCALE, *_UNIT, *_CURRENCY})
_KIND = rf"(?!(?i:{_NO_KIND})(?!\w))[a-z][a-z-]{{2,18}}"
_MEASURE = (
    rf"(?:[\s-]?(?P<scale>(?i:{_any(_SCALE)})(?!\w))|(?P<letter>(?i:{_any(_LETTER)})(?!\w)))?"
    rf"(?:[\s-]?(?P<unit>(?i:{_any([*_UNIT, *_CURRENCY])})(?!\w))"
    rf"|(?(sign)(?!)|(?:\s{_KIND}){{1,2}}\s(?P<counted>{_any(_COUNTED)})(?!\w)))?"
)
_BEGINS = re.escape("".join({sign[0] for sign in _SIGN}))
_IN_DIGITS = rules.pattern(
    rf"(?=[-−\d{_BEGINS}])(?<![\w.,])(?P<minus>(?<![\w)\]])[-−])?"
    rf"(?:(?P<sign>{_any(_SIGN)})\s?)?(?P<digits>{_DIGITS}){_MEASURE}",
    _WHERE,
)
_IN_WORDS = rules.pattern(
    rf"\b(?P<words>(?i:{_any(_SPELLED)}))\s(?:(?P<scale>(?i:{_any(_SCALE)})(?!\w))"
    rf"(?:\s(?P<unit>(?i:{_any([*_UNIT, *_CURRENCY])})(?!\w)))?|(?P<share>(?i:percent|per\scent)\b))",
    _WHERE,
)
_QUALIFIED = rules.pattern(rf"(?:^|[\s(])(?P<word>{_any(_BEFORE)})\s?$", _WHERE, re.IGNORECASE)
_FOLLOWED = rules.pattern(rf"\s?(?P<word>{_any(_AFTER)})(?!\w)", _WHERE, re.IGNORECASE)


def amounts(text: str, start: int = 0, end: int | None = None) -> list[Figure]:
    """The figures in [start, end) in order, in time linear in the text."""
    end = len(text) if end is None else end
    found = [_from_digits(text, match) for match in _IN_DIGITS.finditer(text, start, end)]
    found += [_from_words(text, match) for match in _IN_WORDS.finditer(text, start, end)]
    return sorted((figure for figure in found if figure is not None), key=lambda figure: figure.start)


def _from_digits(text: str, match: re.Match[str]) -> Figure | None:
    counted = None if _YEAR.fullmatch(match["digits"]) else match["counted"]
    if not (match["sign"] or match["scale"] or match["unit"] or counted) or (match["letter"] and not match["sign"]):
        return None
    value = Decimal(match["digits"].replace(",", "")) * (-1 if match["minus"] else 1)
    value *= _SCALE.get((match["scale"] or "").lower(), 1) * _LETTER.get((match["letter"] or "").lower(), 1)
    return _figure(text, match, value, match["unit"] or counted, _SIGN.get((match["sign"] or "").upper(), ""))


def _from_words(text: str, match: re.Match[str]) -> Figure:
    value = Decimal(str(_SPELLED[match["words"].lower()])) * _SCALE.get((match["scale"] or "").lower(), 1)
    return _figure(text, match, value, match["unit"] or match["share"], "")


def _figure(text: str, match: re.Match[str], value: Decimal, written: str | None, sign: str) -> Figure:
    spelling = (written or "").lower()
    currency = sign or _CURRENCY.get(spelling, "")
    unit = "money" if currency else _UNIT.get(spelling, "")
    start, end = match.start(), match.end()
    return Figure(start, end, f"{value.normalize():f}", unit, currency, _qualifier(text, start, end))


def _qualifier(text: str, start: int, end: int) -> str:
    after = _FOLLOWED.match(text, end, end + _LOOKED_AHEAD)
    if after:
        return _AFTER[after["word"].lower()]
    before = _QUALIFIED.search(text[max(0, start - _LOOKED_BACK) : start])
    return _BEFORE[before["word"].lower()] if before else ""
