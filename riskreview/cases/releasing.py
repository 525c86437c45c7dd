"""What leaves the house of a sealed dossier: which paths are hidden, the file that still verifies, and what gives a
hidden value away. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from riskreview.audit import canonical
from riskreview.lib.hashing import sha256_hex

from . import sealing

FORMAT = "riskreview-release/1"
# Shorter texts are words and numbers, which stand elsewhere for reasons of their own; so do keys of a vocabulary, days,
# moments and digests.
TELLING = 8
ELSEWHERE = re.compile(r"[A-Z][A-Z0-9_]*|\d{4}-\d\d-\d\d(T[\d:.]+Z)?|[0-9a-f]{64}")
# A sentence of a hidden text tells it as well as the whole does, if it is longer than a turn of phrase.
SENTENCE = 25
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
# Digests identify the capture they are of, wherever they stand.
SUMS = frozenset({"raw_sha256", "text_sha256"})
# Days say something only beside the document they are of, and a whole document can be hidden without them.
DAYS = frozenset({"published_at", "fetched_at"})
# Not paths of the dossier: what a memo says beside it.
BESIDE = ("signatures",)


def covered(content: sealing.Content, redactions: Collection[str]) -> dict[str, str]:
    """Every path that is hidden, with the redaction that hides it: the path itself, or one it is a part of."""
    return {path: found for path in content if (found := covering(path, redactions)) is not None}


def covering(path: str, redactions: Collection[str]) -> str | None:
    """The redaction that hides a path, if one does: `exhibit.3` hides `exhibit.3.passage`."""
    return next((each for each in redactions if path == each or path.startswith(f"{each}.")), None)


def names_something(content: sealing.Content, path: str) -> bool:
    """Whether a path is one of the dossier, or of a part of it, or of what a memo says beside it."""
    return path in BESIDE or any(covering(each, [path]) for each in content)


def document(content: sealing.Content, key: str, redactions: Collection[str], head: Mapping[str, Any]) -> bytes:
    """The released file: the dossier line by line, hidden lines by their hash alone. The same input, the same bytes."""
    hidden = covered(content, redactions)
    lines = sealing.disclosed(content, key, hidden)
    return canonical.encode({"format": FORMAT, **head, "root": sealing.root(content, key), "lines": lines})


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands under the signatures, where that is hidden: who signed, and what they said with it."""

    names: Collection[str] = ()
    statements: Collection[str] = ()

    def is_in(self, text: str) -> bool:
        """Whether a text, as it is compared, says a name or a statement."""
        names = (rf"(?<!\w){re.escape(squeezed(each))}(?!\w)" for each in self.names if is_name(each))
        words = (each for statement in self.statements for each in telling(statement))
        return any(each in text for each in words) or any(re.search(each, text) for each in names)


def given_away(
    content: sealing.Content,
    redactions: Collection[str],
    beside: Mapping[str, Any] | None = None,
    signed: Signed | None = None,
) -> list[tuple[str, str]]:
    """Pairs of a hidden path and a shown one that says the same, so that hiding the one hides nothing.

    `beside` is what is shown and stands in no dossier: names and statements under signatures, for whom it is, the
    grounds. `signed` is what was hidden there.
    """
    hidden = covered(content, redactions)
    open_to_all = {path: value for path, value in content.items() if path not in hidden} | dict(beside or {})
    shown = {path: [squeezed(text) for text in texts(value)] for path, value in sorted(open_to_all.items())}
    found = [(path, other) for path, by in sorted(hidden.items()) for other in said_in(content, path, by, shown)]
    return found + [("signatures", other) for other in shown if signed and any(map(signed.is_in, shown[other]))]


def said_in(content: sealing.Content, path: str, by: str, shown: Mapping[str, list[str]]) -> Iterator[str]:
    """The shown paths that say what a hidden one does. `by` is the redaction that hides it.

    What identifies a document (headline, address, digests) and every longer text is kept as soon as it is hidden. A day
    and, of a publisher that another exhibit shows, the name are kept only where they were hidden by themselves: many
    documents share them.
    """
    column, own = column_of(path), {squeezed(text) for text in texts(content[path])}
    alike = {each for each in shown if column_of(each) == column and own & {*shown[each]}} if column else set()
    if column in DAYS:
        yield from (each for each in alike if path == by and cites_the_same(content, path, each))
        return
    if column == "publisher" and path != by and alike:
        return
    words = own if column in SUMS else {each for text in texts(content[path]) for each in telling(text)}
    for other, told in shown.items():
        # An address begins many others: only the very same one is of the same document.
        as_words = column != "url" or column_of(other) != column
        says = as_words and any(each in text for each in words for text in told)
        if says or (other in alike and column in ("headline", "url", "publisher")):
            yield other


def column_of(path: str) -> str:
    """The column of an exhibit that a path is; empty for every other path."""
    part, _, column = path.rpartition(".")
    return column if part.startswith("exhibit.") else ""


def cites_the_same(content: sealing.Content, one: str, other: str) -> bool:
    """Whether two paths are the same column of two exhibits of one document, or of one capture of it."""
    if not column_of(one) or column_of(one) != column_of(other):
        return False
    first, second = (path.rpartition(".")[0] for path in (one, other))
    cited = ((content.get(f"{first}.{name}"), content.get(f"{second}.{name}")) for name in ("document", "snapshot"))
    return first != second and any(a is not None and a == b for a, b in cited)


def telling(text: str) -> list[str]:
    """What of a hidden text would tell it, as it is compared: all of it, and each of its longer sentences."""
    if not is_telling(text):
        return []
    sentences = (squeezed(each).rstrip(".!?; ") for each in SENTENCES.split(text) if is_telling(each))
    return [squeezed(text), *(each for each in sentences if len(each) >= SENTENCE)]


def is_telling(text: str) -> bool:
    """Whether these words, met elsewhere, would tell what is hidden."""
    return len(text.strip()) >= TELLING and not ELSEWHERE.fullmatch(text.strip())


def is_name(text: str) -> bool:
    """Whether this names one person: a single short name is a word like others."""
    return " " in text.strip() or is_telling(text)


def texts(value: Any) -> Iterator[str]:
    """Every text inside a plain value; a reference to a row is none."""
    match value:
        case str():
            yield value
        case {"ref": _}:
            return
        case Mapping():
            for inner in value.values():
                yield from texts(inner)
        case list() | tuple():
            for inner in value:
                yield from texts(inner)


def squeezed(text: str) -> str:
    """A text as it is compared: letters only count by what they are, blanks only by being there."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def sha256_of(data: bytes) -> str:
    """The sum by which a released file is known."""
    return sha256_hex(data)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a released file stands for, and how much of it is shown."""

    root: str
    shown: int
    hidden: int


def verified(told: Any) -> Verified:
    """Work out the digest that a released file stands for, to be compared with the one that was signed.

    Raises `ValueError` for what is no such file, and for one whose own digest is another.
    """
    if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("lines"), list):
        raise ValueError(f"it is no {FORMAT}")
    lines = told["lines"]
    paths = [line["path"] for line in lines if isinstance(line, dict) and "path" in line]
    if paths != sorted(set(paths)):
        raise ValueError("its paths are not in order, or one is there twice")
    root = sealing.root_of(lines)
    if root != told.get("root"):
        raise ValueError(f"it says that it stands for {told.get('root')}, and it stands for {root}")
    return Verified(root, len(paths), len(lines) - len(paths))
