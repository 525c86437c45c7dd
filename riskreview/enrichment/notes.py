"""What a publisher itself says about a change: labels and notes, and lines that belong to the page. Pure.

A note is known by where it stands and by speaking of the article itself. "Correction: an earlier version ..." is one;
"The correction of the market went on" is none. A note counts only where it is new: many sites carry one on every page.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, Literal, NamedTuple, get_args

from riskreview.enrichment import rules
from riskreview.lib.revisions import Edit, masked
from riskreview.lib.text import sentences, words

NoteKind = Literal["RETRACTION", "CORRECTION", "CLARIFICATION", "UPDATE"]

_DATA = rules.load("corrections")
_NOTE: dict[str, Any] = _DATA["note"]
_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
_FOLLOWING = 400
_GONE_WORDS_MOST = 60
_SENTENCE_MOST = 2_000
_EDGE = 200_000

_DATE_WORD = "|".join(name[:3] for key in ("months", "weekdays") for name in _DATA["figures"][key].split())
_OPENING = r"[\s*_(\[【（「–—-]{0,4}"
_DATED = rf"(?:[\s,(–—-]{{1,3}}(?:(?:on|at)\s)?(?=(?:(?:{_DATE_WORD})\w{{0,6}}\.?,?\s){{0,2}}\d)[\w ,./:]{{1,40}}?\)?)?"
_DELIMITER = r"\s?(?:[:：|]|[–—-]\s|\.\s|[)\]】）]|\.?$)\s?"


class Note(NamedTuple):
    """A publisher's note: what kind of change it tells of, and its words."""

    kind: NoteKind
    text: str


class _Forms(NamedTuple):
    label: re.Pattern[str]
    sentence: re.Pattern[str]
    bracket: re.Pattern[str]
    headline: re.Pattern[str]


def _pattern(text: str, where: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return rules.pattern(text, f"corrections.toml [{where}]", flags)


def _label(names: str, where: str) -> re.Pattern[str]:
    return _pattern(rf"{_OPENING}(?:{names}){_DATED}{_DELIMITER}", where)


def _forms(kind: NoteKind) -> _Forms:
    entry, where = _NOTE[kind], f"note.{kind}"
    speaking = entry["sentence"].replace("{this}", _NOTE["this"]).replace("{earlier}", _NOTE["earlier"])
    return _Forms(
        _label(entry["label"], where),
        _pattern(rf"{_OPENING}(?:{speaking})", where),
        _pattern(rf"[(\[（]\s?(?:{entry['bracket']})", where),
        _pattern(rf"[\s(\[]{{0,2}}(?:{entry['headline']})(?:[)\]]|\s?[-–—:：|])\s?", where, 0),
    )


_FORMS = {kind: _forms(kind) for kind in _KINDS}
_NEUTRAL = _label(_NOTE["neutral"], "note")
_ITSELF = _pattern(_NOTE["itself"], "note")
_GONE = _pattern(_DATA["gone"]["text"], "gone")
_DATES = _pattern(rf"\b(?:{_DATE_WORD})\w{{0,6}}", "figures", re.IGNORECASE)
_STAMP = _pattern(
    rf"(?=[^\d]{{0,80}}\d)(?:{_DATA['furniture']['stamp']})?(?:(?:{_DATE_WORD})\w{{0,6}}\.?|\d{{1,4}}(?:st|nd|rd|th)?|[ap]\.?m\.?|"
    r"on|at|by|(?-i:[A-Z]{2,4})|[\s,.:：/|·()年月日-]){1,40}",
    "furniture",
)
_FURNITURE = _pattern("|".join(_DATA["furniture"]["lines"]), "furniture")


def strongest(edits: Iterable[Edit], text: str, old_title: str, new_title: str) -> Note | None:
    """The note that decides the kind of a change: the strongest of those that are new in the newer version, or None.

    `edits` lead from the older to the newer text, which is `text`. A note that stood before, with another date, is not
    new.
    """
    every = list(edits)
    stood = {_undated(part) for edit in _outermost(every, "before") for part in _sentences(edit.before)}
    found = [note for edit in _outermost(every, "after") for note in _in(edit, text, stood)]
    return min([*found, *_in_headline(old_title, new_title)], key=lambda note: _KINDS.index(note.kind), default=None)


def bare_headline(title: str) -> str:
    """A headline without the publisher's label before it and its name after a bar."""
    for forms in _FORMS.values():
        label = forms.headline.match(title)
        title = title[label.end() :] if label else title
    return title.partition(" | ")[0].strip()


def is_furniture(sentence: str) -> bool:
    """Whether a line belongs to the page rather than to the article: its time, its links, its counters."""
    line = sentence[:240].strip()
    return bool(_STAMP.fullmatch(line) or _FURNITURE.fullmatch(line))


def is_empty_page(text: str) -> bool:
    """Whether a page says that nothing is there, or no text is left of it."""
    return not text.strip() or (len(text) < 2_000 and len(words(text)) < _GONE_WORDS_MOST and bool(_GONE.search(text)))


def _outermost(edits: list[Edit], side: Literal["before", "after"]) -> list[Edit]:
    """The edits of one side near both ends of a long text, where notes stand; of a short one all."""
    there = [edit for edit in edits if getattr(edit, side)]
    sizes = [len(getattr(edit, side)) for edit in there]
    head, tail = (1 + sum(size <= _EDGE for size in accumulate(each)) for each in (sizes, reversed(sizes)))
    return there if head + tail >= len(there) else [*there[:head], *there[-tail:]]


def _in(edit: Edit, text: str, stood: set[str]) -> Iterator[Note]:
    offset = edit.after_span[0] if edit.after_span else 0
    for start, end in sentences(edit.after[:_EDGE]):
        sentence = edit.after[start : min(end, start + _SENTENCE_MOST)]
        note = _read(sentence, text, offset + start, offset + end)
        if note and _undated(sentence) not in stood:
            yield note


def _read(sentence: str, text: str, start: int, end: int) -> Note | None:
    """The note that a sentence at [start, end) of the text is, or begins."""
    for kind, forms in _FORMS.items():
        if forms.sentence.match(sentence) or (forms.bracket.match(sentence) and _begins_paragraph(text, start)):
            return Note(kind, sentence)
    for kind, label in [*((kind, forms.label) for kind, forms in _FORMS.items()), ("UPDATE", _NEUTRAL)]:
        match = label.match(sentence)
        if match:
            return _labelled(kind, sentence, sentence[match.end() :], text[end : end + _FOLLOWING])
    return None


def _labelled(kind: NoteKind, sentence: str, rest: str, following: str) -> Note | None:
    """A sentence behind a label, which may speak of another kind itself; or a bare label, with what it heads."""
    spoken = next((spoken for spoken, forms in _FORMS.items() if forms.sentence.match(rest)), kind)
    kind = min(kind, spoken, key=_KINDS.index)
    if rest.strip(" .)]】）") or kind == "UPDATE":
        return Note(kind, sentence)
    first = sentences(following)[:1]
    if first and _ITSELF.search(following[: first[0][1]]):
        return Note(kind, f"{sentence}{following[: first[0][1]]}")
    return None


def _in_headline(old: str, new: str) -> Iterator[Note]:
    for kind, forms in _FORMS.items():
        if forms.headline.match(new) and not forms.headline.match(old):
            yield Note(kind, new)


def _begins_paragraph(text: str, start: int) -> bool:
    before = text[max(0, start - 40) : start].rstrip(" ")
    return not before or before.endswith("\n")


def _sentences(text: str) -> Iterator[str]:
    return (text[start:end] for start, end in sentences(text[:_EDGE]))


def _undated(sentence: str) -> str:
    return _DATES.sub("", masked(sentence[:_SENTENCE_MOST]))
