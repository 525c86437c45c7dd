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
# moments and digests, and what describes a document that another exhibit cites as well.
TELLING = 8
ELSEWHERE = re.compile(r"[A-Z][A-Z0-9_]*|\d{4}-\d\d-\d\d(T[\d:.]+Z)?|[0-9a-f]{64}")
# A sentence of a hidden text tells it as well as the whole does, if it is longer than a turn of phrase.
SENTENCE = 25
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
DESCRIBES = frozenset({"headline", "url", "publisher"})
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


def given_away(
    content: sealing.Content, redactions: Collection[str], beside: Mapping[str, Any] | None = None
) -> list[tuple[str, str]]:
    """Pairs of a hidden path and a shown one that says the same words, so that hiding the one hides nothing.

    `beside` is what is shown and stands in no dossier: statements under signatures, for whom it is, the grounds.
    """
    hidden = covered(content, redactions)
    open_to_all = {path: value for path, value in content.items() if path not in hidden} | dict(beside or {})
    shown = {path: [squeezed(text) for text in texts(value)] for path, value in open_to_all.items()}
    found = []
    for path in sorted(hidden):
        words = [each for text in texts(content[path]) for each in telling(text)]
        column = path.rpartition(".")[2]
        others = (each for each in sorted(shown) if column not in DESCRIBES or each.rpartition(".")[2] != column)
        found += [(path, other) for other in others if any(each in text for each in words for text in shown[other])]
    return found


def telling(text: str) -> list[str]:
    """What of a hidden text would tell it, as it is compared: all of it, and each of its longer sentences."""
    if not is_telling(text):
        return []
    sentences = (squeezed(each).rstrip(".!?; ") for each in SENTENCES.split(text) if is_telling(each))
    return [squeezed(text), *(each for each in sentences if len(each) >= SENTENCE)]


def is_telling(text: str) -> bool:
    """Whether these words, met elsewhere, would tell what is hidden."""
    return len(text.strip()) >= TELLING and not ELSEWHERE.fullmatch(text.strip())


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
