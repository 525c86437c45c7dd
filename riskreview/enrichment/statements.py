"""What a sentence states that a review may rest on, and how two forms of a sentence differ in it. Pure.

Figures, names, negations, denials, and words for where a matter stands ("alleged", "confirmed", "banned"). English,
with the commonest words of some other languages; a change of wording beyond these is taken for style.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from riskreview.enrichment import rules
from riskreview.enrichment.figures import Part, figures
from riskreview.lib.revisions import folded, plain
from riskreview.lib.text import words
from riskreview.vendors.matching import Gazetteer, Name, NameKind

_DATA = rules.load("corrections")
_MEANING = _DATA["meaning"]
_NEGATION = rules.pattern(_MEANING["negation"], "corrections.toml [meaning] negation", re.IGNORECASE)
_DENIAL = rules.pattern(_MEANING["denial"], "corrections.toml [meaning] denial", re.IGNORECASE)
_SUFFIX = rules.pattern(_DATA["names"]["suffixes"], "corrections.toml [names] suffixes")
_OPPOSITES: list[str] = _MEANING["opposites"]
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af]")
_WORDS_LEAST, _CJK_LEAST = 5, 8
_SHOWN = 120
_LISTED = 6


def _status(group: str, entry: str) -> re.Pattern[str]:
    every = re.split(r"\|(?![^(]*\))", entry)
    latin = "|".join(word for word in every if not _CJK.search(word))
    pattern = "|".join([rf"\b(?:{latin})(?!\w)", *filter(_CJK.search, every)])
    return rules.pattern(pattern, f"corrections.toml [meaning.status] {group}", re.IGNORECASE)


_STATUS = {group: _status(group, entry) for group, entry in _MEANING["status"].items()}


class Names:
    """The names that count, found in a sentence. Spellings that differ only in "Inc." or "Group" are one name."""

    def __init__(self, names: Iterable[str] | Gazetteer) -> None:
        self._gazetteer = names if isinstance(names, Gazetteer) else _gazetteer(names)

    def find(self, text: str) -> list[Part]:
        """The names in order; the key tells vendor and product."""
        hits = self._gazetteer.find(text)
        return [Part(f"{hit.name.vendor} {hit.product_key}", hit.surface, hit.start, hit.end) for hit in hits]


def _gazetteer(names: Iterable[str]) -> Gazetteer:
    numbers: dict[str, int] = {}
    spelled = [(name, numbers.setdefault(_SUFFIX.sub("", name), len(numbers))) for name in sorted(set(names)) if name]
    return Gazetteer((Name(name, NameKind.STRONG, number) for name, number in spelled), "")


@dataclass(frozen=True)
class Statement:
    """A sentence, and what it states."""

    text: str
    finder: Names

    @cached_property
    def figures(self) -> list[Part]:
        """Numbers, sums, dates; a number within a name belongs to the name."""
        named = [(part.start, part.end) for part in self.names]
        return [f for f in figures(self.text) if not any(start <= f.start and f.end <= end for start, end in named)]

    @cached_property
    def names(self) -> list[Part]:
        """Vendors and products."""
        return self.finder.find(self.text)

    @cached_property
    def status(self) -> list[Part]:
        """Words for where the matter stands."""
        found = ((group, pattern.search(self.text)) for group, pattern in _STATUS.items())
        return [Part(group, match.group().strip(), *match.span()) for group, match in found if match]

    @cached_property
    def negations(self) -> int:
        """How many words turn the sentence round."""
        return len(_NEGATION.findall(self.text.replace("’", "'")))

    @cached_property
    def denies(self) -> bool:
        """Whether the sentence contests something."""
        return bool(_DENIAL.search(self.text))

    @cached_property
    def is_long(self) -> bool:
        """Whether it has five words or more (eight characters, where words are not parted by blanks)."""
        return len(words(self.text)) >= _WORDS_LEAST or len(_CJK.findall(self.text)) >= _CJK_LEAST

    @property
    def shown(self) -> str:
        """The sentence in quotation marks, cut where it is long."""
        return quoted(self.text)

    def around(self, parts: Sequence[Part]) -> str:
        """The sentence without these parts."""
        pieces, at = [], 0
        for part in parts:
            pieces.append(self.text[at : part.start])
            at = part.end
        return folded(" ".join([*pieces, self.text[at:]]))


def quoted(text: str) -> str:
    """A text in quotation marks, cut after 120 characters."""
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[:_SHOWN].rstrip()} …”"


def differences(before: Statement, after: Statement) -> list[str]:
    """What the second form states differently, in words; empty where only the wording differs."""
    return [
        *_exchanged("figure", before, after, before.figures, after.figures),
        *_exchanged("name", before, after, before.names, after.names),
        *_turned(before, after),
        *_swapped("status word", before.status, after.status),
    ]


def is_typography(before: str, after: str) -> bool:
    """Whether two forms differ only in case, punctuation and blanks."""
    return [w.casefold() for w in words(plain(before))] == [w.casefold() for w in words(plain(after))]


def lost(gone: Statement) -> Iterator[str]:
    """Why it matters that a sentence is gone, in words; nothing where it does not."""
    if not gone.is_long:
        return
    if gone.names:
        yield f"A sentence that named {_listed(gone.names)} is gone: {gone.shown}"
    elif gone.figures:
        yield f"A sentence with a figure is gone ({_listed(gone.figures)}): {gone.shown}"
    elif gone.denies:
        yield f"A denial is gone: {gone.shown}"


def _exchanged(
    what: str, before: Statement, after: Statement, old: Sequence[Part], new: Sequence[Part]
) -> Iterator[str]:
    """Parts that differ; or that changed places while everything around them stands."""
    yield from _swapped(what, old, new)
    keys = [part.key for part in old], [part.key for part in new]
    if keys[0] != keys[1] and set(keys[0]) == set(keys[1]) and before.around(old) == after.around(new):
        yield f"The {what}s changed places: {_listed(old)} became {_listed(new)}"


def _swapped(what: str, old: Sequence[Part], new: Sequence[Part]) -> Iterator[str]:
    before, after = ({part.key for part in side} for side in (old, new))
    gone = _listed(part for part in old if part.key not in after)
    come = _listed(part for part in new if part.key not in before)
    if gone and come:
        yield f"A {what} changed: {gone} became {come}"
    elif gone:
        yield f"A {what} is gone: {gone}"
    elif come:
        yield f"A {what} was added: {come}"


def _turned(before: Statement, after: Statement) -> Iterator[str]:
    if before.negations != after.negations:
        yield f"A negation was {'added' if after.negations > before.negations else 'removed'}: {after.shown}"
    elif _opposed(before.text, after.text):
        yield f"A word became its opposite: {after.shown}"
    if before.denies != after.denies:
        yield f"A denial was {'added' if after.denies else 'removed'}: {after.shown}"


def _opposed(before: str, after: str) -> bool:
    one, other = ({word.casefold() for word in words(text)} for text in (before, after))
    gone, come = one - other, other - one
    made = {prefix + dash + word for word in gone | come for prefix in _OPPOSITES for dash in ("", "-")}
    return bool(made & (gone | come))


def _listed(parts: Iterable[Part]) -> str:
    surfaces = list(dict.fromkeys(part.surface for part in parts))
    return ", ".join(surfaces[:_LISTED]) + (" …" if len(surfaces) > _LISTED else "")
