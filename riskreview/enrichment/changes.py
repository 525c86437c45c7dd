"""What a newer version of an article says differently, and whether a review must know. Pure; rules, with their reasons.

A change is *material* when it can change what a review rests on: a figure, name, negation, denial or status word in a
sentence that stays; a sentence of five words or more that named a vendor, gave a figure or denied something, and is
gone; a new denial; another headline; the publisher's own correction, clarification or retraction. Sentences that are
only added leave what was cited as it was: an update, material only where they deny something. All else is cosmetic.

The publisher's note decides the kind. Without one, a statement that was altered or taken back counts as a correction
(made in silence), and additions and new headlines as an update.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz

from riskreview.enrichment import notes
from riskreview.enrichment.statements import Names, Statement, differences, is_typography, lost, quoted
from riskreview.lib.revisions import Edit, affected, folded, revision, survives
from riskreview.vendors.matching import Gazetteer

__all__ = ["Compared", "Edit", "Kind", "Version", "affected", "compare", "survives"]

Kind = Literal["CORRECTION", "CLARIFICATION", "UPDATE", "RETRACTION", "COSMETIC", "GONE"]

JUDGED_MOST = 100_000  # characters of edits that are judged by their words
REASONS_MOST = 30
_TYPING_ERROR, _REPLACED = 95, 70  # per cent alike
_TYPOGRAPHY = "Only punctuation, case or spacing changed"
_MOVED = "Sentences were moved"
_PAGE = "Lines of the page around the article changed"
_ANNOUNCED: dict[Kind, str] = {
    "RETRACTION": "The publisher takes it back",
    "CORRECTION": "The publisher corrects it",
    "CLARIFICATION": "The publisher clarifies it",
    "UPDATE": "The publisher marks an update",
}


@dataclass(frozen=True, slots=True)
class Version:
    """What a capture says."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between two versions, and what to think of it.

    `note` is the publisher's own sentence or headline that decided the kind, verbatim, or "". `reasons` are in words,
    the weightiest first; `summary` is one sentence.
    """

    kind: Kind
    material: bool
    edits: tuple[Edit, ...]
    note: str
    reasons: tuple[str, ...]
    summary: str


@dataclass(slots=True)
class _Found:
    """Reasons, sorted by what they mean."""

    altered: list[str] = field(default_factory=list)
    headline: list[str] = field(default_factory=list)
    denials: list[str] = field(default_factory=list)
    added: int = 0
    style: list[str] = field(default_factory=list)

    @property
    def material(self) -> list[str]:
        return [*self.altered, *self.headline, *self.denials][:REASONS_MOST]

    @property
    def harmless(self) -> list[str]:
        more = [f"{self.added} sentence{'s were' if self.added > 1 else ' was'} added"] if self.added else []
        return [*more, *dict.fromkeys(self.style)]


def compare(old: Version, new: Version, *, names: Iterable[str] | Gazetteer = ()) -> Compared:
    """What the newer version says differently. `names` are the vendors and products that count, as they are spelled.

    Bounded in time: over 2,000,000 characters or 20,000 sentences, lines are compared without their order, and what
    differs beyond 100,000 characters is taken for material unread. Both are then among the reasons.
    """
    changes = revision(old.text, new.text)
    note = notes.strongest(changes.edits, new.text, old.title, new.title)
    if note is None and old.text.strip() and notes.is_empty_page(new.text) and not notes.is_empty_page(old.text):
        return Compared("GONE", True, changes.edits, "", ("The text is gone",), "Nothing of the text is left.")
    found = _judged(old, new, changes.edits, changes.kept, Names(names))
    kind: Kind = note.kind if note else _kind(found)
    material = bool(found.material) or kind in ("RETRACTION", "CORRECTION", "CLARIFICATION")
    reasons = [*found.material, *found.harmless]
    if not changes.ordered:
        reasons.append("The text is too long to compare in order: lines were compared wherever they stand")
    summary = _summary(kind, note, found, material)
    return Compared(kind, material, changes.edits, note.text if note else "", tuple(reasons), summary)


def _kind(found: _Found) -> Kind:
    if found.altered:
        return "CORRECTION"
    return "UPDATE" if found.headline or found.denials or found.added else "COSMETIC"


def _summary(kind: Kind, note: notes.Note | None, found: _Found, material: bool) -> str:
    reasons = found.material or found.harmless
    if note:
        return f"{_ANNOUNCED[kind]}: {quoted(note.text)}"
    if not reasons:
        return "Nothing changed."
    more = f", and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}; the publisher gives no note." if material else f"{reasons[0]}{more}."


def _judged(old: Version, new: Version, edits: Sequence[Edit], kept: frozenset[str], names: Names) -> _Found:
    found = _Found()
    stood = kept | {folded(edit.before) for edit in edits}
    stands = kept | {folded(edit.after) for edit in edits}
    size = 0
    for index, edit in enumerate(edits):
        size += len(edit.before) + len(edit.after)
        if size > JUDGED_MOST:
            _judge_unread(found, edits[index:])
            break
        if edit.kind == "changed":
            _judge_changed(found, edit, names)
        elif edit.kind == "gone":
            _judge_gone(found, edit.before, stands, names)
        else:
            _judge_new(found, edit.after, stood, names)
            _judge_replaced(found, edits[index - 1], edit, names)
    _judge_headline(found, old.title, new.title, names)
    return found


def _judge_changed(found: _Found, edit: Edit, names: Names) -> None:
    if notes.is_furniture(edit.before) and notes.is_furniture(edit.after):
        found.style.append(_PAGE)
        return
    differing = differences(Statement(edit.before, names), Statement(edit.after, names))
    found.altered += differing
    if not differing:
        found.style.append(_style(edit.before, edit.after))


def _style(before: str, after: str) -> str:
    if is_typography(before, after):
        return _TYPOGRAPHY
    if fuzz.ratio(folded(before), folded(after)) >= _TYPING_ERROR:
        return "A spelling changed"
    return "The wording changed, but no figure, name, denial or status word"


def _judge_gone(found: _Found, sentence: str, stands: AbstractSet[str], names: Names) -> None:
    if sentence in stands or folded(sentence) in stands:
        found.style.append(_MOVED)
    elif notes.is_furniture(sentence):
        found.style.append(_PAGE)
    else:
        reasons = list(lost(Statement(sentence, names)))
        found.altered += reasons
        if not reasons:
            found.style.append("A sentence without a name, figure or denial is gone")


def _judge_new(found: _Found, sentence: str, stood: AbstractSet[str], names: Names) -> None:
    if sentence in stood or folded(sentence) in stood:
        found.style.append(_MOVED)
    elif notes.is_furniture(sentence):
        found.style.append(_PAGE)
    else:
        found.added += 1
        if Statement(sentence, names).denies:
            found.denials.append(f"A denial was added: {quoted(sentence)}")


def _judge_replaced(found: _Found, gone: Edit, new: Edit, names: Names) -> None:
    """A sentence in the place of another, hardly the same: a short one with one word exchanged is no more alike."""
    if gone.kind == "gone" and fuzz.ratio(folded(gone.before), folded(new.after), score_cutoff=_REPLACED):
        found.altered += differences(Statement(gone.before, names), Statement(new.after, names))


def _judge_unread(found: _Found, edits: Sequence[Edit]) -> None:
    """What lies beyond the bound is believed to matter."""
    if all(edit.kind == "new" for edit in edits):
        found.added += len(edits)
        found.denials.append("More was added than is read word by word")
    else:
        found.altered.insert(0, "More changed than is read word by word")


def _judge_headline(found: _Found, old: str, new: str, names: Names) -> None:
    before, after = notes.bare_headline(old), notes.bare_headline(new)
    if not before or not after or old == new:
        return
    if is_typography(before, after):
        found.style.append(_TYPOGRAPHY)
        return
    found.headline.append(f"The headline changed: {quoted(before)} became {quoted(after)}")
    found.altered += differences(Statement(before, names), Statement(after, names))
