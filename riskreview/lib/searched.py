"""The words of a text as they are searched: one spelling for texts and for questions, in every script. Pure."""

from __future__ import annotations

import re
import unicodedata

CHARACTERS = 200_000  # of a text, from its beginning
BYTES = 400_000  # of its words; even if no two of them are alike, they fit into the megabyte of a tsvector

_ACCENTS = re.compile("[\u0300-\u036f]")
_BETWEEN = re.compile(r"[\W_]+")
# Scripts that put no blanks between words, or join endings to names: Thai, Lao, Burmese, Khmer, kana, Han, Hangul.
_UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_UNSPACED}]+")


def words(text: str) -> str:
    """The words of a text, with one blank between them: without case, accents and punctuation.

    A run of a script without blanks becomes its pairs of neighbouring characters, and its last character, so that any
    part of it is found as those pairs in a row.
    """
    plain = _BETWEEN.sub(" ", _spelled(text[:CHARACTERS])).strip()
    if not plain.isascii():
        plain = _BETWEEN.sub(" ", _RUN.sub(lambda run: f" {_pairs(run[0])} ", plain)).strip()
    return plain.encode()[:BYTES].decode(errors="ignore")


def question(text: str) -> str:
    """The words of a part of a question: as `words`, but a run stands for its pairs alone, whatever follows it."""
    plain = _BETWEEN.sub(" ", _spelled(text)).strip()
    return _BETWEEN.sub(" ", _RUN.sub(lambda run: f" {_pairs(run[0], whole=False)} ", plain)).strip()


def is_unspaced(text: str) -> bool:
    """Whether a text has characters of a script that puts no blanks between words."""
    return _RUN.search(text) is not None


def _spelled(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.replace("\x00", " ").casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)[:CHARACTERS])


def _pairs(run: str, *, whole: bool = True) -> str:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return " ".join([*pairs, run[-1]] if whole or not pairs else pairs)
