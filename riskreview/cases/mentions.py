"""Whom a text mentions: `@Name` or `@e-mail`, as people write it. Pure: the people are passed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

AT = re.compile(r"(?<![\w.])@(?=\S)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LONGEST = 300  # characters after the sign that are looked at: no name and no address is longer


class Named(Protocol):
    """Somebody with a name and an e-mail address."""

    name: str
    email: str


P = TypeVar("P", bound=Named)


@dataclass(frozen=True, slots=True)
class Mentioned(Generic[P]):
    """The people a text means, each once, in its order; and words that fit several people."""

    people: list[P]
    unclear: list[str]


def mentioned(text: str, people: Sequence[P]) -> Mentioned[P]:
    """The people among these whom the text mentions. `@Ann` means Ann Lee where no other Ann is there."""
    found: list[P] = []
    unclear: list[str] = []
    for at in AT.finditer(text):
        meant = after_the_sign(text[at.end() : at.end() + LONGEST], people)
        if len(meant) > 1:
            unclear.append(text[at.end() :].split(maxsplit=1)[0].rstrip(".,;:!?)"))
        found.extend(person for person in meant if len(meant) == 1 and person not in found)
    return Mentioned(found, unclear)


def after_the_sign(rest: str, people: Sequence[P]) -> list[P]:
    """Whom the words after the sign can mean: by address, else by the longest whole name, else by the first name."""
    if address := EMAIL.match(rest):
        return [person for person in people if person.email.casefold() == address[0].casefold()]
    whole = [person for person in people if begins(rest, person.name)]
    longest = max((len(person.name) for person in whole), default=0)
    return [person for person in whole if len(person.name) == longest] or [
        person for person in people if begins(rest, person.name.split(" ")[0])
    ]


def begins(rest: str, name: str) -> bool:
    """Whether a text begins with a name that ends there, whatever its capitals."""
    after = rest[len(name) : len(name) + 1]
    return bool(name) and rest[: len(name)].casefold() == name.casefold() and not (after.isalnum() or after == "_")
