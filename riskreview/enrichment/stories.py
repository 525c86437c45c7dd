"""Which story, a group of documents about one event, does a document belong to? Pure."""

from collections.abc import Sequence

from riskreview.enrichment.vectors import Vector, cosine

WINDOW_DAYS = 14
_THRESHOLD = 0.25


def choose(terms: Vector, candidates: Sequence[Sequence[Vector]]) -> int | None:
    """The index of the story to join, or None to open a new one.

    `candidates` are the stories of the last 14 days, each the vectors of its members (one per origin). A story's
    likeness is half its best and half its mean cosine; the best story from .25 on is joined, the first of equals.
    Vectors may be of any length.
    """
    likenesses = [_likeness(terms, members) for members in candidates]
    best = max(likenesses, default=0.0)
    return likenesses.index(best) if best >= _THRESHOLD else None


def _likeness(terms: Vector, members: Sequence[Vector]) -> float:
    cosines = [cosine(_unit(terms), _unit(member)) for member in members]
    return 0.5 * max(cosines) + 0.5 * sum(cosines) / len(cosines) if cosines else 0.0


def _unit(vector: Vector) -> Vector:
    length = sum(weight * weight for weight in vector.values()) ** 0.5
    return {term: weight / length for term, weight in vector.items()} if length else {}
