"""The figures of a sentence: numbers with scale, unit and currency, dates, and small numbers in words. Pure.

Each has a key that is equal for equal figures however they are written: "1,000" and "1000", "40 million" and "40m",
"5 percent" and "5%", "28 January" and "Jan. 28". English, with digits of any script and Chinese numerals.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from riskreview.enrichment import rules

_DATA = rules.load("corrections")["figures"]
_WHERE = "corrections.toml [figures]"
_SPELLED = {word: Decimal(str(value)) for word, value in _DATA["spelled"].items()}
_SCALE = {word: Decimal(value) for word, value in (_DATA["scale"] | _DATA["letter"]).items()}
_UNIT = {spelling: key for key, spellings in _DATA["unit"].items() for spelling in spellings}
_SIGN: dict[str, str] = _DATA["sign"]
_MONTHS = _DATA["months"].split()
_MONTH = {month[:3].lower(): number for number, month in enumerate(_MONTHS, 1)}


class Part(NamedTuple):
    """A part of a sentence at [start, end); what means the same has the same `key`, `surface` is how it is written."""

    key: str
    surface: str
    start: int
    end: int


def figures(sentence: str) -> list[Part]:
    """The figures in order. Needs time linear in the sentence."""
    found: list[Part] = []
    for pattern, read in _READERS:
        matches = list(pattern.finditer(sentence))
        found += [Part(key, m.group().strip(), *m.span()) for m in matches for key in read(m)]
        # What one pattern has read is no figure to the next.
        sentence = pattern.sub(lambda m: " " * len(m.group()), sentence) if matches else sentence
    return sorted(found, key=lambda figure: figure.start)


def _key(value: Decimal, unit: str = "") -> str:
    return f"{value.normalize():f} {unit}".strip()


def _date(match: re.Match[str]) -> list[str]:
    year, month, day = match.group().split("-")
    return [_key(Decimal(year)), f"month {int(month)}", _key(Decimal(day))]


def _month(match: re.Match[str]) -> list[str]:
    return [f"month {_MONTH[match.group()[:3].lower()]}"]


def _verbatim(match: re.Match[str]) -> list[str]:
    return [match.group().lower()]


def _number(match: re.Match[str]) -> list[str]:
    digits = match["digits"]
    if re.fullmatch(_GROUPED, digits):
        digits = re.sub("[,' ]", "", digits)
    elif re.fullmatch(_DOTTED, digits):
        digits = digits.replace(".", "")
    value = Decimal(digits.replace(",", ".")) * (-1 if match["minus"] else 1)
    return [_key(value * _scaled(match), _SIGN.get((match["sign"] or "").upper()) or _unit(match))]


def _spelled(match: re.Match[str]) -> list[str]:
    words = [word.lower() for word in re.split(r"[\s-]", match["words"])]
    return [_key(sum((_SPELLED.get(word, Decimal(1)) for word in words), Decimal(0)) * _scaled(match), _unit(match))]


def _ordinal(match: re.Match[str]) -> list[str]:
    return ["1" if match.group().lower() == "first" else "2"]


def _scaled(match: re.Match[str]) -> Decimal:
    value = Decimal(1)
    for word in re.findall(r"[A-Za-z]+|[^\sA-Za-z-]", match["scale"] or ""):
        value *= _SCALE[word.lower()]
    return value


def _unit(match: re.Match[str]) -> str:
    return _UNIT[match["unit"].lower()] if match["unit"] else ""


_BEGIN = r"(?<![A-Za-zÀ-ɏ\d])"
_END = r"(?![A-Za-zÀ-ɏ])"


def _any(words: Iterable[str]) -> str:
    """One of these words, the longest that fits; a Latin one ends where a word ends."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) + (_END if word[-1].isascii() and word[-1].isalpha() else "") for word in ordered)


def _pattern(text: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return rules.pattern(text, _WHERE, flags)


_GROUPED = r"\d{1,3}(?:[,' ]\d{3}){1,8}(?!\d)(?:\.\d{1,12})?"
_DOTTED = r"\d{1,3}(?:\.\d{3}){2,8}(?!\d)"
_DIGITS = rf"{_GROUPED}|{_DOTTED}|\d{{1,40}}(?:[.,]\d{{1,12}})?"
_BEFORE_DIGITS = rf"(?P<minus>(?<![\w)\]])[-−])?(?:(?P<sign>{_any(_SIGN)})\s?)?"
_SCALES = rf"(?P<scale>(?:[\s-]?(?:{_any(_DATA['scale'])})){{1,2}}|(?:{_any(_DATA['letter'])}))?"
_UNITS = rf"(?:[\s-]?(?P<unit>{_any(_UNIT)}))?"
_ONE_COUNTED = rf"one(?=[\s-](?:{_any(_DATA['scale'])}|{_any(_UNIT)}))"
_ONES = _any(["one", *(word for word, value in _SPELLED.items() if value < 10)])
_TENS = _any(word for word, value in _SPELLED.items() if 20 <= value < 100)
_IN_WORDS = rf"(?:{_TENS})[\s-](?:{_ONES})|{_any(_SPELLED)}|{_ONE_COUNTED}"
_ANY_MONTH = "|".join(_MONTHS)
_SURE_MONTH = "|".join(month for month in _MONTHS if month not in _DATA["months_also_words"])
_SHORT_MONTH = rf"(?:{'|'.join(month[:3] for month in _MONTHS)}|Sept)"
_BEFORE_A_MONTH = "|".join(rf"(?<=\b{word}\s)" for word in _DATA["before_a_month"].split())
_DATED = "|".join(
    [
        _SURE_MONTH,
        rf"(?:{_BEFORE_A_MONTH}|(?<=\d\s)|(?<=th\s))(?:{_ANY_MONTH})",
        rf"(?:{_ANY_MONTH}|{_SHORT_MONTH}\.?)(?=\s\d)",
        rf"(?<=\d\s){_SHORT_MONTH}",
    ]
)
# The name of a thing rather than a number: R1, H100, GPT4; but not USD40.
_CODE = rf"(?!(?:{'|'.join(filter(str.isalpha, _SIGN))})\d)[a-z]{{1,10}}\d{{1,8}}(?:\.\d{{1,4}})?[a-z]{{0,2}}"
_CHINESE = f"[{_DATA['chinese']}]{{2,20}}|[{_DATA['chinese_alone']}](?=[{_DATA['chinese_counted']}])"

_READERS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], list[str]]]] = [
    (_pattern(r"(?<![\d.,-])\d{4}-[01]\d-[0-3]\d(?![\d-])"), _date),
    (_pattern(rf"{_BEGIN}(?:{_DATED}){_END}", 0), _month),
    (_pattern(rf"{_BEGIN}(?:{'|'.join(_DATA['weekdays'].split())}){_END}", 0), _verbatim),
    (_pattern(rf"{_BEGIN}{_CODE}{_END}"), _verbatim),
    (_pattern(rf"{_BEFORE_DIGITS}(?P<digits>{_DIGITS})(?:(?:st|nd|rd|th){_END})?{_SCALES}{_UNITS}"), _number),
    (_pattern(rf"{_BEGIN}(?P<words>{_IN_WORDS}){_SCALES}{_UNITS}"), _spelled),
    (_pattern(rf"{_BEGIN}(?:first|second)(?=\s(?:{_DATA['periods']}){_END})"), _ordinal),
    (_pattern(_CHINESE), _verbatim),
    (_pattern("[½⅓⅔¼¾⅛]"), _verbatim),
]
