"""How a line is written: all in capitals, as headlines and wires are, or without any, as hurried people write. Pure."""

import re
from collections.abc import Iterable

Span = tuple[int, int]
_CAPITALS_MIN = 12
_OPENING = re.compile(r"[^\W\d_]")
_CAPITALISED = re.compile(r"\b[A-Z][a-z]")
_WORDS_TO_A_CAPITAL = 50  # characters of a text in small letters in which one word may have a capital


def in_capitals(text: str, spans: Iterable[Span]) -> list[Span]:
    """Those of the spans that are written in capitals throughout: a headline, or wire text."""
    return [(start, end) for start, end in spans if _is_in_capitals(text[start:end])]


def in_small_letters(text: str, spans: Iterable[Span]) -> list[Span]:
    """Those of the spans that know no capitals: they begin with a small letter, and hardly a word has one."""
    return [span for span in spans if _is_in_small_letters(text, *span)]


def _is_in_small_letters(text: str, start: int, end: int) -> bool:
    first = _OPENING.search(text, start, end)
    if first is None or not first.group().islower():
        return False
    return len(_CAPITALISED.findall(text, start, end)) <= (end - start) // _WORDS_TO_A_CAPITAL


def _is_in_capitals(sentence: str) -> bool:
    return sentence.isupper() and sum(sign.isupper() for sign in sentence) >= _CAPITALS_MIN
