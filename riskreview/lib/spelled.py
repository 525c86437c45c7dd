"""Finding many spellings in one pass, as whole words of whatever script they are written in. Pure.

What ends a word differs: Chinese has no blanks, Korean hangs particles on a name, Arabic and Hebrew write "and", "in"
or "the" as a part of the word, Russian bends its end.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

import ahocorasick

T = TypeVar("T")

_ASIAN_FROM = "\u2e80"
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30fe]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_RIGHT_TO_LEFT = re.compile("[\u05d0-\u06d3]")
# Before a name and in the same word: and, so, with, for, like, the.
_ARABIC_PREFIX = re.compile("(?<![\u0620-\u06d3])(?:[وفبلك]{1,2}(?:ال)?|ال|لل)$")
_HEBREW_PREFIX = re.compile("(?<![\u05d0-\u05ea])[והבלמשכ]{1,2}$")
_PARTICLE = re.compile(
    "(?:은|는|이|가|을|를|의|에|와|과|로|으로|도|만|측|사|까지|부터|라|란|이라|보다|처럼|조차|발|산|제|식|판|간|등|나|이나|께|씨)"
)
_KATAKANA_SUFFIX = re.compile("(?:グループ|クラウド|ジャパン|ホールディングス|コーポレーション)(?![\u30a1-\u30fe])")
_CASE_ENDING = re.compile("(?:ами|ах|ам|ом|ой|ов|а|у|е|ы|и|я|ю|ем)(?!\\w)")
_CYRILLIC_CONSONANT = frozenset("бвгджзйклмнпрстфхцчшщБВГДЖЗЙКЛМНПРСТФХЦЧШЩ")


def begins(text: str, start: int) -> bool:
    """True when a word, or a name inside a longer word of its script, begins at `start`."""
    if start == 0:
        return True
    first, before = text[start], text[start - 1]
    if not (_goes_on(first) and _goes_on(before)):
        return True
    if before < "\u0590":
        return first >= _ASIAN_FROM
    return _begins_in_script(text, start, first, before)


def ends(text: str, end: int) -> int | None:
    """Where the word whose name ends at `end` ends, with its case ending; None when another word goes on there."""
    if end == len(text):
        return end
    last, after = text[end - 1], text[end]
    if after < "\u0300" and last < "\u0300":
        return None if _goes_on(after) and _goes_on(last) else end
    if not (_goes_on(last) and _goes_on(after)):
        return None if unicodedata.combining(after) else end
    return _ends_in_script(text, end, last, after)


class Spellings(Generic[T]):
    """Spellings with what each stands for, found with Aho-Corasick in time linear in the text."""

    def __init__(self, spelled: Mapping[str, T]) -> None:
        self._automaton = ahocorasick.Automaton()
        for spelling, value in spelled.items():
            self._automaton.add_word(spelling, (len(spelling), value))
        self._empty = not spelled
        if spelled:
            self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Start, end and value of each spelling that begins a word; where the word ends is for the caller to ask."""
        if self._empty:
            return
        for last, (length, value) in self._automaton.iter(text):
            start = last + 1 - length
            if begins(text, start):
                yield start, last + 1, value

    def words(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Those that end with their word as well, case endings included."""
        for start, end, value in self.find(text):
            stop = ends(text, end)
            if stop is not None:
                yield start, stop, value


def _goes_on(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _begins_in_script(text: str, start: int, first: str, before: str) -> bool:
    if _ARABIC.match(first):
        return bool(_ARABIC_PREFIX.search(text, max(0, start - 5), start))
    if _HEBREW.match(first):
        return bool(_HEBREW_PREFIX.search(text, max(0, start - 3), start))
    if _RIGHT_TO_LEFT.match(before):
        return True
    for script in (_KATAKANA, _HANGUL):
        if script.match(first):
            return not script.match(before)
    return first >= _ASIAN_FROM or before >= _ASIAN_FROM


def _ends_in_script(text: str, end: int, last: str, after: str) -> int | None:
    if last in _CYRILLIC_CONSONANT:
        ending = _CASE_ENDING.match(text, end)
        return ending.end() if ending else None
    if _KATAKANA.match(last):
        return end if not _KATAKANA.match(after) or _KATAKANA_SUFFIX.match(text, end) else None
    if _HANGUL.match(last) and _HANGUL.match(after):
        return end if _PARTICLE.match(text, end) else None
    return end if last >= _ASIAN_FROM or after >= _ASIAN_FROM or _changes_direction(last, after) else None


def _changes_direction(last: str, after: str) -> bool:
    return bool(_RIGHT_TO_LEFT.match(after)) and not _RIGHT_TO_LEFT.match(last)
