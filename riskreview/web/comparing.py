"""What changed between two captures of a document, sentence by sentence. Pure."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from riskreview.lib.text import sentences

MOST_SENTENCES = 1_500


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` is same, gone or new."""

    kind: str
    text: str


def sentences_of(text: str) -> list[str]:
    """The sentences, without the blanks between them."""
    return [text[start:end] for start, end in sentences(text)]


def compared(old: str, new: str) -> list[Change] | None:
    """The differences with a sentence of context around them; empty when nothing differs, None when it is too long."""
    before, after = sentences_of(old), sentences_of(new)
    if max(len(before), len(after)) > MOST_SENTENCES:
        return None
    found: list[Change] = []
    for group in difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(1):
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                found += [Change("same", text) for text in before[old_from:old_to]]
                continue
            found += [Change("gone", text) for text in before[old_from:old_to]]
            found += [Change("new", text) for text in after[new_from:new_to]]
    return found
