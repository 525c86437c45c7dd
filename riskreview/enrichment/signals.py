"""Which kinds of risk a text speaks about, and concerning whom. Pure; a simple lexicon."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from riskreview.enrichment import rules
from riskreview.enrichment.linking import Found

Scope = Literal["SENTENCE", "PREVIOUS"]

_DATA = rules.load("signals")
_SUSPICION = rules.pattern(_DATA["suspicion"], "signals.toml suspicion", re.IGNORECASE)
_ANAPHOR = rules.pattern(_DATA["anaphor"], "signals.toml anaphor")
_SENTENCE_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of risk: its name in plain words, and how much (thousandths) finding it says about a case that asks."""

    key: str
    label: str
    weight: int
    triggers: re.Pattern[str]
    foreign: re.Pattern[str] | None
    veto: re.Pattern[str] | None


def _category(key: str, entry: dict[str, Any]) -> Category:
    where = f"signals.toml [category.{key}]"
    optional = {
        name: rules.pattern(entry[name], where, re.IGNORECASE) if name in entry else None
        for name in ("foreign", "veto")
    }
    triggers = rules.pattern(rf"(?<!\w)(?:{entry['triggers']})", where, re.IGNORECASE)
    return Category(key, entry["label"], entry["weight"], triggers, optional["foreign"], optional["veto"])


CATEGORIES: dict[str, Category] = {key: _category(key, entry) for key, entry in _DATA["category"].items()}


@dataclass(frozen=True, slots=True)
class Signal:
    """One category in one sentence (its index), with the trigger's span in the text and the vendors concerned.

    Scope PREVIOUS: the sentence speaks of "it" or "the company", and the vendors are those of the sentence before.
    """

    category: str
    sentence: int
    start: int
    end: int
    vendors: frozenset[int]
    scope: Scope


def signals(text: str, spans: Sequence[tuple[int, int]], found: Iterable[Found]) -> list[Signal]:
    """The signals of a text by sentence; at most one per category and sentence, none without a vendor.

    Vendors that are only the place of publication, an attribute of another name or the source of the statement are not
    concerned by it unless they alone are named.
    """
    by_sentence = _vendors_by_sentence(spans, found)
    result: list[Signal] = []
    for index, (start, end) in enumerate(spans):
        vendors, scope = _concerned_by(text, spans, index, by_sentence)
        if vendors:
            for category, left, right in _triggered(text[start : min(end, start + _SENTENCE_MAX)], len(vendors)):
                result.append(Signal(category, index, start + left, start + right, vendors, scope))
    return result


def _concerned_by(
    text: str, spans: Sequence[tuple[int, int]], index: int, by_sentence: dict[int, frozenset[int]]
) -> tuple[frozenset[int], Scope]:
    vendors = by_sentence.get(index, frozenset())
    if vendors or not _continues(text, spans, index):
        return vendors, "SENTENCE"
    return by_sentence.get(index - 1, frozenset()), "PREVIOUS"


def _vendors_by_sentence(spans: Sequence[tuple[int, int]], found: Iterable[Found]) -> dict[int, frozenset[int]]:
    named: defaultdict[int, list[Found]] = defaultdict(list)
    index = 0
    for mention in sorted((f for f in found if f.state == "ACCEPTED"), key=lambda f: f.start):
        while index < len(spans) - 1 and mention.start >= spans[index][1]:
            index += 1
        named[index].append(mention)
    return {index: _concerned(mentions) for index, mentions in named.items()}


def _concerned(mentions: Sequence[Found]) -> frozenset[int]:
    subjects = frozenset(m.name.vendor for m in mentions if m.role in ("AGENT", "TARGET", "OTHER"))
    return subjects or frozenset(m.name.vendor for m in mentions if m.role in ("MODIFIER", "SOURCE"))


def _continues(text: str, spans: Sequence[tuple[int, int]], index: int) -> bool:
    if index == 0 or not _ANAPHOR.match(text, spans[index][0]):
        return False
    return "\n" not in text[spans[index - 1][1] : spans[index][0]]


def _triggered(sentence: str, vendors: int) -> Iterator[tuple[str, int, int]]:
    for category in CATEGORIES.values():
        for match in category.triggers.finditer(sentence):
            if _holds(category, sentence, match, vendors):
                yield category.key, *match.span()
                break


def _holds(category: Category, sentence: str, match: re.Match[str], vendors: int) -> bool:
    if category.veto and any(_overlap(match, veto) for veto in category.veto.finditer(sentence)):
        return False
    if category.foreign and category.foreign.match(match.group()):
        return vendors > 1 or bool(_SUSPICION.search(sentence))
    return True


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()
