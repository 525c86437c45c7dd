"""What changed between two captures of a document, sentence by sentence, for a page. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from riskreview.lib.revisions import Edit, Span, revision
from riskreview.lib.text import sentences

from .marking import Piece

MOST_SENTENCES = 1_500
_TOKEN = re.compile(r"[\u2e80-\U0003ffff]|[^\W\u2e80-\U0003ffff]+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that is the `same`, `gone` or `new`; of a changed one both forms, the words that differ marked."""

    kind: str
    pieces: tuple[Piece, ...]

    @classmethod
    def whole(cls, kind: str, text: str) -> Change:
        """A sentence without marks."""
        return cls(kind, (Piece(text),))


def compared(old: str, new: str) -> list[Change] | None:
    """The differences with a sentence of context around them; empty when nothing differs, None when it is too long."""
    before, after = sentences(old), sentences(new)
    if max(len(before), len(after)) > MOST_SENTENCES:
        return None
    found = revision(old, new)
    return list(_in_context(list(_told(found.edits, new, before, after)))) if found.ordered else None


def runs(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two forms of a sentence, cut where they begin or cease to differ, by words; joined they are the sentences."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    kept, stands = [False] * len(one), [False] * len(other)
    for block in LCSseq.editops(one, other).as_matching_blocks():
        kept[block.a : block.a + block.size] = [True] * block.size
        stands[block.b : block.b + block.size] = [True] * block.size
    return _merged(one, kept), _merged(other, stands)


def _told(edits: Sequence[Edit], new: str, before: Sequence[Span], after: Sequence[Span]) -> Iterator[Change]:
    """The whole newer text, with what is gone where it stood."""
    i = j = 0
    for edit in edits:
        same = _place(before, edit.before_span) - i if edit.before_span else _place(after, edit.after_span) - j
        yield from (Change.whole("same", new[slice(*span)]) for span in after[j : j + same])
        i, j = i + same + _covered(before, edit.before_span), j + same + _covered(after, edit.after_span)
        yield from _forms(edit)
    yield from (Change.whole("same", new[slice(*span)]) for span in after[j:])


def _forms(edit: Edit) -> Iterator[Change]:
    if edit.kind == "changed":
        gone, new = runs(edit.before, edit.after)
        yield Change("gone", gone)
        yield Change("new", new)
    else:
        yield Change.whole(edit.kind, edit.before or edit.after)


def _place(spans: Sequence[Span], span: Span | None) -> int:
    """How many sentences begin before the span does."""
    return bisect_left(spans, span[0], key=lambda each: each[0]) if span else 0


def _covered(spans: Sequence[Span], span: Span | None) -> int:
    """How many sentences a span covers."""
    return bisect_left(spans, span[1], key=lambda each: each[0]) - _place(spans, span) if span else 0


def _in_context(told: Sequence[Change]) -> Iterator[Change]:
    for index, change in enumerate(told):
        if any(near.kind != "same" for near in told[max(0, index - 1) : index + 2]):
            yield change


def _merged(tokens: Sequence[str], same: list[bool]) -> tuple[Piece, ...]:
    """Tokens as pieces; a blank between two words that differ belongs to them."""
    told: list[Piece] = []
    for index, (token, kept) in enumerate(zip(tokens, same, strict=True)):
        bridges = kept and token.isspace() and not any(same[max(0, index - 1) : index] + same[index + 1 : index + 2])
        mark = True if bridges or not kept else None
        if told and told[-1].mark == mark:
            told[-1] = Piece(told[-1].text + token, mark)
        else:
            told.append(Piece(token, mark))
    return tuple(told)
