"""Which story, a group of documents about one event, does a document belong to? Pure.

A document follows one of the documents before it. So the stories depend on what there is, not on what was read first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from riskreview.enrichment.vectors import Vector, cosine

WINDOW_DAYS = 14
KEYS = 12  # a document may follow those that share one of its heaviest terms
THRESHOLD = 250  # thousandths


@dataclass(frozen=True, slots=True)
class Told:
    """A document that may be followed: its terms, those of the document that opened its story, and a name for it."""

    name: int
    terms: Vector
    opening: Vector


def choose(terms: Vector, before: Iterable[Told]) -> tuple[int, int] | None:
    """The name of the document to follow with the likeness in thousandths, or None to open a story.

    `before` are documents of the 14 days before, the oldest first. The most alike from .25 on is followed, the first of
    equals. Vectors may be of any length.
    """
    found = ((likeness(terms, each), each.name) for each in before)
    alike, name = max(found, key=lambda pair: pair[0], default=(0, 0))
    return (name, alike) if alike >= THRESHOLD else None


def likeness(terms: Vector, told: Told) -> int:
    """Half the cosine with a document and half that with the opening of its story, in thousandths: so that a story does
    not drift from one event to the next."""
    mine = unit(terms)
    return round(500 * (cosine(mine, unit(told.terms)) + cosine(mine, unit(told.opening))))


def keys(terms: Vector) -> list[str]:
    """The heaviest terms, by which documents of one story are found; ties go to the alphabet."""
    return sorted(terms, key=lambda term: (-terms[term], term))[:KEYS]


def unit(vector: Vector) -> Vector:
    """A vector of the same direction and of length 1."""
    length = sum(weight * weight for weight in vector.values()) ** 0.5
    return {term: weight / length for term, weight in vector.items()} if length else {}
